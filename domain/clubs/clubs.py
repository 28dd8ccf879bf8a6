"""Founding clubs and courses, and changing their master data."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, find_course, refuse_unless_admin
from events.clubs import ClubCreated, ClubUpdated, CourseCreated, CourseUpdated
from events.log import record
from kit.errors import InvalidInput, NotAllowed, Problem
from kit.ids import new_id, public_id
from kit.text import camel, check_country, check_currency, check_range, check_zone, clean_name
from models.clubs.tables import Club, Course, Tenant
from models.clubs.values import Language, NamePrivacy
from models.tee_sheet.tables import TeeSheet

HOUSE_RULES = {
    "language": Language.EN,
    "name_privacy": NamePrivacy.INITIALS,
    "hold_minutes": 10,
    "cancellation_notice_hours": 24,
    "member_window_days": 14,
    "guest_window_days": 10,
    "public_window_days": 7,
    "member_opens_at": time(),
    "guest_opens_at": time(),
    "public_opens_at": time(),
    "waitlist_offer_minutes": 15,
    "waitlist_unanswered_offers": 3,
    "held_back_minutes": 0,
    "held_back_until": time(19),
    "tells_of_closures": True,
}
PACE = {"minutes_for_18_holes": 240, "minutes_for_9_holes": 120}
"""Minutes that a round takes, unless a course says otherwise."""
NULLABLE = {"latitude", "longitude", "time_par"}
LONGEST_HOLE_MINUTES = 60
BOUNDS = {
    "hold_minutes": (1, 120),
    "cancellation_notice_hours": (0, 720),
    "member_window_days": (0, 400),
    "guest_window_days": (0, 400),
    "public_window_days": (0, 400),
    "waitlist_offer_minutes": (1, 1440),
    "waitlist_unanswered_offers": (1, 100),
    "held_back_minutes": (0, 10_080),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "minutes_for_18_holes": (60, 600),
    "minutes_for_9_holes": (30, 300),
}


class ClubData(TypedDict, total=False):
    """The master data of a club; what is left out, or None, is as usual, or stays."""

    name: str | None
    time_zone: str | None
    currency: str | None
    language: Language | None
    name_privacy: NamePrivacy | None
    hold_minutes: int | None
    cancellation_notice_hours: int | None
    member_window_days: int | None
    guest_window_days: int | None
    public_window_days: int | None
    member_opens_at: time | None
    guest_opens_at: time | None
    public_opens_at: time | None
    waitlist_offer_minutes: int | None
    waitlist_unanswered_offers: int | None
    held_back_minutes: int | None
    held_back_until: time | None
    tells_of_closures: bool | None


class CourseData(TypedDict, total=False):
    """The master data of a course; what is left out is as usual, or stays, and None unsets what may be missing."""

    name: str | None
    holes: int | None
    time_zone: str | None
    currency: str | None
    city: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    minutes_for_18_holes: int | None
    minutes_for_9_holes: int | None
    time_par: list[int] | None


class CourseHasSheets(Problem):
    """The course has tee sheets from today on, made for its zone, holes and currency; add another course for others."""

    code = "COURSE_HAS_SHEETS"


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Check master data. Raises InvalidInput for the first wrong value, with its place."""
    clean = {name: value for name, value in values.items() if value is not None or name in NULLABLE}
    for name, value in clean.items():
        path = ("input", camel(name))
        if name == "name":
            clean[name] = clean_name(value, path=path, longest=200)
        elif name == "city":
            clean[name] = clean_name(value, path=path, empty=True)
        elif name == "country":
            check_country(value, path=path)
        elif name == "time_zone":
            check_zone(value, path=path)
        elif name == "currency":
            check_currency(value, path=path)
        elif name == "holes" and value not in {9, 18}:
            raise InvalidInput(message="Give a course 9 or 18 holes.", path=path)
        elif name in BOUNDS and value is not None:
            check_range(value, *BOUNDS[name], path=path)
    return clean


def check_time_par(time_par: list[int] | None, *, holes: int) -> None:
    """Accept the minutes that each hole of a course should take, for all of its holes. Raises InvalidInput."""
    path = ("input", "timePar")
    if time_par is None:
        return
    if len(time_par) != holes:
        raise InvalidInput(message=f"Give the minutes of each of the {holes} holes, or null for none.", path=path)
    for minutes in time_par:
        check_range(minutes, 1, LONGEST_HOLE_MINUTES, path=path)


async def create_club(
    session: AsyncSession, *, viewer: Viewer, now: datetime, club_id: UUID | None = None, **values: Unpack[ClubData]
) -> Club:
    """Found a club with the usual house rules, unless others are given. Its id is a new one, unless one is given.

    Raises NotAllowed for anybody but an admin of the whole tenant, InvalidInput.
    """
    if not viewer.is_tenant_admin:
        raise NotAllowed(
            message="Only an admin of the whole tenant, whose token names no single clubs, may found a club."
        )
    clean = HOUSE_RULES | checked(values)
    await session.execute(insert(Tenant).values(id=viewer.tenant_id, name=clean["name"]).on_conflict_do_nothing())
    club = Club(id=club_id or new_id(), tenant_id=viewer.tenant_id, created_at=now, **clean)
    session.add(club)
    record(session, ClubCreated(club_id=public_id("club", club.id), name=club.name), now=now)
    return club


async def update_club(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, now: datetime, **values: Unpack[ClubData]
) -> Club:
    """Change a club's name or house rules, which hold from now on. Raises NotFound, NotAllowed, InvalidInput."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_admin(viewer, club.id)
    if changes := _apply(club, checked(values)):
        shown = tuple(map(camel, changes))
        record(session, ClubUpdated(club_id=public_id("club", club.id), name=club.name, changes=shown), now=now)
    return club


async def create_course(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    now: datetime,
    course_id: UUID | None = None,
    **values: Unpack[CourseData],
) -> Course:
    """Add a course; zone and currency are the club's unless given, and its id is a new one unless given.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_admin(viewer, club.id)
    clean = PACE | {"time_zone": club.time_zone, "currency": club.currency} | checked(values)
    check_time_par(clean.get("time_par"), holes=clean["holes"])
    course = Course(id=course_id or new_id(), tenant_id=viewer.tenant_id, club_id=club.id, created_at=now, **clean)
    session.add(course)
    record(session, CourseCreated(**_facts(course)), now=now)
    return course


async def update_course(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, now: datetime, **values: Unpack[CourseData]
) -> Course:
    """Change a course's master data. Raises NotFound, NotAllowed, InvalidInput, CourseHasSheets."""
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_admin(viewer, course.club_id)
    today = now.astimezone(ZoneInfo(course.time_zone)).date()
    changes = _apply(course, checked(values))
    check_time_par(course.time_par, holes=course.holes)
    if not {"time_zone", "holes", "currency"}.isdisjoint(changes) and await _has_sheets(session, course, since=today):
        raise CourseHasSheets
    if changes:
        record(session, CourseUpdated(**_facts(course), changes=tuple(map(camel, changes))), now=now)
    return course


def _apply(row: Any, values: Mapping[str, Any]) -> tuple[str, ...]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return tuple(changed)


def _facts(course: Course) -> dict[str, Any]:
    ids = {"club_id": public_id("club", course.club_id), "course_id": public_id("course", course.id)}
    return ids | {"name": course.name, "holes": course.holes, "time_zone": course.time_zone}


async def _has_sheets(session: AsyncSession, course: Course, *, since: date) -> bool:
    with session.no_autoflush:
        coming = select(func.count()).where(TeeSheet.course_id == course.id, TeeSheet.date >= since)
        return bool(await session.scalar(coming))
