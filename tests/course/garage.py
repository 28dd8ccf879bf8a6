"""The acts of a cart desk through the API, closings and reopenings of the course, and a screen's copy of the fleet."""

from asyncio import gather
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.course.carts import resume_carts, suspend_carts
from events.course import desk_room
from events.cursor import Cursor
from events.log import read_log
from kit.ids import new_id
from models.clubs.tables import Course
from models.course.tables import CourseClosure, CourseConditions
from models.course.values import CartPolicy, CourseStatus, StatusSource
from tests.harness import Who, World

PAYER = {"firstName": "Ana", "lastName": "García"}
CART = "id number status isSuspended createdAt retiredAt"
RESERVATION = "id status bookingId reservedAt checkedOutAt returnedAt"
RESULTS = {
    "addCart": f"cart {{ {CART} }}",
    "retireCart": f"cart {{ {CART} }}",
    "setCartStatus": f"cart {{ {CART} }}",
    "reserveCart": f"cartReservation {{ {RESERVATION} cart {{ {CART} }} booking {{ id }} }}",
    "checkOutCart": f"cartReservation {{ {RESERVATION} cart {{ {CART} }} booking {{ id }} }}",
    "returnCart": f"cartReservation {{ {RESERVATION} cart {{ {CART} }} booking {{ id }} }}",
}
"""Every mutation of the carts, and how to ask for its result."""
PROBLEM = """__typename code message path
  ... on CartNumberTaken { cartId }
  ... on CartRetired { retiredAt }
  ... on CartIsOut { bookingId }
  ... on CartNotOut { cartStatus: status }
  ... on CartStatusUnchanged { cartStatus: status isSuspended }
  ... on CartHasReservations { bookingIds }
  ... on CartTaken { bookingId takenFrom takenUntil }
  ... on CartAlreadyReserved { reservationId }
  ... on NoCartFree { carts }
  ... on CartReservationEnded { returnedAt }
  ... on CartsNotAllowed { cartPolicy }
  ... on BookingNeedsNoCart { bookingStatus: status }
  ... on CourseClosed { courseStatus: status reason closedUntil }
  ... on TooEarly { possibleFrom }"""
CARTS = f"""query($c: ID!, $status: CartStatus) {{ carts(courseId: $c, status: $status) {{
  cursor carts {{ {CART} reservations {{ {RESERVATION} }} }}
}} }}"""
BOOKING = """query($id: ID!) { booking(id: $id) {
  status carts { reservationId cartId number status checkedOutAt }
} }"""


async def act(world: World, operation: str, /, *, who: Who | None = None, **given: Any) -> Any:
    """Run a mutation of the carts, as staff unless somebody else is named; give its payload."""
    kind = operation[0].upper() + operation[1:] + "Input"
    wanted = f"{RESULTS[operation]} cursor problems {{ {PROBLEM} }}"
    query = f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ {wanted} }} }}"
    return (await world.server.run(query, who=who or world.staff, input=given)).data[operation]


async def done(world: World, operation: str, /, **given: Any) -> Any:
    """Run a mutation of the carts that must succeed; give its result."""
    payload = await act(world, operation, **given)
    assert payload.pop("problems") == []
    assert payload.pop("cursor")
    return next(iter(payload.values()))


async def refused(world: World, operation: str, /, **given: Any) -> Any:
    """Run a mutation that a rule refuses; give its one problem, once it is sure that nothing has changed."""
    before = await everything(world)
    payload = await act(world, operation, **given)
    [problem] = payload["problems"]
    assert payload["cursor"] is None
    assert problem["message"].endswith(".")
    assert await everything(world) == before
    return problem


async def at_once(world: World, operation: str, wishes: list[dict[str, Any]]) -> Counter[str]:
    """Run a mutation many times at the same moment; count the codes of refusals, and what was done as DONE."""
    payloads = await gather(*(act(world, operation, **wish) for wish in wishes))
    return Counter(payload["problems"][0]["code"] if payload["problems"] else "DONE" for payload in payloads)


async def fleet(world: World, status: str | None = None) -> Any:
    """Read the carts of the course."""
    return (await world.server.run(CARTS, who=world.staff, c=world.course, status=status)).data["carts"]


async def everything(world: World) -> Any:
    """Read all carts, those that are retired too."""
    return [await fleet(world), await fleet(world, "RETIRED")]


async def add_carts(world: World, numbers: str) -> dict[str, str]:
    """Add carts whose numbers are separated by spaces; give their ids by number."""
    return {
        number: (await done(world, "addCart", courseId=world.course, number=number))["id"] for number in numbers.split()
    }


async def book(world: World, number: int = 0, *, holes: int = 18, who: Who | None = None, **more: Any) -> str:
    """Book a place on a tee time; give the booking."""
    wish = {"teeTimeId": world.tee_time(number), "places": 1, "holes": holes, "payer": PAYER} | more
    payload = await world.server.mutate("bookSlots", "booking { id }", who=who or world.staff, **wish)
    assert payload["problems"] == []
    return str(payload["booking"]["id"])


async def do(world: World, operation: str, booking: str, **more: Any) -> None:
    """Do something else to a booking, as staff."""
    payload = await world.server.mutate(operation, "booking { id }", who=world.staff, bookingId=booking, **more)
    assert payload["problems"] == []


async def carts_of(world: World, booking: str, *, who: Who | None = None) -> list[Any]:
    """Read the carts of a booking."""
    answer = await world.server.run(BOOKING, who=who or world.staff, id=booking)
    return list(answer.data["booking"]["carts"])


