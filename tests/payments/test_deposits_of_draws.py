"""What a draw books asks for deposits as any booking of its starts, with time to pay until the rest is sold."""

from uuid import UUID

from jobs import tasks
from kit.ids import parse_id
from tests.house.statements import listed, statements
from tests.notifications.desk import told
from tests.payments.till import ask_policy, read, stripe_for, work
from tests.tee_sheet.balloting import announce, enter, entries
from tests.tee_sheet.balloting import read as read_ballot
from tests.tee_sheet.desk import PAYER, done


async def tend(world, ballot, **span):
    """Let time pass, and the worker look at the ballot."""
    world.server.clock.advance(**span)
    key: UUID = parse_id("ballot", ballot["id"], path=())
    await tasks.tend_ballot(world.server.runtime, tenant_id=world.tenant_id, ballot_id=str(key))


async def test_what_is_drawn_is_paid_until_the_rest_is_sold_or_goes_back(world, service):
    ana, ben, stripe = world.player("ana"), world.player("ben"), stripe_for(service)
    at = next(n for n, one in enumerate(world.tee_times) if one["localTime"] == "10:00:00")
    await ask_policy(world, rules=[{"centsAPlayer": 1000, "lastStart": world.tee_times[at]["localTime"]}])
    ballot = await announce(world, closes=60, releases=120)
    await enter(world, ana, ballot, at, players=[PAYER], places=3)
    await enter(world, ben, ballot, at + 1, players=[PAYER], places=2)
    await tend(world, ballot, minutes=60)
    mine, other = await entries(world, ballot)
    assert (await read(world, other["bookingId"]))["deposits"] == [], "no rule is about its start"
    [asked] = (await read(world, mine["bookingId"]))["deposits"]
    assert (asked["status"], asked["amount"]["amountCents"]) == ("REQUESTED", 3000)
    await work(world, stripe)
    assert [one["kind"] for one in await told(world, ana)] == ["DEPOSIT_ASKED", "BALLOT_DRAWN"]
    world.server.clock.advance(minutes=59)
    await work(world, stripe)
    [asked] = (await read(world, mine["bookingId"], who=ana))["deposits"]
    assert (asked["status"], asked["payBy"]) == ("PENDING", ballot["releasesAt"])
    left = (await read_ballot(world, ballot))["placesLeft"]
    world.server.clock.advance(minutes=1)
    await work(world, stripe)
    assert (await read(world, mine["bookingId"]))["status"] == "CANCELLED"
    assert (await read(world, other["bookingId"]))["status"] == "CONFIRMED"
    assert (await read_ballot(world, ballot))["placesLeft"] == left + 3
    await tend(world, ballot)
    assert (await read_ballot(world, ballot))["status"] == "RELEASED"


async def test_a_draw_asks_for_all_its_deposits_at_once(world):
    await ask_policy(world, minutesToPay=45)
    sent = []
    for parties, first in ((2, "10:00"), (8, "11:00")):
        ballot = await announce(world, firstStart=first, lastStart=first[:3] + "50", byHand=True)
        at = next(n for n, one in enumerate(world.tee_times) if one["localTime"] == f"{first}:00")
        for n in range(parties):
            await enter(world, world.player(f"p {n}"), ballot, at + n // 4, players=[PAYER])
        world.server.clock.advance(minutes=60)
        await tend(world, ballot)
        with statements(world.server) as made:
            await done(world.server, "drawBallot", "ballot { id }", who=world.staff, ballotId=ballot["id"])
        sent.append(len(made))
        for entry in await entries(world, ballot):
            [asked] = (await read(world, entry["bookingId"]))["deposits"]
            assert asked["amount"]["amountCents"] == 1000
    assert sent[0] == sent[1], listed(made)
