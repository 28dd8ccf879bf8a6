"""Who did what to a booking or a block, when, and what it changed: for staff, and never changed afterwards."""

from asyncio import gather

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.journeys.bookings import FOLLOWS
from kit.text import camel
from tests.tee_sheet.desk import (
    PAYER,
    RESULTS,
    add_player,
    block,
    book,
    cancel,
    delay,
    done,
    send_off,
    unblock,
)

HISTORY = """query($id: ID!) { node(id: $id) {
  ... on Booking { status price { amountCents } paid { amountCents } payer { lastName } createdBy changedBy cancelledBy
    teeTime { id } players { position firstName lastName checkedInAt noShowAt playerId }
    history { what by at changes { field before after } } }
  ... on Block { createdBy removedBy history { what by changes { field before after } } }
} }"""
BESIDE = {"addLedgerEntry", "issueRainCheck", "redeemRainCheck", "delayTeeTimes", "mergePlayers"}
"""What changes bookings as well, and is no action on one."""
BY_ITSELF = {"cancelUnpaid", "drawBallot", "tendBallot"}
"""What nobody asks of a booking: `tests/payments` and the draws of ballots let it come."""


async def read(world, thing, who=None):
    return (await world.server.run(HISTORY, who=who or world.staff, id=thing)).data["node"]


def known_by(history):
    """Work out how a booking is by its history alone."""
    known = {}
    for entry in history:
        for change in entry["changes"]:
            assert (change["before"] or None) == known.get(change["field"]), entry
            known[change["field"]] = change["after"] or None
        for passing in ("changed", "intoBookingId", "ledgerEntryId", "ledgerKind", "notedCents", "notedReason"):
            known.pop(passing, None)
    return known


def moment(value):
    return value and value.replace("+00:00", "")


def assert_known(booking):
    """Compare a booking with what its history says of it."""
    known = known_by(booking["history"])
    assert known["status"] == booking["status"]
    assert known["teeTimeId"] == booking["teeTime"]["id"]
    assert known["priceCents"] == str(booking["price"]["amountCents"])
    assert known["paidCents"] == str(booking["paid"]["amountCents"])
    assert known["payerLastName"] == booking["payer"]["lastName"]
    said = {name: value for name, value in known.items() if name.startswith("players.") and value is not None}
    for player in booking["players"]:
        for name in ("firstName", "lastName", "playerId"):
            assert said.get(f"players.{player['position']}.{name}") == (player[name] or None)
        for name in ("checkedInAt", "noShowAt"):
            assert moment(said.get(f"players.{player['position']}.{name}")) == moment(player[name])
    assert {name.split(".")[1] for name in said} == {str(player["position"]) for player in booking["players"]}


class Walk:
    """Does one thing after the other to bookings, and looks for what their histories say of it."""

    def __init__(self, world):
        self.world, self.done = world, set()

    async def do(self, operation, *bookings, who=None, **given):
        who = who or self.world.clerk(f"clerk of {operation}")
        before = [len((await read(self.world, one))["history"]) for one in bookings]
        result = RESULTS.get(operation, "booking { id }" if operation != "mergePlayers" else "player { id }")
        payload = await done(self.world.server, operation, result, who=who, **given)
        for one, count in zip(bookings, before, strict=True):
            booking = await read(self.world, one)
            new = booking["history"][count:]
            assert [entry["by"] for entry in new] == [who.user_id] * len(new)
            assert any(entry["changes"] for entry in new), operation
            assert booking["changedBy"] == who.user_id
            assert_known(booking)
        self.done.add(operation)
        return payload

    async def make(self, operation, **given):
        payload = await done(self.world.server, operation, RESULTS[operation], who=self.world.staff, **given)
        booking = await read(self.world, payload["booking"]["id"])
        assert [(entry["what"], entry["by"]) for entry in booking["history"]] == [("booking.created", "staff")]
        assert (booking["createdBy"], booking["changedBy"]) == ("staff", None)
        assert_known(booking)
        self.done.add(operation)
        return payload["booking"]["id"]