async def statuses(world: World) -> dict[str, str]:
    """Tell the status of each cart by its number; one that a closure keeps is said to be SUSPENDED."""
    carts = (await fleet(world))["carts"]
    return {cart["number"]: "SUSPENDED" if cart["isSuspended"] else cart["status"] for cart in carts}


@asynccontextmanager
async def course_locked(world: World) -> AsyncIterator[tuple[AsyncSession, Course]]:
    """Open a change that has locked the course, as one of its status does."""
    async with world.server.runtime.work.change(world.tenant_id) as change:
        course = await change.session.get_one(Course, world.course_id)
        await change.session.refresh(course, with_for_update={"key_share": True})
        yield change.session, course


async def close(world: World, *, until: datetime | None = None) -> int:
    """Close the course, until the end of its day or a moment; tell how many carts that has suspended."""
    now = world.server.clock()
    async with course_locked(world) as (session, course):
        course.status, course.status_until = CourseStatus.CLOSED, until
        closure = CourseClosure(
            id=new_id(),
            tenant_id=course.tenant_id,
            club_id=course.club_id,
            course_id=course.id,
            began_at=now,
            reaches_until=until or now + timedelta(days=1),
        )
        session.add(closure)
        await session.flush()
        return await suspend_carts(session, course=course, closure_id=closure.id, now=now)


async def cover_more(world: World) -> int:
    """Have the closure cover what it covers by now; tell how many carts that has suspended."""
    async with course_locked(world) as (session, course):
        closure = (await session.scalars(_live(course))).one()
        return await suspend_carts(session, course=course, closure_id=closure.id, now=world.server.clock())


async def reopen(world: World) -> int:
    """Open the course again; tell how many carts that has put back into use."""
    now = world.server.clock()
    async with course_locked(world) as (session, course):
        closure = (await session.scalars(_live(course))).one()
        course.status, course.status_until, closure.ended_at = CourseStatus.OPEN, None, now
        return await resume_carts(session, course=course, closure_id=closure.id, now=now)


def _live(course: Course) -> Any:
    return select(CourseClosure).where(CourseClosure.course_id == course.id, CourseClosure.ended_at.is_(None))


async def set_policy(world: World, policy: CartPolicy) -> None:
    """Say where carts may drive."""
    now = world.server.clock()
    async with course_locked(world) as (session, course):
        conditions = await session.scalar(select(CourseConditions).filter_by(course_id=course.id))
        if conditions is None:
            mine = {"tenant_id": course.tenant_id, "club_id": course.club_id, "course_id": course.id}
            since = {"status_since": now, "updated_at": now, "source": StatusSource.MANUAL}
            conditions = CourseConditions(causes=[], memory={}, **mine, **since)
            session.add(conditions)
        conditions.cart_policy = policy


class Board:
    """A screen's copy of a fleet, kept up to date by events alone, as a client would write it."""

    def __init__(self, snapshot: Any) -> None:
        self.cursor = snapshot["cursor"]
        self.carts = {cart["id"]: _row(cart) for cart in snapshot["carts"]}

    def apply(self, kind: str, fact: Any) -> None:
        """Take an event in."""
        if kind in {"carts.suspended", "carts.resumed"}:
            closed = kind == "carts.suspended"
            for cart in fact["cart_ids"]:
                self.carts[cart] |= {"status": "INACTIVE" if closed else "ACTIVE", "isSuspended": closed}
            return
        row = self.carts.setdefault(fact["cart_id"], {"number": fact["number"], "reservations": {}})
        row |= {"status": fact["status"], "isSuspended": fact["is_suspended"]}
        match kind:
            case "cart.added":
                row["createdAt"] = _moment(fact["created_at"])
            case "cart.status-changed" if fact["retired_at"]:
                del self.carts[fact["cart_id"]]
            case "cart.reserved":
                times = {"reservedAt": _moment(fact["reserved_at"]), "checkedOutAt": None}
                row["reservations"][fact["reservation_id"]] = {"bookingId": fact["booking_id"], **times}
                row["reservations"][fact["reservation_id"]]["status"] = fact["reservation_status"]
            case "cart.checked-out":
                known = row["reservations"][fact["reservation_id"]]
                known |= {"status": fact["reservation_status"], "checkedOutAt": _moment(fact["checked_out_at"])}
            case "cart.returned":
                assert fact["reservation_status"] == "RETURNED"
                del row["reservations"][fact["reservation_id"]]


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _row(cart: Any) -> Any:
    reservations = {
        row["id"]: {"status": row["status"], "bookingId": row["bookingId"]}
        | {name: _moment(row[name]) for name in ("reservedAt", "checkedOutAt")}
        for row in cart["reservations"]
    }
    shown = {name: cart[name] for name in ("number", "status", "isSuspended")}
    return shown | {"createdAt": _moment(cart["createdAt"]), "reservations": reservations}


@asynccontextmanager
async def followed(world: World) -> AsyncIterator[list[str]]:
    """Take a snapshot, let things happen, bring it up to date by what the desk's room heard, compare it with a new one.

    The list holds the wire names of what was heard, in the end.
    """
    board, heard = Board(await fleet(world)), list[str]()
    yield heard
    fresh = Board(await fleet(world))
    since, upto = (Cursor.parse(cursor, stream=f"club:{world.club}") for cursor in (board.cursor, fresh.cursor))
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        room = {"room": desk_room(world.course), "after": since.position, "upto": upto.position, "limit": 1000}
        for logged in await read_log(session, upto.stream, epoch=upto.epoch, **room):
            heard.append(logged.type)
            board.apply(logged.type, logged.data)
    assert board.carts == fresh.carts
