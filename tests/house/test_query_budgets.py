from contextlib import contextmanager
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import event, select
from sqlalchemy.exc import InvalidRequestError

import models
from domain.notifications.notifications import notify
from domain.tee_sheet.play.pace import watch_course
from models.base import Base
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking
from tests.guests.party import found_party
from tests.harness import MORNING, TEMPLATE, found_world
from tests.realtime.support import until

assert models.metadata is Base.metadata
SHEET = """query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) {
    cursor prices { price { amountCents } }
    figures { players utilisationPercent revenue { amountCents } places { status places } }
    teeTimes { startsAt slots { status heldUntil price { amountCents } payer { lastName } } }
    bookings { payer { lastName } players { lastName price { amountCents } } teeTime { startsAt slots { status } } }
} }"""
BOOKING = "query($id: ID!) { booking(id: $id) { status teeTime { slots { status } } players { lastName } } }"
PACE = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { bookings { pace { level minutesBehind } } } }"
CLUBS = "{ clubs { name courses { name } } viewer { userId clubs { name courses { name } } players { lastName } } }"

STATS = "{ realtimeStats { subscriptions rooms { room } connections { users } instances { name } engine { events } } }"
FOLLOW = "subscription($club: ID!) { clubEvents(clubId: $club) { __typename } }"


@contextmanager
def statements(server):
    """Note what the application's role sends to the database meanwhile. Nothing is worked out twice then."""
    sent, engine, answering = [], server.runtime.database.app.sync_engine, server.process.engine
    compares, answering.compares = answering.compares, False

    def note(_connection, _cursor, statement, *_more):
        sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        answering.compares = compares
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


@pytest.mark.parametrize("places", [1, 4])
async def test_play_costs_the_same_however_large_the_group_is(server, world, ann, places):
    given = {"who": world.staff, "bookingId": await book(world, -1, ann, places=places)}
    for operation, more, budget in (("checkIn", {}, 5), ("teeOff", {}, 7), ("recordHole", {"hole": 1}, 9)):
        with statements(server) as sent:
            assert (await server.mutate(operation, "booking { status }", **given, **more))["problems"] == []
        assert len(sent) == budget, listed(sent)


async def test_the_watch_costs_one_look_a_course_while_nobody_falls_behind(server, world, ann, clock):
    for number in range(-4, 0):
        booking = await book(world, number, ann)
        for operation, more in (("checkIn", {}), ("teeOff", {}), ("recordHole", {"hole": 1})):
            given = {"who": world.staff, "bookingId": booking} | more
            assert (await server.mutate(operation, "booking { status }", **given))["problems"] == []
    async with server.runtime.work.change(world.tenant_id) as change:
        with statements(server) as sent:
            assert await watch_course(change.session, course_id=world.course_id, now=clock()) == []
    assert len(sent) <= 2, listed(sent)


async def test_the_pace_of_all_groups_is_read_at_once(server, world, ann):
    query, sheet = PACE, {"c": world.course, "d": world.day.isoformat()}
    await book(world, -1, ann)
    with statements(server) as few:
        await server.run(query, who=world.staff, **sheet, asked="first")
    for number in range(-6, -1):
        await book(world, number, ann)
    with statements(server) as sent:
        answer = await server.run(query, who=world.staff, **sheet, asked="for the first time, too")
    assert len(answer.data["teeSheet"]["bookings"]) == 6
    assert len(sent) == len(few), listed(sent)


async def test_a_repeat_costs_next_to_nothing(server, world, ann):
    first = await book(world, -1, ann, idempotencyKey="once")
    with statements(server) as sent:
        assert await book(world, -1, ann, idempotencyKey="once") == first
    assert len(sent) <= 4, listed(sent)


CADDIES = "query($c: ID!) { caddies(clubId: $c) { cursor caddies { name status statusLabel phoneNumber } } }"


@pytest.mark.parametrize(("number", "who"), [(3, "staff"), (40, "staff"), (40, "a caddie")])
async def test_caddies_cost_the_same_however_many_there_are(server, world, number, who):
    rows = "".join(f"Caddie {row},1\n" for row in range(number))
    given = {"clubId": world.club, "csv": f"name,list\n{rows}"}
    await server.mutate("importCaddies", "caddieImport { added }", who=world.admin, **given)
    viewer = world.staff if who == "staff" else world.caddie(1)
    with statements(server) as sent:
        answer = await server.run(CADDIES, who=viewer, c=world.club)
    assert len(answer.data["caddies"]["caddies"]) == number
    assert len(sent) <= 5, listed(sent)


