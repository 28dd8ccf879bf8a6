"""Hundreds of things are done around three tee sheets at random, while some follow them who break off and come back.

Whatever was done: who fed a screen by events sees what a fresh one shows, no place is sold twice, the ledger comes to
what is in the till, and whoever was refused was told what they can do.
"""

from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.harness import Server, Socket, Who, World
from tests.moulds import another_world
from tests.tee_sheet.board import SHEET_EVENTS, Board
from tests.tee_sheet.desk import add_player, done, position, sheet
from tests.tee_sheet.test_turns_api import course_of
from tests.tee_sheet.waiting import Line, waitlist
from tests.tee_sheet.walk import Walk
from tests.tee_sheet.walk_of_deposits import pay_some, taken_by_cards
from tests.thorough import times

STEPS, STRETCH = 300, 25
OF_THE_DESK = ("Booking", "PaceAlert", "LedgerEntryAdded", "DepositChanged", "Waitlist")
"""Events about what a player's sheet shows of their own alone."""


class Follower:
    """Somebody with a screen of a sheet, who hears what happens while there is a socket, and comes back."""

    def __init__(self, world: World, who: Who) -> None:
        self.world, self.who, self.is_staff = world, who, who == world.staff
        self.board, self.line, self.cursor = Board(None), Line({"entries": []}), ""

    async def begin(self) -> None:
        """Read once."""
        snapshot = await sheet(self.world, who=self.who)
        self.board, self.line = Board(snapshot), Line(await waitlist(self.world))
        self.cursor = snapshot["cursor"]

    async def listen(self, stack: AsyncExitStack) -> Socket:
        """Come back."""
        socket = await stack.enter_async_context(self.world.server.socket(self.who))
        day = {"c": self.world.course, "d": self.world.day.isoformat()}
        await socket.subscribe(SHEET_EVENTS, after=self.cursor, **day)
        return socket

    async def hear(self, socket: Socket, upto: str, *, most: int | None) -> None:
        """Hear what there is up to a cursor, behind which there must be something; or break off some events earlier."""
        end, heard = position(upto, self.world), 0
        while most is None or heard < most:
            event = await socket.event()
            assert event["__typename"] != "StreamReset", event
            assert position(event["cursor"], self.world) > position(self.cursor, self.world)
            if position(event["cursor"], self.world) > end:
                return  # it is heard again by who compares
            self.apply(event)
            self.cursor, heard = event["cursor"], heard + 1

    def apply(self, event: dict[str, Any]) -> None:
        if self.is_staff:
            self.line.apply(event)
        if self.is_staff or not event["__typename"].startswith(OF_THE_DESK):
            self.board.apply(event)

    async def compare(self) -> None:
        """Hear all that has happened, and compare the screen with a fresh one."""
        fresh, line = await sheet(self.world, who=self.who), await waitlist(self.world)
        await mark(self.world)
        async with AsyncExitStack() as stack:
            await self.hear(await self.listen(stack), fresh.pop("cursor"), most=None)
        if self.is_staff:
            shown = self.board.shown()
            assert differences(shown["teeTimes"], fresh["teeTimes"]) == []
            assert differences(shown["bookings"], fresh["bookings"]) == []
            assert shown == fresh
            assert self.line.shown() == line["entries"]
        else:
            assert differences(self.board.shown()["teeTimes"], fresh["teeTimes"]) == []


def differences(shown: list[dict[str, Any]], fresh: list[dict[str, Any]]) -> list[Any]:
    """Say what a screen shows otherwise than a fresh one, short enough to be read."""
    if [row["id"] for row in shown] != [row["id"] for row in fresh]:
        return [[row["id"] for row in rows] for rows in (shown, fresh)]
    pairs = zip(shown, fresh, strict=True)
    return [
        (one["id"], name, one[name], other[name]) for one, other in pairs for name in other if one[name] != other[name]
    ]


async def mark(world: World) -> None:
    """Have everybody who follows a sheet hear something, so that they know that there was nothing before it."""
    day = {"courseId": world.course, "date": world.day.isoformat()}
    clock = world.server.clock
    clock.advance(seconds=1)
    await done(world.server, "setTeeSheetNote", "cursor", who=world.staff, note=clock().isoformat(), **day)


async def found_sheets(server: Server) -> list[World]:
    """Found a club with two days of a course of 18 holes, and one of a course of nine, where rounds come by twice."""
    today = await another_world(server, days=(0, 1))
    tomorrow = replace(today, day=today.day + timedelta(days=1))
    await tomorrow.read()
    nine: World = await course_of(today, 9, turnMinutes=110)  # type: ignore[no-untyped-call]
    return [today, tomorrow, nine]


