"""What goes wrong between a club and its payment provider: nothing is charged twice, and nothing is lost."""

from asyncio import Barrier, gather, timeout
from collections import deque
from math import inf

import pytest
from sqlalchemy import select

from events.figures import payment_sweeps_stopped
from jobs.payments import AT_ONCE, MOST_SILENT, Sweep, ask_about_deposit
from kit.paying import ProviderFault
from models.payments import Deposit
from providers.payments.stripe import Stripe
from realtime.metrics import total_of
from tests.notifications.desk import told
from tests.patience import PATIENCE
from tests.payments.stripe_server import LOSE, LOSE_BEFORE
from tests.payments.test_deposits import paid, pending
from tests.payments.till import (
    KEY,
    SECRET,
    WAYS,
    Dies,
    Mortal,
    ask_policy,
    book,
    deposit,
    ledger,
    post,
    stripe_for,
    work,
)
from tests.tee_sheet.desk import cancel, done, head, read_until

PAID = [("PAYMENT", 2000)]
GIVEN_BACK = [("PAYMENT", 2000), ("REFUND", 2000)]


def completed(service, world, **more):
    return service.event("checkout.session.completed", service.page, now=world.server.clock(), **more)


async def in_time(world, service, provider=None, *, minutes=2, rounds=6):
    """Let time pass as a worker has it, until all that is tried again has been."""
    for _ in range(rounds):
        world.server.clock.advance(minutes=minutes)
        await work(world, provider or stripe_for(service))


async def test_an_event_that_comes_twice_out_of_order_or_all_at_once_is_taken_once(world, service):
    booking = await pending(world, service)
    intent = service.pay()
    later = service.event("payment_intent.succeeded", intent, now=world.server.clock())
    first = completed(service, world)
    answers = await gather(*(post(world, *event) for event in (later, first, first, later, first)))
    assert sorted(said for _, said in answers) == ["known", "known", "known", "taken", "taken"]
    assert {status for status, _ in answers} == {200}
    await gather(*(work(world, stripe_for(service)) for _ in range(3)))
    await work(world, stripe_for(service))
    assert (await ledger(world, booking))[1] == PAID
    assert service.done["capture"] == 1


async def test_a_forged_an_old_and_a_foreign_event_do_nothing(world, service):
    booking = await pending(world, service)
    service.pay()
    body, headers = completed(service, world)
    assert (await post(world, body, headers | {"Stripe-Signature": "t=1,v1=00"}))[0] == 400
    assert (await post(world, body.replace(b"completed", b"expired"), headers))[0] == 400
    assert (await post(world, body, {}))[0] == 400
    assert (await post(world, *completed(service, world, secret="whsec_of_another")))[0] == 400
    world.server.clock.advance(minutes=6)
    assert (await post(world, body, headers))[0] == 400, "a replay of a valid event"
    service.page["metadata"] |= {"deposit": "deposit_01h455vb4pex5vsknk084sn02q"}
    assert await post(world, *completed(service, world)) == (200, "known")
    service.page["metadata"] = {}
    assert await post(world, *completed(service, world)) == (200, "not ours")
    assert (await post(world, b"x" * 300_000, headers))[0] == 413
    assert (await post(world, body, headers, provider="twin"))[0] == 404
    assert (await ledger(world, booking))[1] == []


@pytest.mark.parametrize("fault", [LOSE, LOSE_BEFORE, 500, 429])
@pytest.mark.parametrize("step", ["sessions", "capture", "refunds"])
async def test_a_step_that_fails_is_done_once_in_the_end(world, service, step, fault):
    await ask_policy(world, minutesToPay=60)
    booking = await book(world, world.player("ana"))
    service.faults.append((step, fault))
    await work(world, stripe_for(service))
    if step == "sessions":
        assert (await deposit(world, booking))["status"] == "REQUESTED"
        await in_time(world, service)
    shown = (await deposit(world, booking))["payUrl"]
    service.pay(next(page for page in service.pages.values() if page["url"] == shown))
    await in_time(world, service)
    assert (await ledger(world, booking))[1] == PAID
    await cancel(world, world.staff, booking)
    await in_time(world, service)
    assert (await ledger(world, booking))[1] == GIVEN_BACK
    assert (await deposit(world, booking))["status"] == "REFUNDED"
    assert (service.done["capture"], service.done["refund"], service.faults) == (1, 1, [])


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["authorise", "capture", "release", "refund"])
async def test_a_worker_that_is_killed_leaves_nothing_undone(world, service, step, moment):
    killed = Mortal(key=KEY, secrets=(SECRET,), url=service.url, **WAYS)
    killed.at = (step, moment)

    async def worked():
        with pytest.raises(Dies):
            await in_time(world, service, killed)
        await in_time(world, service)

    await ask_policy(world, minutesToPay=60)
    booking = await book(world, world.player("ana"))
    await (worked() if step == "authorise" else work(world, stripe_for(service)))
    assert service.done["page"] == 1
    if step == "release":
        await cancel(world, world.staff, booking)
        service.pay()
        await worked()
        assert (await deposit(world, booking))["status"] == "RELEASED"
        assert (service.done["cancel"], service.done["capture"]) == (1, 0)
        return
    service.pay()
    await (worked() if step == "capture" else in_time(world, service))
    assert (await ledger(world, booking))[1] == PAID
    await cancel(world, world.staff, booking)
    await (worked() if step == "refund" else in_time(world, service))
    assert (await ledger(world, booking))[1] == GIVEN_BACK
    assert (service.done["capture"], service.done["refund"]) == (1, 1)


