"""A waitlist that was read once and then fed by events shows what a fresh one shows, and so does its sheet."""

from random import Random

import pytest

from domain.tee_sheet.inventory.slots import lock_tee_time
from domain.tee_sheet.offers.places import withdraw_places
from jobs import tasks
from kit.ids import parse_id
from tests.api.poller import poll
from tests.tee_sheet.board import Board
from tests.tee_sheet.desk import add_player, ask, hold, sheet, sheet_events
from tests.tee_sheet.waiting import LINE, Line, accept, decline, fill, free, join, leave, offers, waitlist
from tests.thorough import times

ACTS = {
    "join": lambda world, offer: join(world, world.player("new")),
    "leave": lambda world, offer: leave(world, world.staff, offer["entryId"]),
    "accept": lambda world, offer: accept(world, world.staff, offer["id"]),
    "decline": lambda world, offer: decline(world, world.staff, offer["id"]),
    "expire": lambda world, offer: expire(world),
    "withdraw": lambda world, offer: withdraw(world),
    "free": lambda world, offer: free(world, world.booking),
}


async def expire(world):
    world.server.clock.advance(minutes=15)
    await tasks.sweep_holds(world.server.runtime)


async def withdraw(world):
    async with world.server.runtime.work.change(world.tenant_id) as change:
        locked = await lock_tee_time(change.session, parse_id("tee_time", world.tee_time()))
        await withdraw_places(change.session, locked, locked.slots, now=world.server.clock())


async def assert_followed(world, line_before, sheet_before):
    """Feed the events since two snapshots to a line and a board, and compare them with fresh snapshots."""
    line, board, after = Line(line_before), Board(sheet_before), await sheet(world)
    for event in await sheet_events(world, after=sheet_before["cursor"], upto=after["cursor"]):
        line.apply(event)
        board.apply(event)
    fresh = await waitlist(world)
    assert fresh["cursor"] == after.pop("cursor")
    assert line.shown() == fresh["entries"]
    assert board.shown() == after


@pytest.mark.parametrize("act", ACTS)
async def test_after(world, act):
    await add_player(world, "Ana", "MEMBER", "ana")
    for name in ("ana", "ben", "eva"):
        await join(world, world.player(name), size=2)
    world.booking = await fill(world, places=2)
    await free(world, await fill(world, places=2))
    [offer] = await offers(world)
    line, day = await waitlist(world), await sheet(world)
    await ACTS[act](world, offer)
    await assert_followed(world, line, day)


@pytest.mark.parametrize("seed", [1, 2][: times(2, usually=1)])
async def test_after_fifty_acts_of_several_people(world, seed):
    random, bookings, asked = Random(seed), [], world.server
    people = [world.player(name) for name in ("ana", "ben", "eva", "ivo", "max")]
    line, day, poller = await waitlist(world), await sheet(world), None
    given = {"c": world.course, "d": world.day.isoformat()}
    for _ in range(50):
        who, number, size = random.choice(people), random.randrange(3), random.randint(1, 3)
        match random.choice(["join", "join", "fill", "fill", "free", "free", "accept", "decline", "leave", "wait"]):
            case "join":
                at = world.tee_times[number]["localTime"]
                wish = given_window(world, at, size)
                await ask(asked, "joinWaitlist", who=who, **wish)
            case "fill":
                payer = {"firstName": "A", "lastName": "B"}
                wish = {"teeTimeId": world.tee_time(number), "places": 4 - random.randrange(3), "payer": payer}
                made = (await ask(asked, "bookSlots", who=world.staff, **wish)).data["bookSlots"]["booking"]
                bookings += [made["id"]] if made else []
            case "free" if bookings:
                await free(world, bookings.pop(random.randrange(len(bookings))))
            case "accept" | "decline" as answer:
                for offer in await offers(world, who):
                    await ask(asked, f"{answer}WaitlistOffer", who=who, offerId=offer["id"])
            case "leave":
                for entry in (await waitlist(world, who))["entries"]:
                    await leave(world, who, entry["id"])
            case "wait":
                asked.clock.advance(minutes=4)
                await tasks.sweep_holds(asked.runtime)
        tag = poller.headers["etag"] if poller else None
        answer = await poll(asked, world.staff, LINE, tag=tag, **given)
        poller = answer if answer.status_code == 200 else poller
        assert poller.json()["data"]["waitlist"] == await waitlist(world)
    await hold(world, world.player("last"), 9)  # on a tee time of its own, so that the end is known
    await assert_followed(world, line, day)


def given_window(world, at, size):
    window = {"earliest": at, "latest": at, "partySize": size, "firstName": "Eva", "lastName": "Ruiz"}
    return {"courseId": world.course, "date": world.day.isoformat(), **window}
