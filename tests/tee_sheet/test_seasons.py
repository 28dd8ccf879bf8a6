"""Templates of seasons: the most particular one makes the sheet of a day."""

from asyncio import gather
from datetime import date, timedelta

import pytest

from domain.tee_sheet.sheets.season_rules import template_on
from jobs import tasks
from kit.ids import new_id
from models.tee_sheet.tables import SheetTemplate
from tests.harness import TEMPLATE
from tests.tee_sheet.desk import ask, club_events, done, forbidden, head, refused, sheet, types
from tests.tee_sheet.test_generation_api import generate
from tests.tee_sheet.test_sheet_changes_api import regenerate

pytestmark = pytest.mark.lone  # what it runs looks at all clubs

SUNDAY = date(2026, 5, 10)
SEASON = "season { id name firstDate lastDate weekdays priority template { firstStart prices { amountCents } } }"


def row(name=None, first=None, last=None, weekdays=None, priority=0):
    return SheetTemplate(id=new_id(), name=name, first_date=first, last_date=last, weekdays=weekdays, priority=priority)


def the_one(*rows):
    found = template_on(reversed(rows), SUNDAY)
    return found and found.name


def test_the_most_particular_template_makes_the_sheet():
    week, month = timedelta(days=7), timedelta(days=30)
    every = row()
    summer = row("summer", SUNDAY - month, SUNDAY + month)
    week_of_golf = row("week of golf", SUNDAY - week, SUNDAY)
    weekends = row("weekends", weekdays=[6, 7])
    sundays = row("sundays", weekdays=[7])
    open_day = row("open day", SUNDAY, SUNDAY)
    important = row("important", SUNDAY - month, priority=5)
    assert the_one(every) is None
    assert the_one(every, weekends) == "weekends"
    assert the_one(every, weekends, sundays) == "sundays"
    assert the_one(every, sundays, summer) == "summer"
    assert the_one(every, sundays, summer, week_of_golf) == "week of golf"
    assert the_one(every, week_of_golf, important) == "important"
    assert the_one(every, important, open_day) == "open day"
    assert the_one(summer, row("the same again", SUNDAY - month, SUNDAY + month)) == "the same again"


def test_a_season_holds_on_its_days_alone():
    season = row("weekend in May", date(2026, 5, 9), date(2026, 5, 10), [7])
    days = [date(2026, 5, day) for day in (3, 9, 10, 17)]
    assert [template_on([season], day) is season for day in days] == [False, False, True, False]


async def set_season(world, name, **more):
    given = {"courseId": world.course, "name": name} | TEMPLATE | more
    return await done(world.server, "setSheetSeason", SEASON, who=world.staff, **given)


async def remove(world, season):
    return await done(world.server, "removeSheetSeason", "courseId", who=world.staff, seasonId=season)


async def first_starts(world, *days):
    return [(await sheet(world, day=f"2026-05-{day:02}"))["teeTimes"][0]["localTime"][:5] for day in days]


SEASONS = """query($c: ID!, $d: Date!) {
  sheetSeasons(courseId: $c) { id name firstDate weekdays priority }
  sheetTemplate(courseId: $c, date: $d) { firstStart prices { priceClass amountCents } }
}"""


async def read(world, day):
    answer = await world.server.run(SEASONS, who=world.player("ana"), c=world.course, d=day)
    return answer.data


async def test_each_day_is_made_by_its_season(world):
    before = await head(world)
    made = await set_season(world, "Weekends", firstStart="07:00", weekdays=["SUNDAY", "SATURDAY"])
    assert made["season"]["weekdays"] == ["SATURDAY", "SUNDAY"]
    await set_season(world, "Open Day", firstStart="10:00", firstDate="2026-05-10", lastDate="2026-05-10")
    events = await club_events(world, after=before, upto=await head_of_stream(world))
    assert types(events) == ["sheet-season.set"] * 2
    await generate(world, "2026-05-08", until="2026-05-10")
    assert await first_starts(world, 8, 9, 10) == ["08:00", "07:00", "10:00"]
    shown = await read(world, "2026-05-09")
    assert [season["name"] for season in shown["sheetSeasons"]] == ["Weekends", "Open Day"]
    assert shown["sheetTemplate"]["firstStart"] == "07:00:00"
    assert [price["amountCents"] for price in shown["sheetTemplate"]["prices"]] == [4000, 6000, 9000, 5000]


