"""The clubs that the bench changes: each with a course, a long day of free starts, and caddies. One is sold out."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from auth.viewer import Viewer
from demo.people import TENANT_ID
from domain.caddies.csv_files import import_caddies
from domain.clubs.clubs import create_club, create_course
from domain.clubs.limits import set_booking_limits
from domain.journeys.bookings import book_slots
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.booking.sales import BookingWish
from domain.tee_sheet.inventory.reading import tee_times_of
from domain.tee_sheet.sheets.generation import generate
from domain.tee_sheet.sheets.templates import set_template
from kit.ids import new_id, public_id
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, Price, Template, same_interval
from realtime.runtime import Runtime

CLUBS = 10
CADDIES = 100
LONG_DAY = (time(4), time(23, 56), 4)
"""First and last start, and the minutes between two: 300 starts, as many as a day may have."""
FULL_DAY = (time(6), time(17, 30), 10)
"""The same of the day that is sold out: 70 starts."""
OPEN_TODAY = dict.fromkeys(("member_window_days", "guest_window_days", "public_window_days"), 0)
"""No window reaches beyond today: the server has no sheets to make by itself while it is measured."""
HOLDS = 1_000
"""Holds that a player may make within an hour. Each of them is measured with the limit asked for, as clubs keep one."""
PRICES = tuple(Price(price_class, holes, 50 * holes) for price_class in (MEMBER, GUEST, PUBLIC) for holes in (9, 18))


def zone_after_midnight(now: datetime) -> str:
    """Name a time zone in which the day has begun less than an hour ago, so that nearly all of it is to come."""
    return f"Etc/GMT+{now.hour}" if now.hour < 12 else f"Etc/GMT-{24 - now.hour}"


def day_of_play(first: time, last: time, minutes: int) -> Template:
    """Make a template of the simplest kind."""
    return Template(
        first_start=first,
        last_start=last,
        intervals=same_interval(minutes),
        group_sizes=frozenset(range(1, 5)),
        prices=PRICES,
    )


async def found_clubs(runtime: Runtime, viewer: Viewer, now: datetime) -> dict[str, str]:
    """Found them all; gives their ids, and those of the day that is sold out."""
    zone = zone_after_midnight(now)
    day = now.astimezone(ZoneInfo(zone)).date()
    founded = [
        await _found(runtime, viewer, now, name=f"Course Club {n}", zone=zone, day=day, hours=LONG_DAY)
        for n in range(1, CLUBS + 1)
    ]
    full_club, full_course, sheet = await _found(
        runtime, viewer, now, name="Full House", zone=zone, day=day, hours=FULL_DAY
    )
    booking = await _sell_out(runtime, viewer, now, sheet_id=sheet)
    return {
        "play_clubs": _listed("club", [club for club, _, _ in founded]),
        "play_courses": _listed("course", [course for _, course, _ in founded]),
        "play_day": day.isoformat(),
        "full_club": public_id("club", full_club),
        "full_course": public_id("course", full_course),
        "full_booking": public_id("booking", booking),
    }


def _listed(kind: str, ids: Sequence[UUID]) -> str:
    return " ".join(public_id(kind, row) for row in ids)


async def _found(
    runtime: Runtime, viewer: Viewer, now: datetime, *, name: str, zone: str, day: date, hours: tuple[time, time, int]
) -> tuple[UUID, UUID, UUID]:
    """Found a club with a course, a sheet and caddies; gives the ids of club, course and sheet."""
    club_id, who = new_id(), {"viewer": viewer, "now": now}
    async with runtime.work.change(TENANT_ID) as change:
        session = change.session
        house = {"time_zone": zone, "currency": "EUR", "cancellation_notice_hours": 0, "hold_minutes": 120}
        await create_club(session, **who, club_id=club_id, name=name, **house, **OPEN_TODAY)
        await session.flush()
        course = await create_course(session, **who, club_id=club_id, name="Old Course", holes=18)
        await session.flush()
        await set_template(session, **who, course_id=course.id, template=day_of_play(*hours))
        await session.flush()
        for price_class in (MEMBER, GUEST, PUBLIC):
            await set_booking_limits(session, **who, club_id=club_id, price_class=price_class, holds_an_hour=HOLDS)
        [sheet] = await generate(session, **who, course_id=course.id, first=day, last=day)
        rows = "".join(f"Caddie {n:03d},{n % 3 + 1}\n" for n in range(CADDIES))
        await import_caddies(session, **who, club_id=club_id, csv_text=f"name,list\n{rows}")
    return club_id, course.id, sheet.id


async def _sell_out(runtime: Runtime, viewer: Viewer, now: datetime, *, sheet_id: UUID) -> UUID:
    """Sell each start of a day to four players; gives the first booking."""
    async with runtime.database.snapshot(TENANT_ID) as session:
        starts = await tee_times_of(session, sheet_id)
    bookings = []
    for number, start in enumerate(starts):
        players = [PlayerWish(first_name=f"Player {n}", last_name=f"Of Group {number:02d}") for n in range(4)]
        async with runtime.work.change(TENANT_ID) as change:
            wish = BookingWish(players=players)
            booking = await book_slots(change.session, viewer=viewer, wish=wish, tee_time_id=start.id, now=now)
            bookings.append(booking.id)
    return bookings[0]
