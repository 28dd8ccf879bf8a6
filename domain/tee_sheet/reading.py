"""Reading tee sheets and bookings: what screens show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, player_of
from domain.tee_sheet.sheet_rules import DayFigures, figures
from domain.tee_sheet.slots import list_price, stored_prices
from events.clubs import club_room
from events.cursor import Cursor
from events.log import read_cursor
from kit.ids import public_id
from models.base import TenantOwned
from models.clubs.tables import Club, Player
from models.tee_sheet.play import Round, Suspension
from models.tee_sheet.tables import Booking, BookingPlayer, Hold, SheetTemplate, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus, SlotStatus

R = TypeVar("R", bound=TenantOwned)


@dataclass(frozen=True, slots=True)
class SlotView:
    """A place as screens show it."""

    slot: Slot
    price_cents: int
    payer: tuple[str, str] | None
    held_until: datetime | None
    booked_by: str | None
    player: BookingPlayer | None
    """Who plays on the place, once it is booked."""
    user_id: str | None
    """The user whom the club knows as this player."""


async def read_sheet(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date) -> TeeSheet | None:
    """Read the tee sheet of a course on a local date, if it has been made. Raises NotFound for the course."""
    course = await find_course(session, viewer=viewer, course_id=course_id)
    return await session.scalar(select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day))


async def cursor_of_club(session: AsyncSession, club_id: UUID) -> Cursor:
    """Give the place in the club's stream up to which the session's snapshot shows everything."""
    return await read_cursor(session, club_room(public_id("club", club_id)))


async def tee_times_of(session: AsyncSession, sheet_id: UUID) -> list[TeeTime]:
    """Read a sheet's tee times, by start and tee."""
    rows = select(TeeTime).where(TeeTime.sheet_id == sheet_id).order_by(TeeTime.starts_at, TeeTime.tee)
    return list(await session.scalars(rows))


async def next_free_start(
    session: AsyncSession, *, course_id: UUID, places: int, after: datetime
) -> tuple[TeeTime, TeeSheet] | None:
    """Find the first start of a course after a moment that has so many places free, with its sheet."""
    free = (
        select(func.count())
        .where(Slot.tee_time_id == TeeTime.id, Slot.status == SlotStatus.AVAILABLE)
        .correlate(TeeTime)
        .scalar_subquery()
    )
    found = await session.execute(
        select(TeeTime, TeeSheet)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .where(TeeSheet.course_id == course_id, TeeSheet.is_online, TeeTime.starts_at > after, free >= places)
        .order_by(TeeTime.starts_at, TeeTime.tee)
        .limit(1)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def slots_of(session: AsyncSession, tee_time_ids: Iterable[UUID]) -> dict[UUID, list[SlotView]]:
    """Read the slots of tee times, with what is sold and held."""
    found: dict[UUID, list[SlotView]] = {tee_time_id: [] for tee_time_id in tee_time_ids}
    rows = await session.execute(
        select(
            Slot,
            TeeSheet,
            Booking.payer_first_name,
            Booking.payer_last_name,
            BookingPlayer,
            Hold.expires_at,
            Booking.booked_by,
            Player.user_id,
        )
        .join(TeeTime, Slot.tee_time_id == TeeTime.id)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .outerjoin(Booking, Slot.booking_id == Booking.id)
        .outerjoin(BookingPlayer, BookingPlayer.slot_id == Slot.id)
        .outerjoin(Player, BookingPlayer.player_id == Player.id)
        .outerjoin(Hold, Slot.hold_id == Hold.id)
        .where(Slot.tee_time_id.in_(found))
        .order_by(Slot.tee_time_id, Slot.number)
    )
    offered: dict[UUID, int] = {}
    for slot, sheet, first, last, player, held_until, booked_by, user_id in rows:
        if sheet.id not in offered:
            offered[sheet.id] = list_price(stored_prices(sheet.prices), holes=sheet.holes)
        price = player.price_cents if slot.booking_id else offered[sheet.id]
        payer = None if slot.booking_id is None else (first, last)
        found[slot.tee_time_id].append(SlotView(slot, price, payer, held_until, booked_by, player, user_id))
    return found


async def bookings_of(session: AsyncSession, *, viewer: Viewer, sheet: TeeSheet) -> list[Booking]:
    """Read a sheet's bookings: all of them for staff, the viewer's own for players, cancelled ones included."""
    rows = select(Booking).join(TeeTime, Booking.tee_time_id == TeeTime.id).where(TeeTime.sheet_id == sheet.id)
    if not viewer.is_staff_of(sheet.club_id):
        own = await player_of(session, viewer=viewer, club_id=sheet.club_id)
        mine = Booking.booked_by == viewer.user_id
        if own:  # compared with nobody, the guests of all bookings would be found, who are no known players either
            mine |= Booking.id.in_(select(BookingPlayer.booking_id).where(BookingPlayer.player_id == own.id))
        rows = rows.where(mine)
    return list(await session.scalars(rows.order_by(TeeTime.starts_at, TeeTime.tee, Booking.id)))


async def players_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, list[BookingPlayer]]:
    """Read the players of bookings, in their order."""
    found: dict[UUID, list[BookingPlayer]] = {booking_id: [] for booking_id in booking_ids}
    rows = select(BookingPlayer).where(BookingPlayer.booking_id.in_(found)).order_by(BookingPlayer.position)
    for player in await session.scalars(rows):
        found[player.booking_id].append(player)
    return found


