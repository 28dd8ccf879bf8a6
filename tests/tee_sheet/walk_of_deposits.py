"""What people and a payment provider do at random about deposits, and what it comes to: no cent more, and none less."""

from asyncio import gather
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from kit.ids import public_id
from models.payments import Deposit, DepositRefund, DepositStatus, RefundStatus
from providers.payments.choice import twin_of
from providers.payments.twin import Twin
from tests.harness import Who, World
from tests.payments.till import work

if TYPE_CHECKING:
    from tests.tee_sheet.walk import Walk

OPEN = {DepositStatus.REQUESTED, DepositStatus.PENDING, DepositStatus.AUTHORISED, DepositStatus.RELEASING}


def twin_at(world: World) -> Twin:
    """Give the provider that moves no money, as the server has it."""
    runtime = world.server.runtime
    return twin_of(runtime.settings, clock=runtime.clock)


async def deposits_at(world: World) -> Sequence[Deposit]:
    """Read all deposits of the club."""
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        return list(await session.scalars(select(Deposit).order_by(Deposit.created_at, Deposit.id)))


async def ask_deposit(walk: "Walk") -> None:
    cents = walk.random.choice([1000, 2000, 4500])
    given = {"bookingId": walk.booking("CONFIRMED")["id"], "minutesToPay": walk.random.choice([5, 30, None])}
    if await walk.do("askDeposit", walk.clerk(), amountCents=cents, **given):
        await settle(walk)


async def pay_deposit(walk: "Walk") -> None:
    """Pay, be declined, or pay without a word of it to the server; at times two do so at once, on one page."""
    rows = [row for row in await deposits_at(walk.sheets[0]) if row.page_url]
    pages = [row.page_url for row in rows if row.status in OPEN] if walk.random.random() < 0.9 else []
    if page := walk.one(pages or [row.page_url for row in rows]):
        path = page[page.index("/payments/") :]
        ways = walk.random.choice([["paid"], ["paid"], ["paid", "paid"], ["declined"], ["silent"]])
        await gather(*(walk.server.http.post(f"{walk.server.url}{path}?as={way}") for way in ways))
        if walk.random.random() < 0.7:
            await settle(walk)


async def settle(walk: "Walk") -> None:
    """Let the worker ask the provider about what is due."""
    await work(walk.sheets[0], twin_at(walk.sheets[0]), most=40)


async def waive(walk: "Walk") -> None:
    if deposit := walk.one([row for row in await deposits_at(walk.sheets[0]) if row.status in OPEN]):
        await walk.do("waiveDeposit", walk.clerk(), depositId=public_id("deposit", deposit.id), reason="A friend")


async def refund_deposit(walk: "Walk") -> None:
    if deposit := walk.one([row for row in await deposits_at(walk.sheets[0]) if row.paid_cents]):
        cents = walk.random.choice([None, 500, 1000])
        given = {"depositId": public_id("deposit", deposit.id), "reason": "Goodwill", "amountCents": cents}
        who: list[Who] = [walk.clerk(), walk.clerk()][: walk.random.choice([1, 1, 2])]
        await gather(*(walk.do("refundDeposit", one, **given) for one in who))


async def pay_some(walk: "Walk") -> None:
    """Have three bookings of tomorrow whose deposits are paid, one of them given back in part, before all else."""
    world = walk.sheets[1]
    for number in (1, 2, 3):
        given = {"teeTimeId": world.tee_time(number), "places": 3, "payer": walk.person()}
        booking = (await walk.do("bookSlots", world.staff, **given))["booking"]["id"]
        await walk.do("askDeposit", world.staff, bookingId=booking, amountCents=3000)
        await settle(walk)
        page = next(row.page_url for row in await deposits_at(world) if row.status is DepositStatus.PENDING)
        path = page[page.index("/payments/") :]
        await walk.server.http.post(f"{walk.server.url}{path}?as=paid")
        await settle(walk)
    paid = [public_id("deposit", row.id) for row in await deposits_at(world) if row.status is DepositStatus.PAID]
    assert len(paid) == 3
    await walk.do("refundDeposit", world.staff, depositId=paid[0], reason="Goodwill", amountCents=500)


DEPOSIT_ACTS = {
    "ask_deposit": ask_deposit,
    "pay_deposit": pay_deposit,
    "settle": settle,
    "waive": waive,
    "refund_deposit": refund_deposit,
}


async def taken_by_cards(world: World) -> int:
    """Let all that is under way come to its end; give what cards have paid and not been given back, in cents.

    The provider, the deposits, and the orders to give back have to agree on it.
    """
    twin = twin_at(world)
    await work(world, twin, most=40)
    rows = await deposits_at(world)
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        refunds = list(await session.scalars(select(DepositRefund)))
    assert {row.status for row in refunds} <= {RefundStatus.DONE}, "the twin refuses none that is right"
    given_back = sum(row.amount_cents for row in refunds)
    taken = sum(row.paid_cents for row in rows)
    assert sum(row.refunded_cents for row in rows) == given_back
    payments = [payment for payment in map(_payment, _files(twin)) if payment["tenant"] == str(world.tenant_id)]
    assert sum(one["captured_cents"] for one in payments) == taken
    assert sum(sum(one["refunds"].values()) for one in payments) == given_back
    reserved = [one["id"] for one in payments if one["stage"] == "AUTHORISED"]
    known = {row.payment_id or row.page_id: row for row in rows}
    assert [key for key in reserved if known[key].due_at is None] == [], "money is reserved, and nobody looks after it"
    return taken - given_back


def _files(twin: Twin) -> list[Any]:
    return sorted(twin._folder.glob("*.json"))


def _payment(file: Any) -> Any:
    return orjson.loads(file.read_bytes())
