"""Sending: each job is one delivery, claimed and committed before the network is touched, and settled after it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import structlog

from auth.mail_links import mail_links
from auth.vapid import vapid_key
from domain.journeys.deliveries import Claim, claim, settle
from domain.notifications import notifications, routing
from domain.notifications.parcels import Wait
from events import figures
from events.work import Change
from jobs.attempts import Later
from kit.sending import Mail, Outcome, Push, Verdict
from models.deliveries import DeliveryChannel, DeliveryStatus
from models.notifications import NotificationKind
from providers.mail.smtp import Smtp
from providers.outbox import Outbox
from providers.push.service import PushServices
from realtime.runtime import Runtime

log = structlog.get_logger(__name__)


class Carrier(Protocol):
    """Whoever brings things: a mail server, push services, a folder."""

    async def carry(self, parcel: Any, /) -> Outcome:
        """Hand something over."""


class Nobody:
    """Nobody brings anything: what would be needed for it is not set."""

    async def carry(self, _parcel: Mail | Push) -> Outcome:
        """Refuse it for good."""
        return Outcome(verdict=Verdict.REFUSED, said="not set up")


async def deliver_mail(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Send an e-mail."""
    await deliver(runtime, mail_carrier(runtime), tenant_id=tenant_id, delivery_id=UUID(id))


async def deliver_push(runtime: Runtime, *, tenant_id: UUID, id: str) -> None:
    """Push something to a device."""
    await deliver(runtime, push_carrier(runtime), tenant_id=tenant_id, delivery_id=UUID(id))


async def deliver(runtime: Runtime, carrier: Carrier, *, tenant_id: UUID, delivery_id: UUID) -> None:
    """Send one delivery, if it is still to be sent. Raises Later where it is to be tried again."""
    taken = await _claim(runtime, tenant_id, delivery_id)
    if taken.status is not None and taken.channel is not None:
        _count(taken.channel, taken.status)
    if taken.parcel is None:
        return
    parcel = taken.parcel
    if isinstance(parcel, Wait):
        raise Later(delay=parcel.until - runtime.clock(), reason="quiet hours")
    outcome = await carrier.carry(parcel)

    async def note(change: Change) -> tuple[DeliveryStatus, timedelta | None]:
        return await settle(
            change.session, delivery_id=delivery_id, parcel=parcel, outcome=outcome, now=runtime.clock()
        )

    status, wait = await runtime.work.run(tenant_id, note)
    _count(DeliveryChannel.EMAIL if isinstance(parcel, Mail) else DeliveryChannel.PUSH, status)
    if status is not DeliveryStatus.SENT:
        log.info("a delivery was not taken", delivery=str(delivery_id), status=status.value, said=outcome.said)
    if wait is not None:
        raise Later(delay=wait, reason=outcome.said)


async def _claim(runtime: Runtime, tenant_id: UUID, delivery_id: UUID) -> Claim:
    links, page = mail_links(runtime.settings), runtime.settings.invitation_url

    async def work(change: Change) -> Claim:
        return await claim(
            change.session, delivery_id=delivery_id, links=links, invitation_url=page, now=runtime.clock()
        )

    return await runtime.work.run(tenant_id, work)


def _count(channel: DeliveryChannel, status: DeliveryStatus) -> None:
    figures.deliveries.labels(channel.value.lower(), status.value.lower()).inc()


def mail_carrier(runtime: Runtime) -> Carrier:
    """Find who brings e-mails, by what is set."""
    settings = runtime.settings
    if folder := outbox_folder(runtime):
        return Outbox(folder, clock=runtime.clock)
    url = settings.smtp_url.get_secret_value()
    return Smtp(url, sender=settings.mail_from, clock=runtime.clock) if url and settings.mail_from else Nobody()


def push_carrier(runtime: Runtime) -> Carrier:
    """Find who brings pushes, by what is set."""
    if folder := outbox_folder(runtime):
        return Outbox(folder, clock=runtime.clock)
    key = vapid_key(runtime.settings)
    return PushServices(key, clock=runtime.clock, hosts=runtime.settings.push_hosts) if key else Nobody()


def outbox_folder(runtime: Runtime) -> Path | None:
    """Tell where things are put instead of being sent, if they are."""
    return runtime.settings.outbox_dir


async def route_notifications(runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str]) -> None:
    """Decide by which ways some notifications are sent."""

    async def work(change: Change) -> None:
        await routing.route(change.session, ids=ids, now=runtime.clock())

    await runtime.work.run(tenant_id, work)


async def tell_many(
    runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str], kind: str, data: dict[str, Any], subject: str
) -> None:
    """Tell some of many users the same, each once."""

    async def work(change: Change) -> None:
        await notifications.notify(
            change.session,
            tenant_id=tenant_id,
            kind=NotificationKind(kind),
            data=data,
            users=ids,
            subject=subject,
            now=runtime.clock(),
        )

    await runtime.work.run(tenant_id, work)
