"""Listing bookings: all of a club for its staff, their own for players."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, find_course, find_player, player_of, refuse_unless_at_sheets
from kit.errors import NotFound
from kit.text import clean_name
from models.tee_sheet.tables import Booking, BookingPlayer, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus

LATEST = 20
"""Bookings that are shown with a player at the most; `list_bookings` pages through all of them."""


def _latest(*, no_shows: bool = False) -> Select[UUID, Booking]:
    """Write the statement that gives players with the bookings of theirs that start last, those first."""
    place = func.row_number().over(
        partition_by=BookingPlayer.player_id, order_by=[TeeTime.starts_at.desc(), Booking.id.desc()]
    )
    rows = (
        select(BookingPlayer.player_id, Booking.id.label("booking_id"), place.label("place"))
        .join(Booking, Booking.id == BookingPlayer.booking_id)
        .join(TeeTime, TeeTime.id == Booking.tee_time_id)
        .where(BookingPlayer.player_id == any_(bindparam("player_ids", type_=ARRAY(Uuid))))
    )
    found = (rows.where(BookingPlayer.no_show_at.is_not(None)) if no_shows else rows).subquery()
    return (
        select(found.c.player_id, Booking)
        .join(Booking, Booking.id == found.c.booking_id)
        .where(found.c.place <= LATEST)
        .order_by(found.c.player_id, found.c.place)
    )


LATEST_BOOKINGS = _latest()
LATEST_NO_SHOWS = _latest(no_shows=True)


@dataclass(frozen=True, kw_only=True)
class BookingFilter:
    """Which bookings are wanted; None wants all. Dates are the sheets', both included."""

    course_id: UUID | None = None
    first_date: date | None = None
    last_date: date | None = None
    statuses: Collection[BookingStatus] | None = None
    player_id: UUID | None = None
    payer: str | None = None


async def list_bookings(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, wanted: BookingFilter, before: UUID | None, limit: int
) -> list[Booking]:
    """List a club's bookings, those made last first, behind a booking in that order.

    Staff see all of them, others those that they made or play in. Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_at_sheets(viewer, club.id)
    rows = select(Booking).where(Booking.club_id == club.id)
    if not viewer.is_staff_of(club.id):
        rows = await _own(session, rows, viewer=viewer, club_id=club.id)
    rows = await _narrow(session, rows, viewer=viewer, club_id=club.id, wanted=wanted)
    if before is not None:
        rows = rows.where(Booking.id < before)
    return list(await session.scalars(rows.order_by(Booking.id.desc()).limit(limit)))


async def _own(session: AsyncSession, rows: Select[Booking], *, viewer: Viewer, club_id: UUID) -> Select[Booking]:
    own = await player_of(session, viewer=viewer, club_id=club_id)
    mine = Booking.booked_by == viewer.user_id
    return rows.where(mine | _plays(own.id) if own else mine)


def _plays(player_id: UUID) -> ColumnElement[bool]:
    return Booking.id.in_(select(BookingPlayer.booking_id).where(BookingPlayer.player_id == player_id))


async def _narrow(
    session: AsyncSession, rows: Select[Booking], *, viewer: Viewer, club_id: UUID, wanted: BookingFilter
) -> Select[Booking]:
    if wanted.course_id is not None:
        course = await find_course(session, viewer=viewer, course_id=wanted.course_id)
        rows = rows.where(Booking.course_id == _of_club(course.id, course.club_id, club_id, what="course"))
    if wanted.player_id is not None:
        player = await find_player(session, viewer=viewer, player_id=wanted.player_id)
        rows = rows.where(_plays(_of_club(player.id, player.club_id, club_id, what="player")))
    if wanted.statuses is not None:
        rows = rows.where(Booking.status.in_(set(wanted.statuses)))
    if text := clean_name(wanted.payer or "", path=("payer",), empty=True):
        name = Booking.payer_first_name + " " + Booking.payer_last_name
        rows = rows.where(name.icontains(text, autoescape=True))
    return _between(rows, wanted)


def _of_club(value: UUID, found_in: UUID, club_id: UUID, *, what: str) -> UUID:
    if found_in != club_id:
        raise NotFound(message=f"There is no such {what}, or you may not know of it.")
    return value


def _between(rows: Select[Booking], wanted: BookingFilter) -> Select[Booking]:
    if wanted.first_date is None and wanted.last_date is None:
        return rows
    rows = rows.join(TeeTime, Booking.tee_time_id == TeeTime.id).join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
    if wanted.first_date is not None:
        rows = rows.where(TeeSheet.date >= wanted.first_date)
    if wanted.last_date is not None:
        rows = rows.where(TeeSheet.date <= wanted.last_date)
    return rows


async def latest_bookings_of(session: AsyncSession, player_ids: Iterable[UUID]) -> dict[UUID, list[Booking]]:
    """Read the bookings of players that start last, at most 20 of each, those first."""
    return await _of_players(session, LATEST_BOOKINGS, player_ids)


async def latest_no_shows_of(session: AsyncSession, player_ids: Iterable[UUID]) -> dict[UUID, list[Booking]]:
    """Read the bookings to which players did not appear, at most 20 of each, those that started last first."""
    return await _of_players(session, LATEST_NO_SHOWS, player_ids)


async def _of_players(
    session: AsyncSession, statement: Select[UUID, Booking], player_ids: Iterable[UUID]
) -> dict[UUID, list[Booking]]:
    found: dict[UUID, list[Booking]] = {player_id: [] for player_id in player_ids}
    for player_id, booking in await session.execute(statement, {"player_ids": list(found)}):
        found[player_id].append(booking)
    return found
