from contextlib import contextmanager
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import event, select
from sqlalchemy.exc import InvalidRequestError

import models
from models.base import Base
from models.tee_sheet.tables import Booking
from tests.harness import TEMPLATE

assert models.metadata is Base.metadata
SHEET = """query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) {
    cursor prices { price { amountCents } }
    figures { players utilisationPercent revenue { amountCents } places { status places } }
    teeTimes { startsAt slots { status heldUntil price { amountCents } payer { lastName } } }
    bookings { payer { lastName } players { lastName price { amountCents } } teeTime { startsAt slots { status } } }
} }"""
BOOKING = "query($id: ID!) { booking(id: $id) { status teeTime { slots { status } } players { lastName } } }"
CLUBS = "{ clubs { name courses { name } } viewer { userId clubs { name courses { name } } players { lastName } } }"


@contextmanager
def statements(server):
    """Note what the application's role sends to the database meanwhile."""
    sent, engine = [], server.runtime.database.app.sync_engine

    def note(_connection, _cursor, statement, *_more):
        sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def listed(sent):
    return "\n".join(f"{number:3} {statement[:120]}" for number, statement in enumerate(sent, 1))


@pytest_asyncio.fixture
async def ann(server, world):
    """A member whom the club knows."""
    known = {"firstName": "Ann", "lastName": "Archer", "priceClass": "MEMBER", "userId": "ann"}
    await server.mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    return world.player("ann")


async def read_sheet(server, world, who, *, day=None):
    with statements(server) as sent:
        answer = await server.run(SHEET, who=who, c=world.course, d=(day or world.day).isoformat())
    return answer.data["teeSheet"], sent


async def book(world, number, who, **given):
    given = {"teeTimeId": world.tee_time(number), "places": 2, **given}
    payload = await world.server.mutate("bookSlots", "booking { id }", who=who, **given)
    assert payload["problems"] == []
    return payload["booking"]["id"]


@pytest.mark.parametrize(("somebody", "budget"), [("staff", 12), ("a player", 13)])
async def test_a_sheet_costs_the_same_however_much_is_on_it(server, world, ann, somebody, budget):
    who = world.staff if somebody == "staff" else ann
    for number in range(-6, -1):
        await book(world, number, ann)
    sheet, sent = await read_sheet(server, world, who)
    assert len(sheet["bookings"]) == 5
    assert len(sent) <= budget, listed(sent)

    fewer = {**TEMPLATE, "intervalMinutes": 60}
    await server.mutate("setSheetTemplate", "template { id }", who=world.staff, courseId=world.course, **fewer)
    day = world.day + timedelta(days=1)
    await server.mutate(
        "generateTeeSheet", "teeSheets { id }", who=world.staff, courseId=world.course, date=day.isoformat()
    )
    small, few = await read_sheet(server, world, who, day=day)
    assert len(small["teeTimes"]) < len(sheet["teeTimes"]) / 4
    assert len(few) <= len(sent), listed(few)


async def test_a_booking_costs_few_statements(server, world, ann):
    booking = await book(world, -1, ann, places=4)
    with statements(server) as sent:
        assert len((await server.run(BOOKING, who=ann, id=booking)).data["booking"]["players"]) == 4
    assert len(sent) <= 7, listed(sent)


async def test_clubs_cost_the_same_however_many_courses_they_have(server, world, ann):
    for name in ("New", "Short"):
        await server.mutate("createCourse", "course { id }", who=world.admin, clubId=world.club, name=name, holes=9)
    with statements(server) as sent:
        answer = await server.run(CLUBS, who=ann)
    assert len(answer.data["clubs"][0]["courses"]) == 3
    assert len(sent) <= 5, listed(sent)


async def test_who_is_asking_is_not_looked_up(server, world):
    with statements(server) as sent:
        assert (await server.run("{ viewer { userId roles } }", who=world.staff)).data["viewer"]["userId"] == "staff"
    assert sent == []


