"""What play, caddies and carts say to the database."""

import pytest

from domain.tee_sheet.play.pace import watch_course
from tests.house.statements import book, listed, statements

PACE = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { bookings { pace { level minutesBehind } } } }"


@pytest.mark.parametrize("places", [1, 4])
async def test_play_costs_the_same_however_large_the_group_is(server, world, ann, places):
    given = {"who": world.staff, "bookingId": await book(world, -1, ann, places=places)}
    for operation, more, budget in (("checkIn", {}, 5), ("teeOff", {}, 7), ("recordHole", {"hole": 1}, 9)):
        with statements(server) as sent:
            assert (await server.mutate(operation, "booking { status }", **given, **more))["problems"] == []
        assert len(sent) == budget, listed(sent)


async def test_the_watch_costs_one_look_a_course_while_nobody_falls_behind(server, world, ann, clock):
    for number in range(-4, 0):
        booking = await book(world, number, ann)
        for operation, more in (("checkIn", {}), ("teeOff", {}), ("recordHole", {"hole": 1})):
            given = {"who": world.staff, "bookingId": booking} | more
            assert (await server.mutate(operation, "booking { status }", **given))["problems"] == []
    async with server.runtime.work.change(world.tenant_id) as change:
        with statements(server) as sent:
            assert await watch_course(change.session, course_id=world.course_id, now=clock()) == []
    assert len(sent) <= 2, listed(sent)


async def test_the_pace_of_all_groups_is_read_at_once(server, world, ann):
    query, sheet = PACE, {"c": world.course, "d": world.day.isoformat()}
    await book(world, -1, ann)
    with statements(server) as few:
        await server.run(query, who=world.staff, **sheet, asked="first")
    for number in range(-6, -1):
        await book(world, number, ann)
    with statements(server) as sent:
        answer = await server.run(query, who=world.staff, **sheet, asked="for the first time, too")
    assert len(answer.data["teeSheet"]["bookings"]) == 6
    assert len(sent) == len(few), listed(sent)


CADDIES = "query($c: ID!) { caddies(clubId: $c) { cursor caddies { name status statusLabel phoneNumber } } }"


@pytest.mark.parametrize(("number", "who"), [(3, "staff"), (40, "staff"), (40, "a caddie")])
async def test_caddies_cost_the_same_however_many_there_are(server, world, number, who):
    rows = "".join(f"Caddie {row},1\n" for row in range(number))
    given = {"clubId": world.club, "csv": f"name,list\n{rows}"}
    await server.mutate("importCaddies", "caddieImport { added }", who=world.admin, **given)
    viewer = world.staff if who == "staff" else world.caddie(1)
    with statements(server) as sent:
        answer = await server.run(CADDIES, who=viewer, c=world.club)
    assert len(answer.data["caddies"]["caddies"]) == number
    assert len(sent) <= 5, listed(sent)


@pytest.mark.parametrize("number", [1, 40])
async def test_a_caddie_s_status_costs_few_statements(server, world, number):
    rows = "".join(f"Caddie {row},1\n" for row in range(number))
    given = {"clubId": world.club, "csv": f"name,list\n{rows}"}
    await server.mutate("importCaddies", "caddieImport { added }", who=world.admin, **given)
    board = (
        await server.run(
            "query($c: ID!) { caddieQueue(clubId: $c, list: 1) { queue { caddie { id } } } }",
            who=world.staff,
            c=world.club,
        )
    ).data["caddieQueue"]
    caddie = board["queue"][0]["caddie"]["id"]
    budgets = [("IN_PREP", 3), ("IN_FIELD", 4), ("AVAILABLE", 6), ("LATE", 4), ("AVAILABLE", 3)]
    for status, budget in budgets:
        wanted = {"caddieId": caddie, "status": status}
        with statements(server) as sent:
            payload = await server.mutate("setCaddieStatus", "caddie { id status }", who=world.staff, **wanted)
        assert payload["problems"] == []
        assert len(sent) == budget, f"{status}\n{listed(sent)}"


async def test_carts_cost_the_same_however_many_there_are(server, world, ann):
    query = """query($c: ID!) { carts(courseId: $c) { cursor carts {
        number status reservations { status booking { payer { lastName } teeTime { startsAt } } }
    } } }"""
    sheet = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { bookings { carts { number status } } } }"
    for number in range(12):
        given = {"courseId": world.course, "number": f"{number}"}
        cart = await server.mutate("addCart", "cart { id }", who=world.staff, **given)
        booking = {"bookingId": await book(world, number, ann)}
        reserved = await server.mutate("reserveCart", "cartReservation { id }", who=world.staff, **booking)
    with statements(server) as sent:
        answer = await server.run(query, who=world.staff, c=world.course)
    assert len([cart for cart in answer.data["carts"]["carts"] if cart["reservations"]]) == 12
    assert len(sent) <= 8, listed(sent)
    with statements(server) as sent:
        answer = await server.run(sheet, who=world.staff, c=world.course, d=world.day.isoformat())
    assert len([one for one in answer.data["teeSheet"]["bookings"] if one["carts"]]) == 12
    assert len(sent) <= 6, listed(sent)
    returned = {"reservationId": reserved["cartReservation"]["id"]}
    there = {"cartId": cart["cart"]["id"]}
    for operation, given, budget in (
        ("returnCart", returned, 12),
        ("reserveCart", booking, 12),
        ("checkOutCart", booking | there, 15),
        ("returnCart", there, 11),
    ):
        with statements(server) as sent:
            done = await server.mutate(operation, "cartReservation { id }", who=world.staff, **given)
        assert done["problems"] == []
        assert len(sent) <= budget, f"{operation}\n{listed(sent)}"