async def head_of_stream(world):
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { cursor } }"
    answer = await world.server.run(query, who=world.staff, c=world.course, d=world.day.isoformat())
    return answer.data["teeSheet"]["cursor"]


async def test_a_season_that_changes_or_goes_is_for_sheets_that_are_made_anew(world):
    season = (await set_season(world, "May", firstStart="07:00", firstDate="2026-05-01", lastDate="2026-05-31"))[
        "season"
    ]
    await generate(world, "2026-05-08")
    await set_season(
        world, "Late May", seasonId=season["id"], firstStart="09:00", firstDate="2026-05-01", lastDate="2026-05-31"
    )
    assert [found["name"] for found in (await read(world, "2026-05-08"))["sheetSeasons"]] == ["Late May"]
    assert await first_starts(world, 8) == ["07:00"]
    await regenerate(world, date="2026-05-08")
    assert await first_starts(world, 8) == ["09:00"]
    assert (await remove(world, season["id"]))["courseId"] == world.course
    await regenerate(world, date="2026-05-08")
    assert await first_starts(world, 8) == ["08:00"]
    answer = await forbidden(world, "removeSheetSeason", who=world.staff, seasonId=season["id"])
    assert answer.code == "NOT_FOUND"


async def test_the_daily_job_makes_each_day_by_its_season_and_once(world):
    await set_season(world, "Weekends", firstStart="07:00", weekdays=["SATURDAY", "SUNDAY"])
    await tasks.generate_sheets(world.server.runtime)
    assert await first_starts(world, 8, 9, 17) == ["08:00", "07:00", "07:00"]


async def test_a_course_with_seasons_alone_has_sheets_on_their_days_alone(world):
    given = {"clubId": world.club, "name": "Winter Course", "holes": 9}
    course = (await done(world.server, "createCourse", "course { id }", who=world.admin, **given))["course"]["id"]
    await set_season(world, "Weekends", courseId=course, weekdays=["SATURDAY", "SUNDAY"])
    made = await generate(world, "2026-05-08", until="2026-05-11", course=course)
    assert [row["date"] for row in made["teeSheets"]] == ["2026-05-09", "2026-05-10"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, ["firstDate"]),
        ({"name": " ", "weekdays": ["MONDAY"]}, ["name"]),
        ({"weekdays": []}, ["weekdays"]),
        ({"firstDate": "2026-05-02", "lastDate": "2026-05-01"}, ["lastDate"]),
        ({"firstDate": "1226-05-02"}, ["firstDate"]),
        ({"firstDate": "2026-05-02", "priority": -1}, ["priority"]),
        ({"firstDate": "2026-05-02", "prices": []}, ["prices"]),
    ],
)
async def test_a_season_that_says_too_little_or_nonsense(standing, changes, path):
    given = {"courseId": standing.course, "name": "Summer"} | TEMPLATE | changes
    problem = await refused(standing, "setSheetSeason", who=standing.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", *path])


async def test_two_who_add_the_same_season_at_once_add_one(world):
    given = {"courseId": world.course, "name": "Summer", "firstDate": "2026-06-01"} | TEMPLATE
    answers = await gather(*(ask(world.server, "setSheetSeason", who=world.staff, **given) for _ in range(6)))
    found = [answer.data["setSheetSeason"] for answer in answers]
    [made] = [payload["season"]["id"] for payload in found if payload["season"]]
    problems = [problem for payload in found for problem in payload["problems"]]
    assert [(problem["code"], problem["seasonId"]) for problem in problems] == [("SEASON_EXISTS", made)] * 5
