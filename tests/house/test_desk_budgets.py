"""What the desk says to the database."""

import pytest

from tests.harness import TEMPLATE
from tests.house.statements import book, listed, statements
from tests.tee_sheet.balloting import announce, enter, read
from tests.tee_sheet.desk import PAYER, add_player


async def test_a_block_costs_the_same_however_many_places_it_covers(server, world, ann):
    await book(world, 0, ann)
    await server.mutate("holdSlots", "hold { id }", who=ann, teeTimeId=world.tee_time(1), places=2)
    given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "OTHER", "keepBookings": True}
    for last, count in (("08:10", 8), ("12:00", 100)):
        with statements(server) as sent:
            made = await server.mutate(
                "addBlock", "block { id slotIds }", who=world.staff, firstStart="08:00", lastStart=last, **given
            )
        assert len(made["block"]["slotIds"]) == count
        assert len(sent) <= 22, listed(sent)  # the parties of kept bookings are told, and who waits has their turn
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { blocks { kind slotIds } } }"
    with statements(server) as sent:
        answer = await server.run(query, who=ann, c=world.course, d=world.day.isoformat())
    assert len(answer.data["teeSheet"]["blocks"]) == 2
    assert len(sent) <= 6, listed(sent)
    with statements(server) as sent:
        await server.mutate("removeBlock", "block { id }", who=world.staff, blockId=made["block"]["id"])
    assert len(sent) <= 13, listed(sent)


async def test_changes_and_moves_cost_the_same_however_many_play(server, world, ann):
    for number, places in ((0, 1), (1, 4)):
        booking = await book(world, number, ann, places=places)
        players = [{"position": n + 1, "firstName": f"P{n}"} for n in range(places)]
        with statements(server) as sent:
            await server.mutate("updateBooking", "booking { id }", who=world.staff, bookingId=booking, players=players)
        assert len(sent) <= 18, listed(sent)  # the booker, who is somebody else, is told
        given = {"bookingId": booking, "teeTimeId": world.tee_time(number + 2)}
        with statements(server) as sent:
            await server.mutate("moveBooking", "booking { id }", who=world.staff, **given)
        assert len(sent) <= 22, listed(sent)


async def test_a_delay_costs_the_same_however_many_starts_and_bookings_it_shifts(server, world, ann):
    given = {"courseId": world.course, "date": world.day.isoformat(), "minutes": 5}
    for number in (0, 1, -2, -1):
        await book(world, number, ann)
    for first in ("11:50", "08:00"):
        with statements(server) as sent:
            await server.mutate("delayTeeTimes", "teeSheet { id }", who=world.staff, firstStart=first, **given)
        assert len(sent) <= 22, listed(sent)  # with groups that come by again, and tee times that are hosted


async def test_a_sheet_is_made_anew_by_as_many_statements_however_many_starts_come_and_go(server, world, ann):
    given = {"courseId": world.course, "date": world.day.isoformat()}
    for number in (0, 1, -2, -1):
        await book(world, number, ann)
    for minutes in (11, 7):
        template = TEMPLATE | {"intervalMinutes": minutes, "courseId": world.course}
        await server.mutate("setSheetTemplate", "template { id }", who=world.staff, **template)
        with statements(server) as sent:
            made = await server.mutate("regenerateTeeSheets", "days { differs }", who=world.staff, **given)
        assert made["days"] == [{"differs": True}]
        assert len(sent) <= 18, listed(sent)


async def costs(world, operation, budget, selection="cursor", /, **given):
    """Do something of the desk's by so many statements at the most; give the payload."""
    with statements(world.server) as sent:
        payload = await world.server.mutate(operation, selection, who=world.staff, **given)
    assert payload["problems"] == []
    assert len(sent) <= budget, f"{operation}\n{listed(sent)}"
    return payload


@pytest.mark.parametrize("places", [2, 3])
async def test_regrouping_costs_the_same_however_many_play(server, world, ann, places):
    one, two = [await book(world, number, ann, places=places) for number in (0, 1)]
    await costs(world, "swapBookings", 21, bookingId=one, otherBookingId=two)
    new = await costs(world, "splitBooking", 14, "newBooking { id }", bookingId=one, positions=[1])
    await costs(world, "movePlayers", 13, bookingId=two, positions=[1], otherBookingId=one)
    await costs(world, "mergeBookings", 15, bookingId=two, otherBookingIds=[new["newBooking"]["id"]])


@pytest.mark.parametrize("places", [1, 4])
async def test_what_is_taken_back_costs_the_same_however_many_play(server, world, ann, places):
    booking = {"bookingId": await book(world, -1, ann, places=places)}
    await server.mutate("cancelBooking", "cursor", who=world.staff, **booking)
    await costs(world, "restoreBooking", 14, **booking)
    await server.mutate("checkIn", "cursor", who=world.staff, **booking)
    await costs(world, "undoCheckIn", 5, **booking)
    await server.mutate("checkIn", "cursor", who=world.staff, **booking)
    await server.mutate("teeOff", "cursor", who=world.staff, **booking)
    await costs(world, "undoTeeOff", 10, **booking)


async def test_a_sheet_is_changed_by_as_many_statements_however_many_starts_it_has(server, world, ann):
    for number in (0, 1, -2, -1):
        await book(world, number, ann)
    given = {"courseId": world.course, "date": world.day.isoformat()}
    prices = [{"priceClass": "PUBLIC", "holes": 18, "amountCents": 12_345}]
    await costs(world, "updateTeeSheet", 9, **given, prices=prices)
    for first, last in ((2, 3), (4, 12)):
        starts = [world.tee_time(number) for number in range(first, last)]
        await costs(world, "updateTeeSheet", 12, **given, removeTeeTimeIds=starts)


@pytest.mark.parametrize("limits", [False, True])
async def test_a_draw_costs_the_same_however_many_entered_but_for_limits(server, world, limits):
    if limits:
        given = {"clubId": world.club, "priceClass": "MEMBER", "bookingsADay": 3}
        await server.mutate("setBookingLimits", "cursor", who=world.admin, **given)
    members = [await add_player(world, f"Eva {n}", "MEMBER", f"eva {n}") for n in range(6)]
    costs = []
    for first, parties in (("08:30", 2), ("09:30", 6), ("10:30", 12)):
        at = next(n for n, one in enumerate(world.tee_times) if one["localTime"] == f"{first}:00")
        given = {"firstStart": first, "lastStart": f"{first[:2]}:50", "byHand": True, "closes": 1, "releases": 2}
        ballot = await announce(world, **given)
        for n in range(parties):
            who, party = world.player(f"p {n}"), [PAYER]
            if n % 2 == 0:
                who, party = world.player(f"eva {n // 2}"), [{"playerId": members[n // 2]}]
            await enter(world, who, ballot, at, at + 1, at + 2, players=party)
        server.clock.advance(minutes=1)
        with statements(server) as sent:
            await server.mutate("drawBallot", "ballot { id }", who=world.staff, ballotId=ballot["id"])
        results = (await read(world, ballot))["draw"]["results"]
        assert [one["choice"] is None for one in results] == [False] * parties
        assert len(sent) <= 23 + (1 + parties if limits else 0), listed(sent)
        costs.append(len(sent) - (parties if limits else 0))
    assert costs[0] == costs[1] == costs[2], (
        "an entry is booked without a word to the database, unless limits are asked"
    )
