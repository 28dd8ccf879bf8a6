"""An engine without a server, for tests of what becomes of a document before it runs."""

from typing import NoReturn

import orjson

from api.engine import Engine
from api.limits import Limits
from auth.viewer import Viewer
from kit.settings import Settings
from realtime.operations import OperationRefused, Request
from resolvers.root import core

LIMITS = Limits.of(Settings(_env_file=None))


def _no_context(_viewer: Viewer | None) -> NoReturn:
    raise AssertionError("nothing is run")


def engine() -> Engine:
    """An engine that prepares documents, and runs none."""
    return Engine(core, make_context=_no_context, introspection=True, suggestions=True, limits=LIMITS)


def refusal(document: str, *, by: Engine | None = None) -> tuple[str, str] | None:
    """Say how a document is refused: its first code and sentence, or nothing when it may run."""
    try:
        (by or engine()).prepare(Request(document))
    except OperationRefused as refused:
        first = orjson.loads(refused.errors)[0]
        return first["extensions"]["code"], first["message"]
    return None
