"""Carts through a booking's day: fetched, back, given back when they are not needed, and what its players hear."""

from asyncio import gather
from datetime import datetime, timedelta

from jobs import tasks
from tests.carts.garage import book, carts_of, close, do, done, fleet, followed, refused, statuses
from tests.carts.test_fleet import book_tomorrow, ids, start

FOLLOW = """subscription($b: ID!, $after: String) { bookingEvents(bookingId: $b, after: $after) {
  ... on StreamEvent { type cursor }
  ... on CartReserved { reservationId cartId number reservationStatus }
  ... on CartCheckedOut { reservationId cartId number reservationStatus checkedOutAt }
  ... on CartReturned { reservationId reservationStatus wasOut returnedAt bookingId isSuspended }
} }"""


async def test_a_cart_is_fetched_once_and_comes_back_once(garage):
    carts, booking, other = await ids(garage), await book(garage), await book(garage, 1)
    reservation = await done(garage, "reserveCart", bookingId=booking, cartId=carts["2"])
    async with followed(garage) as heard:
        out = await done(garage, "checkOutCart", reservationId=reservation["id"], idempotencyKey="once")
        again = await done(garage, "checkOutCart", reservationId=reservation["id"], idempotencyKey="once")
    assert heard == ["cart.checked-out"]
    assert (out["status"], out["cart"]["status"], again["id"]) == ("OUT", "OUT", reservation["id"])
    for given in ({"reservationId": reservation["id"]}, {"bookingId": other, "cartId": carts["2"]}):
        problem = await refused(garage, "checkOutCart", **given)
        assert (problem["code"], problem["bookingId"]) == ("CART_IS_OUT", booking)
    for operation, more in (("retireCart", {}), ("setCartStatus", {"inService": False})):
        problem = await refused(garage, operation, cartId=carts["2"], **more)
        assert (problem["code"], problem["bookingId"]) == ("CART_IS_OUT", booking)
    async with followed(garage) as heard:
        back = await done(garage, "returnCart", cartId=carts["2"])
    assert heard == ["cart.returned"]
    assert (back["id"], back["status"], back["cart"]["status"]) == (reservation["id"], "RETURNED", "ACTIVE")
    problem = await refused(garage, "returnCart", cartId=carts["2"])
    assert (problem["code"], problem["cartStatus"]) == ("CART_NOT_OUT", "ACTIVE")
    for operation in ("returnCart", "checkOutCart"):
        problem = await refused(garage, operation, reservationId=reservation["id"])
        assert problem["code"] == "CART_RESERVATION_ENDED"


async def test_what_nobody_has_fetched_ends_with_the_day_of_its_booking(garage, clock):
    carts, booking, riding, tomorrow = (
        await ids(garage),
        await book(garage),
        await book(garage),
        await book_tomorrow(garage),
    )
    waits = await done(garage, "reserveCart", bookingId=booking, cartId=carts["1"])
    await done(garage, "reserveCart", bookingId=tomorrow, cartId=carts["1"])
    await done(garage, "checkOutCart", bookingId=riding, cartId=carts["2"])
    runtime, midnight = garage.server.runtime, start(garage).replace(hour=22, minute=0)  # in Madrid
    clock.now = midnight - timedelta(seconds=1)
    async with followed(garage) as heard:
        await tasks.end_cart_days(runtime)
    assert heard == []
    clock.now = midnight
    async with followed(garage) as heard, garage.server.socket(garage.staff) as socket:
        before = (await fleet(garage))["cursor"]
        await socket.subscribe(FOLLOW, b=booking, after=before)
        await gather(*(tasks.end_cart_days(runtime) for _ in range(3)))
        told = await socket.event()
    assert heard == ["cart.returned"]
    assert (told["reservationId"], told["reservationStatus"], told["wasOut"]) == (waits["id"], "RETURNED", False)
    assert [len(await carts_of(garage, one)) for one in (booking, riding, tomorrow)] == [0, 1, 1]
    assert (await statuses(garage))["2"] == "OUT"
    assert (await refused(garage, "reserveCart", bookingId=booking))["code"] == "BOOKING_NEEDS_NO_CART"
    late = await done(garage, "checkOutCart", bookingId=booking, cartId=carts["10"])
    assert late["status"] == "OUT"


async def test_a_free_cart_is_handed_out_on_the_spot(garage, clock):
    carts, booking, other = await ids(garage), await book(garage), await book(garage, 1)
    await done(garage, "reserveCart", bookingId=other, cartId=carts["1"])
    problem = await refused(garage, "checkOutCart", bookingId=booking, cartId=carts["1"])
    assert (problem["code"], problem["bookingId"]) == ("CART_TAKEN", other)
    async with followed(garage) as heard:
        await done(garage, "checkOutCart", bookingId=booking, cartId=carts["2"])
        await done(garage, "checkOutCart", bookingId=other, cartId=carts["1"])  # what waits for it is what it gets
    assert heard == ["cart.reserved", "cart.checked-out", "cart.checked-out"]
    assert await statuses(garage) == {"1": "OUT", "2": "OUT", "10": "ACTIVE"}
    tomorrow = await book_tomorrow(garage)
    problem = await refused(garage, "checkOutCart", bookingId=tomorrow, cartId=carts["10"])
    assert problem["code"] == "TOO_EARLY"
    await done(garage, "reserveCart", bookingId=tomorrow, cartId=carts["2"])
    clock.now = start(garage, -1)  # 12:00: the first group should be in at 12:20, and another may go at 12:00
    last = await book(garage, -1)
    problem = await refused(garage, "reserveCart", bookingId=last, cartId=carts["2"])
    assert datetime.fromisoformat(problem["takenUntil"]) == start(garage) + timedelta(minutes=260)


