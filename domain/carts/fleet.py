"""The carts of a course: adding them, taking them out of service and back, retiring them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.closing import keeping_closure
from domain.carts.facts import of_cart
from domain.carts.locks import give_back, lock_carts
from domain.carts.problems import CartHasReservations, CartIsOut, CartNumberTaken, CartRetired, CartStatusUnchanged
from domain.carts.reading import CartUse, uses_of
from domain.clubs.access import find_course, refuse_strangers, refuse_unless_staff, share_course
from events.carts import CartAdded, CartStatusChanged
from events.log import record
from kit.errors import NotFound
from kit.ids import new_id, public_id
from kit.text import clean_name
from models.carts.tables import Cart
from models.carts.values import CartReservationStatus, CartStatus
from models.clubs.tables import Course

LONGEST_NUMBER = 20
NO_CART = "There is no such cart, or you may not know of it."


async def add_cart(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    number: str,
    cart_id: UUID | None = None,
    now: datetime,
) -> Cart:
    """Add a cart to a course; while that is closed, it waits for the reopening with the others.

    The id is a new one unless given. Raises NotFound, NotAllowed, InvalidInput, CartNumberTaken.
    """
    found = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, found.club_id)
    course = await share_course(session, course_id=found.id)
    closure_id = await keeping_closure(session, course)
    values = {
        "id": cart_id or new_id(),
        "tenant_id": course.tenant_id,
        "club_id": course.club_id,
        "course_id": course.id,
        "number": clean_name(number, path=("input", "number"), longest=LONGEST_NUMBER),
        "status": CartStatus.INACTIVE if closure_id else CartStatus.ACTIVE,
        "suspended_by": closure_id,
        "created_at": now,
    }
    cart = await _insert(session, values)
    record(session, of_cart(CartAdded, cart, course, now=now, created_at=now), now=now)
    return cart


async def _insert(session: AsyncSession, values: dict[str, object]) -> Cart:
    """Add a row unless its number is taken: two who add the same at once are told apart by the index."""
    live = Cart.retired_at.is_(None)
    new = insert(Cart).values(values).on_conflict_do_nothing(index_elements=["course_id", "number"], index_where=live)
    cart: Cart | None = await session.scalar(new.returning(Cart))
    if cart is None:
        mine = select(Cart.id).where(Cart.course_id == values["course_id"], Cart.number == values["number"], live)
        holder = await session.scalar(mine)
        if holder is None:  # it was retired between the two statements
            return await _insert(session, values)
        raise CartNumberTaken(cart_id=public_id("cart", holder), path=("input", "number"))
    return cart


async def find_cart(session: AsyncSession, *, viewer: Viewer, cart_id: UUID) -> Cart:
    """Find a cart, for the club's staff. Raises NotFound, NotAllowed."""
    cart = await session.get(Cart, cart_id)
    if cart is None:
        raise NotFound(message=NO_CART)
    refuse_strangers(viewer, cart.club_id, what="cart")
    refuse_unless_staff(viewer, cart.club_id)
    return cart


async def lock_cart(session: AsyncSession, *, viewer: Viewer, cart_id: UUID) -> tuple[Cart, Course]:
    """Lock a cart, for the club's staff, with a share of its course, so that nobody closes that meanwhile.

    Raises NotFound, NotAllowed.
    """
    cart = await find_cart(session, viewer=viewer, cart_id=cart_id)
    course = await share_course(session, course_id=cart.course_id)
    await lock_carts(session, [cart.id])
    return cart, course


async def set_cart_status(
    session: AsyncSession, *, viewer: Viewer, cart_id: UUID, in_service: bool, now: datetime
) -> Cart:
    """Take a cart out of service, or put it back; its reservations stay, for it may be mended by then.

    One that is out of service stays so when a closed course opens again; one that is put back into service while the
    course is closed waits for the reopening. Raises NotFound, NotAllowed, CartRetired, CartIsOut, CartStatusUnchanged.
    """
    cart, course = await lock_cart(session, viewer=viewer, cart_id=cart_id)
    await _refuse_gone(session, cart, course, now=now)
    was_in_service = cart.status is CartStatus.ACTIVE or cart.suspended_by is not None
    if was_in_service is in_service:
        raise CartStatusUnchanged(status=cart.status, is_suspended=cart.suspended_by is not None)
    cart.suspended_by = await keeping_closure(session, course) if in_service else None
    cart.status = CartStatus.ACTIVE if in_service and cart.suspended_by is None else CartStatus.INACTIVE
    record(session, of_cart(CartStatusChanged, cart, course, now=now, retired_at=None), now=now)
    return cart


async def retire_cart(session: AsyncSession, *, viewer: Viewer, cart_id: UUID, now: datetime) -> Cart:
    """Take a cart out of the fleet for good, once no booking that is still to come counts on it. Its number is free.

    Raises NotFound, NotAllowed, CartRetired, CartIsOut, CartHasReservations.
    """
    cart, course = await lock_cart(session, viewer=viewer, cart_id=cart_id)
    await _refuse_gone(session, cart, course, now=now)
    uses = (await uses_of(session, course, [cart.id], now=now))[cart.id]
    if ahead := [use for use in uses if use.span.ends > now]:
        ids = [public_id("booking", use.reservation.booking_id) for use in ahead]
        raise CartHasReservations(booking_ids=ids, path=("input", "cartId"))
    await give_back(session, [use.reservation for use in uses], [cart], course, now=now)
    cart.status, cart.suspended_by, cart.retired_at = CartStatus.RETIRED, None, now
    record(session, of_cart(CartStatusChanged, cart, course, now=now, retired_at=now), now=now)
    return cart


async def _refuse_gone(session: AsyncSession, cart: Cart, course: Course, *, now: datetime) -> None:
    """Let a locked cart through that stands in its shed. Raises CartRetired, CartIsOut."""
    refuse_retired(cart)
    if cart.status is CartStatus.OUT:
        refuse_out((await uses_of(session, course, [cart.id], now=now))[cart.id])


def refuse_retired(cart: Cart) -> None:
    """Let a cart of the fleet through. Raises CartRetired."""
    if cart.retired_at is not None:
        raise CartRetired(retired_at=cart.retired_at, path=("input", "cartId"))


def refuse_out(uses: list[CartUse]) -> None:
    """Let a cart through that no booking has. Raises CartIsOut."""
    for use in uses:
        if use.reservation.status is CartReservationStatus.OUT:
            raise CartIsOut(booking_id=public_id("booking", use.reservation.booking_id), path=("input", "cartId"))
