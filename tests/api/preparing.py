"""An engine without a server, for tests of what becomes of a document before it runs."""

import orjson
import pytest

from api.engine import Engine
from api.limits import Limits
from kit.settings import Settings
from realtime.operations import OperationRefused, Request
from resolvers.root import core

LIMITS = Limits.of(Settings(_env_file=None))


def engine():
    """An engine that prepares documents, and runs none."""
    return Engine(core, make_context=pytest.fail, introspection=True, suggestions=True, limits=LIMITS)


def refusal(document, *, by=None):
    """Say how a document is refused: its first code and sentence, or nothing when it may run."""
    try:
        (by or engine()).prepare(Request(document))
    except OperationRefused as refused:
        first = orjson.loads(refused.errors)[0]
        return first["extensions"]["code"], first["message"]
    return None
