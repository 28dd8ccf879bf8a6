"""What tee sheets, bookings, notifications and the engine say to the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

import models
from domain.notifications.notifications import notify
from models.base import Base
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking
from tests.harness import MORNING, TEMPLATE, found_world
from tests.house.statements import book, listed, statements
from tests.realtime.support import until

assert models.metadata is Base.metadata

SHEET = """query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) {
    cursor prices { price { amountCents } }
    figures { players utilisationPercent revenue { amountCents } places { status places } }
    teeTimes { startsAt slots { status heldUntil price { amountCents } payer { lastName } } }
    bookings { payer { lastName } players { lastName price { amountCents } } teeTime { startsAt slots { status } } }
} }"""

BOOKING = "query($id: ID!) { booking(id: $id) { status teeTime { slots { status } } players { lastName } } }"

CLUBS = "{ clubs { name courses { name } } viewer { userId clubs { name courses { name } } players { lastName } } }"

STATS = "{ realtimeStats { subscriptions rooms { room } connections { users } instances { name } engine { events } } }"

FOLLOW = "subscription($club: ID!) { clubEvents(clubId: $club) { __typename } }"


async def read_sheet(server, world, who, *, day=None):
    with statements(server) as sent:
        answer = await server.run(SHEET, who=who, c=world.course, d=(day or world.day).isoformat())
    return answer.data["teeSheet"], sent


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


@pytest.mark.parametrize("clubs", [1, 3])
async def test_what_the_realtime_engine_does_costs_the_same_however_many_clubs_there_are(server, world, clubs):
    for _ in range(1, clubs):
        await found_world(server, tenant_id=world.tenant_id)
    async with server.socket(world.staff) as socket:
        await socket.subscribe(FOLLOW, club=world.club)
        await until(server.process.fanout.census)
        with statements(server) as sent:
            answer = await server.run(STATS, who=world.admin)
        assert answer.data["realtimeStats"]["subscriptions"] == 1
    assert len(sent) <= 2, listed(sent)


async def test_who_is_asking_is_not_looked_up(server, world):
    await server.run("{ __typename }", who=world.staff)  # with its first token, a process reads what a tenant revoked
    with statements(server) as sent:
        assert (await server.run("{ viewer { userId roles } }", who=world.staff)).data["viewer"]["userId"] == "staff"
    assert sent == []


@pytest.mark.parametrize("places", [1, 4])
async def test_changes_cost_the_same_however_many_places_they_touch(server, world, ann, places):
    """Exact numbers, so that no statement creeps back: what a change costs is mostly what it says to the database."""
    wanted = {"teeTimeId": world.tee_time(-1), "places": places, "idempotencyKey": "held"}
    with statements(server) as sent:
        held = await server.mutate("holdSlots", "hold { id }", who=ann, **wanted)
    assert len(sent) == 10, listed(sent)  # two of them are the key's
    with statements(server) as sent:
        await book(world, -1, ann, teeTimeId=None, places=None, holdId=held["hold"]["id"])
    assert len(sent) == 7, listed(sent)
    for who, count in ((world.staff, 9), (ann, 11)):
        with statements(server) as sent:
            booked = await book(world, -2, who, places=places, payer={"firstName": "A", "lastName": "B"})
        assert len(sent) == 5, listed(sent)
        with statements(server) as sent:
            await server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booked)
        assert len(sent) == count, listed(sent)  # where it is somebody else, the booker is told; caddies may wait


async def test_a_waitlist_costs_the_same_however_many_wait(server, world, ann):
    query = """query($c: ID!, $d: Date!) { waitlist(courseId: $c, date: $d) { cursor entries {
        courseId date place offer { status teeTime { localTime } }
    } } }"""
    given = {"courseId": world.course, "date": world.day.isoformat(), "partySize": 2, "lastName": "X"}
    given |= {"offerNow": False}
    for who in [ann, *(world.player(f"golfer {n}") for n in range(7))]:
        await server.mutate("joinWaitlist", "waitlistEntry { id }", who=who, **given)
    for number in (-1, -2):
        booked = await book(world, number, world.staff, places=4, payer={"firstName": "A", "lastName": "B"})
        await server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booked)
    for who in (world.staff, ann):
        with statements(server) as sent:
            answer = await server.run(query, who=who, c=world.course, d=world.day.isoformat())
        entries = answer.data["waitlist"]["entries"]
        assert len([entry for entry in entries if entry["offer"]]) == (4 if who is world.staff else 1)
        assert len(sent) <= 9, listed(sent)


async def test_notifications_cost_the_same_however_many_there_are(server, world, ann):
    for _ in range(3):
        booked = await book(world, -1, ann)
        await server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booked)
    query = "{ unreadNotifications notifications { cursor edges { node { title body } } } }"
    with statements(server) as sent:
        assert (await server.run(query, who=ann)).data["unreadNotifications"] == 3
    assert len(sent) <= 4, listed(sent)


@pytest.mark.parametrize("told", [1, 1_000])
async def test_telling_costs_the_same_however_many_are_told(server, world, told):
    async with server.runtime.work.change(world.tenant_id) as change:
        with statements(server) as sent:
            await notify(
                change.session,
                tenant_id=world.tenant_id,
                kind=NotificationKind.WEATHER_STALE,
                data={"course": "Old Course"},
                users=[f"golfer {number}" for number in range(told)],
                now=MORNING,
            )
            await change.write()
    assert len(change.logged) == len({logged.stream for logged in change.logged}) == told
    assert len(sent) <= 3, listed(sent)


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