async def users_of(session: AsyncSession, player_ids: Iterable[UUID | None]) -> dict[UUID | None, str | None]:
    """Tell which users the club knows as which players; nobody for those whom it does not know."""
    wanted = {player_id for player_id in player_ids if player_id}
    if not wanted:
        return {}
    rows = await session.execute(select(Player.id, Player.user_id).where(Player.id.in_(wanted)))
    return {player_id: user_id for player_id, user_id in rows}  # noqa: C416 - a row is no pair to the type checker


async def rounds_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, Round | None]:
    """Read the rounds of bookings; none for those that have not teed off."""
    found: dict[UUID, Round | None] = dict.fromkeys(booking_ids)
    rows = await session.scalars(select(Round).where(Round.booking_id.in_(found)))
    return found | {played.booking_id: played for played in rows}


async def suspensions_of(session: AsyncSession, course_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """Tell since when play is suspended on courses; none where it is not."""
    found: dict[UUID, datetime | None] = dict.fromkeys(course_ids)
    rows = select(Suspension.course_id, Suspension.suspended_at).where(
        Suspension.course_id.in_(found), Suspension.resumed_at.is_(None)
    )
    return found | {row.course_id: row.suspended_at for row in await session.execute(rows)}


async def _by_id(session: AsyncSession, kind: type[R], ids: Iterable[UUID]) -> dict[UUID, R]:
    """Read rows by their ids; what the session has at hand, from the same snapshot, is not read again."""
    at_hand = {key: session.identity_map.get(session.identity_key(kind, key)) for key in ids}
    found: dict[UUID, R] = {key: row for key, row in at_hand.items() if row is not None}
    if missing := at_hand.keys() - found:
        found |= {row.id: row for row in await session.scalars(select(kind).where(kind.id.in_(missing)))}
    return found


async def tee_times_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TeeTime]:
    """Read tee times by their ids."""
    return await _by_id(session, TeeTime, ids)


async def sheets_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TeeSheet]:
    """Read tee sheets by their ids."""
    return await _by_id(session, TeeSheet, ids)


async def bookings_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Read bookings by their ids."""
    return await _by_id(session, Booking, ids)


async def clubs_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Club]:
    """Read clubs by their ids."""
    return await _by_id(session, Club, ids)


async def day_figures(session: AsyncSession, sheet: TeeSheet) -> DayFigures:
    """Count a sheet's places, players and revenue; cancelled bookings count for nothing."""
    places = await session.execute(
        select(Slot.status, func.count())
        .join(TeeTime, Slot.tee_time_id == TeeTime.id)
        .where(TeeTime.sheet_id == sheet.id)
        .group_by(Slot.status)
    )
    live = (TeeTime.sheet_id == sheet.id, Booking.status != BookingStatus.CANCELLED)
    people = (
        await session.execute(
            select(func.count(), func.count(BookingPlayer.checked_in_at), func.count(BookingPlayer.no_show_at))
            .join(Booking, BookingPlayer.booking_id == Booking.id)
            .join(TeeTime, Booking.tee_time_id == TeeTime.id)
            .where(*live)
        )
    ).one()
    revenue = await session.execute(
        select(Booking.currency, func.sum(Booking.price_cents))
        .join(TeeTime, Booking.tee_time_id == TeeTime.id)
        .where(*live)
        .group_by(Booking.currency)
    )
    return figures(
        places={status: int(count) for status, count in places},
        players=people[0],
        checked_in=people[1],
        no_shows=people[2],
        revenue_cents={currency: int(cents) for currency, cents in revenue},
    )


async def template_for(session: AsyncSession, course_id: UUID) -> SheetTemplate | None:
    """Read a course's template, if it has one."""
    return await session.scalar(select(SheetTemplate).where(SheetTemplate.course_id == course_id))
