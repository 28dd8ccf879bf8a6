"""Searching for free starts over days and courses, and for bookings: what is found, for whom, page by page."""

import json
from asyncio import gather
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as example
from hypothesis import strategies as st
from sqlalchemy import text

from kit.errors import InvalidInput
from kit.ids import new_id, parse_id
from schema.connections import read_cursor, write_cursor
from tests.harness import found_world
from tests.house.statements import listed, statements
from tests.tee_sheet.desk import add_player, block, book, cancel, delay, done, hold, squeeze
from tests.tee_sheet.test_moves_api import make_course, make_sheet
from tests.tee_sheet.test_shifts_api import world_at_night

STARTS = """query($course: ID, $club: ID, $from: Date!, $to: Date, $players: Int! = 1, $holes: Int, $lowest: Int,
    $highest: Int, $earliest: Time, $latest: Time, $first: Int! = 100, $after: String) {
  availableTeeTimes(courseId: $course, clubId: $club, firstDate: $from, lastDate: $to, players: $players,
      holes: $holes, lowestCents: $lowest, highestCents: $highest, earliest: $earliest, latest: $latest,
      first: $first, after: $after) {
    edges { cursor }
    nodes {
      teeTime { id startsAt localTime slots { status } }
      courseId date freePlaces price { amountCents currency } priceClass holes
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
BOOKINGS = """query($club: ID!, $course: ID, $from: Date, $to: Date, $statuses: [BookingStatus!], $player: ID,
    $payer: String, $first: Int! = 100, $after: String) {
  bookings(clubId: $club, courseId: $course, firstDate: $from, lastDate: $to, statuses: $statuses, playerId: $player,
      payer: $payer, first: $first, after: $after) {
    edges { cursor node { id } }
    nodes { id status payer { lastName } players { firstName } teeTime { startsAt slots { status } } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}"""


async def search(world, who=None, **given):
    where = {} if "club" in given else {"course": world.course}
    given = where | {"from": world.day.isoformat()} | given
    answer = await world.server.run(STARTS, who=who or world.player("ana"), **given)
    return answer.data["availableTeeTimes"]


async def found(world, who=None, **given):
    """Give the starts that are found, on the course's clock."""
    return [row["teeTime"]["localTime"][:5] for row in (await search(world, who, **given))["nodes"]]


async def listed_bookings(world, who=None, **given):
    answer = await world.server.run(BOOKINGS, who=who or world.staff, club=world.club, **given)
    return [row["id"] for row in answer.data["bookings"]["nodes"]]


async def booked(world, number=0, who=None, **given):
    return (await book(world, who or world.staff, number, **given))["booking"]["id"]


async def test_only_starts_with_enough_free_places_are_found(world):
    await booked(world, 0, places=3)
    await hold(world, world.player("ben"), 1, places=2)
    await block(world, 2)
    shown = await search(world)
    assert len(shown["nodes"]) == 24
    first, second = shown["nodes"][:2]
    assert (first["freePlaces"], second["freePlaces"]) == (1, 2)
    assert [slot["status"] for slot in first["teeTime"]["slots"]] == ["BOOKED"] * 3 + ["AVAILABLE"]
    assert (await found(world, players=2))[0] == "08:10"
    assert (await found(world, players=3))[0] == "08:30"
    with pytest.raises(AssertionError, match="Choose from 1 to 4 places"):
        await search(world, players=5)


async def test_the_price_is_that_of_the_viewer_s_own_class(world):
    await add_player(world, "Eva", "MEMBER", user_id="eva")
    eva, ana = world.player("eva"), world.player("ana")
    row = (await search(world, eva))["nodes"][0]
    assert (row["price"], row["priceClass"], row["holes"]) == (
        {"amountCents": 4000, "currency": "EUR"},
        "MEMBER",
        18,
    )
    assert (await search(world, ana))["nodes"][0]["price"]["amountCents"] == 9000
    assert len(await found(world, ana, lowest=9000, highest=9000)) == 25
    assert await found(world, ana, highest=8999) == []
    assert await found(world, ana, lowest=9001) == []
    assert (await search(world, ana, holes=9))["nodes"][0]["price"]["amountCents"] == 5000
    assert await found(world, eva, holes=9) == [], "nine holes are not sold to members"


async def test_a_window_of_the_course_s_clock(world):
    assert await found(world, earliest="11:40", latest="11:50") == ["11:40", "11:50"]
    assert (await found(world, earliest="11:55")) == ["12:00"]


async def test_starts_that_have_passed_are_found_by_staff_alone_until_the_day_is_over(world, clock):
    clock.advance(hours=2)  # 9:00 in Madrid
    assert (await found(world))[:2] == ["09:00", "09:10"]
    assert (await found(world, world.staff))[:2] == ["08:00", "08:10"]
    await book(world, world.staff, 0)
    clock.advance(hours=14, minutes=59)
    assert await found(world) == []
    assert (await found(world, world.staff))[-1] == "12:00"
    clock.advance(minutes=1)
    assert await found(world, world.staff) == []


async def test_days_within_the_booking_window_are_found_and_others_by_staff_alone(world):
    await add_player(world, "Eva", "MEMBER", user_id="eva")
    for days in (7, 8, 14, 15):
        await make_sheet(world, days=days)
    to = (world.day + timedelta(days=20)).isoformat()
    dates = {}
    for name, who in (("public", world.player("ana")), ("member", world.player("eva")), ("staff", world.staff)):
        rows = (await search(world, who, to=to, latest="08:00"))["nodes"]
        dates[name] = [(date.fromisoformat(row["date"]) - world.day).days for row in rows]
    assert dates == {"public": [0, 7], "member": [0, 7, 8, 14], "staff": [0, 7, 8, 14, 15]}


async def test_a_sheet_that_is_offline_or_allows_no_such_group_is_left_out(world):
    course = await make_course(world)
    await make_sheet(world, course=course, template={"groupSizes": [2, 4]})
    assert len(await found(world, course=course, players=2)) == 25
    assert await found(world, course=course, players=1) == []
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        await session.execute(text("UPDATE tee_sheets SET is_online = false"))
        await session.commit()
    assert await found(world) == []


async def test_all_courses_of_a_club_page_by_page(world):
    course = await make_course(world)
    await make_sheet(world, course=course, template={})
    await make_sheet(world, days=1)
    given = {"club": world.club, "to": (world.day + timedelta(days=1)).isoformat()}
    whole = await search(world, **given)
    assert len(whole["nodes"]) == 75
    assert whole["pageInfo"]["hasNextPage"] is False
    pages, after = [], None
    while True:
        page = await search(world, **given, first=20, after=after)
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        pages.append(page["nodes"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        if len(pages) == 2:
            await squeeze(world, "08:05")  # before the pages that are still to come
    assert [len(page) for page in pages] == [20, 20, 20, 15]
    assert [row for page in pages for row in page] == whole["nodes"]
    starts = [row["teeTime"]["startsAt"] for row in whole["nodes"]]
    assert starts == sorted(starts)
    assert {row["courseId"] for row in whole["nodes"]} == {world.course, course}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"to": "2026-05-03"}, "Choose a last day from the first on"),
        ({"to": "2026-06-04"}, "at most 31 days"),
        ({"first": 0}, "Ask for 1 to 100 entries"),
        ({"first": 101}, "Ask for 1 to 100 entries"),
        ({"after": "nonsense"}, "no cursor of this list"),
        ({"after": "é"}, "no cursor of this list"),
        ({"after": write_cursor("bookings", (new_id(),))}, "no cursor of this list"),
        ({"course": None}, "Give either the id of a club or the id of a course"),
        ({"club": "both"}, "Give either the id of a club or the id of a course"),
    ],
)
async def test_a_search_that_cannot_be_answered_says_why(standing, given, message):
    given = {"course": standing.course, "from": "2026-05-04"} | given
    given |= {"club": standing.club} if given.get("club") else {}
    answer = await standing.server.run(STARTS, who=standing.staff, **given)
    assert answer.code == "INVALID_INPUT"
    assert message in answer.message