async def regroup(walk, world):
    one = await walk.make("bookSlots", teeTimeId=world.tee_time(-1), places=3, payer=PAYER, paidCents=20000)
    await walk.do("updateBooking", one, bookingId=one, players=[{"position": 1, "lastName": "Ruiz"}], paidCents=27000)
    await walk.do("moveBooking", one, bookingId=one, teeTimeId=world.tee_time(-2))
    payload = await walk.do("splitBooking", one, bookingId=one, positions=[3])
    two = payload["newBooking"]["id"]
    assert (await read(world, two))["createdBy"] == "clerk of splitBooking"
    await walk.do("movePlayers", one, two, bookingId=one, positions=[2], otherBookingId=two)
    other = await walk.make("bookSlots", teeTimeId=world.tee_time(-3), places=1, payer=PAYER)
    await walk.do("swapBookings", one, other, bookingId=one, otherBookingId=other)
    await walk.do("mergeBookings", one, other, bookingId=one, otherBookingIds=[other])
    await walk.do("setBookingNote", one, bookingId=one, note="Left-handed clubs", staffNote="Pays late")
    await walk.do("cancelBooking", one, bookingId=one)
    assert (await read(world, one))["cancelledBy"] == "clerk of cancelBooking"
    await walk.do("restoreBooking", one, bookingId=one)
    await walk.do("addLedgerEntry", one, bookingId=one, kind="PAYMENT", amountCents=100)
    await walk.do("issueRainCheck", one, bookingId=one, holesPlayed=9)
    query = "query($id: ID!) { booking(id: $id) { rainCheck { code } } }"
    code = (await world.server.run(query, who=world.staff, id=one)).data["booking"]["rainCheck"]["code"]
    later = await walk.make("bookSlots", teeTimeId=world.tee_time(-1), places=2, payer=PAYER)
    await walk.do("redeemRainCheck", later, bookingId=later, code=code, forfeitRest=True)
    start = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "11:30", "minutes": 10}
    await walk.do("delayTeeTimes", one, later, **start)


async def play(walk, world):
    one = await walk.make("bookSlots", teeTimeId=world.tee_time(0), places=2, payer=PAYER)
    await walk.do("checkIn", one, bookingId=one)
    await walk.do("undoCheckIn", one, bookingId=one)
    world.server.clock.advance(hours=1)
    await walk.do("markNoShow", one, bookingId=one)
    await walk.do("undoNoShow", one, bookingId=one)
    await walk.do("checkIn", one, bookingId=one)
    await walk.do("teeOff", one, bookingId=one)
    await walk.do("undoTeeOff", one, bookingId=one)
    await walk.do("teeOff", one, bookingId=one)
    await walk.do("correctHole", one, bookingId=one, hole=17)
    await walk.do("recordHole", one, bookingId=one, hole=18)
    two = await send_off(world, 8)
    await walk.do("endRound", two, bookingId=two)


async def other_people(walk, world):
    kept, other = [await add_player(world, name, "MEMBER", user) for name, user in (("Ana", "ana"), ("Ann", None))]
    players = [{"playerId": kept}, {"firstName": "Luis"}]
    one = await walk.make("bookSlots", teeTimeId=world.tee_time(-8), players=players)
    await walk.do("leaveBooking", one, who=world.player("ana"), bookingId=one)
    two = await walk.make("bookSlots", teeTimeId=world.tee_time(-8), players=[{"playerId": other}])
    await walk.do("mergePlayers", two, playerId=kept, otherPlayerId=other)
    start = world.tee_times[-9]
    full = (await book(world, world.staff, -9, places=4))["booking"]["id"]
    given = {"earliest": start["localTime"], "latest": start["localTime"], "partySize": 2, **PAYER}
    where = {"courseId": world.course, "date": world.day.isoformat()}
    joined = await done(world.server, "joinWaitlist", "waitlistEntry { id }", who=world.staff, **where, **given)
    await cancel(world, world.staff, full)
    query = "query($id: ID!) { node(id: $id) { ... on WaitlistEntry { offer { id } } } }"
    answer = await world.server.run(query, who=world.staff, id=joined["waitlistEntry"]["id"])
    await walk.make("acceptWaitlistOffer", offerId=answer.data["node"]["offer"]["id"])


async def group(walk, world):
    starts = [{"teeTimeId": world.tee_time(number), "places": 1} for number in (0, 1)]
    given = {"name": "Acme", "organiser": {"firstName": "Ana", "lastName": "Ruiz"}, "starts": starts}
    made = await done(world.server, "bookGroup", "bookingGroup { id bookings { id } }", who=world.staff, **given)
    one, two = [row["id"] for row in made["bookingGroup"]["bookings"]]
    await walk.do("cancelBookingGroup", one, two, groupId=made["bookingGroup"]["id"])


