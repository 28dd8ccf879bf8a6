"""What holds on the waitlist when much happens at the same moment, and when nobody worked for an hour."""

from asyncio import gather
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from api.app import create_app
from domain.tee_sheet.offers.holds import expire_hold
from jobs import tasks
from tests.harness import HeldClock, found_world, serving
from tests.tee_sheet.board import CLUB_EVENTS
from tests.tee_sheet.desk import ask, club_events, done, head, hold, sheet, types
from tests.tee_sheet.test_hold_expiry import make_due, settings_with_a_queue_of_its_own, until_done
from tests.tee_sheet.waiting import fill, free, join, offers, waitlist

__all__ = ["settings_with_a_queue_of_its_own"]
PAIRS = text("SELECT tenant_id, id FROM holds WHERE offer_id IS NOT NULL AND status = 'ACTIVE'")


def codes(payloads):
    """Count the codes of the refusals; what was done counts as DONE."""
    return Counter(payload["problems"][0]["code"] if payload["problems"] else "DONE" for payload in payloads)


async def offered(world, names, number=-1, places=1):
    """Have people wait for a start, and as many places come free as each wants; give the live offers."""
    for name in names:
        await join(world, world.player(name), number, places)
    await free(world, await fill(world, number, places * len(names)))
    return await offers(world)


async def expire_at(world, moment):
    """Have the job of each live offer run as if it were some moment, whatever the clock says."""
    async with world.server.runtime.database.across_tenants() as session:
        due = [tuple(row) for row in await session.execute(PAIRS)]
    for tenant_id, hold_id in due:
        if tenant_id == world.tenant_id:
            async with world.server.runtime.work.change(tenant_id) as change:
                await expire_hold(change.session, hold_id=hold_id, now=moment)


@pytest.mark.parametrize("number", range(4))
async def test_an_offer_is_accepted_in_the_second_in_which_it_expires(world, clock, number):
    ana = world.player("ana")
    [offer] = await offered(world, ["ana"])
    before, expires_at = await head(world), datetime.fromisoformat(offer["expiresAt"])
    clock.now = expires_at - timedelta(seconds=1)
    accepting = ask(world.server, "acceptWaitlistOffer", who=ana, offerId=offer["id"])
    expiring = expire_at(world, expires_at)
    answers = await gather(*((accepting, expiring) if number % 2 else (expiring, accepting)))
    payload = next(answer for answer in answers if answer)["data"]["acceptWaitlistOffer"]
    found = types(await club_events(world, after=before, upto=await head(world)))
    if payload["booking"]:
        assert found == ["waitlist.offer-accepted", "booking.created", "slot.booked"]
    else:
        assert payload["problems"][0]["code"] == "OFFER_EXPIRED"
        assert found == ["waitlist.offer-expired", "slot.available"]
    shown = [slot["status"] for slot in (await sheet(world))["teeTimes"][-1]["slots"]]
    assert shown == [("BOOKED" if payload["booking"] else "AVAILABLE"), *["AVAILABLE"] * 3]


async def test_an_offer_is_answered_once_however_it_is_answered(world):
    ana = world.player("ana")
    for number in range(5):
        [offer] = await offered(world, ["ana"], number, places=2)
        before = await head(world)
        acts = [ask(world.server, "acceptWaitlistOffer", who=ana, offerId=offer["id"]) for _ in range(4)]
        acts += [ask(world.server, "declineWaitlistOffer", who=ana, offerId=offer["id"]) for _ in range(4)]
        acts += [ask(world.server, "leaveWaitlist", who=ana, entryId=offer["entryId"]) for _ in range(4)]
        payloads = [next(iter(answer.data.values())) for answer in await gather(*acts)]
        found = Counter(types(await club_events(world, after=before, upto=await head(world))))
        assert found["waitlist.offer-accepted"] + found["waitlist.offer-declined"] == 1
        assert found["booking.created"] == found["waitlist.offer-accepted"]
        assert 1 <= codes(payloads)["DONE"] <= 1 + found["waitlist.left"]
        assert set(codes(payloads)) <= {"DONE", "OFFER_ENDED", "WAITLIST_ENTRY_ENDED"}
        assert (await waitlist(world))["entries"] == []


async def test_two_releases_at_once_never_make_two_offers_to_one(world):
    names = ["ana", "ben", "eva"]
    for name in names:
        await join(world, world.player(name), None)
    bookings = []
    for number in range(6):
        await fill(world, number, 3)
        bookings.append(await fill(world, number, 1))
    before = await head(world)
    await gather(*(free(world, booking) for booking in bookings))
    live = await offers(world)
    assert len({offer["entryId"] for offer in live}) == len(live) == 3
    assert len({offer["teeTimeId"] for offer in live}) == 3
    found = Counter(types(await club_events(world, after=before, upto=await head(world))))
    assert (found["waitlist.offer-created"], found["slot.held"], found["slot.available"]) == (3, 3, 6)


async def test_one_release_feeds_several_while_they_come_and_go(world):
    names = [f"golfer {n}" for n in range(8)]
    entries = [await join(world, world.player(name), 0, 2) for name in names]
    booking = await fill(world, 0)
    leaving = [
        ask(world.server, "leaveWaitlist", who=world.staff, entryId=entry["id"]) for entry in (entries[0], entries[2])
    ]
    await gather(free(world, booking), *leaving)
    live = await offers(world)
    assert [offer["places"] for offer in live] == [2, 2]
    assert {offer["entryId"] for offer in live}.isdisjoint({entries[0]["id"], entries[2]["id"]})


