"""The limits that a club sets for bookings, by price class."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, lock_club_row, refuse_unless_admin
from domain.clubs.price_classes import check_known
from events.clubs import ClubUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import public_id
from kit.text import camel, check_range
from models.clubs.limits import Limits
from models.clubs.tables import Club
from models.tee_sheet.values import PriceClass

BOUNDS = {
    "bookings_a_day": (0, 50),
    "bookings_a_week": (0, 100),
    "bookings_ahead": (0, 500),
    "guests_a_day": (0, 100),
    "same_guest_a_year": (0, 366),
    "cancellations_a_week": (1, 100),
    "holds_an_hour": (1, 1000),
}


class LimitData(TypedDict, total=False):
    """The limits of a price class; what is left out stays, and None takes a limit away."""

    bookings_a_day: int | None
    bookings_a_week: int | None
    bookings_ahead: int | None
    no_overlap: bool | None
    guests_a_day: int | None
    same_guest_a_year: int | None
    booker_plays: bool | None
    cancellations_a_week: int | None
    holds_an_hour: int | None


def limits_of(club: Club, price_class: PriceClass) -> Limits:
    """Give the limits of a price class at a club: its own, or where none were set, those of its kind."""
    goes_by = club.goes_by(price_class)
    kept: dict[str, Any] = next((club.booking_limits[one] for one in goes_by if one in club.booking_limits), {})
    known = {field.name for field in fields(Limits)}
    return Limits(**{name: value for name, value in kept.items() if name in known})


async def set_booking_limits(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    price_class: PriceClass,
    as_its_kind: bool = False,
    now: datetime,
    **values: Unpack[LimitData],
) -> Club:
    """Set limits of a price class, for what is booked from now on; or let it go by those of its kind again.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_admin(viewer, club.id)
    given: dict[str, Any] = dict(values)
    for name, value in given.items():
        if name in BOUNDS and value is not None:
            check_range(value, *BOUNDS[name], path=("input", camel(name)))
        elif name not in BOUNDS:
            given[name] = bool(value)
    await lock_club_row(session, club)
    check_known(club, [price_class], path=("input", "priceClass"))
    if as_its_kind:
        _check_kind(club, price_class, given)
        kept = {name: value for name, value in club.booking_limits.items() if name != price_class}
    else:
        kept = {**club.booking_limits, price_class: asdict(limits_of(club, price_class)) | given}
    if kept != club.booking_limits:
        club.booking_limits = kept
        changed = ClubUpdated(club_id=public_id("club", club.id), name=club.name, changes=("bookingLimits",))
        record(session, changed, now=now)
    return club


def _check_kind(club: Club, price_class: PriceClass, given: dict[str, Any]) -> None:
    path = ("input", "asItsKind")
    if given:
        message = "Either set limits of the class, or let it go by those of its kind; leave out the one or the other."
        raise InvalidInput(message=message, path=path)
    if len(club.goes_by(price_class)) == 1:
        message = "MEMBER, GUEST and PUBLIC are kinds themselves; take each of their limits away by null."
        raise InvalidInput(message=message, path=path)
