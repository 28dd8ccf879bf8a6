"""Payments: each job is one deposit or refund, claimed and committed before a provider is asked, and settled after."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

import structlog

from domain.journeys import deposit_refunds, deposits
from domain.payments.deposits import due_deposits, due_refunds, put_off_one
from events import figures
from events.work import Change
from kit.database import is_unreachable
from kit.paying import Found, Order, ProviderFault, Refunded, RefundOrder, Step
from models.payments import Deposit, DepositRefund
from providers.payments.choice import payments_of
from providers.payments.provider import PaymentProvider
from realtime.runtime import Runtime

Ask = Callable[[Runtime, PaymentProvider, UUID, UUID], Awaitable[bool]]
AT_ONCE = 4
"""So many things a sweep asks a provider about at the same time."""
SWEEP_SECONDS = 40.0
"""After so long, a sweep begins with nothing more: the next one comes a minute after it began."""
MOST_SILENT = 6
"""Where a provider has not answered so often in a row, a sweep asks it about nothing more."""
log = structlog.get_logger(__name__)


async def step_deposit(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Ask the provider what is to be asked about a deposit. What fails is due again by itself, after a while."""
    if provider := payments_of(runtime.settings, clock=runtime.clock):
        await ask_about_deposit(runtime, provider, tenant_id, UUID(id))


async def step_refund(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Order a refund at the provider, or look after it. What fails is due again by itself, after a while."""
    if provider := payments_of(runtime.settings, clock=runtime.clock):
        await ask_about_refund(runtime, provider, tenant_id, UUID(id))


async def sweep_payments(runtime: Runtime) -> None:
    """Take up what is due: what failed before, what a dead worker has left, and pages whose time is over."""
    provider = payments_of(runtime.settings, clock=runtime.clock)
    if provider is None:
        return
    async with runtime.database.across_tenants() as session:
        now = runtime.clock()
        due: list[tuple[Ask, UUID, UUID]] = [(ask_about_deposit, *one) for one in await due_deposits(session, now=now)]
        due += [(ask_about_refund, *one) for one in await due_refunds(session, now=now)]
    await Sweep(runtime, provider, deque(due), ends_at=monotonic() + SWEEP_SECONDS).run()


@dataclass
class Sweep:
    """What is due, asked about by several at once, until it is late or the provider is silent: the rest stays due."""

    runtime: Runtime
    provider: PaymentProvider
    due: deque[tuple[Ask, UUID, UUID]]
    ends_at: float
    silent: int = 0
    lost: Exception | None = None

    async def run(self) -> None:
        """Ask about all of it that there is time for. Raises where the database is lost."""
        await asyncio.gather(*(self._ask_on() for _ in range(AT_ONCE)))
        if self.lost:
            raise self.lost
        figures.payments_left.set(len(self.due))
        if self.due:
            why = "silent" if self.silent >= MOST_SILENT else "late"
            figures.payment_sweeps_stopped.labels(why).inc()
            log.warning("a sweep of payments has stopped early", why=why, left=len(self.due))

    async def _put_off(self, ask: Ask, tenant_id: UUID, key: UUID) -> None:
        """Have it tried again later, so that what fails each time is not in the way of what is due behind it."""
        kind = Deposit if ask is ask_about_deposit else DepositRefund

        async def wait(change: Change) -> None:
            await put_off_one(change.session, kind, key, now=self.runtime.clock())

        try:
            await self.runtime.work.run(tenant_id, wait)
        except Exception as error:
            if is_unreachable(error):
                self.lost = error
            else:
                log.exception("a payment could not be put off; it stays due", id=str(key))

    async def _ask_on(self) -> None:
        while self.due and self.lost is None and self.silent < MOST_SILENT and monotonic() < self.ends_at:
            ask, tenant_id, key = self.due.popleft()
            try:
                answered = await ask(self.runtime, self.provider, tenant_id, key)
            except Exception as error:
                if is_unreachable(error):
                    self.lost = error
                else:  # our own fault: it tells neither that the provider answers, nor that it is silent
                    figures.payment_faults.labels("OWN").inc()
                    log.exception("a payment could not be looked after; it is due again after a while", id=str(key))
                    await self._put_off(ask, tenant_id, key)
            else:
                self.silent = 0 if answered else self.silent + 1


async def ask_about_deposit(runtime: Runtime, provider: PaymentProvider, tenant_id: UUID, deposit_id: UUID) -> bool:
    """Take one step of a deposit; a provider that does not answer is waited for outside of any transaction.

    Tells whether the provider has answered, or had nothing to answer.
    """

    async def claim(change: Change) -> Order | None:
        return await deposits.claim(change.session, deposit_id=deposit_id, provider=provider.name, now=runtime.clock())

    order = await runtime.work.run(tenant_id, claim)
    if order is None:
        return True
    asked: dict[Step, Callable[[Order], Awaitable[Found]]] = {
        Step.OPEN_PAGE: provider.authorise,
        Step.LOOK: provider.look,
        Step.CAPTURE: provider.capture,
        Step.CLOSE_PAGE: provider.close_page,
        Step.RELEASE: provider.release,
    }
    said: Found | ProviderFault
    try:
        said = await asked[order.step](order)
    except ProviderFault as fault:
        said = fault
        _note(order.step.name, fault, deposit_id)

    async def settle(change: Change) -> None:
        await deposits.settle(change.session, deposit_id=deposit_id, said=said, now=runtime.clock())

    await runtime.work.run(tenant_id, settle)
    return not (isinstance(said, ProviderFault) and said.is_silent)


async def ask_about_refund(runtime: Runtime, provider: PaymentProvider, tenant_id: UUID, refund_id: UUID) -> bool:
    """The same of a refund."""

    async def claim(change: Change) -> RefundOrder | None:
        return await deposit_refunds.claim_refund(
            change.session, refund_id=refund_id, provider=provider.name, now=runtime.clock()
        )

    order = await runtime.work.run(tenant_id, claim)
    if order is None:
        return True
    said: Refunded | ProviderFault
    try:
        said = await provider.refund(order)
    except ProviderFault as fault:
        said = fault
        _note("REFUND", fault, refund_id)

    async def settle(change: Change) -> None:
        await deposit_refunds.settle_refund(change.session, refund_id=refund_id, said=said, now=runtime.clock())

    await runtime.work.run(tenant_id, settle)
    return not (isinstance(said, ProviderFault) and said.is_silent)


def _note(step: str, fault: ProviderFault, key: UUID) -> None:
    figures.payment_faults.labels(step).inc()
    log.warning("a payment provider did not do what it was asked", step=step, said=fault.said, id=str(key))