async def test_all_that_changes_a_booking_leaves_an_entry_of_who_did_it_and_what_it_changed(world):
    walk = Walk(world)
    await regroup(walk, world)
    await other_people(walk, world)
    await play(walk, world)
    await group(walk, world)
    named = {"acceptOffer": "acceptWaitlistOffer", "cancelGroup": "cancelBookingGroup"}
    actions = {named.get(name, name) for name in (camel(act.__name__) for act in FOLLOWS)}
    assert walk.done == actions - BY_ITSELF | BESIDE, "do to a booking here what is new"


async def test_an_entry_says_what_was_and_what_is(world):
    booking = (await book(world, world.staff, -1, places=2))["booking"]["id"]
    player = {"position": 2, "firstName": "Luz", "lastName": "Prado"}
    clerk = world.clerk("clerk")
    await done(world.server, "updateBooking", "booking { id }", who=clerk, bookingId=booking, players=[player])
    await done(
        world.server,
        "updateBooking",
        "booking { id }",
        who=clerk,
        bookingId=booking,
        removePositions=[1],
        paidCents=100,
    )
    _, renamed, fewer = (await read(world, booking))["history"]
    assert [tuple(change.values()) for change in renamed["changes"]] == [
        ("changed", None, "PLAYERS"),
        ("players.2.firstName", "", "Luz"),
        ("players.2.lastName", "", "Prado"),
    ]
    assert ("paidCents", "0", "100") in [tuple(change.values()) for change in fewer["changes"]]
    assert ("priceCents", "18000", "9000") in [tuple(change.values()) for change in fewer["changes"]]
    gone = [change for change in fewer["changes"] if change["field"].startswith("players.1.")]
    assert gone
    assert {change["after"] for change in gone} == {None}


async def test_a_block_says_who_added_and_who_removed_it(world):
    made = (await block(world, reason="Aeration"))["block"]["id"]
    await unblock(world, made)
    shown = await read(world, made)
    assert (shown["createdBy"], shown["removedBy"]) == ("staff", "staff")
    assert [(entry["what"], entry["by"]) for entry in shown["history"]] == [
        ("block.added", "staff"),
        ("block.removed", "staff"),
    ]
    assert ("reason", None, "Aeration") in [tuple(change.values()) for change in shown["history"][0]["changes"]]


async def test_histories_are_for_staff_alone(world):
    ana = world.player("ana")
    booking = (await book(world, world.clerk("ana"), -1))["booking"]["id"]
    made = (await block(world, 0))["block"]["id"]
    for thing, names in ((booking, ("createdBy", "changedBy", "cancelledBy")), (made, ("createdBy", "removedBy"))):
        shown = await read(world, thing, who=ana)
        assert {shown[name] for name in (*names, "history")} == {None}


async def test_what_many_do_at_once_stands_there_once_each_and_in_order(world):
    booking = (await book(world, world.staff, -1, places=2))["booking"]["id"]
    clerks = [world.clerk(f"clerk {number}") for number in range(6)]
    given = {"bookingId": booking, "kind": "PAYMENT"}
    add = ("addLedgerEntry", "ledgerEntry { id }")
    await gather(*(done(world.server, *add, who=who, amountCents=n + 1, **given) for n, who in enumerate(clerks)))
    shown = await read(world, booking)
    assert {entry["by"] for entry in shown["history"][1:]} == {who.user_id for who in clerks}
    assert len(shown["history"]) == 7
    assert_known(shown)


async def test_what_comes_by_itself_was_done_by_nobody(world):
    await book(world, world.staff, -1)
    await delay(world, "11:00", 5)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        rows = await change.session.execute(text("SELECT what, made_by FROM history_entries ORDER BY id"))
        assert [tuple(row) for row in rows] == [("booking.created", "staff"), ("booking.updated", "staff")]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE history_entries SET made_by = 'nobody'", "DELETE FROM history_entries", "TRUNCATE history_entries"],
)
async def test_nothing_of_a_history_is_changed_or_removed(world, statement):
    await book(world, world.staff, -1)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        with pytest.raises(DBAPIError, match="permission denied"):
            await session.execute(text(statement))
