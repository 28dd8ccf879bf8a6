"""The figures of a day."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tee_sheet.tables import Booking, BookingPlayer, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus, SlotStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """The figures of one tee sheet: places by status, players, revenue in cents by currency, utilisation in percent."""

    places: Mapping[SlotStatus, int]
    players: int
    checked_in: int
    no_shows: int
    revenue_cents: Mapping[str, int]
    utilisation_percent: float


def figures(
    *, places: Mapping[SlotStatus, int], players: int, checked_in: int, no_shows: int, revenue_cents: Mapping[str, int]
) -> DayFigures:
    """Put the counts of a tee sheet together: every slot status is named, and currencies are in alphabetical order."""
    return DayFigures(
        places={status: places.get(status, 0) for status in SlotStatus},
        players=players,
        checked_in=checked_in,
        no_shows=no_shows,
        revenue_cents=dict(sorted(revenue_cents.items())),
        utilisation_percent=utilisation_percent(places),
    )


def utilisation_percent(places: Mapping[SlotStatus, int]) -> float:
    """Give the share of booked places among all that are not blocked, in percent, rounded half up to one decimal.

    It is 0 when no place is for sale.
    """
    booked = places.get(SlotStatus.BOOKED, 0)
    for_sale = sum(places.values()) - places.get(SlotStatus.BLOCKED, 0)
    if for_sale == 0:
        return 0.0
    return (2_000 * booked + for_sale) // (2 * for_sale) / 10


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
