"""What could not be given back is found by a desk that was closed then; our own faults keep nobody else waiting."""

from collections import deque
from math import inf

from sqlalchemy import select

from events.figures import payment_faults
from jobs.payments import Sweep, ask_about_deposit
from models.payments import Deposit
from providers.payments.stripe import Stripe
from realtime.metrics import total_of
from tests.payments.stripe_server import KEY, SECRET
from tests.payments.test_deposits import paid
from tests.payments.till import WAYS, ask_policy, book, deposit, stripe_for, work
from tests.tee_sheet.desk import cancel, done

LIST = """query($c: ID!, $first: Int!, $after: String) { depositsToGiveBack(clubId: $c, first: $first, after: $after) {
  nodes { bookingId refunds { status amount { amountCents } } } pageInfo { hasNextPage endCursor }
} }"""


async def to_give_back(world, who=None, *, first=20, after=None):
    answer = await world.server.run(LIST, who=who or world.staff, c=world.club, first=first, after=after)
    return answer.data["depositsToGiveBack"]


async def found(world):
    return [one["bookingId"] for one in (await to_give_back(world))["nodes"]]


async def failed(world, service, number=-1):
    """Pay for a booking, cancel it, and have the refund fail."""
    booking, intent = await paid(world, service, number=number)
    intent["latest_charge"]["amount_refunded"] = 2000  # all of it is gone, and Stripe will refuse
    await cancel(world, world.staff, booking)
    await work(world, stripe_for(service))
    world.server.clock.advance(minutes=1)
    return booking, intent


async def test_what_could_not_be_given_back_is_listed_until_it_is(world, service):
    assert await found(world) == []
    by_hand, _ = await failed(world, service)
    by_card, intent = await failed(world, service, number=-2)
    assert await found(world) == [by_card, by_hand]
    page = await to_give_back(world, first=1)
    assert page["nodes"][0]["refunds"] == [{"status": "FAILED", "amount": {"amountCents": 2000}}]
    assert page["pageInfo"]["hasNextPage"]
    rest = await to_give_back(world, first=1, after=page["pageInfo"]["endCursor"])
    assert [one["bookingId"] for one in rest["nodes"]] == [by_hand]
    handed = {"bookingId": by_hand, "kind": "REFUND", "reason": "By hand"}
    for cents, left in ((1500, [by_card, by_hand]), (500, [by_card])):
        await done(world.server, "addLedgerEntry", "cursor", who=world.staff, amountCents=cents, **handed)
        assert await found(world) == left
    again = {"depositId": (await deposit(world, by_card))["id"], "reason": "Again"}
    await done(world.server, "refundDeposit", "cursor", who=world.staff, **again)
    assert await found(world) == [], "it is under way"
    await work(world, stripe_for(service))
    assert await found(world) == [by_card], "it has failed again"
    world.server.clock.advance(minutes=1)
    intent["latest_charge"]["amount_refunded"] = 0
    await done(world.server, "refundDeposit", "cursor", who=world.staff, **again)
    await work(world, stripe_for(service))
    assert await found(world) == []


async def test_players_are_told_of_no_such_list(world):
    answer = await world.server.run(LIST, who=world.player("ana"), c=world.club, first=1)
    assert answer.code == "NOT_ALLOWED"


class Broken(Stripe):
    """A way to Stripe in which we have made a mistake, for one page."""

    async def authorise(self, order):
        if order.amount_cents == 1000:
            raise ZeroDivisionError
        return await super().authorise(order)


async def test_a_fault_of_our_own_is_counted_and_put_off_and_the_rest_is_asked_about(world, service):
    await ask_policy(world)
    bad = await book(world, world.player("bad"), places=1)
    good = [await book(world, world.player(f"p{number}"), number) for number in (1, 2)]
    runtime = world.server.runtime
    broken = Broken(key=KEY, secrets=(SECRET,), url=service.url, **WAYS)
    async with runtime.database.snapshot(world.tenant_id) as session:
        keys = list(await session.scalars(select(Deposit.id).order_by(Deposit.id)))
    before = total_of(payment_faults.labels("OWN"))
    sweep = Sweep(runtime, broken, deque((ask_about_deposit, world.tenant_id, key) for key in keys), ends_at=inf)
    await sweep.run()
    assert (sweep.silent, len(sweep.due)) == (0, 0)
    assert total_of(payment_faults.labels("OWN")) == before + 1
    assert [(await deposit(world, one))["status"] for one in (bad, *good)] == ["REQUESTED", "PENDING", "PENDING"]
    async with runtime.database.snapshot(world.tenant_id) as session:
        row = await session.scalar(select(Deposit).where(Deposit.amount_cents == 1000))
    assert row.due_at > world.server.clock(), "it comes behind what is due by then"
    world.server.clock.advance(minutes=10)
    await work(world, stripe_for(service))
    assert (await deposit(world, bad))["status"] == "PENDING"
