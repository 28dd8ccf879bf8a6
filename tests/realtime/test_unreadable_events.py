"""Events of the log that this release can't read, as a newer one writes them while it takes over."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import product
from traceback import format_exception
from typing import Any, ClassVar

from structlog.testing import capture_logs

from events.base import Event
from events.caddies import staff_room
from events.clubs import club_room
from events.log import record
from events.tee_sheet.booking import booking_room
from events.work import UnitOfWork
from realtime import metrics, unreadable
from tests.harness import MORNING
from tests.realtime.streams import SSE, EventStream, asking
from tests.realtime.support import silence, until
from tests.tee_sheet.desk import add_player, book, cancel, head

CLUB = """subscription($c: ID!, $types: [ClubEventType!], $after: String) {
  clubEvents(clubId: $c, types: $types, after: $after) {
    ... on StreamEvent { type cursor }
    ... on StreamReset { reason cursor }
  }
}"""
CADDIES = """subscription($c: ID!, $after: String) {
  caddieEvents(clubId: $c, lists: [1], after: $after) {
    ... on StreamEvent { type cursor }
    ... on StreamReset { reason cursor }
  }
}"""
BOOKING = """subscription($b: ID!, $after: String) {
  bookingEvents(bookingId: $b, after: $after) {
    ... on StreamEvent { type cursor }
    ... on StreamReset { reason cursor }
  }
}"""


@dataclass(frozen=True, kw_only=True)
class OfANewerRelease(Event):
    """What this release has no type for."""

    type: ClassVar[str] = "club.renamed-by-a-newer-release"
    club_id: str
    heard_in: tuple[str, ...]

    @property
    def stream(self) -> str:
        return club_room(self.club_id)

    @property
    def rooms(self) -> tuple[str, ...]:
        return self.heard_in


@dataclass(frozen=True, kw_only=True)
class OfAnotherShape(OfANewerRelease):
    """What this release has a type for, with other fields."""

    type: ClassVar[str] = "booking.updated"


async def happen(world, *facts, publish) -> list[str]:
    """Let facts happen as another process would; give their cursors."""
    async with UnitOfWork(world.server.runtime.database, publish).change(world.tenant_id) as change:
        record(change.session, *facts, now=MORNING)
    return [str(logged.cursor) for logged in change.logged]


def facts(world, booking) -> list[Any]:
    rooms = (club_room(world.club), staff_room(world.club), booking_room(booking))
    return [kind(club_id=world.club, heard_in=rooms) for kind in (OfANewerRelease, OfAnotherShape)]


async def live(world, count) -> None:
    """Wait until so many subscriptions are live."""
    groups = world.server.process.fanout._groups
    await until(lambda: sum(len(group.members) for group in groups.values()) == count)


def count() -> float:
    """Tell how many events could not be read so far."""
    return sum(metrics.unreadable.labels(kind.type)._value.get() for kind in (OfANewerRelease, OfAnotherShape))


def told(logs) -> list[tuple[str, bool]]:
    """Give the types of the events that the log names, and whether there is a traceback."""
    return [(entry["type"], "exc_info" in entry) for entry in logs if entry["log_level"] in {"error", "warning"}]


async def test_an_event_that_cannot_be_read_is_a_reset_for_all_and_live_events_follow(world):
    booking, before = (await book(world, world.player("ana"), 3))["booking"]["id"], await head(world)
    counted = count()
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(world.staff)) for _ in range(4)]
        for socket, (query, after) in zip(sockets, product((CLUB, CADDIES), (None, before)), strict=True):
            await socket.subscribe(query, c=world.club, after=after)
        await live(world, 4)
        with capture_logs() as logs:
            cursors = await happen(world, *facts(world, booking), publish=world.server.runtime.hub.publish)
            resets = [{"reason": "UNREADABLE", "cursor": cursor} for cursor in cursors]
            assert [await socket.events(2) for socket in sockets] == [resets] * 4
        for socket, query in zip(sockets, (CLUB, CLUB, CADDIES, CADDIES), strict=True):
            await socket.subscribe(query, c=world.club, after=before)  # one who comes back is told in the same way
            assert await socket.events(2) == resets
        await book(world, world.player("ben"), 5)
        for socket in sockets[:2]:
            assert [event["type"] for event in await socket.events(2)] == ["booking.created", "slot.booked"]
    assert [kind for kind, _ in told(logs)] == [OfANewerRelease.type, OfAnotherShape.type]
    assert count() == counted + 2


async def test_the_log_has_a_line_for_each_and_the_traceback_once(world):
    kinds = [OfAnotherShape(club_id=world.club, heard_in=(club_room(world.club),)) for _ in range(3)]
    unreadable._traced.clear()
    async with world.server.socket(world.staff) as one, world.server.socket(world.admin) as two:
        for socket, types in ((one, None), (two, ["BOOKING_UPDATED"])):
            await socket.subscribe(CLUB, c=world.club, types=types)
        await live(world, 2)
        with capture_logs() as logs:
            await happen(world, *kinds, publish=world.server.runtime.hub.publish)
            for socket in (one, two):
                assert [event["reason"] for event in await socket.events(3)] == ["UNREADABLE"] * 3
    assert told(logs) == [(OfAnotherShape.type, True), (OfAnotherShape.type, False), (OfAnotherShape.type, False)]
    assert {(entry["stream"], entry["event_id"] != "") for entry in logs} == {(club_room(world.club), True)}
    traceback = "".join(format_exception(logs[0]["exc_info"]))
    assert "booking_id: Field required" in traceback
    assert "heard_in" not in traceback, "what is in an event is no business of the log's"


async def test_who_wants_other_types_hears_nothing_of_it(world):
    async with world.server.socket(world.staff) as socket:
        await socket.subscribe(CLUB, c=world.club, types=["BOOKING_CREATED"], after=await head(world))
        await happen(world, *facts(world, "booking_none"), publish=silence)
        await book(world, world.player("ben"), 5)
        assert (await socket.event())["type"] == "booking.created"


async def test_an_event_stream_goes_on_after_it(world):
    before = await head(world)
    cursors = await happen(world, *facts(world, "booking_none"), publish=silence)
    async with asking(world.server, CLUB, accept=SSE, who=world.staff, c=world.club, after=before) as response:
        stream = await EventStream(response).opened()
        answers = [await stream.next() for _ in cursors]
    assert [(answer["data"]["clubEvents"]["reason"], at) for answer, at in answers] == [
        ("UNREADABLE", cursor) for cursor in cursors
    ]


async def test_a_player_who_may_have_been_taken_off_a_booking_hears_of_the_reset_alone(world):
    party = [{"firstName": "Ana"}, {"playerId": await add_player(world, "Ben", "MEMBER", user_id="ben")}]
    booking = (await book(world, world.clerk("ana"), 3, places=2, players=party))["booking"]["id"]
    before = await head(world)
    cursors = await happen(world, *facts(world, booking), publish=silence)
    await cancel(world, world.staff, booking)
    async with world.server.socket(world.player("ana")) as ana, world.server.socket(world.player("ben")) as ben:
        for socket in (ana, ben):
            await socket.subscribe(BOOKING, b=booking, after=before)
            assert await socket.events(2) == [{"reason": "UNREADABLE", "cursor": cursor} for cursor in cursors]
        assert "type" in await ana.event()
        again = await ben.subscribe(BOOKING, b=booking, after=cursors[-1])  # a reset's answer: to begin anew
        message = await ben.receive()
        assert (message["id"], message["type"]) == (again, "next")
        (shown,) = message["payload"]["data"].values()
        assert "type" in shown
