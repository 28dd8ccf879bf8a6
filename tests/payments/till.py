"""A club whose bookings need a deposit, its payers, and what tests ask about both."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from jobs.payments import Ask, ask_about_deposit, ask_about_refund
from kit.paying import Order
from models.payments import Deposit, DepositRefund
from providers.payments.provider import PaymentProvider
from providers.payments.stripe import Stripe
from tests.harness import Who, World
from tests.payments.stripe_server import KEY, SECRET, StripeServer
from tests.tee_sheet.desk import PAYER, done

DEPOSIT = """id status endsAs payUrl payBy reason amount { amountCents currency } paid { amountCents }
  refunded { amountCents } refunds { status reason amount { amountCents } }"""
BOOKING = f"""query($id: ID!) {{ booking(id: $id) {{ status paid {{ amountCents }} deposits {{ {DEPOSIT} }} ledger {{
  charged {{ amountCents }} paid {{ amountCents }} refunded {{ amountCents }} open {{ amountCents }}
  entries {{ kind reason amount {{ amountCents }} }}
}} }} }}"""
WAYS = {"done_url": "https://club.example/done", "left_url": "https://club.example/left"}


def stripe_for(service: StripeServer) -> Stripe:
    """Give what talks to the service."""
    return Stripe(key=KEY, secrets=(SECRET,), url=service.url, **WAYS)


async def ask_policy(world: World, **given: Any) -> Any:
    """Have the club ask for 10.00 a player."""
    usual: dict[str, Any] = {"rules": [{"centsAPlayer": 1000}], "minutesToPay": 30, "refundableHours": 2}
    policy = "club { depositPolicy { minutesToPay refundableHours rules { centsAPlayer percent } } }"
    return await done(world.server, "setDepositPolicy", policy, who=world.admin, clubId=world.club, **usual | given)


async def book(world: World, who: Who, number: int = -1, places: int = 2) -> str:
    """Book places; give the booking's id."""
    given = {"teeTimeId": world.tee_time(number), "places": places, "payer": PAYER}
    return str((await done(world.server, "bookSlots", "booking { id }", who=who, **given))["booking"]["id"])


async def read(world: World, booking: str, who: Who | None = None) -> Any:
    """Read a booking with its deposits and its ledger."""
    return (await world.server.run(BOOKING, who=who or world.staff, id=booking)).data["booking"]


async def deposit(world: World, booking: str) -> Any:
    """Read the one deposit of a booking."""
    [found] = (await read(world, booking))["deposits"]
    return found


async def ledger(world: World, booking: str) -> tuple[tuple[int, ...], list[tuple[str, int]]]:
    """Give charged, paid, refunded and open of a booking, and its entries by kind and cents."""
    found = (await read(world, booking))["ledger"]
    sums = tuple(found[name]["amountCents"] for name in ("charged", "paid", "refunded", "open"))
    return sums, [(one["kind"], one["amount"]["amountCents"]) for one in found["entries"]]


async def work(world: World, provider: PaymentProvider, *, most: int = 12) -> int:
    """Do what a worker does about payments until nothing is due; gives how many things it took in hand."""
    runtime, taken = world.server.runtime, 0
    for _ in range(most):
        due: list[tuple[Ask, UUID]] = []
        async with runtime.database.snapshot(world.tenant_id) as session:  # others' may be due by the hundred
            kinds: list[tuple[Ask, type[Deposit | DepositRefund]]] = [
                (ask_about_deposit, Deposit),
                (ask_about_refund, DepositRefund),
            ]
            for ask, table in kinds:
                rows = select(table.id).where(table.due_at <= world.server.clock()).order_by(table.due_at)
                due += [(ask, key) for key in await session.scalars(rows)]
        if not due:
            return taken
        for ask, key in due:
            await ask(runtime, provider, world.tenant_id, key)
            taken += 1
    raise AssertionError("it does not come to an end")


async def post(world: World, body: bytes, headers: dict[str, str], provider: str = "stripe") -> tuple[int, str]:
    """Post an event to the webhook; give the status and what became of it."""
    answer = await world.server.http.post(
        f"{world.server.url}/payments/webhook/{provider}", content=body, headers=headers
    )
    return answer.status_code, answer.json().get("outcome", "")


async def refused(world: World, operation: str, /, *, who: Who, **given: Any) -> Any:
    """Run a mutation about a deposit that a rule refuses; give its one problem."""
    payload = await world.server.mutate(operation, "deposit { id }", who=who, **given)
    [problem] = payload["problems"]
    assert (payload["deposit"], payload["cursor"]) == (None, None)
    return problem


class Dies(Exception):
    """A worker that is killed."""


class Mortal(Stripe):
    """A worker's way to Stripe that is killed at a step: before it asks, or once it was answered."""

    at: tuple[str, str] = ("", "")

    async def authorise(self, order: Order) -> Any:
        return await self._mortal("authorise", order)

    async def capture(self, order: Order) -> Any:
        return await self._mortal("capture", order)

    async def release(self, order: Order) -> Any:
        return await self._mortal("release", order)

    async def refund(self, order: Any) -> Any:
        return await self._mortal("refund", order)

    async def _mortal(self, step: str, order: Any) -> Any:
        if self.at == (step, "before"):
            raise Dies
        said = await getattr(Stripe, step)(self, order)
        if self.at == (step, "after"):
            raise Dies
        return said
