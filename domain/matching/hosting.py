"""Hosting tee times: making, changing and cancelling them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course
from domain.matching.access import find_me
from domain.matching.facts import hosted_id, mask_of, state_fact, state_of, tell
from domain.matching.feed_facts import feed_state, tell_feed, tell_new
from domain.matching.places import Point, city_key, place_of
from domain.matching.rooms import Room, find_room, lock_room, lock_room_of
from domain.matching.telling import FIND_WHOM
from events.log import record
from events.matching.hosted import HostedTeeTimeCancelled, HostedTeeTimeUpdated, TeeTimeHosted
from kit.errors import InvalidInput
from kit.ids import new_id
from kit.jobs import gather
from kit.text import camel, check_country, check_range, check_zone, clean_name, clean_text
from models.clubs.tables import Course
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, Industry, PartStatus, SkillLevel
from models.notifications import NotificationKind

MOST_PLACES = 3
LONGEST_NOTES, LONGEST_REASON = 1_000, 500
FURTHEST_AHEAD = timedelta(days=365)
HOST_GONE = "The host is no golfer here any more."


class PlaceGiven(TypedDict, total=False):
    """Where a tee time is, where no course of a club is named."""

    place_name: str | None
    city: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    time_zone: str | None


class HostedChanges(TypedDict, total=False):
    """What of a tee time may change; what is left out, or None, stays, but for the level: None is any."""

    starts_at: datetime | None
    places: int | None
    industries: list[Industry] | None
    skill_level: SkillLevel | None
    needs_approval: bool | None
    notes: str | None


async def host_tee_time(
    session: AsyncSession,
    *,
    viewer: Viewer,
    starts_at: datetime,
    places: int,
    course_id: UUID | None = None,
    booking_id: UUID | None = None,
    industries: Sequence[Industry] = (),
    skill_level: SkillLevel | None = None,
    needs_approval: bool = False,
    notes: str = "",
    now: datetime,
    **where: Unpack[PlaceGiven],
) -> Room:
    """Host a tee time at a course of a club, or at another place, with 1 to 3 open places beside the host's.

    A booking behind it, which is locked and the host's, is `domain/journeys/hosting.py`'s to look at.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput.
    """
    me = await find_me(session, viewer=viewer)
    wanted = {"starts_at": starts_at, "places": places, "industries": list(industries), "notes": notes}
    clean = _cleaned(wanted, now=now)
    place = await _place(session, viewer=viewer, course_id=course_id, where=where)
    row = HostedTeeTime(
        id=new_id(),
        tenant_id=me.tenant_id,
        host_id=me.id,
        booking_id=booking_id,
        ended_with_booking=False,
        open_places=places,
        skill_level=skill_level,
        needs_approval=needs_approval,
        status=HostedStatus.OPEN,
        cancel_reason="",
        created_at=now,
        updated_at=now,
        **place,
        **clean,
    )
    session.add_all([row, _host_s_part(row, me, now=now)])
    record(session, state_fact(TeeTimeHosted, row), now=now)
    gather(session, FIND_WHOM, [str(row.id)], each=True)
    await session.flush()
    room = await find_room(session, viewer=viewer, tee_time_id=row.id)
    tell_new(session, room.standing, now=now)
    return room


def _host_s_part(row: HostedTeeTime, me: Golfer, *, now: datetime) -> Participation:
    return Participation(
        id=new_id(),
        tenant_id=row.tenant_id,
        tee_time_id=row.id,
        golfer_id=me.id,
        status=PartStatus.JOINED,
        slot_number=0,
        created_at=now,
        updated_at=now,
    )


async def _place(session: AsyncSession, *, viewer: Viewer, course_id: UUID | None, where: PlaceGiven) -> dict[str, Any]:
    """Say where it is: what the course does not say is said beside it. Raises NotFound, InvalidInput."""
    given: dict[str, Any] = {k: v for k, v in where.items() if v is not None}
    if course_id is not None:
        course = await find_course(session, viewer=viewer, course_id=course_id)
        own = {"place_name": course.name, "time_zone": course.time_zone}
        known = {name: getattr(course, name) for name in ("latitude", "longitude", "city", "country")}
        given = {**known, **given, **own}
    for needed in ("place_name", "time_zone"):
        if not given.get(needed):
            message = "Name a course, or say where it is by a name and a time zone."
            raise InvalidInput(message=message, path=("input", camel(needed)))
    city = clean_name(given.get("city", ""), path=("input", "city"), empty=True)
    country = check_country(given.get("country", ""), path=("input", "country"))
    point = place_of(given.get("latitude"), given.get("longitude"))
    return {
        "course_id": course_id,
        "place_name": clean_name(given["place_name"], path=("input", "placeName"), longest=200),
        "time_zone": check_zone(given["time_zone"], path=("input", "timeZone")),
        "city": city,
        "country": country,
        "city_key": city_key(city, country),
        **_point(point),
    }


def place_of_course(course: Course) -> dict[str, Any]:
    """Say where a tee time is that has moved to a course, by what the course says."""
    known = course.latitude is not None and course.longitude is not None
    point = place_of(course.latitude, course.longitude) if known else None
    return {
        "place_name": course.name,
        "time_zone": course.time_zone,
        "city": course.city,
        "country": course.country,
        "city_key": city_key(course.city, course.country),
        **_point(point),
    }


def _point(point: Point | None) -> dict[str, float | None]:
    return dict(point._asdict()) if point else {"x": None, "y": None, "z": None}


def _cleaned(values: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    clean = {name: value for name, value in values.items() if value is not None or name == "skill_level"}
    if "starts_at" in clean and not now < clean["starts_at"] <= now + FURTHEST_AHEAD:
        message = "Choose a start that is still to come, at most a year ahead."
        raise InvalidInput(message=message, path=("input", "startsAt"))
    if "places" in clean:
        check_range(clean["places"], 1, MOST_PLACES, path=("input", "places"))
    if "notes" in clean:
        clean["notes"] = clean_text(clean["notes"], path=("input", "notes"), longest=LONGEST_NOTES, empty=True)
    if "industries" in clean:
        clean["industry_mask"] = mask_of(clean.pop("industries"))
    return clean


async def update_hosted_tee_time(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, now: datetime, **values: Unpack[HostedChanges]
) -> Room:
    """Change a tee time of one's own that is still to come. Who takes part stays, and hears what changed.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput, TeeTimeOver.
    """
    clean = _cleaned(dict(values), now=now)
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_unless_host()
    room.refuse_over(now)
    row, before, listed = room.tee_time, state_of(room.tee_time), feed_state(room.standing)
    if row.booking_id is not None and clean.get("starts_at", row.starts_at) != row.starts_at:
        message = "It starts when its booking does; move the booking instead."
        raise InvalidInput(message=message, path=("input", "startsAt"))
    taken = row.places - row.open_places
    if clean.get("places", taken) < taken:
        message = f"{taken} have joined; choose as many places at least, or remove somebody first."
        raise InvalidInput(message=message, path=("input", "places"))
    for name, value in clean.items():
        setattr(row, name, value)
    set_open_places(row, row.places - taken)
    row.updated_at = now
    changes = tuple(camel(name) for name, value in state_of(row).items() if before[name] != value)
    record(session, state_fact(HostedTeeTimeUpdated, row, changes=changes), now=now)
    tell_feed(session, room.standing, listed, now=now)
    return room


def set_open_places(row: HostedTeeTime, open_places: int) -> None:
    """Say how many places are open by now, of a tee time that is to take place."""
    row.open_places = open_places
    row.status = HostedStatus.OPEN if open_places else HostedStatus.FULL


async def cancel_hosted_tee_time(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, reason: str = "", now: datetime
) -> Room:
    """Cancel a tee time of one's own that is still to come, for good: who takes part, or has asked to, is told.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput, TeeTimeOver.
    """
    reason = clean_name(reason, path=("input", "reason"), longest=LONGEST_REASON, empty=True)
    room = await lock_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_unless_host()
    room.refuse_over(now)
    return await _cancel(session, room, reason, now=now)


async def cancel_for(session: AsyncSession, *, me: Golfer, tee_time_id: UUID, now: datetime) -> Room:
    """Cancel a tee time that is still to come, since its host goes for good."""
    return await _cancel(session, await lock_room_of(session, me, tee_time_id=tee_time_id), HOST_GONE, now=now)


async def _cancel(session: AsyncSession, room: Room, reason: str, *, now: datetime) -> Room:
    row, listed = room.tee_time, feed_state(room.standing)
    row.status, row.cancel_reason, row.updated_at = HostedStatus.CANCELLED, reason, now
    record(session, HostedTeeTimeCancelled(tee_time_id=hosted_id(row), reason=reason), now=now)
    tell_feed(session, room.standing, listed, now=now)
    others = [part.known.golfer for part in room.parts if part.row.golfer_id != room.me.id]
    await tell(session, NotificationKind.TEE_TIME_CANCELLED, row, others, reason=reason, now=now)
    return room
