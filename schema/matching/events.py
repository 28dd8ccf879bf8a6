"""Events of how a golfer and others stand to each other."""

from events.matching.golfers import (
    ConnectionAsked,
    GolferBlocked,
    GolferErased,
    GolfersConnected,
    GolfersDisconnected,
    GolferUnblocked,
    GolferUpdated,
    RatingShown,
)
from schema.events import event_types, event_union, shows
from schema.matching.photos import OF_GOLFER

STANDINGS = (
    ConnectionAsked,
    GolfersConnected,
    GolfersDisconnected,
    GolferBlocked,
    GolferUnblocked,
    GolferUpdated,
)
FACTS = (*STANDINGS, RatingShown, GolferErased)
shows(*STANDINGS, when_shown=OF_GOLFER)
shows(RatingShown, GolferErased)

GolferStreamEvent = event_union("GolferStreamEvent", FACTS, "What `golferEvents` sends.")
GolferEventType = event_types("GolferEventType", FACTS, "The events of you and other golfers, by wire name.")
