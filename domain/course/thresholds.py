"""Which thresholds a course may have, which it has, and their changes."""

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import datetime
from math import isfinite
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.clubs.closures import local_date
from events.course import CourseThresholdsChanged
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.text import camel
from models.clubs.tables import Course
from models.course.tables import CourseThresholdChange, CourseThresholds
from models.course.values import Thresholds

CALM_WIND_KMH = 20
"""Wind up to which the score is not touched."""
STRONGEST_WIND_KMH = 250
HEAVIEST_RAIN_MM = 300
NAMES = tuple(field.name for field in fields(Thresholds))


class ThresholdChanges(TypedDict, total=False):
    """Thresholds that shall be others; what is left out, or None, stays."""

    wind_warning_kmh: float | None
    wind_severe_kmh: float | None
    precipitation_warning_mm: float | None
    playability_warning_threshold: int | None
    playability_severe_threshold: int | None
    auto_block_on_severe: bool | None


def check_thresholds(thresholds: Thresholds, *, margin: int, given: Collection[str] = NAMES) -> None:
    """Refuse thresholds that contradict each other, or by which a course would never open again.

    `margin` is how far the score has to rise above a threshold until the course recovers; `given` names the thresholds
    that somebody asks for, of which one is named where two contradict each other. Raises InvalidInput.
    """
    _check_wind(thresholds, given)
    if not 0 < thresholds.precipitation_warning_mm <= HEAVIEST_RAIN_MM:
        _refuse("precipitationWarningMm", f"Give more than 0 and at most {HEAVIEST_RAIN_MM} mm per hour.")
    _check_scores(thresholds, margin, given)


def _check_wind(thresholds: Thresholds, given: Collection[str]) -> None:
    warning, severe = thresholds.wind_warning_kmh, thresholds.wind_severe_kmh
    if not (isfinite(warning) and warning > CALM_WIND_KMH):
        _refuse("windWarningKmh", f"Give more than {CALM_WIND_KMH} km/h: up to there, wind does not count.")
    if not severe <= STRONGEST_WIND_KMH:
        _refuse("windSevereKmh", f"Give at most {STRONGEST_WIND_KMH} km/h: stronger wind is not believed.")
    if not warning < severe:
        contradiction = f"Severe wind, {severe:g} km/h, must be stronger than wind that is warned of, {warning:g} km/h."
        _refuse(_asked_for("wind_severe_kmh", "wind_warning_kmh", given), contradiction)


def _check_scores(thresholds: Thresholds, margin: int, given: Collection[str]) -> None:
    warning, severe = thresholds.playability_warning_threshold, thresholds.playability_severe_threshold
    if severe < 0:
        _refuse("playabilitySevereThreshold", "Give a score of 0 or more.")
    if not severe < warning:
        contradiction = f"The severe threshold, {severe}, must lie below the warning threshold, {warning}."
        _refuse(_asked_for("playability_severe_threshold", "playability_warning_threshold", given), contradiction)
    if not warning + margin < 100:
        most = 99 - margin
        _refuse("playabilityWarningThreshold", f"Give at most {most}: above, the course would never open again.")


def _asked_for(usual: str, other: str, given: Collection[str]) -> str:
    """Name the one of two thresholds that somebody gave; the usual one where they gave both."""
    return camel(other if other in given and usual not in given else usual)


def _refuse(field: str, message: str) -> None:
    raise InvalidInput(message=message, path=("input", field))


async def thresholds_of(session: AsyncSession, *, course_id: UUID) -> Thresholds:
    """Read a course's thresholds, or the usual ones."""
    wanted = select(CourseThresholds).where(CourseThresholds.course_id == course_id)
    row = await session.scalar(wanted.execution_options(populate_existing=True))
    return Thresholds(**{name: getattr(row, name) for name in NAMES}) if row else Thresholds()


async def find_thresholds(session: AsyncSession, *, viewer: Viewer, course_id: UUID) -> Thresholds:
    """Read a course's thresholds, for its staff. Raises NotFound, NotAllowed."""
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    return await thresholds_of(session, course_id=course.id)


async def set_thresholds(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    margin: int,
    now: datetime,
    **changes: Unpack[ThresholdChanges],
) -> Thresholds:
    """Set some thresholds of a course; what is left out, or None, stays. They hold from the next evaluation on.

    `margin` is the one that the course recovers by. Where nothing changes, nothing is told.
    Raises NotFound, NotAllowed, InvalidInput.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    await session.refresh(course, with_for_update={"key_share": True})
    before = await thresholds_of(session, course_id=course.id)
    given = {name: value for name, value in changes.items() if value is not None}
    after = replace(before, **given)  # type: ignore[arg-type]  # the fields have types of their own
    check_thresholds(after, margin=margin, given=given)
    if after != before:
        await _keep(session, course, before, after, viewer=viewer, now=now)
    return after


async def _keep(
    session: AsyncSession, course: Course, before: Thresholds, after: Thresholds, *, viewer: Viewer, now: datetime
) -> None:
    values = asdict(after) | {"changed_by": viewer.user_id, "changed_at": now}
    of_course = {"tenant_id": course.tenant_id, "club_id": course.club_id, "course_id": course.id}
    kept = insert(CourseThresholds).values({"id": new_id(), **of_course, **values})
    await session.execute(kept.on_conflict_do_update(index_elements=["course_id"], set_=values))
    logged = {"before": asdict(before), "after": asdict(after), "changed_by": viewer.user_id, "changed_at": now}
    session.add(CourseThresholdChange(id=new_id(), **of_course, **logged))
    fact = CourseThresholdsChanged(
        club_id=public_id("club", course.club_id),
        course_id=public_id("course", course.id),
        date=local_date(course, now),
        thresholds=after,
        changes=tuple(camel(name) for name in NAMES if getattr(before, name) != getattr(after, name)),
    )
    record(session, fact, now=now)