@pytest.mark.parametrize("places", [1, 4])
async def test_changes_cost_the_same_however_many_places_they_touch(server, world, ann, places):
    with statements(server) as holding:
        held = await server.mutate(
            "holdSlots", "hold { id }", who=ann, teeTimeId=world.tee_time(-1), places=places, idempotencyKey="held"
        )
    assert len(holding) <= 16, listed(holding)
    with statements(server) as booking:
        await book(world, -1, ann, teeTimeId=None, places=None, holdId=held["hold"]["id"])
    assert len(booking) <= 15, listed(booking)
    with statements(server) as direct:
        booked = await book(world, -2, ann, places=places)
    assert len(direct) <= 12, listed(direct)
    with statements(server) as cancelling:
        await server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booked)
    assert len(cancelling) <= 12, listed(cancelling)


async def test_a_repeat_costs_next_to_nothing(server, world, ann):
    first = await book(world, -1, ann, idempotencyKey="once")
    with statements(server) as sent:
        assert await book(world, -1, ann, idempotencyKey="once") == first
    assert len(sent) <= 4, listed(sent)


def test_no_relationship_is_loaded_unasked():
    relationships = [r for mapper in Base.registry.mappers for r in mapper.relationships]
    assert [str(r) for r in relationships if r.lazy != "raise"] == []
    assert relationships


async def test_a_relationship_that_was_not_loaded_raises(server, world, ann):
    await book(world, -1, ann)
    async with server.runtime.database.snapshot(world.tenant_id) as session:
        booking = (await session.scalars(select(Booking))).one()
        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            len(booking.players)


async def test_a_block_costs_the_same_however_many_places_it_covers(server, world, ann):
    await book(world, 0, ann)
    await server.mutate("holdSlots", "hold { id }", who=ann, teeTimeId=world.tee_time(1), places=2)
    given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "OTHER", "keepBookings": True}
    for last, count in (("08:10", 8), ("12:00", 100)):
        with statements(server) as sent:
            made = await server.mutate(
                "addBlock", "block { id slotIds }", who=world.staff, firstStart="08:00", lastStart=last, **given
            )
        assert len(made["block"]["slotIds"]) == count
        assert len(sent) <= 18, listed(sent)
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { blocks { kind slotIds } } }"
    with statements(server) as sent:
        answer = await server.run(query, who=ann, c=world.course, d=world.day.isoformat())
    assert len(answer.data["teeSheet"]["blocks"]) == 2
    assert len(sent) <= 6, listed(sent)
    with statements(server) as sent:
        await server.mutate("removeBlock", "block { id }", who=world.staff, blockId=made["block"]["id"])
    assert len(sent) <= 12, listed(sent)


async def test_changes_and_moves_cost_the_same_however_many_play(server, world, ann):
    for number, places in ((0, 1), (1, 4)):
        booking = await book(world, number, ann, places=places)
        players = [{"position": n + 1, "firstName": f"P{n}"} for n in range(places)]
        with statements(server) as sent:
            await server.mutate("updateBooking", "booking { id }", who=world.staff, bookingId=booking, players=players)
        assert len(sent) <= 16, listed(sent)
        given = {"bookingId": booking, "teeTimeId": world.tee_time(number + 2)}
        with statements(server) as sent:
            await server.mutate("moveBooking", "booking { id }", who=world.staff, **given)
        assert len(sent) <= 16, listed(sent)


async def test_a_delay_costs_the_same_however_many_starts_and_bookings_it_shifts(server, world, ann):
    given = {"courseId": world.course, "date": world.day.isoformat(), "minutes": 5}
    for number in (0, 1, -2, -1):
        await book(world, number, ann)
    for first in ("11:50", "08:00"):
        with statements(server) as sent:
            await server.mutate("delayTeeTimes", "teeSheet { id }", who=world.staff, firstStart=first, **given)
        assert len(sent) <= 14, listed(sent)
