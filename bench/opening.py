"""A day of a course that opens at a moment, made at Fairway and in the peers' tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from auth.viewer import Role
from bench.fairway import token
from bench.generator import ask_all, done, request
from bench.servers import Running
from bench.sql import run_sql
from bench.work import CREATE_CLUB, CREATE_COURSE, GENERATE, SEE_STARTS, SET_TEMPLATE
from bench.zones import date_from, zone_of_midnight

WINDOW_DAYS = 7
INTERVAL = timedelta(minutes=8)
FIRST = datetime(2000, 1, 1, 5, tzinfo=UTC)
"""The first start of the day, on a day like any other."""
ADD_CLUB = "INSERT INTO peers.clubs VALUES ($1, 'Rush', 10, 7)"
ADD_COURSE = "INSERT INTO peers.courses VALUES ($1, $2, 'Old Course', 18, 'UTC')"
ADD_SHEET = """INSERT INTO peers.sheets (id, club_id, course_id, date, is_online, holes, price_cents, opens_at)
VALUES ($1, $2, $3, $4, true, 18, 900, $5)"""
ADD_STARTS = """INSERT INTO peers.tee_times
SELECT gen_random_uuid(), $1, $2::date + at, 1, at
FROM (SELECT time '05:00' + n * interval '8 min' AS at FROM generate_series(0, $3::int - 1) n) starts"""
ADD_SLOTS = """INSERT INTO peers.slots (id, tee_time_id, number, status)
SELECT gen_random_uuid(), t.id, n, 'AVAILABLE' FROM peers.tee_times t, generate_series(1, 4) n WHERE t.sheet_id = $1"""
STARTS = "SELECT id FROM peers.tee_times WHERE sheet_id = $1 ORDER BY starts_at"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of a course that opens at a moment."""

    club: str
    """The public id of the club, by which tokens know it."""
    course: str
    date: str
    starts: Sequence[str]


def open_day(running: Running, opens_at: datetime, starts: int) -> Day:
    """Make the day where the server keeps its days."""
    return MAKERS[running.server.name](running, opens_at, starts)


def _fairway_day(running: Running, opens_at: datetime, starts: int) -> Day:
    """Found a club whose window opens then, as its admin would."""
    seeded = running.services.database
    owner = token(seeded, Role.ADMIN, 0, clubs=[])

    def make(query: str, **given: object) -> dict[str, dict[str, str]]:
        _, answers = ask_all(running, [request(owner, query, input=given)], connections=1)
        return done(answers)[0]

    zone = zone_of_midnight(opens_at)
    windows = {f"{people}WindowDays": WINDOW_DAYS for people in ("member", "guest", "public")}
    club = make(CREATE_CLUB, name="Rush", currency="EUR", timeZone=zone, **windows)["club"]["id"]
    course = make(CREATE_COURSE, clubId=club, name="Old Course", holes=18)["course"]["id"]
    prices = [{"priceClass": "PUBLIC", "holes": holes, "amountCents": 50 * holes} for holes in (9, 18)]
    hours = {"firstStart": f"{FIRST:%H:%M}", "lastStart": f"{FIRST + INTERVAL * (starts - 1):%H:%M}"}
    make(SET_TEMPLATE, courseId=course, prices=prices, intervalMinutes=INTERVAL.seconds // 60, **hours)
    first = date_from(opens_at) - timedelta(days=1)
    date = f"{first + timedelta(days=1 + WINDOW_DAYS):%Y-%m-%d}"
    make(GENERATE, courseId=course, date=f"{first:%Y-%m-%d}", until=date)  # so that no job has to, meanwhile
    reader = token(seeded, Role.STAFF, 0, clubs=[club])
    _, [sheet] = ask_all(running, [request(reader, SEE_STARTS, course=course, day=date)], connections=1)
    return Day(club=club, course=course, date=date, starts=[start["id"] for start in sheet.payload()["teeTimes"]])


def _peers_day(running: Running, opens_at: datetime, starts: int) -> Day:
    """Put such a day into the peers' tables."""
    club, course, sheet = (uuid4() for _ in range(3))
    date = opens_at.date() + timedelta(days=WINDOW_DAYS)
    found = run_sql(
        running.services,
        (ADD_CLUB, club),
        (ADD_COURSE, course, club),
        (ADD_SHEET, sheet, club, course, date, opens_at),
        (ADD_STARTS, sheet, date, starts),
        (ADD_SLOTS, sheet),
        (STARTS, sheet),
    )
    return Day(
        club=running.services.database.ids["club"],
        course=str(course),
        date=date.isoformat(),
        starts=[str(row[0]) for row in found],
    )


MAKERS: dict[str, Callable[[Running, datetime, int], Day]] = {"fairway": _fairway_day, "apollo-pg": _peers_day}
