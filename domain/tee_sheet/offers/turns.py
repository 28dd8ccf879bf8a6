"""Finding starts at whose turn there is room: 18 holes on a course of nine come by once more, and need places there."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from models.clubs.tables import Course
from models.tee_sheet.tables import Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus

HALF_ROUND, FULL_ROUND = 9, 18
TURN = aliased(TeeTime)


def comes_by_twice(sheet: TeeSheet, holes: int) -> bool:
    """Tell whether a round of so many holes comes by its start once more: a course of nine is played two times."""
    return (sheet.holes, holes) == (HALF_ROUND, FULL_ROUND)


def turn_minutes(sheet: TeeSheet, course: Course) -> int:
    """Tell after how many minutes a round comes by its start once more."""
    return sheet.turn_minutes or course.minutes_for_9_holes


def with_room_at_turn(
    found: Iterable[tuple[TeeSheet, Course]], *, holes: int | None, players: int, held_back: bool
) -> Iterator[ColumnElement[bool]]:
    """Say of which starts the turn has room for so many players, with what is held back or without.

    Those of other sheets are all right; so is one whose turn lies behind the last start.
    """
    alike: dict[int, list[UUID]] = {}
    for sheet, course in found:
        if comes_by_twice(sheet, holes or sheet.holes):
            alike.setdefault(turn_minutes(sheet, course), []).append(sheet.id)
    free = Slot.status == SlotStatus.AVAILABLE
    if held_back:
        free = or_(free, exists().where(Hold.id == Slot.hold_id, Hold.is_held_back))
    for minutes, sheets in alike.items():
        turn = _turn_after(minutes)
        room = select(func.count()).where(Slot.tee_time_id == turn, free).correlate(TeeTime).scalar_subquery()
        yield not_(and_(TeeTime.sheet_id.in_(sheets), turn.is_not(None), room < players))


def _turn_after(minutes: int) -> ScalarSelect[UUID]:
    at = TeeTime.starts_at + func.make_interval(0, 0, 0, 0, 0, minutes)
    later = select(TURN.id).where(TURN.sheet_id == TeeTime.sheet_id, TURN.tee == TeeTime.tee, TURN.starts_at >= at)
    return later.order_by(TURN.starts_at).limit(1).correlate(TeeTime).scalar_subquery()
