"""What holds when many want the same cart at the same moment, over HTTP against a real database."""

from asyncio import gather

from tests.carts.garage import add_carts, at_once, book, carts_of, close, done, fleet, followed, reopen, statuses
from tests.carts.test_fleet import ids


async def test_fifty_at_once_want_the_last_free_cart(garage):
    for number in ("1", "2"):
        await done(garage, "setCartStatus", cartId=(await ids(garage))[number], inService=False)
    bookings = [await book(garage, n // 4) for n in range(50)]
    async with followed(garage) as heard:
        assert await at_once(garage, "reserveCart", [{"bookingId": one} for one in bookings]) == {
            "DONE": 1,
            "NO_CART_FREE": 49,
        }
    assert heard == ["cart.reserved"]
    ten = (await ids(garage))["10"]
    named = [{"bookingId": one, "cartId": ten} for one in bookings]
    assert await at_once(garage, "reserveCart", named) == {"CART_ALREADY_RESERVED": 1, "CART_TAKEN": 49}


async def test_a_cart_goes_out_once_and_comes_back_once(garage):
    booking, ten = await book(garage), (await ids(garage))["10"]
    reservation = await done(garage, "reserveCart", bookingId=booking, cartId=ten)
    async with followed(garage) as heard:
        out = [{"reservationId": reservation["id"]}, {"bookingId": booking, "cartId": ten}] * 5
        assert await at_once(garage, "checkOutCart", out) == {"DONE": 1, "CART_IS_OUT": 9}
        back = [{"reservationId": reservation["id"]}, {"cartId": ten}] * 5
        codes = await at_once(garage, "returnCart", back)
        assert (codes["DONE"], sum(codes.values())) == (1, 10)
        assert set(codes) == {"DONE", "CART_RESERVATION_ENDED", "CART_NOT_OUT"}
    assert heard == ["cart.checked-out", "cart.returned"]


async def test_a_number_is_given_once(garage):
    wishes = [{"courseId": garage.course, "number": "77"}] * 10
    assert await at_once(garage, "addCart", wishes) == {"DONE": 1, "CART_NUMBER_TAKEN": 9}


async def test_a_closing_and_those_who_want_carts_take_turns(garage):
    numbers = [f"{n}" for n in range(30, 50)]
    carts = await add_carts(garage, " ".join(numbers))
    bookings = [await book(garage, n // 4) for n in range(20)]
    for booking, number in zip(bookings[:10], numbers[:10], strict=True):
        await done(garage, "reserveCart", bookingId=booking, cartId=carts[number])
    wishes = [{"bookingId": one, "cartId": carts[number]} for one, number in zip(bookings, numbers, strict=True)]
    async with followed(garage):
        codes, _, suspended = await gather(
            at_once(garage, "checkOutCart", wishes[:10]),
            at_once(garage, "reserveCart", wishes[10:]),
            close(garage),
        )
    assert set(codes) <= {"DONE", "COURSE_CLOSED"}
    assert suspended == 23 - codes["DONE"]
    out = [cart for cart in (await fleet(garage))["carts"] if cart["status"] == "OUT"]
    assert len(out) == codes["DONE"]
    for booking in bookings:
        assert {cart["status"] for cart in await carts_of(garage, booking)} <= {"OUT"}
    async with followed(garage):
        back = gather(*(done(garage, "returnCart", cartId=cart["id"]) for cart in out))
        resumed, _ = await gather(reopen(garage), back)
    assert suspended <= resumed <= 23
    assert set((await statuses(garage)).values()) == {"ACTIVE"}


async def test_a_cancellation_and_a_reservation_take_turns(garage):
    bookings = [await book(garage, n) for n in range(3)]

    async def cancel(booking):
        return await garage.server.mutate("cancelBooking", "booking { id }", who=garage.staff, bookingId=booking)

    async with followed(garage):
        codes, *_ = await gather(
            at_once(garage, "reserveCart", [{"bookingId": one} for one in bookings]), *map(cancel, bookings)
        )
    assert set(codes) <= {"DONE", "BOOKING_NEEDS_NO_CART"}
    assert [await carts_of(garage, booking) for booking in bookings] == [[], [], []]
