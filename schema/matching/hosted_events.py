"""Events of hosted tee times."""

from events.matching.hosted import (
    AttendanceRecorded,
    HostedTeeTimeCancelled,
    HostedTeeTimeUpdated,
    JoinAnswered,
    JoinRequested,
    JoinWithdrawn,
    SlotJoined,
    SlotLeft,
    TeeTimeHosted,
)
from events.matching.messages import MessageRemoved, MessageSent, MessageShown, MessagesRead, RoomArchived
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
    AttendanceRecorded,
    MessageSent,
    MessageShown,
    MessageRemoved,
    MessagesRead,
    RoomArchived,
)
shows(*FACTS)

HostedStreamEvent = event_union("HostedStreamEvent", FACTS, "What `hostedTeeTimeEvents` sends.")
HostedEventType = event_types("HostedEventType", FACTS, "The events of a hosted tee time, by wire name.")
