"""Warnings for those who hold, book or change a start while the course can be played conditionally."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.house.statements import listed, statements
from tests.tee_sheet.closing import set_status
from tests.tee_sheet.desk import PAYER, add_player
from tests.tee_sheet.test_moves_api import booked, make_sheet
from tests.tee_sheet.waiting import freed, join, offers

WARNINGS = "warnings { __typename code message ... on CourseConditional { status reason conditionalUntil } }"
MIDNIGHT = datetime(2026, 5, 4, 22, 0, tzinfo=UTC)


async def warned(world, operation, who, **given):
    """Run a mutation; give its warnings."""
    made = "hold { id }" if operation == "holdSlots" else "booking { id }"
    payload = await world.server.mutate(operation, f"{made} {WARNINGS}", who=who, **given)
    assert bool(payload["problems"]) is (payload["hold" if operation == "holdSlots" else "booking"] is None)
    return payload["warnings"]


async def test_whoever_holds_books_or_changes_a_start_of_the_day_is_warned(world):
    ana = world.player("ana")
    _, [tomorrow, *_] = await make_sheet(world, days=1)
    await set_status(world, "CONDITIONAL", reason="Frost on the greens")
    start = {"teeTimeId": world.tee_time()}
    [warning] = await warned(world, "holdSlots", ana, **start, places=1)
    assert warning.pop("message").endswith(".")
    assert warning == {
        "__typename": "CourseConditional",
        "code": "COURSE_CONDITIONAL",
        "status": "CONDITIONAL",
        "reason": "Frost on the greens",
        "conditionalUntil": MIDNIGHT.isoformat(),
    }
    await join(world, ana, 0)
    await freed(world, 0)
    [offer] = await offers(world)
    mine = await booked(world, 1, ana)
    for operation, given in (
        ("bookSlots", start | {"places": 1, "payer": PAYER}),
        ("acceptWaitlistOffer", {"offerId": offer["id"]}),
        ("updateBooking", {"bookingId": mine, "players": [{"firstName": "Eva"}]}),
    ):
        assert [one["code"] for one in await warned(world, operation, ana, **given)] == ["COURSE_CONDITIONAL"]
    given = {"bookingId": mine, "teeTimeId": tomorrow}
    assert await warned(world, "moveBooking", world.staff, **given) == []
    assert len(await warned(world, "moveBooking", world.staff, **given | start)) == 1
    assert await warned(world, "holdSlots", ana, teeTimeId=tomorrow, places=1) == []
    assert await warned(world, "holdSlots", ana, teeTimeId=tomorrow, places=1) == []  # refused: it is held already


@pytest.mark.parametrize("status", ["OPEN", "CLOSED"])
async def test_nobody_is_warned_of_another_status(world, status):
    await set_status(world, status)
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "evenIfClosed": True}
    assert await warned(world, "bookSlots", world.staff, **given) == []


async def test_the_staff_s_word_holds_until_its_end(world, clock):
    starts = [(await make_sheet(world, days=days))[1][0] for days in (1, 2)]
    await set_status(world, "CONDITIONAL", until=MIDNIGHT + timedelta(days=1))
    for start, count in zip((world.tee_time(), *starts), (1, 1, 0), strict=True):
        assert len(await warned(world, "holdSlots", world.staff, teeTimeId=start, places=1)) == count
    early = {"places": 1, "payer": PAYER}
    await set_status(world, "CONDITIONAL", until=clock() + timedelta(hours=1))
    assert len(await warned(world, "bookSlots", world.staff, teeTimeId=world.tee_time(0), **early)) == 0
    clock.advance(hours=1)
    assert await warned(world, "bookSlots", world.staff, teeTimeId=world.tee_time(0), **early) == []


async def test_what_was_played_on_another_day_is_not_warned_of(world, clock):
    booking = await booked(world)
    clock.advance(days=1)
    await set_status(world, "CONDITIONAL")
    assert await warned(world, "updateBooking", world.staff, bookingId=booking, paidCents=100) == []


async def test_a_repeat_warns_of_what_is_so_now(world):
    ana = world.player("ana")
    given = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER, "idempotencyKey": "k"}
    assert await warned(world, "bookSlots", ana, **given) == []
    await set_status(world, "CONDITIONAL")
    assert len(await warned(world, "bookSlots", ana, **given)) == 1
    await set_status(world, "OPEN")
    assert await warned(world, "bookSlots", ana, **given) == []


async def test_warnings_cost_one_statement_to_who_asks_for_them(world):
    await add_player(world, "Ana", "MEMBER", user_id="ana")
    await set_status(world, "CONDITIONAL")
    given = {"places": 1, "payer": PAYER}
    with statements(world.server) as sent:
        await world.server.mutate(
            "bookSlots", "booking { id }", who=world.player("ana"), teeTimeId=world.tee_time(), **given
        )
    with statements(world.server) as more:
        assert len(await warned(world, "bookSlots", world.player("ana"), teeTimeId=world.tee_time(), **given)) == 1
    assert len(more) <= len(sent) + 2, listed(more)  # the snapshot asks whose rows it may see