async def test_a_cart_that_is_late_is_not_promised_for_now(garage, clock):
    carts, early, late = await ids(garage), await book(garage, 0, holes=9), await book(garage, -1)
    await done(garage, "checkOutCart", bookingId=early, cartId=carts["1"])
    clock.now = start(garage, -1)
    problem = await refused(garage, "reserveCart", bookingId=late, cartId=carts["1"])
    assert (problem["code"], problem["bookingId"]) == ("CART_TAKEN", early)
    assert datetime.fromisoformat(problem["takenUntil"]) == clock() + timedelta(minutes=20)
    await done(garage, "returnCart", cartId=carts["1"])
    await done(garage, "reserveCart", bookingId=late, cartId=carts["1"])


async def test_a_cart_that_is_fetched_early_does_not_keep_another_booking_waiting(garage, clock):
    one = (await ids(garage))["1"]
    early, late = await book(garage, 0, holes=9), await book(garage, -1)
    for booking in (early, late):
        await done(garage, "reserveCart", bookingId=booking, cartId=one)
    problem = await refused(garage, "checkOutCart", bookingId=late, cartId=one)
    assert (problem["code"], problem["bookingId"]) == ("CART_TAKEN", early)
    clock.now = start(garage) + timedelta(minutes=140)  # the early one never came, and its time is over
    await done(garage, "checkOutCart", bookingId=late, cartId=one)


async def test_what_a_booking_does_not_need_is_given_back(garage, clock):
    cancelled, moved, missed, played = [await book(garage, n, holes=9) for n in range(4)]
    carts = await ids(garage)
    await done(garage, "checkOutCart", bookingId=cancelled, cartId=carts["1"])
    for booking, number in ((cancelled, "2"), (moved, "10")):
        await done(garage, "reserveCart", bookingId=booking, cartId=carts[number])
    async with followed(garage) as heard:
        await do(garage, "cancelBooking", cancelled)
        await do(garage, "moveBooking", moved, teeTimeId=garage.tee_time(5))
    assert heard == ["cart.returned"] * 2
    assert [(cart["number"], cart["status"]) for cart in await carts_of(garage, cancelled)] == [("1", "OUT")]
    assert await carts_of(garage, moved) == []
    for booking, number in ((missed, "2"), (played, "10")):
        await done(garage, "reserveCart", bookingId=booking, cartId=carts[number])
    clock.now = start(garage, 5)
    async with followed(garage) as heard:
        await do(garage, "markNoShow", missed)
        for operation in ("checkIn", "teeOff"):
            await do(garage, operation, played)
        for hole in range(1, 10):
            clock.advance(minutes=13)
            await do(garage, "recordHole", played, hole=hole)
    assert heard == ["cart.returned"] * 2
    assert [await carts_of(garage, booking) for booking in (missed, played)] == [[], []]


async def test_a_cart_that_was_fetched_comes_back_by_its_return_alone(garage, clock):
    booking, one = await book(garage, 0, holes=9), (await ids(garage))["1"]
    await done(garage, "checkOutCart", bookingId=booking, cartId=one)
    for operation in ("checkIn", "teeOff"):
        await do(garage, operation, booking)
    clock.now = start(garage)
    async with followed(garage) as heard:
        for hole in range(1, 10):
            clock.advance(minutes=13)
            await do(garage, "recordHole", booking, hole=hole)
    assert heard == []
    assert [cart["status"] for cart in await carts_of(garage, booking)] == ["OUT"]
    await done(garage, "returnCart", cartId=one)
    assert await carts_of(garage, booking) == []


async def test_the_players_of_a_booking_hear_of_its_carts_and_of_no_others(garage):
    ana = garage.player("ana")
    booking, other = await book(garage, who=ana), await book(garage, 1)
    carts = await ids(garage)
    first = await done(garage, "reserveCart", bookingId=booking, cartId=carts["2"])
    cursor = (
        await garage.server.mutate("addCart", "cart { id }", who=garage.staff, courseId=garage.course, number="3")
    )["cursor"]
    shown = {cart["reservationId"]: cart for cart in await carts_of(garage, booking, who=ana)}
    await done(garage, "reserveCart", bookingId=other, cartId=carts["1"])
    await done(garage, "checkOutCart", reservationId=first["id"])
    await done(garage, "reserveCart", bookingId=booking, cartId=carts["10"])
    await done(garage, "returnCart", reservationId=first["id"])
    await close(garage)
    async with garage.server.socket(ana) as socket:
        await socket.subscribe(FOLLOW, b=booking, after=cursor)
        heard = await socket.events(4)
    assert [event["type"] for event in heard] == ["cart.checked-out", "cart.reserved", "cart.returned", "cart.returned"]
    for event in heard:
        if event["reservationStatus"] == "RETURNED":
            del shown[event["reservationId"]]
            continue
        shown.setdefault(event["reservationId"], {"checkedOutAt": None})
        known = {name: event[name] for name in ("reservationId", "cartId", "number")}
        shown[event["reservationId"]] |= known | {"status": event["reservationStatus"]}
        shown[event["reservationId"]]["checkedOutAt"] = event.get("checkedOutAt")
    assert list(shown.values()) == await carts_of(garage, booking, who=ana) == []
    assert [(event["wasOut"], event["isSuspended"]) for event in heard[2:]] == [(True, False), (False, True)]