@pytest.mark.parametrize("number", [1, 40])
async def test_a_caddie_s_status_costs_few_statements(server, world, number):
    rows = "".join(f"Caddie {row},1\n" for row in range(number))
    given = {"clubId": world.club, "csv": f"name,list\n{rows}"}
    await server.mutate("importCaddies", "caddieImport { added }", who=world.admin, **given)
    board = (
        await server.run(
            "query($c: ID!) { caddieQueue(clubId: $c, list: 1) { queue { caddie { id } } } }",
            who=world.staff,
            c=world.club,
        )
    ).data["caddieQueue"]
    caddie = board["queue"][0]["caddie"]["id"]
    budgets = [("IN_PREP", 3), ("IN_FIELD", 4), ("AVAILABLE", 6), ("LATE", 4), ("AVAILABLE", 3)]
    for status, budget in budgets:
        wanted = {"caddieId": caddie, "status": status}
        with statements(server) as sent:
            payload = await server.mutate("setCaddieStatus", "caddie { id status }", who=world.staff, **wanted)
        assert payload["problems"] == []
        assert len(sent) == budget, f"{status}\n{listed(sent)}"


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
        assert len(sent) <= 22, listed(sent)  # the parties of kept bookings are told, and who waits has their turn
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { blocks { kind slotIds } } }"
    with statements(server) as sent:
        answer = await server.run(query, who=ann, c=world.course, d=world.day.isoformat())
    assert len(answer.data["teeSheet"]["blocks"]) == 2
    assert len(sent) <= 6, listed(sent)
    with statements(server) as sent:
        await server.mutate("removeBlock", "block { id }", who=world.staff, blockId=made["block"]["id"])
    assert len(sent) <= 13, listed(sent)


async def test_changes_and_moves_cost_the_same_however_many_play(server, world, ann):
    for number, places in ((0, 1), (1, 4)):
        booking = await book(world, number, ann, places=places)
        players = [{"position": n + 1, "firstName": f"P{n}"} for n in range(places)]
        with statements(server) as sent:
            await server.mutate("updateBooking", "booking { id }", who=world.staff, bookingId=booking, players=players)
        assert len(sent) <= 18, listed(sent)  # the booker, who is somebody else, is told
        given = {"bookingId": booking, "teeTimeId": world.tee_time(number + 2)}
        with statements(server) as sent:
            await server.mutate("moveBooking", "booking { id }", who=world.staff, **given)
        assert len(sent) <= 22, listed(sent)


async def test_a_delay_costs_the_same_however_many_starts_and_bookings_it_shifts(server, world, ann):
    given = {"courseId": world.course, "date": world.day.isoformat(), "minutes": 5}
    for number in (0, 1, -2, -1):
        await book(world, number, ann)
    for first in ("11:50", "08:00"):
        with statements(server) as sent:
            await server.mutate("delayTeeTimes", "teeSheet { id }", who=world.staff, firstStart=first, **given)
        assert len(sent) <= 17, listed(sent)


async def test_a_sheet_is_made_anew_by_as_many_statements_however_many_starts_come_and_go(server, world, ann):
    given = {"courseId": world.course, "date": world.day.isoformat()}
    for number in (0, 1, -2, -1):
        await book(world, number, ann)
    for minutes in (11, 7):
        template = TEMPLATE | {"intervalMinutes": minutes, "courseId": world.course}
        await server.mutate("setSheetTemplate", "template { id }", who=world.staff, **template)
        with statements(server) as sent:
            made = await server.mutate("regenerateTeeSheets", "days { differs }", who=world.staff, **given)
        assert made["days"] == [{"differs": True}]
        assert len(sent) <= 18, listed(sent)


async def test_carts_cost_the_same_however_many_there_are(server, world, ann):
    query = """query($c: ID!) { carts(courseId: $c) { cursor carts {
        number status reservations { status booking { payer { lastName } teeTime { startsAt } } }
    } } }"""
    sheet = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { bookings { carts { number status } } } }"
    for number in range(12):
        given = {"courseId": world.course, "number": f"{number}"}
        cart = await server.mutate("addCart", "cart { id }", who=world.staff, **given)
        booking = {"bookingId": await book(world, number, ann)}
        reserved = await server.mutate("reserveCart", "cartReservation { id }", who=world.staff, **booking)
    with statements(server) as sent:
        answer = await server.run(query, who=world.staff, c=world.course)
    assert len([cart for cart in answer.data["carts"]["carts"] if cart["reservations"]]) == 12
    assert len(sent) <= 8, listed(sent)
    with statements(server) as sent:
        answer = await server.run(sheet, who=world.staff, c=world.course, d=world.day.isoformat())
    assert len([one for one in answer.data["teeSheet"]["bookings"] if one["carts"]]) == 12
    assert len(sent) <= 6, listed(sent)
    returned = {"reservationId": reserved["cartReservation"]["id"]}
    there = {"cartId": cart["cart"]["id"]}
    for operation, given, budget in (
        ("returnCart", returned, 12),
        ("reserveCart", booking, 12),
        ("checkOutCart", booking | there, 15),
        ("returnCart", there, 11),
    ):
        with statements(server) as sent:
            done = await server.mutate(operation, "cartReservation { id }", who=world.staff, **given)
        assert done["problems"] == []
        assert len(sent) <= budget, f"{operation}\n{listed(sent)}"


