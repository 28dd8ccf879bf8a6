"""Facts about the feed: a hosted tee time that golfers may join, and what changes about it.

They carry all that a score depends on, so that whom they concern, and how well it suits each, needs no database.
"""

import datetime as dt
from dataclasses import dataclass

from events.base import Event, event
from events.matching.golfers import network_room
from events.seen import ForAll, ForServer
from models.matching.values import HostedStatus, Industry, SkillLevel


def feed_room(industry: Industry) -> str:
    """Name the room of those who want to hear of one line of work alone."""
    return f"feed:{industry.value}"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How a tee time stands in the feed, by all that decides whom it is for."""

    starts_at: dt.datetime
    open_places: int
    industries: tuple[Industry, ...]
    wanted: tuple[Industry, ...]
    """The lines of work that it has something in common with: those it names, or its host's."""
    skill_level: SkillLevel | None
    taken_by: tuple[str, ...]
    """The golfers who take part, or ask to: it is in nobody's feed who has it already."""


@dataclass(frozen=True, kw_only=True)
class FeedFact(Event):
    """A hosted tee time of the feed, as it is from now on."""

    of_tenant: ForServer[str]
    """The tenant."""
    tee_time_id: ForAll[str]
    """The hosted tee time."""
    host_id: ForAll[str]
    """Who hosts it."""
    host_name: ForAll[str]
    """What the host is called."""
    host_industry: ForAll[Industry]
    """The host's line of work."""
    course_id: ForAll[str | None]
    """The course, where it is one of a club's."""
    place_name: ForAll[str]
    """Where it is: the course, or another place."""
    city: ForAll[str]
    """The city; empty where nobody has said so."""
    country: ForAll[str]
    """Its country, by the two letters of ISO 3166-1; empty where nobody has said so."""
    time_zone: ForAll[str]
    """The IANA zone of the place."""
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
    city_key: ForServer[str | None]
    """That by which it is in the same city as others."""
    x: ForServer[float | None]
    """Where it is, on the unit sphere."""
    y: ForServer[float | None]
    """The same."""
    z: ForServer[float | None]
    """The same."""
    host_points: ForServer[int]
    """What speaks for the host, for those who are not connected."""
    host_knows: ForServer[tuple[str, ...]]
    """The golfers with whom the host is connected."""
    listing: ForServer[Listing | None]
    """How it is listed; none where nobody can join it."""
    host_picture_id: ForAll[str | None] = None
    """The host's photo, if there is one: with another id it is another photo."""
    before: ForServer[Listing | None] = None
    """The same before this; none where nobody could."""

    @property
    def stream(self) -> str:
        """The stream of the tenant's golfers."""
        return network_room(self.of_tenant)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The room of all golfers, and those of the lines of work that it is for, or was."""
        wanted = {one for state in (self.listing, self.before) if state for one in state.wanted}
        return (self.stream, *sorted(feed_room(one) for one in wanted))


@event("feed:new-tee-time")
class NewTeeTimeInFeed(FeedFact):
    """There is a new tee time that you may join."""


@event("feed:tee-time-updated")
class FeedTeeTimeUpdated(FeedFact):
    """A tee time changed that is in your feed, was in it, or comes into it. It tells all of it as it is now."""

    changes: ForAll[tuple[str, ...]]
    """The fields that changed, as in openPlaces, `host` where anything is another that is seen of the host, and `match`
    where something speaks for its host now, or no more; none where you alone have something else to do with it."""


@event("feed:refresh")
class FeedOutdated(Event):
    """Your feed is another one, by what you are, or by who has to do with you: read it anew.

    It says no more. Who was blocked is told the same as who has been given another line of work.
    """

    of_tenant: ForServer[str]
    """The tenant."""
    golfers: ForServer[tuple[str, ...]] = ()
    """The golfers whose feeds are others."""
    with_connected: ForServer[bool] = False
    """Whether those are, too, of all with whom these are connected."""
    industries: ForServer[tuple[Industry, ...]] = ()
    """The lines of work whose golfers' feeds are others."""

    @property
    def stream(self) -> str:
        """The stream of the tenant's golfers."""
        return network_room(self.of_tenant)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The room of all golfers, and those of all lines of work: whatever one wants to hear of."""
        return (self.stream, *sorted(feed_room(one) for one in Industry))