async def test_who_has_paid_before_the_page_s_answer_came_has_paid(world, service):
    await ask_policy(world)
    booking = await book(world, world.player("ana"))

    async def quick_payer(path):
        if path.endswith("sessions"):
            service.before_answer = None
            service.pay()
            await post(world, *completed(service, world))

    service.before_answer = quick_payer
    await work(world, stripe_for(service))
    await in_time(world, service)
    assert (await ledger(world, booking))[1] == PAID
    assert (service.done["page"], service.done["capture"]) == (1, 1)


async def test_what_was_taken_though_its_booking_was_cancelled_meanwhile_is_given_back(world, service):
    booking = await pending(world, service)
    service.pay()

    async def cancelled_meanwhile(path):
        if path.endswith("capture"):
            service.before_answer = None
            await cancel(world, world.staff, booking)

    service.before_answer = cancelled_meanwhile
    await post(world, *completed(service, world))
    await in_time(world, service)
    assert (await deposit(world, booking))["status"] == "REFUNDED"
    assert await ledger(world, booking) == ((0, 2000, 2000, 0), GIVEN_BACK)


async def test_a_provider_that_is_away_keeps_no_places_for_ever_and_what_it_says_later_is_undone(world, service):
    booking = await pending(world, service)
    service.pay()
    service.faults += [("sessions", LOSE_BEFORE)] * 40
    await in_time(world, service, minutes=10, rounds=6)
    assert (await status(world, booking)) == "CANCELLED"
    service.faults.clear()
    world.server.clock.advance(hours=1)
    await in_time(world, service)
    assert (await deposit(world, booking))["status"] == "RELEASED"
    assert (service.done["cancel"], service.done["capture"]) == (1, 0)
    assert (await ledger(world, booking))[1] == []


async def status(world, booking):
    query = "query($id: ID!) { booking(id: $id) { status } }"
    return (await world.server.run(query, who=world.staff, id=booking)).data["booking"]["status"]


async def test_a_page_that_cannot_be_made_costs_nobody_a_booking(world, service):
    service.faults += [("sessions", 500)] * 3
    await ask_policy(world, minutesToPay=5)
    booking = await book(world, world.player("ana"))
    await in_time(world, service, minutes=4, rounds=4)
    found = await deposit(world, booking)
    assert (found["status"], await status(world, booking)) == ("PENDING", "CONFIRMED")


async def test_a_refund_that_fails_for_good_counts_as_paid_again(world, service):
    booking, intent = await paid(world, service)
    intent["latest_charge"]["amount_refunded"] = 2000  # all of it is gone, and Stripe will refuse
    await cancel(world, world.staff, booking)
    await work(world, stripe_for(service))
    found = await deposit(world, booking)
    assert (found["status"], found["refunds"][0]["status"]) == ("PAID", "FAILED")
    assert await ledger(world, booking) == ((0, 4000, 2000, -2000), [*GIVEN_BACK, ("PAYMENT", 2000)])


async def test_staff_hear_of_a_refund_that_fails_and_who_has_asked_for_it_is_notified(world, service):
    booking, intent = await paid(world, service)
    given = {"depositId": (await deposit(world, booking))["id"], "reason": "Rain", "amountCents": 500}
    clerk = world.clerk("clerk")
    await done(world.server, "refundDeposit", "cursor", who=clerk, **given)
    intent["latest_charge"]["amount_refunded"] = 2000
    since = await head(world)
    await work(world, stripe_for(service))
    for who, failed in ((world.staff, 500), (world.player("ana"), None)):
        events = await failures(world, who, after=since, upto=await head(world))
        assert events[-1] == {"type": "deposit.changed", "depositRefundFailedCents": failed}
    assert "DEPOSIT_REFUND_FAILED" in [row["kind"] for row in await told(world, clerk)]
    assert "DEPOSIT_REFUND_FAILED" not in [row["kind"] for row in await told(world, world.player("ana"))]