POSTS = """query($id: ID!) { posts(occasionId: $id) {
    cursor nodes { text votes votedGuestIds picture { url width } }
} }"""


async def test_posts_cost_the_same_however_many_there_are(world):
    party = await found_party(world)
    await party.invite("Vado", "Isla")
    [isla] = (one["id"] for one in party.households["Vado"]["guests"])

    async def post_and_read(number):
        for _ in range(number):
            given = {"occasionId": party.id, "kind": "MUSIC", "title": "Blue Danube"}
            made = await party.done("addPost", "post { id }", **given)
            await party.done("voteForMusic", "post { id }", postId=made["post"]["id"], guestId=isla)
        with statements(party.server) as sent:
            answer = await party.server.run(POSTS, who=party.guest("Vado"), id=party.id)
        return len(answer.data["posts"]["nodes"]), sent

    (few, first), (many, sent) = await post_and_read(1), await post_and_read(9)
    assert (few, many) == (1, 10)
    assert max(len(first), len(sent)) <= 5, listed(sent)


async def test_a_post_costs_few_statements(world):
    party = await found_party(world)
    await party.invite("Vado", "Isla")
    given = {"occasionId": party.id, "kind": "GUESTBOOK", "text": "Thank you!"}
    with statements(party.server) as sent:
        await party.done("addPost", "post { id status }", who=party.guest("Vado"), **given)
    assert len(sent) == 5, listed(sent)


async def test_an_answer_to_an_invitation_costs_few_statements(world):
    party = await found_party(world)
    when = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
    await party.done("addPart", "part { id }", occasionId=party.id, part={"name": "Brunch", **when})
    await party.invite("Vado", "Isla", "Teo", "Mar")
    for status, budget in (("ACCEPTED", 5), ("DECLINED", 7), ("ACCEPTED", 5)):
        guests = [{"guestId": one["id"], "status": status} for one in party.households["Vado"]["guests"]]
        with statements(party.server) as sent:
            done = await party.mutate("submitRsvp", "cursor", who=party.guest("Vado"), guests=guests)
        assert done["problems"] == []
        assert len(sent) == budget, listed(sent)


GUESTS = """query($id: ID!) { guests(occasionId: $id) {
    cursor guests { name householdName rsvpStatus attendances { status queuePlace tableId } }
} }"""


async def test_the_master_list_costs_the_same_however_many_are_invited(world):
    party = await found_party(world)

    async def invite_and_read(number):
        rows = [{"householdName": f"House {one // 3}", "firstName": "Ana"} for one in range(number)]
        await party.done("addGuests", "guests { id }", occasionId=party.id, guests=rows)
        with statements(party.server) as sent:
            answer = await party.server.run(GUESTS, who=party.planner, id=party.id)
        return len(answer.data["guests"]["guests"]), sent

    (few, first), (many, sent) = await invite_and_read(2), await invite_and_read(98)
    assert (few, many) == (2, 100)
    assert max(len(first), len(sent)) <= 10, listed(sent)


async def test_a_thousand_guests_are_invited_by_few_statements(world):
    party = await found_party(world)
    rows = [{"householdName": f"House {one // 3}", "firstName": "Ana"} for one in range(1_000)]
    with statements(party.server) as sent:
        await party.done("addGuests", "cursor", occasionId=party.id, guests=rows)
    assert len(sent) <= 6, listed(sent)


async def test_a_club_s_occasions_cost_the_same_however_many_there_are(world):
    query = "query($club: ID!) { occasions(clubId: $club) { name planners parts { name } } }"

    async def plan_and_read(number):
        for _ in range(number):
            party = await found_party(world)
        with statements(party.server) as sent:
            answer = await party.server.run(query, who=party.planner, club=world.club)
        return len(answer.data["occasions"]), sent

    (few, first), (many, sent) = await plan_and_read(1), await plan_and_read(5)
    assert (few, many) == (1, 6)
    assert len(first) == len(sent) <= 6, listed(sent)
