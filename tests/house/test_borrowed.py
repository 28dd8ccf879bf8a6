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
            "that a tenant is named (`kit/transactions.py`, decision 16). Whatever else begins one would see no rows. "
            "`_fetch` of `kit/sessions.py` takes its mutex, and prepares and tells errors by it."
        ),
    ),
    "sqlalchemy.dialects.postgresql.asyncpg:AsyncAdapt_asyncpg_cursor._prepare_and_execute": (
        "8ae7fec55d85",
        "`_fetch` of `kit/sessions.py` stands for it (decision 50): see what else is done around a statement.",
    ),
    "sqlalchemy.dialects.postgresql.asyncpg:PGExecutionContext_asyncpg": (
        "6f9ba672e8b6",
        "`_Asking` of `kit/sessions.py` stands for it where an asking goes wrong.",
    ),
    "sqlalchemy.engine.base:Connection._handle_dbapi_exception": (
        "9ff661c71620",
        "By this, what goes wrong with a plan is told as ever, and a connection that is gone is let go.",
    ),
    "sqlalchemy.engine.default:DefaultExecutionContext._init_compiled": (
        "1d7824a7976a",
        "`Plan.values` binds as it does: by `positiontup`, with the processors of the types.",
    ),
    "sqlalchemy.sql.compiler:SQLCompiler.construct_params": (
        "cffacc6a805f",
        "`Value.of` finds a value as it does: by its key or its name, or else what the statement has for it.",
    ),
    "sqlalchemy.orm.context:_AbstractORMCompileState.orm_execute_statement": (
        "c865137439ef",
        "A plan stands for it: see what else a session has to do for a statement.",
    ),
    "sqlalchemy.orm.session:Session._execute_internal": (
        "cca557244990",
        "A plan stands for it: see what else a session has to do for a statement.",
    ),
    "sqlalchemy.ext.asyncio.session:AsyncSession.execute": (
        "83b0891a2202",
        "`TenantAccess.execute` stands before it, and `scalars` has to go on to call it.",
    ),
    "sqlalchemy.ext.asyncio.session:AsyncSession.scalars": (
        "2b8e36e8b797",
        "It asks by `execute`, and so by plans.",
    ),
    "sqlalchemy.ext.asyncio.session:AsyncSession.close": (
        "c8086bdb2f42",
        "`TenantAccess` closes at once what has no transaction any more: see that nothing is waited for.",
    ),
    "sqlalchemy.orm.context:_MapperEntity": (
        "fc502c4dd576",
        "`kit/plans.py` reads from it which columns an object is made of, and its names in the result.",
    ),
    "sqlalchemy.orm.context:_RawColumnEntity": (
        "a3e8a55ce3c0",
        "`kit/plans.py` reads its `_fetch_column`, and its names in the result.",
    ),
    "sqlalchemy.orm.context:_ORMColumnEntity": (
        "e138362207c2",
        "The same.",
    ),
    "sqlalchemy.orm.loading:_setup_entity_query": (
        "e8ed1a68d161",
        "It notes the columns of each attribute under `memoized_setups`, by which `kit/plans.py` finds their places.",
    ),
    "sqlalchemy.orm.loading:_instance_processor": (
        "a53ea5578886",
        "`Entity.reader` of `kit/objects.py` makes and finds objects as it does, for the plain case.",
    ),
    "sqlalchemy.orm.loading:_populate_full": (
        "a448c66cf439",
        "`Entity` fills an object as it does, with columns alone.",
    ),
    "sqlalchemy.orm.loading:_populate_partial": (
        "3632064672c2",
        "`Entity` completes an object as it does, with columns alone.",
    ),
    "sqlalchemy.orm.session:Session.get": (
        "da09819f3f85",
        "`TenantAccess.get` answers the plain case by itself: see what else the method has learned to do.",
    ),
    "sqlalchemy.orm.session:Session.flush": (
        "708bd01cc6d6",
        "`TenantSession.flush` stands for it, whoever calls it: a commit, a savepoint, a query without a plan.",
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
