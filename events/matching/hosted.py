"""Facts about hosted tee times. Who takes part hears who does; all others who may know of one hear how it stands."""

import datetime as dt
from dataclasses import dataclass

from events.base import Event, event
from events.seen import ForAll, ForParticipants, ForServer
from models.matching.values import HostedStatus, Industry, SkillLevel


def hosted_room(tee_time_id: str) -> str:
    """Name the stream of a hosted tee time, and the room of those who take part in it."""
    return f"tee-time:{tee_time_id}"


def host_room(tee_time_id: str) -> str:
    """Name the room of a tee time's host, who hears everything."""
    return f"{hosted_room(tee_time_id)}:host"


def open_room(tee_time_id: str) -> str:
    """Name the room of those who may know of a hosted tee time and take no part in it."""
    return f"{hosted_room(tee_time_id)}:open"


@dataclass(frozen=True, kw_only=True)
class HostedFact(Event):
    """A fact about a hosted tee time."""

    tee_time_id: ForAll[str]
    """The hosted tee time."""

    @property
    def stream(self) -> str:
        """The tee time's own stream."""
        return hosted_room(self.tee_time_id)

    @property
    def rooms(self) -> tuple[str, ...]:
        """All rooms of the tee time."""
        return (self.stream, host_room(self.tee_time_id), open_room(self.tee_time_id))


@dataclass(frozen=True, kw_only=True)
class HostedState(HostedFact):
    """A hosted tee time as it is from now on."""

    place_name: ForAll[str]
    """Where it is."""
    starts_at: ForAll[dt.datetime]
    """When it starts, in UTC."""
    places: ForAll[int]
    """Places beside the host's."""
    open_places: ForAll[int]
    """How many of them are open."""
    industries: ForAll[tuple[Industry, ...]]
    """The lines of work that it is for; none: all."""
    skill_level: ForAll[SkillLevel | None]
    """The level that it is for; none: any."""
    needs_approval: ForAll[bool]
    """Whether the host decides who joins."""
    notes: ForAll[str]
    """What the host says of it."""
    status: ForAll[HostedStatus]
    """How it stands."""


@event("tee-time:hosted")
class TeeTimeHosted(HostedState):
    """A golfer hosts a tee time."""


@event("tee-time:updated")
class HostedTeeTimeUpdated(HostedState):
    """The host changed the tee time. It tells all of it as it is now."""

    changes: ForAll[tuple[str, ...]]
    """The fields that changed, as in startsAt."""


@event("tee-time:cancelled")
class HostedTeeTimeCancelled(HostedFact):
    """The tee time does not take place."""

    reason: ForAll[str]
    """Why, as the host says."""


@dataclass(frozen=True, kw_only=True)
class PlaceFact(HostedFact):
    """A place was taken, or came free."""

    slot_number: ForAll[int]
    """The place, from 1 on."""
    open_places: ForAll[int]
    """How many are open now."""
    status: ForAll[HostedStatus]
    """How the tee time stands."""
    golfer_id: ForParticipants[str | None]
    """The golfer."""
    golfer_name: ForParticipants[str | None]
    """What the golfer is called."""
    golfer_picture_id: ForParticipants[str | None] = None
    """The golfer's photo, if there is one: with another id it is another photo."""


@event("tee-time:slot-joined")
class SlotJoined(PlaceFact):
    """A golfer took a place."""


@event("tee-time:slot-left")
class SlotLeft(PlaceFact):
    """A golfer gave a place up, or was taken off by the host."""


@event("tee-time:attendance")
class AttendanceRecorded(HostedFact):
    """The host said whether a golfer came to play."""

    golfer_id: ForParticipants[str | None]
    """The golfer."""
    golfer_name: ForParticipants[str | None]
    """What the golfer is called."""
    attended: ForAll[bool]
    """Whether they came."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms of those who take part."""
        return (self.stream, host_room(self.tee_time_id))


@dataclass(frozen=True, kw_only=True)
class RequestFact(HostedFact):
    """A golfer's question whether they may join: for the host."""

    golfer_id: ForParticipants[str | None]
    """The golfer."""
    golfer_name: ForParticipants[str | None]
    """What the golfer is called."""
    golfer_picture_id: ForParticipants[str | None] = None
    """The golfer's photo, if there is one: with another id it is another photo."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The host's room; the golfer is told by a notification."""
        return (host_room(self.tee_time_id),)


@event("tee-time:join-requested")
class JoinRequested(RequestFact):
    """A golfer asks to join."""


@event("tee-time:join-withdrawn")
class JoinWithdrawn(RequestFact):
    """A golfer took the question back."""


@event("tee-time:join-answered")
class JoinAnswered(RequestFact):
    """The host answered."""

    is_accepted: ForAll[bool]
    """Whether the golfer may join."""


@event("tee-time:golfer-updated")
class TeeTimeGolferUpdated(HostedFact):
    """A golfer who takes part, did, or asks to, says something else of themselves now: read them anew."""

    golfer_id: ForParticipants[str | None]
    """The golfer."""
    golfer_name: ForParticipants[str | None]
    """What the golfer is called now."""
    only_asks: ForServer[bool]
    """Whether they ask to join, which the host alone hears of."""
    takes_part: ForServer[bool] = False
    """Whether they take part, so that those see them, too, who look on."""
    golfer_picture_id: ForParticipants[str | None] = None
    """The golfer's photo, if there is one: with another id it is another photo."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms of those who see them there. Who looks on hears of somebody, and not of whom."""
        if self.takes_part:
            return super().rooms
        return (host_room(self.tee_time_id),) if self.only_asks else (self.stream, host_room(self.tee_time_id))


@event("tee-time:hidden")
class TeeTimeHidden(HostedFact):
    """You may not know of the tee time any more, and hear no more of it; others do not hear this."""

    golfer_id: ForServer[str | None]
    """Who may not; none: all who take no part in it."""
    takes_part: ForServer[bool] = False
    """Whether it is for those who take part, of whom a golfer was suspended."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms in which the golfer may be: who takes part stays, whoever blocks whom."""
        if self.takes_part:
            return (self.stream, host_room(self.tee_time_id))
        return (open_room(self.tee_time_id),)
