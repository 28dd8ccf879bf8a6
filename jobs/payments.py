"""Payments: each job is one deposit or refund, claimed and committed before a provider is asked, and settled after."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from domain.journeys import deposit_refunds, deposits
from domain.payments.deposits import due_deposits, due_refunds
from events import figures
from events.work import Change
from kit.database import is_unreachable
from kit.paying import Found, Order, ProviderFault, Refunded, RefundOrder, Step
from providers.payments.choice import payments_of
from providers.payments.provider import PaymentProvider
from realtime.runtime import Runtime

Ask = Callable[[Runtime, PaymentProvider, UUID, UUID], Awaitable[None]]
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
    for ask, tenant_id, key in due:
        try:
            await ask(runtime, provider, tenant_id, key)
        except Exception as error:
            if is_unreachable(error):
                raise
            log.exception("a payment could not be looked after; it stays due", id=str(key))


async def ask_about_deposit(runtime: Runtime, provider: PaymentProvider, tenant_id: UUID, deposit_id: UUID) -> None:
    """Take one step of a deposit; a provider that does not answer is waited for outside of any transaction."""

    async def claim(change: Change) -> Order | None:
        return await deposits.claim(change.session, deposit_id=deposit_id, provider=provider.name, now=runtime.clock())

    order = await runtime.work.run(tenant_id, claim)
    if order is None:
        return
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


async def ask_about_refund(runtime: Runtime, provider: PaymentProvider, tenant_id: UUID, refund_id: UUID) -> None:
    """The same of a refund."""

    async def claim(change: Change) -> RefundOrder | None:
        return await deposit_refunds.claim_refund(
            change.session, refund_id=refund_id, provider=provider.name, now=runtime.clock()
        )

    order = await runtime.work.run(tenant_id, claim)
    if order is None:
        return
    said: Refunded | ProviderFault
    try:
        said = await provider.refund(order)
    except ProviderFault as fault:
        said = fault
        _note("REFUND", fault, refund_id)

    async def settle(change: Change) -> None:
        await deposit_refunds.settle_refund(change.session, refund_id=refund_id, said=said, now=runtime.clock())

    await runtime.work.run(tenant_id, settle)


def _note(step: str, fault: ProviderFault, key: UUID) -> None:
    figures.payment_faults.labels(step).inc()
    log.warning("a payment provider did not do what it was asked", step=step, said=fault.said, id=str(key))
