"""Events of hosted tee times."""

from events.matching.hosted import (
    HostedTeeTimeCancelled,
    HostedTeeTimeUpdated,
    JoinAnswered,
    JoinRequested,
    JoinWithdrawn,
    SlotJoined,
    SlotLeft,
    TeeTimeHosted,
)
from schema.events import event_types, event_union, shows

FACTS = (
    TeeTimeHosted,
    HostedTeeTimeUpdated,
    HostedTeeTimeCancelled,
    SlotJoined,
    SlotLeft,
    JoinRequested,
    JoinWithdrawn,
    JoinAnswered,
)
shows(*FACTS)

HostedStreamEvent = event_union("HostedStreamEvent", FACTS, "What `hostedTeeTimeEvents` sends.")
HostedEventType = event_types("HostedEventType", FACTS, "The events of a hosted tee time, by wire name.")
