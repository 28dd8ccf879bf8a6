"""The provider that moves no money, with its page; and what providers share: signatures, and sums of all currencies."""

from datetime import timedelta

import pytest
import pytest_asyncio

from api.app import create_app
from jobs.payments import sweep_payments
from kit.paying import SignatureRefused, payable
from providers.payments.choice import twin_of
from providers.payments.signatures import check_signature, signed
from providers.payments.stripe import from_stripe, to_stripe
from tests.harness import MORNING, HeldClock, serving
from tests.payments.till import ask_policy, book, deposit, ledger, read, work


@pytest_asyncio.fixture(scope="module")
async def shared_server(settings):
    """A server whose deposits nobody takes: the tests' own settings."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as running:
        yield running


async def press(world, url, chosen):
    """Press a button of the page; give what it says then."""
    path = url.partition("/payments/")[2]
    answer = await world.server.http.post(f"{world.server.url}/payments/{path}?as={chosen}")
    return answer.status_code, answer.text


async def worked(world):
    runtime = world.server.runtime
    await work(world, twin_of(runtime.settings, clock=runtime.clock))


async def pending(world):
    await ask_policy(world)
    booking = await book(world, world.player("ana"))
    await worked(world)
    return booking, (await deposit(world, booking))["payUrl"]


async def test_its_page_declines_takes_and_closes(world):
    booking, url = await pending(world)
    assert "was declined" in (await press(world, url, "declined"))[1]
    assert (await deposit(world, booking))["status"] == "PENDING"
    status, text = await press(world, url, "paid")
    assert (status, "thank you" in text) == (200, True)
    for _ in range(2):
        await worked(world)
    assert (await ledger(world, booking))[1] == [("PAYMENT", 2000)]
    given = {"depositId": (await deposit(world, booking))["id"], "amountCents": 500, "reason": "Goodwill"}
    await world.server.mutate("refundDeposit", "deposit { id }", who=world.staff, **given)
    await worked(world)
    assert (await deposit(world, booking))["refunds"][0]["status"] == "DONE"


async def test_news_that_are_lost_are_found_and_a_page_that_is_too_late_is_closed(world):
    booking, url = await pending(world)
    await press(world, url, "silent")
    assert (await deposit(world, booking))["status"] == "PENDING"
    for _ in range(3):
        world.server.clock.advance(minutes=2)
        await sweep_payments(world.server.runtime)
    assert (await deposit(world, booking))["status"] == "PAID"
    other = await book(world, world.player("bea"), -2)
    await worked(world)
    late = (await deposit(world, other))["payUrl"]
    world.server.clock.advance(minutes=31)
    await worked(world)
    assert "closed" in (await press(world, late, "paid"))[1]
    assert (await read(world, other))["status"] == "CANCELLED"


async def test_there_are_no_other_pages(world):
    for path in ("nothing", "twin_0", "..%2Fsecret"):
        assert (await world.server.http.get(f"{world.server.url}/payments/twin/{path}")).status_code == 404
    for path in ("done", "left"):
        assert (await world.server.http.get(f"{world.server.url}/payments/{path}")).status_code == 200


def test_a_signature_is_of_these_bytes_by_this_secret_and_of_now():
    header = signed(b"body", "secret", now=MORNING)
    check_signature(b"body", header, ["another", "secret"], now=MORNING + timedelta(minutes=5))
    for body, given, secret, late in (
        (b"bodY", header, "secret", 0),
        (b"body", header, "Secret", 0),
        (b"body", header, "secret", 6),
        (b"body", header, "secret", -6),
        (b"body", header.replace("v1=", "v0="), "secret", 0),
        (b"body", "v1=é,t=²", "secret", 0),
        (b"body", "", "secret", 0),
    ):
        with pytest.raises(SignatureRefused):
            check_signature(body, given, [secret], now=MORNING + timedelta(minutes=late))


@pytest.mark.parametrize(
    ("cents", "currency", "paid", "amount"),
    [(1999, "EUR", 1999, 1999), (1500, "JPY", 1500, 1500), (1500, "ISK", 1500, 150_000), (1231, "KWD", 1240, 1240)],
)
def test_a_sum_in_a_currency_s_smallest_unit_is_written_as_stripe_wants_it(cents, currency, paid, amount):
    assert payable(cents, currency) == paid
    assert to_stripe(paid, currency) == amount
    assert from_stripe(amount, currency) == paid