FAILURES = """subscription($c: ID!, $after: String) { clubEvents(clubId: $c, after: $after, types: [DEPOSIT_CHANGED]) {
  ... on StreamEvent { type cursor } ... on DepositChanged { depositRefundFailedCents }
} }"""


async def failures(world, who, *, after, upto):
    async with world.server.socket(who) as socket:
        await socket.subscribe(FAILURES, c=world.club, after=after)
        events = await read_until(socket, upto, world)
    return [{name: event[name] for name in ("type", "depositRefundFailedCents")} for event in events]


async def test_a_sweep_gives_up_on_a_silent_provider_and_the_rest_stays_due(world, service):
    await ask_policy(world)
    for number in range(12):
        await book(world, world.player(f"p{number}"), number)
    runtime, silent = world.server.runtime, Silent(service)
    async with runtime.database.snapshot(world.tenant_id) as session:
        keys = list(await session.scalars(select(Deposit.id)))
    sweep = Sweep(runtime, silent, deque((ask_about_deposit, world.tenant_id, key) for key in keys), ends_at=inf)
    before = total_of(payment_sweeps_stopped.labels("silent"))
    async with timeout(PATIENCE):
        await sweep.run()
    assert silent.asked in range(MOST_SILENT, MOST_SILENT + AT_ONCE), "what was under way is let end"
    assert len(sweep.due) == 12 - silent.asked
    assert total_of(payment_sweeps_stopped.labels("silent")) == before + 1
    late = Sweep(runtime, stripe_for(service), deque(sweep.due), ends_at=0.0)
    await late.run()
    assert len(late.due) == len(sweep.due)
    world.server.clock.advance(minutes=2)
    assert await work(world, stripe_for(service)) >= 12


class Silent(Stripe):
    """A way to Stripe on which nothing is ever answered, and which is asked by as many at once as a sweep may."""

    def __init__(self, service):
        super().__init__(key=KEY, secrets=(SECRET,), url=service.url, **WAYS)
        self.asked, self.together = 0, Barrier(AT_ONCE)

    async def authorise(self, order):
        self.asked += 1
        if self.asked <= AT_ONCE:
            await self.together.wait()
        raise ProviderFault("no answer: ReadTimeout", is_silent=True)


async def test_a_refund_that_fails_after_it_was_taken_counts_as_paid_again(world, service):
    booking, _ = await paid(world, service)
    await cancel(world, world.staff, booking)
    await work(world, stripe_for(service))
    [refund] = service.refunds.values()
    refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    await post(world, *service.event("refund.failed", refund, now=world.server.clock()))
    await work(world, stripe_for(service))
    assert (await deposit(world, booking))["refunds"][0]["status"] == "FAILED"
    assert (await ledger(world, booking))[0] == (0, 4000, 2000, -2000)


async def test_what_is_given_back_at_the_provider_is_entered_once(world, service):
    booking, intent = await paid(world, service)
    service.give_back_by_hand(intent, 700)
    about = {"id": "ch_1", "metadata": intent["metadata"]}
    for number in (1, 2):
        await post(world, *service.event("charge.refunded", about, now=world.server.clock(), number=number))
        await work(world, stripe_for(service))
    assert (await ledger(world, booking))[1] == [("PAYMENT", 2000), ("REFUND", 700)]
    assert (await deposit(world, booking))["refunded"]["amountCents"] == 700


async def test_a_deposit_goes_along_with_those_who_are_split_off_and_merged(world, service):
    booking, intent = await paid(world, service, places=4)
    whole = {"bookingId": booking, "paidCents": 22000}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **whole)
    split = {"bookingId": booking, "positions": [2, 3, 4]}
    made = await done(world.server, "splitBooking", "newBooking { id }", who=world.staff, **split)
    other = made["newBooking"]["id"]
    assert [(await ledger(world, one))[0][1] for one in (booking, other)] == [22000, 13000]
    for one in (other, booking):
        await cancel(world, world.staff, one)
        await in_time(world, service)
    assert intent["latest_charge"]["amount_refunded"] == 4000
    for one in (booking, other):
        assert min((await ledger(world, one))[0]) >= 0 or (await ledger(world, one))[0][3] < 0


async def test_two_who_cancel_and_refund_at_once_give_it_back_once(world, service):
    booking, intent = await paid(world, service)
    given = {"depositId": (await deposit(world, booking))["id"], "reason": "Goodwill"}
    refund = world.server.mutate("refundDeposit", "deposit { id }", who=world.staff, **given)
    await gather(
        refund,
        world.server.mutate("refundDeposit", "deposit { id }", who=world.staff, **given),
        world.server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booking),
    )
    await in_time(world, service)
    assert intent["latest_charge"]["amount_refunded"] == 2000
    assert (await ledger(world, booking))[1] == GIVEN_BACK
