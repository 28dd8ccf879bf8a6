"""What is used of libraries beyond what they promise: each piece as it was when it was read, and what hangs on it."""

import importlib
import inspect
from functools import reduce
from hashlib import sha256

import pytest

BORROWED = {
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol": (
        "18fdf324b11b",
        (
            "`GuardedHttp` and `StreamHttp` take over its methods one by one: compare `realtime/transports/` "
            "`guarded_http.py` and `uvicorn_http.py` with each, above all how a request begins, ends, and is upgraded."
        ),
    ),
    "uvicorn.protocols.http.httptools_impl:RequestResponseCycle": (
        "e67d470d435d",
        (
            "`StreamHttp` sets its `keep_alive` and reads its `response_complete`, and an open stream relies on being "
            "cancelled when its client has gone: see `realtime/transports/http_stream.py`."
        ),
    ),
    "uvicorn.protocols.http.flow_control:FlowControl": (
        "126debcdaa89",
        "It is made in `connection_made` of ours, in place of the base class's.",
    ),
    "uvicorn.server:ServerState": (
        "f2260fbf1015",
        "`FrameSocket` enters itself into `connections` and `tasks`, to be told to stop and to be waited for.",
    ),
    "uvicorn.server:Server.shutdown": (
        "9b33c5056299",
        (
            "It calls `shutdown` of every connection and then waits for `connections` and `tasks`: how long sockets "
            "and streams may take to part is measured by that (`STOP_SECONDS`, `LINGER_SECONDS`)."
        ),
    ),
    "uvicorn.supervisors.multiprocess:Multiprocess": (
        "ea4650ac0ee7",
        "`api/workers.py` takes over `keep_subprocess_alive`, and reads `processes` before and after.",
    ),
    "pgqueuer.adapters.persistence.qb:QueryQueueBuilder.build_enqueue_query": (
        "38fe72c0a8a8",
        "`kit/jobs.py` runs this statement in the transaction of a change, with its parameters in this order.",
    ),
    "graphql.execution.executor:Executor.build": (
        "faf76cb9d614",
        "A subscription's executor is built once (`api/engine.py`), with the arguments that `execute` takes.",
    ),
    "graphql.execution.executor:Executor.build_per_event_executor": (
        "e42b7eb17861",
        (
            "Each event gets an executor of its own by this, whose context is set before it runs: nothing of another "
            "event's may stay in it (decision 11)."
        ),
    ),
    "graphql.execution.execute:execute_subscription_event": (
        "e9908f304bb0",
        "An event is executed by this at once where nothing has to be waited for: its answer is then no awaitable.",
    ),
    "graphql.execution.execute:create_source_event_stream": (
        "c29076202f7f",
        "It hands back what the resolver gives if that has `__aiter__`, which `RoomFeed` has for this alone.",
    ),
    "strawberry.schema.schema_converter:GraphQLCoreConverter.from_field": (
        "44f633df9b4b",
        (
            "The field of Strawberry is found again under `DEFINITION_BACKREF` in the extensions of graphql-core's: "
            "the marks of decision 11 and the compiled queries hang on it."
        ),
    ),
    "strawberry.types.field:StrawberryField": (
        "6b6d35537950",
        "`schema/describe.py` makes fields and writes their descriptions, `api/compiled.py` calls their resolvers.",
    ),
    "strawberry.tools.merge_types:merge_types": (
        "dfc46e3275b9",
        "`resolvers/root.py` puts the rooms under one roof by it, and describes the roof afterwards.",
    ),
    "sqlalchemy.dialects.postgresql.asyncpg:AsyncAdapt_asyncpg_connection": (
        "cabded33c191",
        (
            "It begins a transaction by the driver's `transaction()` and its `start()`, at the first statement: by "
            "that a tenant is named (`kit/transactions.py`, decision 16). Whatever else begins one would see no rows."
        ),
    ),
    "sqlalchemy.orm.session:Session.get": (
        "da09819f3f85",
        "`TenantSession.get` answers the plain case by itself: see what else the method has learned to do.",
    ),
    "sqlalchemy.orm.session:Session.flush": (
        "708bd01cc6d6",
        "`TenantSession.flush` stands for it, whoever calls it: a query, a commit, a savepoint.",
    ),
    "sqlalchemy.orm.session:Session._flush": (
        "3c7e05aeab03",
        "`TenantSession.flush` and `kit/writing.py` do what is done here: see what else has to be done to rows.",
    ),
    "sqlalchemy.orm.session:Session._register_persistent": (
        "159a030ee0b6",
        "By this, rows that `kit/writing.py` has written are the session's, and have no changes any more.",
    ),
    "asyncpg.connection:Connection.transaction": (
        "1f3db1745f70",
        "`TenantConnection` gives a transaction of its own in place of this one's.",
    ),
    "asyncpg.transaction:Transaction": (
        "a3824c77ce2d",
        "`_Transaction` of `kit/transactions.py` stands for it, with `start`, `commit` and `rollback`.",
    ),
    "broadcaster._base:Broadcast": (
        "f82ef3dc86f0",
        (
            "It goes deaf when `next_published` raises, and turns a cancelled subscription into a KeyError: "
            "`realtime/channels.py` and `redis_backend.py` know both."
        ),
    ),
    "redis.asyncio.connection:AbstractConnection": (
        "8c7f62e585cd",
        "`realtime/redis_link.py` reads and writes by it, with time-outs of our own, and aborts its `_writer`.",
    ),
    "starlette.responses:StreamingResponse": (
        "e9fd71195258",
        "`SubscriptionResponse` takes over `stream_response`, which the base class cancels when the client has gone.",
    ),
    "websockets.frames:Close": (
        "7c170a25439f",
        "Close frames are written and checked by it: which codes may be sent, and that a reason is UTF-8.",
    ),
    "websockets.utils:apply_mask": (
        "552db1b0bdf7",
        "Clients' frames are unmasked by it, or by the same in C.",
    ),
}
"""By where a piece is: a hash of its source, and what has to be read again when that changes."""


def hash_of(piece: str) -> str:
    module, _, name = piece.partition(":")
    found = reduce(getattr, name.split("."), importlib.import_module(module))
    return sha256(inspect.getsource(found).encode()).hexdigest()[:12]


@pytest.mark.parametrize("piece", BORROWED)
def test_what_is_borrowed_is_as_it_was_when_it_was_read(piece):
    known, sentence = BORROWED[piece]
    found = hash_of(piece)
    assert found == known, f"{piece} has changed. {sentence} Then write {found} in place of {known}."
