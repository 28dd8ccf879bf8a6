"""Who has arrived, and who has not: check-in, its undo, no-shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.arrivals import AlreadyCheckedIn
from domain.tee_sheet.booking.rules import check_transition
from domain.tee_sheet.play.groups import Group, check_day_has_come, lock_group_as_staff, named, positions_of
from domain.tee_sheet.play.problems import AlreadyNoShow, NotCheckedIn, NotNoShow, TooEarly
from events.log import record
from events.tee_sheet.play import BookingCheckedIn, BookingCheckInUndone, BookingNoShow, BookingNoShowUndone
from models.tee_sheet.tables import Booking, BookingPlayer
from models.tee_sheet.values import BookingStatus

HAS_GONE_OUT = frozenset({BookingStatus.ON_COURSE, BookingStatus.COMPLETED})
"""Groups that went out without some of their players, who can still be noted as no-shows."""


async def check_in(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, positions: Sequence[int] | None = None, now: datetime
) -> Booking:
    """Check players in, by their positions, or all who are still expected. One who was noted as a no-show may come;
    of a booking that is a no-show as a whole, all do, unless positions say who.

    Raises NotFound, NotAllowed, InvalidInput, TransitionRefused, TooEarly, AlreadyCheckedIn.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    if group.booking.status is not BookingStatus.CHECKED_IN:
        check_transition(group.booking.status, BookingStatus.CHECKED_IN)
    check_day_has_come(group.sheet, now=now)
    expected = group.players if group.booking.status is BookingStatus.NO_SHOW else _expected(group)
    chosen = expected if positions is None else named(group.players, positions)
    present = [player for player in chosen or group.players if player.checked_in_at]
    if present or not chosen:
        raise AlreadyCheckedIn(positions=positions_of(present), checked_in_at=None)
    for player in chosen:
        player.checked_in_at, player.no_show_at = now, None
    group.booking.status = BookingStatus.CHECKED_IN
    done = {"checked_in_at": now, "positions": tuple(positions_of(chosen))}
    record(session, group.party_fact(BookingCheckedIn, **done), now=now)
    return group.booking


def _expected(group: Group) -> list[BookingPlayer]:
    return [player for player in group.players if not player.checked_in_at and not player.no_show_at]


async def undo_check_in(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, positions: Sequence[int] | None = None, now: datetime
) -> Booking:
    """Take a check-in back, of players by their positions, or of all. Without anybody the booking is confirmed again.

    Raises NotFound, NotAllowed, InvalidInput, TransitionRefused, NotCheckedIn.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    if group.booking.status is not BookingStatus.CONFIRMED:
        check_transition(group.booking.status, BookingStatus.CONFIRMED)
    present = [player for player in group.players if player.checked_in_at]
    chosen = present if positions is None else named(group.players, positions)
    absent = [player for player in chosen or group.players if not player.checked_in_at]
    if absent:
        raise NotCheckedIn(positions=positions_of(absent))
    for player in chosen:
        player.checked_in_at = None
    if not any(player.checked_in_at for player in group.players):
        group.booking.status = BookingStatus.CONFIRMED
    positions_now = tuple(positions_of(chosen))
    record(session, group.party_fact(BookingCheckInUndone, positions=positions_now), now=now)
    return group.booking


async def mark_no_show(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, positions: Sequence[int] | None = None, now: datetime
) -> Booking:
    """Note that players did not appear, by their positions, or all who are still expected; their places stay sold.

    A booking of which nobody appeared is a no-show as a whole. A group that has gone out stays on the course.
    Raises NotFound, NotAllowed, InvalidInput, TransitionRefused, TooEarly, AlreadyCheckedIn, AlreadyNoShow.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    booking, starts_at = group.booking, group.start.tee_time.starts_at
    if booking.status is not BookingStatus.CHECKED_IN and booking.status not in HAS_GONE_OUT:
        check_transition(booking.status, BookingStatus.NO_SHOW)
    if now < starts_at:
        raise TooEarly(
            message="A player can be late from the start on, and not before; wait until then.", possible_from=starts_at
        )
    chosen = _missing(group, positions)
    for player in chosen:
        player.no_show_at = now
    if all(player.no_show_at for player in group.players):
        booking.status = BookingStatus.NO_SHOW
    done = {"no_show_at": now, "positions": tuple(positions_of(chosen))}
    record(session, group.party_fact(BookingNoShow, **done), now=now)
    return booking


def _missing(group: Group, positions: Sequence[int] | None) -> list[BookingPlayer]:
    chosen = _expected(group) if positions is None else named(group.players, positions)
    if present := [player for player in chosen or group.players if player.checked_in_at]:
        raise AlreadyCheckedIn(positions=positions_of(present), checked_in_at=None)
    if noted := [player for player in chosen or group.players if player.no_show_at]:
        raise AlreadyNoShow(positions=positions_of(noted))
    return chosen


async def undo_no_show(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, positions: Sequence[int] | None = None, now: datetime
) -> Booking:
    """Take back that players did not appear, by their positions, or of all: they are expected again.

    A booking that was a no-show as a whole is confirmed again. Raises NotFound, NotAllowed, InvalidInput,
    TransitionRefused, NotNoShow.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    booking = group.booking
    if booking.status is BookingStatus.CANCELLED:
        check_transition(booking.status, BookingStatus.CONFIRMED)
    noted = [player for player in group.players if player.no_show_at]
    chosen = noted if positions is None else named(group.players, positions)
    if others := [player for player in chosen or group.players if not player.no_show_at]:
        raise NotNoShow(positions=positions_of(others))
    for player in chosen:
        player.no_show_at = None
    if booking.status is BookingStatus.NO_SHOW:
        booking.status = BookingStatus.CONFIRMED
    record(session, group.party_fact(BookingNoShowUndone, positions=tuple(positions_of(chosen))), now=now)
    return booking
