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
    TeeTimeGolferUpdated,
    TeeTimeHidden,
    TeeTimeHosted,
)
from events.matching.messages import (
    MessageRemoved,
    MessageSent,
    MessageShown,
    MessagesRead,
    RoomArchived,
    TeeTimeGolferErased,
)
from models.matching.values import HostedStatus
from schema.carried import Part
from schema.events import carried, event_types, event_union, shows
from schema.matching.hosted_types import HostedTeeTime
from schema.matching.photos import OF_GOLFER

OF_GOLFERS = (SlotJoined, SlotLeft, JoinRequested, JoinWithdrawn, JoinAnswered)
STATES = (TeeTimeHosted, HostedTeeTimeUpdated, HostedTeeTimeCancelled)
OTHERS = (
    AttendanceRecorded,
    MessageSent,
    MessageShown,
    MessageRemoved,
    MessagesRead,
    RoomArchived,
    TeeTimeGolferErased,
    TeeTimeHidden,
)
FACTS = (*STATES, *OF_GOLFERS, *OTHERS, TeeTimeGolferUpdated)

HOSTED_TEE_TIME = carried(
    "hosted_tee_time",
    HostedTeeTime,
    face="HostedTeeTimeEvent",
    always=True,
    id_name="tee_time_id",
    parts=[
        ("cancel_reason", Part(("reason",), lambda seen: seen.reason)),
        ("status", Part(("reason",), lambda _: HostedStatus.CANCELLED)),
    ],
)

shows(*STATES, carries=[HOSTED_TEE_TIME])
shows(*OF_GOLFERS, carries=[HOSTED_TEE_TIME], when_shown=OF_GOLFER)
shows(*OTHERS)
shows(TeeTimeGolferUpdated, when_shown=OF_GOLFER)

HostedStreamEvent = event_union("HostedStreamEvent", FACTS, "What `hostedTeeTimeEvents` sends.")
HostedEventType = event_types("HostedEventType", FACTS, "The events of a hosted tee time, by wire name.")
