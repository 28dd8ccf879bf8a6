"""Events of how a golfer and others stand to each other."""

from events.matching.golfers import (
    ConnectionAsked,
    GolferBlocked,
    GolferErased,
    GolfersConnected,
    GolfersDisconnected,
    GolferUnblocked,
    RatingShown,
)
from schema.events import event_types, event_union, shows

FACTS = (
    ConnectionAsked,
    GolfersConnected,
    GolfersDisconnected,
    GolferBlocked,
    GolferUnblocked,
    RatingShown,
    GolferErased,
)
shows(*FACTS)

GolferStreamEvent = event_union("GolferStreamEvent", FACTS, "What `golferEvents` sends.")
GolferEventType = event_types("GolferEventType", FACTS, "The events of you and other golfers, by wire name.")
