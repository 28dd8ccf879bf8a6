"""Founding clubs and courses, and changing their master data, through the API."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auth.viewer import Role
from events.cursor import Cursor
from kit.ids import new_id, parse_id
from tests.harness import TEMPLATE, Who, found_world
from tests.tee_sheet.desk import club_events, done, forbidden, head, refused

CLUB = """club {
  id name timeZone currency language namePrivacy holdMinutes cancellationNoticeHours
  memberWindowDays guestWindowDays publicWindowDays
}"""
COURSE = "course { id clubId name holes timeZone currency latitude longitude }"
NEW_CLUB = {"name": "Links", "timeZone": "Europe/Dublin", "currency": "EUR"}
HOUSE_RULES = {
    "language": "EN",
    "namePrivacy": "INITIALS",
    "holdMinutes": 10,
    "cancellationNoticeHours": 24,
    "memberWindowDays": 14,
    "guestWindowDays": 10,
    "publicWindowDays": 7,
}
EMPTY = {"bookingId": None, "slotId": None, "teeTimeId": None, "date": None}


async def test_a_club_is_founded_with_the_usual_house_rules(server, clock):
    admin = Who(new_id(), (Role.ADMIN,))
    payload = await done(server, "createClub", CLUB, who=admin, **NEW_CLUB)
    club = payload["club"]
    assert club == {"id": club["id"], **NEW_CLUB, **HOUSE_RULES}
    query = "query($id: ID!) { node(id: $id) { ... on Club { name courses { id } } } }"
    assert (await server.run(query, who=admin, id=club["id"])).data["node"] == {"name": "Links", "courses": []}


async def test_a_club_is_founded_with_house_rules_of_its_own(server):
    rules = {
        "language": "ES",
        "namePrivacy": "HIDDEN",
        "holdMinutes": 1,
        "cancellationNoticeHours": 0,
        "memberWindowDays": 400,
        "guestWindowDays": 0,
        "publicWindowDays": 1,
    }
    payload = await done(server, "createClub", CLUB, who=Who(new_id(), (Role.ADMIN,)), **NEW_CLUB, **rules)
    assert payload["club"] == {"id": payload["club"]["id"], **NEW_CLUB, **rules}


async def test_a_course_is_added_and_told_of(world, clock):
    before = await head(world)
    given = {"who": world.admin, "clubId": world.club, "name": "Sea", "holes": 9, "latitude": 36.7}
    payload = await done(world.server, "createCourse", COURSE, **given)
    taken_over = {"clubId": world.club, "timeZone": "Europe/Madrid", "currency": "EUR"}
    assert payload["course"].items() >= (taken_over | {"holes": 9, "latitude": 36.7, "longitude": None}).items()
    [event] = await club_events(world, after=before, upto=payload["cursor"])
    facts = {"name": "Sea", "holes": 9, "timeZone": "Europe/Madrid", "courseId": payload["course"]["id"]}
    common = {"type": "course.created", "timestamp": clock().isoformat(), "clubId": world.club}
    assert event.items() >= (EMPTY | common | facts).items()


async def test_a_club_s_stream_begins_with_its_founding(world, clock):
    admin, server = world.admin, world.server
    made = await done(server, "createClub", "club { id }", who=admin, **NEW_CLUB)
    other = replace(world, club_id=parse_id("club", made["club"]["id"]))
    start = str(Cursor(f"club:{other.club}", "", 0))  # what a query gives before there is any event
    [event] = await club_events(other, after=start, upto=made["cursor"], who=admin)
    common = {"type": "club.created", "timestamp": clock().isoformat(), "clubId": other.club, "courseId": None}
    assert event.items() >= (EMPTY | common | {"name": "Links", "cursor": made["cursor"]}).items()


async def test_a_change_of_house_rules_names_what_has_changed(world):
    before = await head(world)
    given = {"who": world.admin, "clubId": world.club, "name": "Test Club", "holdMinutes": 7, "namePrivacy": "FULL"}
    payload = await done(world.server, "updateClub", CLUB, **given)
    assert payload["club"].items() >= (HOUSE_RULES | {"holdMinutes": 7, "namePrivacy": "FULL"}).items()
    [event] = await club_events(world, after=before, upto=payload["cursor"])
    assert event.items() >= (EMPTY | {"type": "club.updated", "name": "Test Club", "courseId": None}).items()
    assert sorted(event["changes"]) == ["holdMinutes", "namePrivacy"]
    assert (await done(world.server, "updateClub", CLUB, **given))["cursor"] is None  # nothing left to change


async def test_a_change_of_a_course_names_what_has_changed(world):
    before = await head(world)
    given = {"who": world.admin, "courseId": world.course, "name": "Older", "latitude": 36.5, "longitude": -4.9}
    payload = await done(world.server, "updateCourse", COURSE, **given)
    [event] = await club_events(world, after=before, upto=payload["cursor"])
    assert event.items() >= {"type": "course.updated", "name": "Older", "courseId": world.course}.items()
    assert sorted(event["changes"]) == ["latitude", "longitude", "name"]
    payload = await done(world.server, "updateCourse", COURSE, who=world.admin, courseId=world.course, latitude=None)
    assert payload["course"].items() >= {"latitude": None, "longitude": -4.9, "name": "Older"}.items()


async def test_what_sheets_were_made_for_stays_while_they_are_to_come(world, clock):
    for change in ({"holes": 9}, {"timeZone": "Europe/Dublin"}, {"currency": "GBP"}):
        problem = await refused(world, "updateCourse", who=world.admin, courseId=world.course, **change)
        assert problem["code"] == "COURSE_HAS_SHEETS"
    clock.advance(days=1)
    await done(world.server, "updateCourse", COURSE, who=world.admin, courseId=world.course, holes=9)


async def test_today_s_sheet_counts_until_midnight_on_the_course(server, clock):
    clock.now = datetime(2026, 5, 4, 17, 0, tzinfo=UTC)  # 7:00 in Honolulu
    world = await found_world(server, zone="Pacific/Honolulu")
    given = {"who": world.admin, "courseId": world.course, "holes": 9}
    clock.now = datetime(2026, 5, 5, 9, 59, tzinfo=UTC)  # 23:59 on the 4th, the day of the sheet
    assert (await refused(world, "updateCourse", **given))["code"] == "COURSE_HAS_SHEETS"
    clock.advance(minutes=1)
    assert (await done(server, "updateCourse", COURSE, **given))["course"]["holes"] == 9


async def test_a_player_becomes_known(world):
    given = {"clubId": world.club, "firstName": " Eva  María ", "lastName": "Pérez", "priceClass": "MEMBER"}
    wanted = "player { id clubId firstName lastName priceClass }"
    payload = await done(world.server, "addPlayer", wanted, who=world.admin, userId="eva", **given)
    assert payload["player"] == {"id": payload["player"]["id"], **given, "firstName": "Eva María"}
    answer = await world.server.run("{ viewer { players { id } } }", who=world.player("eva"))
    assert answer.data["viewer"]["players"] == [{"id": payload["player"]["id"]}]
    problem = await refused(world, "addPlayer", who=world.admin, userId="eva", **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "userId"])


async def test_a_template_is_set_and_replaced(world):
    before = await head(world)
    wanted = """template {
      id courseId firstStart lastStart intervals { groupSize minutes } groupSizes starterGapEveryMinutes startFormat
    }"""
    intervals = [{"groupSize": size, "minutes": minutes} for size, minutes in ((2, 8), (3, 10), (4, 12))]
    template = {name: value for name, value in TEMPLATE.items() if name != "intervalMinutes"}
    given = {"courseId": world.course, "intervals": intervals, "starterGapEveryMinutes": 60, "groupSizes": [4, 2]}
    payload = await done(
        world.server, "setSheetTemplate", wanted, who=world.staff, startFormat="CROSSOVER", **given | template
    )
    shown = payload["template"]
    assert shown == {
        "id": shown["id"],
        "courseId": world.course,
        "firstStart": "08:00:00",
        "lastStart": "12:00:00",
        "intervals": intervals,
        "groupSizes": [2, 4],
        "starterGapEveryMinutes": 60,
        "startFormat": "CROSSOVER",
    }
    [event] = await club_events(world, after=before, upto=payload["cursor"])
    assert event.items() >= (EMPTY | {"type": "sheet-template.changed", "courseId": world.course}).items()
    query = "query($c: ID!) { sheetTemplate(courseId: $c) { id startFormat } }"
    answer = await world.server.run(query, who=world.staff, c=world.course)
    assert answer.data["sheetTemplate"] == {"id": shown["id"], "startFormat": "CROSSOVER"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", " "),
        ("name", "x" * 201),
        ("timeZone", "Mars/Olympus"),
        ("currency", "eur"),
        ("holdMinutes", 0),
        ("holdMinutes", 121),
        ("cancellationNoticeHours", -1),
        ("memberWindowDays", 401),
        ("publicWindowDays", -1),
    ],
)
async def test_master_data_of_a_club_that_cannot_be(standing, name, value):
    cases = (("createClub", NEW_CLUB), ("updateClub", {"clubId": standing.club}))
    for operation, given in cases:
        problem = await refused(standing, operation, who=standing.admin, **given | {name: value})
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", name])


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("holes", 12), ("timeZone", "CET+1"), ("currency", "EURO"), ("latitude", 91), ("longitude", -181)],
)
async def test_master_data_of_a_course_that_cannot_be(standing, name, value):
    cases = (
        ("createCourse", {"clubId": standing.club, "name": "Sea", "holes": 9}),
        ("updateCourse", {"courseId": standing.course}),
    )
    for operation, given in cases:
        problem = await refused(standing, operation, who=standing.admin, **given | {name: value})
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", name])


async def test_only_an_admin_of_the_whole_tenant_founds_clubs(world):
    of_club = replace(world.admin, club_ids=(world.club_id,))
    for who in (of_club, world.staff, world.player("ana")):
        assert (await forbidden(world, "createClub", who=who, **NEW_CLUB)).code == "NOT_ALLOWED"
    await done(world.server, "updateClub", CLUB, who=of_club, clubId=world.club, holdMinutes=11)
