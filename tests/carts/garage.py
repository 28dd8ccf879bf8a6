"""The acts of a cart desk through the API, closings and reopenings of the course, and a screen's copy of the fleet."""

from asyncio import gather
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from events.clubs import club_room
from events.course import desk_room
from events.cursor import Cursor
from events.log import Logged, read_cursor, read_log
from models.course.values import CartPolicy
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


EVENTS = """fragment OfCart on StreamEvent {
  ... on CartAdded { cartId number status isSuspended createdAt }
  ... on CartStatusChanged { cartId number status isSuspended retiredAt }
}
fragment OfReservation on StreamEvent {
  ... on CartReserved {
    cartId number status isSuspended reservationId forBooking: bookingId reservationStatus reservedAt
  }
  ... on CartCheckedOut { cartId number status isSuspended reservationId reservationStatus checkedOutAt }
  ... on CartReturned { cartId number status isSuspended reservationId reservationStatus returnedAt wasOut }
}
subscription($c: ID!, $after: String) { courseStatusEvents(courseId: $c, after: $after) {
  ... on StreamEvent { type cursor ...OfCart ...OfReservation }
  ... on CartsSuspended { cartIds }
  ... on CartsResumed { cartIds }
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


async def set_status(world: World, status: str, *, until: datetime | None = None) -> None:
    """Say whether the course can be played, until the end of its day or a moment."""
    given = {"status": status, "reason": "A test.", "until": until and until.isoformat()}
    payload = await world.server.mutate(
        "setCourseStatus", "course { id }", who=world.staff, courseId=world.course, **given
    )
    assert payload["problems"] == []


async def close(world: World, *, until: datetime | None = None) -> int:
    """Close the course, or have its closure end at another moment; tell how many carts were suspended by that."""
    before = await fleet(world)
    await set_status(world, "CLOSED", until=until)
    [fact] = [logged.data for logged in await since(world, before["cursor"]) if logged.type == "course.status.changed"]
    return int(fact["carts_suspended"])


async def reopen(world: World) -> int:
    """Open the course again; tell how many carts that has put back into use."""
    before = await fleet(world)
    await set_status(world, "OPEN")
    facts = [logged.data for logged in await since(world, before["cursor"]) if logged.type == "carts.resumed"]
    return sum(len(fact["cart_ids"]) for fact in facts)


async def set_policy(world: World, policy: CartPolicy) -> None:
    """Say where carts may drive."""
    given = {"courseId": world.course, "cartPolicy": policy}
    payload = await world.server.mutate("setPlayingConditions", "course { id }", who=world.staff, **given)
    assert payload["problems"] == []


async def since(world: World, cursor: str) -> list[Logged]:
    """Read what the desk's room has heard since a cursor, from the log."""
    stream = club_room(world.club)
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        upto, after = await read_cursor(session, stream), Cursor.parse(cursor, stream=stream)
        span = {"after": after.position, "upto": upto.position, "limit": 1000}
        return await read_log(session, stream, epoch=upto.epoch, room=desk_room(world.course), **span)


class Board:
    """A screen's copy of a fleet, kept up to date by events alone, as a client would write it."""

    def __init__(self, snapshot: Any) -> None:
        self.cursor = snapshot["cursor"]
        self.carts = {cart["id"]: _row(cart) for cart in snapshot["carts"]}

    def apply(self, event: Any) -> None:
        """Take an event in."""
        if event["type"] in {"carts.suspended", "carts.resumed"}:
            closed = event["type"] == "carts.suspended"
            for cart in event["cartIds"]:
                self.carts[cart] |= {"status": "INACTIVE" if closed else "ACTIVE", "isSuspended": closed}
            return
        row = self.carts.setdefault(event["cartId"], {"number": event["number"], "reservations": {}})
        row |= {name: event[name] for name in ("status", "isSuspended")}
        match event["type"]:
            case "cart.added":
                row["createdAt"] = event["createdAt"]
            case "cart.status-changed" if event["retiredAt"]:
                del self.carts[event["cartId"]]
            case "cart.reserved":
                known = {"bookingId": event["forBooking"], "reservedAt": event["reservedAt"], "checkedOutAt": None}
                row["reservations"][event["reservationId"]] = known | {"status": event["reservationStatus"]}
            case "cart.checked-out":
                known = {"status": event["reservationStatus"], "checkedOutAt": event["checkedOutAt"]}
                row["reservations"][event["reservationId"]] |= known
            case "cart.returned":
                assert event["reservationStatus"] == "RETURNED"
                del row["reservations"][event["reservationId"]]


def _row(cart: Any) -> Any:
    shown = ("status", "bookingId", "reservedAt", "checkedOutAt")
    reservations = {row["id"]: {name: row[name] for name in shown} for row in cart["reservations"]}
    known = {name: cart[name] for name in ("number", "status", "isSuspended", "createdAt")}
    return known | {"reservations": reservations}


@asynccontextmanager
async def followed(world: World) -> AsyncIterator[list[str]]:
    """Take a snapshot, let things happen, bring it up to date by what the desk hears, compare it with a new one.

    The list holds the wire names of what was heard of carts, in the end.
    """
    board, heard = Board(await fleet(world)), list[str]()
    yield heard
    expected = len([logged for logged in await since(world, board.cursor) if logged.type.startswith("cart")])
    async with world.server.socket(world.staff) as socket:
        await socket.subscribe(EVENTS, c=world.course, after=board.cursor)
        while len(heard) < expected:
            event = await socket.event()
            if event["type"].startswith("cart"):
                heard.append(event["type"])
                board.apply(event)
    assert board.carts == Board(await fleet(world)).carts
