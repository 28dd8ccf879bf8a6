"""Events that this release can't show: each is noted once, in one line, whoever follows it."""

from collections import OrderedDict
from uuid import UUID

import structlog

from events.log import Logged
from realtime import metrics

REMEMBERED = 1_000
"""Events that are remembered as noted."""

_noted: OrderedDict[UUID, None] = OrderedDict()
_traced: set[str] = set()

log = structlog.get_logger(__name__)


def note_unreadable(event: Logged, error: Exception) -> None:
    """Log that an event can't be shown, with the traceback at the first one of its type."""
    if event.id in _noted:
        return
    _noted[event.id] = None
    if len(_noted) > REMEMBERED:
        _noted.popitem(last=False)
    metrics.unreadable.labels(event.type).inc()
    trace = {} if event.type in _traced else {"exc_info": error}
    _traced.add(event.type)
    where = {"event_id": str(event.id), "type": event.type, "stream": event.stream, "position": event.position}
    log.error("an event can't be shown; its subscribers read the state anew", reason=error, **where, **trace)