@pytest.mark.parametrize("seed", range(times(10, usually=1)))
async def test_whatever_is_done_screens_places_and_money_agree(server: Server, seed: int) -> None:
    sheets = await found_sheets(server)
    walk = Walk(sheets, seed, known_player=await add_player(sheets[0], "Ana", "MEMBER", user_id="ana"))
    await pay_some(walk)
    followers = [Follower(world, who) for world in sheets for who in (world.staff, walk.players[0])]
    for one in followers:
        await one.begin()
    for stretch in range(STEPS // STRETCH):
        async with AsyncExitStack() as stack:
            sockets = [await one.listen(stack) for one in followers]
            for _ in range(STRETCH):
                await walk.step()
            upto = (await sheet(sheets[0]))["cursor"]
            for world in sheets:
                await mark(world)
            for one, socket in zip(followers, sockets, strict=True):
                await one.hear(socket, upto, most=walk.random.choice([None, walk.random.randint(1, 40)]))
                socket.raw.transport.abort()  # as a phone that has lost its network
        await assert_each_place_is_one_s(sheets[0])
        await assert_money_is_kept(sheets[0], walk, by_card=await taken_by_cards(sheets[0]))
        if stretch % 3 == 2:
            for one in followers:
                await one.compare()
    assert walk.at_a_loss == set()
    assert len(walk.done) > 25, walk.done
    assert len(walk.refused) > 15, walk.refused


PLACES = text("""SELECT slot.id, slot.booking_id, booking.status, booking.tee_time_id = slot.tee_time_id AS is_start,
    booking.turn_tee_time_id = slot.tee_time_id AS is_turn,
    ARRAY(SELECT booking_id FROM booking_players WHERE slot_id = slot.id) AS seated
    FROM slots slot JOIN bookings booking ON booking.id = slot.booking_id""")
PARTIES = text("""SELECT booking.id, booking.turn_tee_time_id, count(*) AS players, count(slot.id) AS seats
    FROM bookings booking JOIN booking_players player ON player.booking_id = booking.id
    LEFT JOIN slots slot ON slot.id = player.slot_id AND slot.booking_id = booking.id
    WHERE booking.status <> 'CANCELLED' GROUP BY booking.id""")
HELD = text("""SELECT hold.id FROM holds hold LEFT JOIN slots slot ON slot.hold_id = hold.id
    GROUP BY hold.id HAVING (hold.status = 'ACTIVE') <> (count(slot.id) > 0) OR count(slot.id) > hold.places""")


async def assert_each_place_is_one_s(world: World) -> None:
    """Make sure that each sold place is one player's, or kept at a turn, and that each player has one."""
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        places = list((await session.execute(PLACES)).mappings())
        parties = list((await session.execute(PARTIES)).mappings())
        assert list(await session.scalars(HELD)) == [], "a hold keeps other places than it says"
    at_turn: Counter[Any] = Counter()
    for place in places:
        assert place["status"] != "CANCELLED", place
        assert place["is_start"] or place["is_turn"], place
        assert place["seated"] == ([place["booking_id"]] if place["is_start"] else []), place
        at_turn[place["booking_id"]] += bool(place["is_turn"])
    for party in parties:
        assert party["seats"] == party["players"], party
        assert at_turn[party["id"]] == (party["players"] if party["turn_tee_time_id"] else 0), party


LEDGER = text("""SELECT booking.id, booking.paid_cents, booking.price_cents, booking.holes, entry.kind,
    coalesce(sum(entry.amount_cents), 0) AS cents
    FROM bookings booking LEFT JOIN ledger_entries entry ON entry.booking_id = booking.id
    GROUP BY booking.id, entry.kind""")
CHECKS = text("SELECT * FROM rain_checks WHERE withdrawn_at IS NULL")


async def assert_money_is_kept(world: World, walk: Walk, *, by_card: int) -> None:
    """Make sure that what the ledger says is what went into the till, and that rain checks are worth what was paid."""
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        entries = list((await session.execute(LEDGER)).mappings())
        checks = list((await session.execute(CHECKS)).mappings())
    of: dict[Any, Counter[str]] = {row["id"]: Counter() for row in entries}
    for row in entries:
        of[row["id"]][row["kind"]] += int(row["cents"])
    in_all = sum(of.values(), Counter[str]())
    assert in_all["PAYMENT"] - in_all["REFUND"] == walk.till + by_card
    bookings = {row["id"]: row for row in entries}
    redeemed: Counter[Any] = Counter()
    for check in checks:
        booking = bookings[check["booking_id"]]
        share = (booking["holes"] - check["holes_played"]) * booking["paid_cents"] / booking["holes"]
        assert check["value_cents"] <= share + 0.5, (check, booking)
        redeemed[check["redeemed_booking_id"]] += check["redeemed_cents"] or 0
    for key, booking in bookings.items():
        cash, by_check = of[key]["PAYMENT"] - of[key]["REFUND"], of[key]["RAIN_CHECK"] - of[key]["RAIN_CHECK_RETURNED"]
        assert cash >= 0, booking
        assert by_check == redeemed[key], booking
        assert booking["paid_cents"] == cash + by_check, booking
