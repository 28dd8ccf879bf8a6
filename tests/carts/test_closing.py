"""What becomes of carts when the course closes and opens again."""

from datetime import datetime, timedelta

from tests.carts.garage import (
    add_carts,
    book,
    carts_of,
    close,
    done,
    fleet,
    followed,
    refused,
    reopen,
    statuses,
)
from tests.carts.test_fleet import book_tomorrow, ids


async def test_a_closing_suspends_what_can_be_had_and_the_reopening_brings_back_those_alone(garage):
    carts = await ids(garage) | await add_carts(garage, "20 21")
    await done(garage, "setCartStatus", cartId=carts["20"], inService=False)
    await done(garage, "retireCart", cartId=carts["21"])
    early, late = await book(garage), await book(garage, 1)
    out = await done(garage, "checkOutCart", bookingId=early, cartId=carts["1"])
    pending = await done(garage, "reserveCart", bookingId=late, cartId=carts["2"])
    async with followed(garage) as heard:
        assert await close(garage) == 2
    assert heard == ["carts.suspended", "cart.returned"]
    assert await statuses(garage) == {"1": "OUT", "2": "SUSPENDED", "10": "SUSPENDED", "20": "INACTIVE"}
    assert await carts_of(garage, late) == []
    assert [cart["reservationId"] for cart in await carts_of(garage, early)] == [out["id"]]
    problem = await refused(garage, "checkOutCart", reservationId=pending["id"])
    assert problem["code"] == "COURSE_CLOSED"
    async with followed(garage) as heard:
        assert await reopen(garage) == 2
    assert heard == ["carts.resumed"]
    assert await statuses(garage) == {"1": "OUT", "2": "ACTIVE", "10": "ACTIVE", "20": "INACTIVE"}
    problem = await refused(garage, "checkOutCart", reservationId=pending["id"])
    assert (problem["code"], bool(problem["returnedAt"])) == ("CART_RESERVATION_ENDED", True)
    assert await carts_of(garage, late) == []  # nothing is reserved again by itself
    assert [cart["number"] for cart in (await fleet(garage, "RETIRED"))["carts"]] == ["21"]


async def test_a_cart_that_comes_back_to_a_closed_course_waits_for_the_reopening(garage):
    carts, booking = await ids(garage), await book(garage)
    for _ in range(2):  # a second closure has carts of its own
        await done(garage, "checkOutCart", bookingId=booking, cartId=carts["1"])
        assert await close(garage) == 2
        async with followed(garage) as heard:
            back = await done(garage, "returnCart", cartId=carts["1"])
        assert heard == ["cart.returned"]
        assert (back["status"], back["cart"]["status"], back["cart"]["isSuspended"]) == ("RETURNED", "INACTIVE", True)
        assert await reopen(garage) == 3
        assert await statuses(garage) == {"1": "ACTIVE", "2": "ACTIVE", "10": "ACTIVE"}
    await done(garage, "checkOutCart", bookingId=booking, cartId=carts["1"])
    await close(garage)
    assert await reopen(garage) == 2
    await done(garage, "returnCart", cartId=carts["1"])
    assert (await statuses(garage))["1"] == "ACTIVE"


async def test_a_closure_gives_back_what_lies_within_it_and_more_as_it_comes_to_cover_more(garage, clock):
    today, tomorrow = await book(garage), await book_tomorrow(garage)
    for booking in (today, tomorrow):
        await done(garage, "reserveCart", bookingId=booking)
    await close(garage)
    assert await carts_of(garage, today) == []
    assert len(await carts_of(garage, tomorrow)) == 1
    async with followed(garage) as heard:
        assert await close(garage) == 0
    assert heard == []
    clock.advance(days=1)  # the weather has not let go of the course
    async with followed(garage) as heard:
        assert await close(garage) == 0
    assert heard == ["cart.returned"]
    assert await carts_of(garage, tomorrow) == []


async def test_a_closure_until_a_moment_leaves_the_later_starts_alone(garage):
    early, late = await book(garage, 0, holes=9), await book(garage, 18, holes=9)
    for booking in (early, late):
        await done(garage, "reserveCart", bookingId=booking)
    at = datetime.fromisoformat(garage.tee_times[18]["startsAt"])
    await close(garage, until=at)
    assert [len(await carts_of(garage, booking)) for booking in (early, late)] == [0, 1]
    garage.server.clock.now = at + timedelta(minutes=1)  # the end has come, but nobody has opened the course yet
    [cart] = await carts_of(garage, late)
    assert (await refused(garage, "checkOutCart", reservationId=cart["reservationId"]))["code"] == "COURSE_CLOSED"
    await reopen(garage)
    await done(garage, "checkOutCart", reservationId=cart["reservationId"])


async def test_a_course_without_carts_closes_and_opens(garage):
    for cart in (await ids(garage)).values():
        await done(garage, "retireCart", cartId=cart)
    async with followed(garage) as heard:
        assert await close(garage) == 0
        assert await reopen(garage) == 0
    assert heard == []
