"""The fleet, and which carts a booking can have: every rule, and what the desk's screens are told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from auth.viewer import Role
from domain.carts.rules import TURNAROUND, by_number
from models.course.values import CartPolicy
from tests.carts.garage import (
    act,
    add_carts,
    book,
    carts_of,
    close,
    do,
    done,
    fleet,
    followed,
    refused,
    reopen,
    set_policy,
    statuses,
)


async def ids(world):
    return {cart["number"]: cart["id"] for cart in (await fleet(world))["carts"]}


def start(world, number=0):
    return datetime.fromisoformat(world.tee_times[number]["startsAt"])


def test_numbers_are_sorted_as_people_do_it():
    numbers = ["A10", "10", "2", "b1", "A2", "1"]
    assert sorted(numbers, key=by_number) == ["1", "2", "10", "A2", "A10", "b1"]


async def test_the_fleet_is_listed_by_number_and_each_number_is_one_cart_s(garage):
    async with followed(garage) as heard:
        added = await done(garage, "addCart", courseId=garage.course, number=" A 7 ", idempotencyKey="once")
        again = await done(garage, "addCart", courseId=garage.course, number=" A 7 ", idempotencyKey="once")
    assert heard == ["cart.added"]
    assert (added["number"], added["status"], again["id"]) == ("A 7", "ACTIVE", added["id"])
    assert list(await statuses(garage)) == ["1", "2", "10", "A 7"]
    problem = await refused(garage, "addCart", courseId=garage.course, number="A 7")
    assert (problem["code"], problem["cartId"]) == ("CART_NUMBER_TAKEN", added["id"])
    for number in ("", " ", "7" * 21, "\u0007"):
        assert (await refused(garage, "addCart", courseId=garage.course, number=number))["code"] == "INVALID_INPUT"
    async with followed(garage) as heard:
        retired = await done(garage, "retireCart", cartId=added["id"])
        await add_carts(garage, "11")
    assert heard == ["cart.status-changed", "cart.added"]
    assert (retired["status"], bool(retired["retiredAt"])) == ("RETIRED", True)
    assert list(await statuses(garage)) == ["1", "2", "10", "11"]
    assert [cart["number"] for cart in (await fleet(garage, "RETIRED"))["carts"]] == ["A 7"]
    for operation, more in (("retireCart", {}), ("setCartStatus", {"inService": True})):
        assert (await refused(garage, operation, cartId=added["id"], **more))["code"] == "CART_RETIRED"
    reserving = await refused(garage, "reserveCart", bookingId=await book(garage), cartId=added["id"])
    assert (reserving["code"], reserving["path"]) == ("CART_RETIRED", ["input", "cartId"])
    anew = await done(garage, "addCart", courseId=garage.course, number="A 7")
    assert anew["id"] != added["id"]


async def test_a_cart_serves_one_booking_after_the_other(garage):
    one = (await ids(garage))["1"]
    early, next_to_it, later, too_soon = [await book(garage, n, holes=9) for n in (1, 0, 15, 14)]
    async with followed(garage) as heard:
        await done(garage, "reserveCart", bookingId=early, cartId=one)
    assert heard == ["cart.reserved"]
    until = start(garage, 1) + timedelta(minutes=120) + TURNAROUND
    for booking in (next_to_it, too_soon):
        problem = await refused(garage, "reserveCart", bookingId=booking, cartId=one)
        assert (problem["code"], problem["bookingId"]) == ("CART_TAKEN", early)
        assert datetime.fromisoformat(problem["takenFrom"]) == start(garage, 1)
        assert datetime.fromisoformat(problem["takenUntil"]) == until == start(garage, 15)
    await done(garage, "reserveCart", bookingId=later, cartId=one)
    again = await refused(garage, "reserveCart", bookingId=later, cartId=one)
    assert again["code"] == "CART_ALREADY_RESERVED"
    assert [cart["reservationId"] for cart in await carts_of(garage, later)] == [again["reservationId"]]
    whole = await book(garage, 2)
    assert (await refused(garage, "reserveCart", bookingId=whole, cartId=one))["code"] == "CART_TAKEN"


async def test_any_free_cart_is_the_lowest_number_until_none_is_left(garage):
    carts, bookings = await ids(garage), [await book(garage, n) for n in range(4)]
    await done(garage, "setCartStatus", cartId=carts["2"], inService=False)
    taken = [await done(garage, "reserveCart", bookingId=booking) for booking in bookings[:2]]
    assert [reservation["cart"]["number"] for reservation in taken] == ["1", "10"]
    problem = await refused(garage, "reserveCart", bookingId=bookings[2])
    assert (problem["code"], problem["carts"]) == ("NO_CART_FREE", 2)
    assert (await refused(garage, "reserveCart", bookingId=bookings[2], cartId=carts["2"]))["code"] == (
        "CART_OUT_OF_SERVICE"
    )
    async with followed(garage) as heard:
        await done(garage, "setCartStatus", cartId=carts["2"], inService=True)
        key = {"bookingId": bookings[2], "idempotencyKey": "once"}
        first, again = [await done(garage, "reserveCart", **key) for _ in range(2)]
        back = await done(garage, "returnCart", reservationId=taken[0]["id"])
    assert heard == ["cart.status-changed", "cart.reserved", "cart.returned"]
    assert (first["cart"]["number"], again["id"], back["status"]) == ("2", first["id"], "RETURNED")
    assert back["checkedOutAt"] is None
    assert (await done(garage, "reserveCart", bookingId=bookings[3]))["cart"]["number"] == "1"


async def test_service_is_the_staff_s_word_and_a_closure_does_not_change_it(garage):
    carts = await ids(garage)
    for in_service in (False, True):
        async with followed(garage) as heard:
            await done(garage, "setCartStatus", cartId=carts["1"], inService=in_service)
        assert heard == ["cart.status-changed"]
        problem = await refused(garage, "setCartStatus", cartId=carts["1"], inService=in_service)
        assert (problem["code"], problem["isSuspended"]) == ("CART_STATUS_UNCHANGED", False)
    await done(garage, "setCartStatus", cartId=carts["1"], inService=False)
    async with followed(garage):
        assert await close(garage) == 2
        problem = await refused(garage, "setCartStatus", cartId=carts["2"], inService=True)
        assert (problem["code"], problem["isSuspended"]) == ("CART_STATUS_UNCHANGED", True)
        await done(garage, "setCartStatus", cartId=carts["2"], inService=False)
        assert await statuses(garage) == {"1": "INACTIVE", "2": "INACTIVE", "10": "SUSPENDED"}
        await done(garage, "setCartStatus", cartId=carts["1"], inService=True)
        await add_carts(garage, "3")
        assert await statuses(garage) == {"1": "SUSPENDED", "2": "INACTIVE", "3": "SUSPENDED", "10": "SUSPENDED"}
        await done(garage, "retireCart", cartId=carts["10"])
        assert await reopen(garage) == 2
    assert await statuses(garage) == {"1": "ACTIVE", "2": "INACTIVE", "3": "ACTIVE"}


async def test_a_cart_that_bookings_count_on_is_not_retired(garage, clock):
    one, booking = (await ids(garage))["1"], await book(garage)
    reservation = await done(garage, "reserveCart", bookingId=booking, cartId=one)
    problem = await refused(garage, "retireCart", cartId=one)
    assert (problem["code"], problem["bookingIds"]) == ("CART_HAS_RESERVATIONS", [booking])
    await done(garage, "setCartStatus", cartId=one, inService=False)  # it may be mended by then
    assert [cart["reservationId"] for cart in await carts_of(garage, booking)] == [reservation["id"]]
    assert (await refused(garage, "checkOutCart", reservationId=reservation["id"]))["code"] == "CART_OUT_OF_SERVICE"
    clock.advance(hours=12)
    async with followed(garage) as heard:
        await done(garage, "retireCart", cartId=one)  # nobody has come for it
    assert heard == ["cart.returned", "cart.status-changed"]
    assert await carts_of(garage, booking) == []


@pytest.mark.parametrize("policy", [CartPolicy.WALKING_ONLY, CartPolicy.NONE])
async def test_where_players_walk_no_cart_is_reserved_today_or_checked_out(garage, policy):
    today, tomorrow = await book(garage), await book_tomorrow(garage)
    reservation = await done(garage, "reserveCart", bookingId=today)
    await set_policy(garage, policy)
    for operation, given in (
        ("reserveCart", {"bookingId": today}),
        ("checkOutCart", {"reservationId": reservation["id"]}),
    ):
        problem = await refused(garage, operation, **given)
        assert (problem["code"], problem["cartPolicy"]) == ("CARTS_NOT_ALLOWED", policy)
    await done(garage, "reserveCart", bookingId=tomorrow)
    await set_policy(garage, CartPolicy.PATH_ONLY)
    await done(garage, "checkOutCart", reservationId=reservation["id"])


async def book_tomorrow(world):
    tomorrow = replace(world, day=world.day + timedelta(days=1))
    await tomorrow.read()
    return await book(tomorrow)


async def test_a_booking_that_is_over_gets_no_cart(garage, clock):
    cancelled, missed, one = await book(garage), await book(garage, 1), (await ids(garage))["1"]
    await do(garage, "cancelBooking", cancelled)
    clock.now = start(garage, 1)
    await do(garage, "markNoShow", missed)
    for booking, status in ((cancelled, "CANCELLED"), (missed, "NO_SHOW")):
        for operation, more in (("reserveCart", {}), ("checkOutCart", {"cartId": one})):
            problem = await refused(garage, operation, bookingId=booking, **more)
            assert (problem["code"], problem["bookingStatus"]) == ("BOOKING_NEEDS_NO_CART", status)


async def test_carts_of_another_course_do_not_serve_and_nobody_else_acts(garage, server):
    one, booking = (await ids(garage))["1"], await book(garage, who=garage.player("ana"))
    made = await server.mutate(
        "createCourse", "course { id }", who=garage.admin, clubId=garage.club, name="New", holes=9
    )
    other = await done(garage, "addCart", courseId=made["course"]["id"], number="1")
    problem = await refused(garage, "reserveCart", bookingId=booking, cartId=other["id"])
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "cartId"])
    ana, stranger = garage.player("ana"), replace(garage.staff, club_ids=(), roles=(Role.STAFF,))
    asked = {
        "addCart": {"courseId": garage.course, "number": "9"},
        "retireCart": {"cartId": one},
        "setCartStatus": {"cartId": one, "inService": False},
        "reserveCart": {"bookingId": booking},
        "checkOutCart": {"bookingId": booking, "cartId": one},
        "returnCart": {"cartId": one},
    }
    for who, code in ((ana, "NOT_ALLOWED"), (stranger, "NOT_FOUND")):
        for operation, given in asked.items():
            kind = operation[0].upper() + operation[1:] + "Input"
            query = f"mutation($i: {kind}!) {{ {operation}(input: $i) {{ cursor }} }}"
            assert (await server.run(query, who=who, i=given)).code == code, (operation, code)
        query = "query($c: ID!) { carts(courseId: $c) { cursor } }"
        assert (await server.run(query, who=who, c=garage.course)).code == code


async def test_one_of_two_ways_to_name_a_cart_is_given(garage):
    one, booking = (await ids(garage))["1"], await book(garage)
    reservation = (await done(garage, "reserveCart", bookingId=booking))["id"]
    wrong = [{}, {"bookingId": booking}, {"cartId": one}, {"reservationId": reservation, "cartId": one}]
    for given in wrong:
        assert (await refused(garage, "checkOutCart", **given))["code"] == "INVALID_INPUT"
    for given in ({}, {"reservationId": reservation, "cartId": one}):
        assert (await refused(garage, "returnCart", **given))["code"] == "INVALID_INPUT"
    assert (await act(garage, "checkOutCart", reservationId=reservation))["problems"] == []


async def test_a_reservation_may_lie_behind_a_closure_and_not_within_it(garage):
    today, tomorrow = await book(garage), await book_tomorrow(garage)
    await close(garage)
    problem = await refused(garage, "reserveCart", bookingId=today)
    assert (problem["code"], problem["courseStatus"]) == ("COURSE_CLOSED", "CLOSED")
    reservation = await done(garage, "reserveCart", bookingId=tomorrow)
    assert reservation["cart"]["isSuspended"]
    problem = await refused(garage, "checkOutCart", bookingId=today, cartId=reservation["cart"]["id"])
    assert problem["code"] == "COURSE_CLOSED"
