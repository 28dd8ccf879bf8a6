"""Reading carts and their reservations: what the desk's screens and a booking show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.rules import Span, by_number, late, span_of
from domain.clubs.access import find_course, refuse_unless_staff
from domain.rows import rows_by_id
from events.clubs import club_room
from events.cursor import Cursor
from events.log import read_cursor
from kit.ids import public_id
from models.carts.tables import Cart, CartReservation
from models.carts.values import CartReservationStatus, CartStatus
from models.clubs.tables import Course
from models.course.tables import CourseConditions
from models.course.values import CartPolicy
from models.tee_sheet.tables import Booking, TeeTime

OPEN = CartReservation.status != CartReservationStatus.RETURNED


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """The carts of a course, and where its club's stream stood."""

    course: Course
    cursor: Cursor
    carts: list[Cart]


@dataclass(frozen=True, slots=True)
class CartUse:
    """A booking that has a cart or waits for it, and for how long."""

    reservation: CartReservation
    span: Span


@dataclass(frozen=True, slots=True)
class BookedCart:
    """A cart of a booking."""

    reservation: CartReservation
    number: str


async def read_fleet(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, status: CartStatus | None = None
) -> Fleet:
    """Read the carts of a course by their numbers: those of a status, or all that are not retired. For staff.

    Raises NotFound, NotAllowed.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    wanted = Cart.retired_at.is_(None) if status is None else Cart.status == status
    carts = await session.scalars(select(Cart).where(Cart.course_id == course.id, wanted))
    cursor = await read_cursor(session, club_room(public_id("club", course.club_id)))
    return Fleet(course=course, cursor=cursor, carts=sorted(carts, key=lambda cart: (by_number(cart.number), cart.id)))


async def uses_of(
    session: AsyncSession, course: Course, cart_ids: Iterable[UUID], *, now: datetime
) -> dict[UUID, list[CartUse]]:
    """Read which bookings have carts of a course or wait for them, by cart, in the order of their starts."""
    found: dict[UUID, list[CartUse]] = {cart_id: [] for cart_id in cart_ids}
    rows = await session.execute(
        select(CartReservation, TeeTime.starts_at, Booking.holes)
        .join(Booking, CartReservation.booking_id == Booking.id)
        .join(TeeTime, Booking.tee_time_id == TeeTime.id)
        .where(CartReservation.cart_id.in_(found), OPEN)
        .order_by(TeeTime.starts_at, CartReservation.id)
        .execution_options(populate_existing=True)
    )
    for reservation, starts_at, holes in rows:
        span = span_of(course, starts_at=starts_at, holes=holes)
        is_out = reservation.status is CartReservationStatus.OUT
        found[reservation.cart_id].append(CartUse(reservation, late(span, now=now) if is_out else span))
    return found


async def cart_policy_of(session: AsyncSession, course_id: UUID) -> CartPolicy:
    """Tell where carts may drive on a course; nothing was said of one without conditions."""
    mine = select(CourseConditions.cart_policy).where(CourseConditions.course_id == course_id)
    return await session.scalar(mine) or CartPolicy.NORMAL


async def carts_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Cart]:
    """Read carts by their ids."""
    return await rows_by_id(session, Cart, ids)


async def reservations_of(session: AsyncSession, cart_ids: Iterable[UUID]) -> dict[UUID, list[CartReservation]]:
    """Read which bookings have carts or wait for them, by cart, in the order in which they were reserved."""
    found: dict[UUID, list[CartReservation]] = {cart_id: [] for cart_id in cart_ids}
    rows = select(CartReservation).where(CartReservation.cart_id.in_(found), OPEN).order_by(CartReservation.id)
    for row in await session.scalars(rows):
        found[row.cart_id].append(row)
    return found


async def carts_of_bookings(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, list[BookedCart]]:
    """Read the carts that bookings have or wait for, in the order in which they were reserved."""
    found: dict[UUID, list[BookedCart]] = {booking_id: [] for booking_id in booking_ids}
    rows = await session.execute(
        select(CartReservation, Cart.number)
        .join(Cart, CartReservation.cart_id == Cart.id)
        .where(CartReservation.booking_id.in_(found), OPEN)
        .order_by(CartReservation.id)
    )
    for reservation, number in rows:
        found[reservation.booking_id].append(BookedCart(reservation, number))
    return found