async def test_a_cancellation_cascades_through_ten_entries(server, clock):
    world = await found_world(server, waitlistUnansweredOffers=100)
    entries = [(await join(world, world.player(f"golfer {n}"), size=4))["id"] for n in range(10)]
    before = await head(world)
    await free(world, await fill(world))
    for _ in range(10):
        clock.advance(minutes=15)
        await gather(*(tasks.sweep_holds(server.runtime) for _ in range(3)))
    events = await club_events(world, after=before, upto=await head(world))
    assert [e["entryId"] for e in events if e["type"] == "waitlist.offer-created"] == entries
    assert [e["entryId"] for e in events if e["type"] == "waitlist.offer-expired"] == entries
    assert await offers(world) == []
    assert [slot["status"] for slot in (await sheet(world))["teeTimes"][-1]["slots"]] == ["AVAILABLE"] * 4


async def test_three_workers_end_each_offer_once(world, clock):
    for number in range(4):
        await offered(world, [f"{number}-{name}" for name in "ab"], number, places=2)
    before = await head(world)
    clock.advance(minutes=15)
    await gather(*(tasks.sweep_holds(world.server.runtime) for _ in range(3)))
    found = Counter(types(await club_events(world, after=before, upto=await head(world))))
    assert found == {"waitlist.offer-expired": 8, "slot.available": 16}


async def test_after_an_hour_without_a_worker_all_is_caught_up_in_order(world, clock):
    order = (12, 10, 11)
    for number in order:
        await offered(world, [f"golfer {number}"], number)
        clock.advance(minutes=1)
    waiting = await join(world, world.player("last"), 10)
    before = await head(world)
    clock.advance(minutes=60)
    await tasks.sweep_holds(world.server.runtime)
    events = await club_events(world, after=before, upto=await head(world))
    ended = [event["teeTimeId"] for event in events if event["type"] == "waitlist.offer-expired"]
    assert ended == [world.tee_time(number) for number in order]
    [offer] = await offers(world)  # the next in line has the full time from now on
    assert offer["entryId"] == waiting["id"]
    assert offer["expiresAt"] == (clock() + timedelta(minutes=15)).isoformat()


async def test_the_worker_ends_an_offer_by_the_job_that_it_put_down(settings_with_a_queue_of_its_own):
    clock = HeldClock()
    app = create_app(settings_with_a_queue_of_its_own, with_jobs=True, clock=clock)
    async with serving(app, clock) as server:
        world = await found_world(server)
        await offered(world, ["ana"])
        before = await head(world)
        assert ("expire_hold", timedelta(minutes=15)) in await make_due(server)
        clock.advance(minutes=15)
        await make_due(server)
        async with server.socket(world.staff) as socket:
            await socket.subscribe(CLUB_EVENTS, club=world.club, after=before)
            await hold(world, world.player("ben"), 0)  # its job makes the queue look again at what is due
            found = types(await socket.events(3))
        assert sorted(found) == ["slot.available", "slot.held", "waitlist.offer-expired"]
        await until_done(server, "expire_hold")


async def test_a_busy_hour_leaves_nothing_half_done(world, clock):
    people = [world.player(f"golfer {n}") for n in range(12)]

    async def wait_and_answer(number, who):
        entry = await join(world, who, number % 3, 1 + number % 2)
        for _ in range(4):
            for offer in await offers(world, who):
                operation = ("acceptWaitlistOffer", "declineWaitlistOffer")[number % 2]
                await ask(world.server, operation, who=who, offerId=offer["id"])
        if number % 3 == 0:
            await ask(world.server, "leaveWaitlist", who=who, entryId=entry["id"])

    async def sell_and_give_back(number):
        for _ in range(4):
            wish = {"teeTimeId": world.tee_time(number), "places": 2, "payer": {"firstName": "A", "lastName": "B"}}
            answer = await ask(world.server, "bookSlots", who=world.staff, **wish)
            if made := answer.data["bookSlots"]["booking"]:
                await done(world.server, "cancelBooking", "booking { id }", who=world.staff, bookingId=made["id"])

    async def look():
        for _ in range(6):
            clock.advance(minutes=4)
            await tasks.sweep_holds(world.server.runtime)

    acts = [wait_and_answer(n, who) for n, who in enumerate(people)]
    await gather(*acts, *(sell_and_give_back(n) for n in range(3)), look())
    await assert_whole(world)


WRONG = """
    SELECT 'an offer without its places' FROM waitlist_offers o LEFT JOIN holds h ON h.offer_id = o.id
    WHERE o.status = 'PENDING' AND (h.status IS DISTINCT FROM 'ACTIVE' OR o.places <>
        (SELECT count(*) FROM slots s WHERE s.hold_id = h.id AND s.status = 'HELD'))
    UNION ALL SELECT 'places of an offer that has ended' FROM waitlist_offers o JOIN holds h ON h.offer_id = o.id
    JOIN slots s ON s.hold_id = h.id WHERE o.status <> 'PENDING'
    UNION ALL SELECT 'an offer to who waits no longer' FROM waitlist_offers o
    JOIN waitlist_entries e ON e.id = o.entry_id WHERE o.status = 'PENDING' AND e.status <> 'WAITING'
    UNION ALL SELECT 'a booking that was not made' FROM waitlist_entries e WHERE e.status = 'BOOKED' AND NOT EXISTS
        (SELECT FROM waitlist_offers o JOIN bookings b ON b.id = o.booking_id WHERE o.entry_id = e.id)
"""


async def assert_whole(world):
    """Look where it counts: nothing is half done."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        assert list(await session.scalars(text(WRONG))) == []
        assert await session.scalar(text("SELECT count(*) FROM waitlist_offers")) > 3