@example(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_reads_as_it_was_written(moment, value):
    cursor = write_cursor("x", (moment, value))
    assert read_cursor("x", cursor, datetime, UUID) == (moment, value)
    for name, kinds in (("y", (datetime, UUID)), ("x", (UUID, datetime)), ("x", (datetime,))):
        with pytest.raises(InvalidInput):
            read_cursor(name, cursor, *kinds)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-05-04T06:00:00"])
def test_a_moment_that_no_database_knows_is_no_place(moment):
    parts = ["x", moment, str(new_id())]
    cursor = urlsafe_b64encode(json.dumps(parts).encode()).decode()
    with pytest.raises(InvalidInput):
        read_cursor("x", cursor, datetime, UUID)


@example(st.text() | st.binary().map(lambda data: data.hex()))
def test_nonsense_is_no_cursor(cursor):
    with pytest.raises(InvalidInput):
        read_cursor("x", cursor, datetime, UUID)


CLOCK_CHANGES = [
    ("America/New_York", "2027-03-14", ["01:00", "01:30", "03:00", "03:30", "04:00"]),
    ("America/New_York", "2026-11-01", ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"]),
    ("Europe/Madrid", "2027-03-28", ["01:00", "01:30", "03:00", "03:30", "04:00"]),
    ("Europe/Madrid", "2026-10-25", ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"]),
    ("Asia/Tokyo", "2026-11-01", ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"]),
]


@pytest.mark.parametrize(("zone", "day", "starts"), CLOCK_CHANGES)
async def test_a_search_on_a_day_on_which_the_clock_changes(server, zone, day, starts):
    world = await world_at_night(server, zone, day)
    assert await found(world, world.staff) == starts
    assert await found(world, world.staff, earliest="01:30", latest="03:00") == [
        start for start in starts if "01:30" <= start <= "03:00"
    ]
    await delay(world, "03:00", 60)
    delayed = await search(world, world.staff)
    instants = [row["teeTime"]["startsAt"] for row in delayed["nodes"]]
    assert instants == sorted(instants)
    page = await search(world, world.staff, first=3)
    rest = await search(world, world.staff, after=page["pageInfo"]["endCursor"])
    assert page["nodes"] + rest["nodes"] == delayed["nodes"]


async def test_a_day_across_midnight_utc_is_a_day_of_the_course_s_calendar(server):
    world = await world_at_night(server, "Asia/Tokyo", "2026-05-06", "08:00", "10:00")
    rows = (await search(world, world.staff))["nodes"]
    assert [row["teeTime"]["startsAt"][:10] for row in rows] == ["2026-05-05"] * 2 + ["2026-05-06"] * 3
    assert {row["date"] for row in rows} == {"2026-05-06"}
    server.clock.now = datetime(2026, 5, 5, 23, 45, tzinfo=UTC)
    assert await found(world, world.player("ana")) == ["09:00", "09:30", "10:00"]


async def test_a_search_costs_the_same_however_much_there_is(world):
    course = await make_course(world)
    await make_sheet(world, course=course, template={})
    for days in (1, 2):
        await make_sheet(world, days=days)
    to, ana = (world.day + timedelta(days=2)).isoformat(), world.player("ana")
    for given in ({"latest": "08:00"}, {"to": to}, {"to": to, "club": world.club}):
        with statements(world.server) as sent:
            shown = await search(world, ana, **given)
        assert len(sent) <= 10, listed(sent)
    assert len(shown["nodes"]) == 100


async def test_staff_list_all_bookings_newest_first_and_narrow_them(world):
    eva = await add_player(world, "Eva", "MEMBER", user_id="eva")
    day, tee_times = await make_sheet(world, days=1)
    course = await make_course(world)
    _, elsewhere = await make_sheet(world, course=course, template={})
    one = await booked(world, 5, payer={"firstName": "Ana", "lastName": "100%_Gil"})
    two = await booked(world, 0, players=[{"playerId": eva}], payer={"firstName": "Ben", "lastName": "García"})
    three = (await book(world, world.player("ana"), teeTimeId=tee_times[0]))["booking"]["id"]
    four = (await book(world, world.staff, teeTimeId=elsewhere[0]))["booking"]["id"]
    await cancel(world, world.staff, two)
    assert await listed_bookings(world) == [four, three, two, one]
    assert await listed_bookings(world, course=course) == [four]
    today = world.day.isoformat()
    assert await listed_bookings(world, to=today) == [four, two, one]
    assert await listed_bookings(world, **{"from": day}) == [three]
    assert await listed_bookings(world, **{"from": today, "to": today}, course=world.course) == [two, one]
    assert await listed_bookings(world, statuses=["CANCELLED"]) == [two]
    assert await listed_bookings(world, statuses=[]) == []
    assert await listed_bookings(world, player=eva) == [two]
    assert await listed_bookings(world, payer="ben garc") == [two]
    assert await listed_bookings(world, payer="GARCÍA") == [four, three, two]
    assert await listed_bookings(world, payer="%_g") == [one], "signs that a database reads otherwise are letters here"
    assert await listed_bookings(world, payer="  ") == [four, three, two, one]


async def test_players_list_their_own_bookings(world):
    eva = await add_player(world, "Eva", "MEMBER", user_id="eva")
    ana = world.player("ana")
    one, two = await booked(world, 0, ana), await booked(world, 1, players=[{"playerId": eva}])
    three = await booked(world, 2, world.clerk("ana"), players=[{"playerId": eva}], places=2)
    assert await listed_bookings(world, ana) == [three, one]
    assert await listed_bookings(world, world.player("eva")) == [three, two]
    assert await listed_bookings(world, world.player("eva"), player=eva) == [three, two]
    assert await listed_bookings(world, world.player("ben")) == []
    answer = await world.server.run(BOOKINGS, who=ana, club=world.club, player=eva)
    assert answer.code == "NOT_FOUND"


async def test_a_list_goes_on_where_it_was_however_much_is_added(world):
    made = [await booked(world, number) for number in range(5)]
    given = {"who": world.staff, "club": world.club, "first": 2}
    page = (await world.server.run(BOOKINGS, **given)).data["bookings"]
    assert [edge["node"]["id"] for edge in page["edges"]] == made[:2:-1]
    await gather(*(booked(world, number) for number in range(5, 10)))
    page = (await world.server.run(BOOKINGS, **given, after=page["pageInfo"]["endCursor"])).data["bookings"]
    assert [row["id"] for row in page["nodes"]] == made[2:0:-1]
    page = (await world.server.run(BOOKINGS, **given, after=page["edges"][-1]["cursor"])).data["bookings"]
    assert [row["id"] for row in page["nodes"]] == made[:1]
    assert page["pageInfo"]["hasNextPage"] is False
    assert page["pageInfo"]["hasPreviousPage"] is True


async def test_courses_and_players_of_another_club_are_unknown_in_this_one(world):
    sister = await found_world(world.server, tenant_id=world.tenant_id)
    theirs = await add_player(sister, "Eva", "MEMBER")
    for given in ({"course": sister.course}, {"player": theirs}):
        answer = await world.server.run(BOOKINGS, who=world.admin, club=world.club, **given)
        assert answer.code == "NOT_FOUND"


async def test_a_list_of_bookings_costs_the_same_however_long_it_is(world):
    costs = []
    for count in (2, 12):
        for number in range(count):
            await booked(world, number)
        with statements(world.server) as sent:
            assert await listed_bookings(world, to=world.day.isoformat(), payer="gar", asked=count)
        costs.append(len(sent))
        assert len(sent) <= 9, listed(sent)
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT * FROM bookings WHERE club_id = :club ORDER BY id DESC LIMIT 21", "ix_bookings_club_id_id"),
        (
            "SELECT * FROM tee_sheets WHERE club_id = :club AND date BETWEEN '2026-05-04' AND '2026-05-05'",
            "ix_tee_sheets_club_id_date",
        ),
    ],
)
async def test_the_searches_have_indexes(standing, query, index):
    async with standing.server.runtime.database.tenant(standing.tenant_id) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        await session.execute(text("SET LOCAL enable_bitmapscan = off"))
        await session.execute(text("SET LOCAL enable_sort = off"))
        values = {"club": parse_id("club", standing.club)}
        plan = "\n".join(await session.scalars(text(f"EXPLAIN {query}"), values))
    assert index in plan, plan


async def test_a_document_that_asks_for_too_many_pages_is_refused(standing):
    page = f'a{{n}}: bookings(clubId: "{standing.club}", first: 100) {{{{ nodes {{{{ {{wanted}} }}}} }}}}'
    for wanted, code in (("id", None), ("id players { position }", "GRAPHQL_LIMIT_EXCEEDED")):
        query = "{ " + " ".join(page.format(n=n, wanted=wanted) for n in range(20)) + " }"
        answer = await standing.server.run(query, who=standing.staff)
        assert (answer.code if "errors" in answer else None) == code


async def test_the_window_is_that_of_the_club_s_setting(world):
    await make_sheet(world, days=1)
    tomorrow = (world.day + timedelta(days=1)).isoformat()
    assert len(await found(world, to=tomorrow)) == 50
    await done(world.server, "updateClub", "club { id }", who=world.admin, clubId=world.club, publicWindowDays=0)
    assert len(await found(world, to=tomorrow)) == 25
