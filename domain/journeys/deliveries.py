"""Sending, step by step: what is claimed is committed before the network is touched, what was said of it after that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.mail_links import MailLinks
from domain.guests.mailing.posting import note_letter, pack_letter
from domain.journeys.sense import hide_employer, still_makes_sense
from domain.notifications.contacts import suppress
from domain.notifications.parcels import Never, Parcel, Wait, pack
from domain.notifications.routing import JOBS
from kit.jobs import gather
from kit.sending import Mail, Outcome, Push, Verdict
from models.deliveries import Delivery, DeliveryChannel, DeliveryStatus, PushDevice
from models.guests.households import Letter
from models.notifications import Notification

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_FAILURES = 10
"""So often in a row a device may fail before it is taken for gone."""
LOST_AFTER = timedelta(hours=2)
"""How long nothing has happened to a delivery before it is asked whether a job waits for it."""
LOST = text("""
    SELECT d.tenant_id, d.id FROM deliveries d
    WHERE d.status IN ('QUEUED', 'SENDING') AND d.updated_at <= :before AND d.id NOT IN (
        SELECT (convert_from(j.payload, 'UTF8')::jsonb ->> 'id')::uuid FROM pgqueuer j
        WHERE j.entrypoint IN ('notifications:email', 'notifications:push') AND j.status IN ('queued', 'picked')
    )
    ORDER BY d.updated_at
""")
LOCK = select(Delivery).where(Delivery.id == bindparam("id", type_=Uuid)).with_for_update()
OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
ENDS: Mapping[Verdict, DeliveryStatus] = MappingProxyType(
    {
        Verdict.TAKEN: DeliveryStatus.SENT,
        Verdict.REFUSED: DeliveryStatus.FAILED,
        Verdict.LOST: DeliveryStatus.UNKNOWN,
    }
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What to do with a delivery: to hand it over, to wait, or nothing."""

    parcel: Mail | Push | Wait | None
    status: DeliveryStatus | None = None
    """What it has come to by itself, without being handed over."""
    channel: DeliveryChannel | None = None
    """The way that it takes, where it has come to something."""


async def claim(
    session: AsyncSession, *, delivery_id: UUID, links: MailLinks | None, invitation_url: str, now: datetime
) -> Claim:
    """Take a delivery in hand, if it is still to be sent and makes sense by now.

    An e-mail that was in hand already, of a worker that has died, may have been taken: it is not sent again. A push is,
    since a device shows it once. Commit before it is handed over.
    """
    row = await session.scalar(LOCK, {"id": delivery_id})
    if row is None or row.status not in OPEN:
        return Claim(parcel=None)
    if row.status is DeliveryStatus.SENDING and row.channel is DeliveryChannel.EMAIL:
        await _end(session, row, DeliveryStatus.UNKNOWN, now=now)
        return Claim(parcel=None, status=row.status, channel=row.channel)
    parcel = await _pack(session, row, links=links, invitation_url=invitation_url, now=now)
    if isinstance(parcel, Never):
        await _end(session, row, parcel.status, now=now)
        return Claim(parcel=None, status=row.status, channel=row.channel)
    if isinstance(parcel, Mail | Push):
        row.status, row.updated_at = DeliveryStatus.SENDING, now
    return Claim(parcel=parcel)


async def _pack(
    session: AsyncSession, row: Delivery, *, links: MailLinks | None, invitation_url: str, now: datetime
) -> Parcel:
    if row.letter_id is not None:
        letter = await session.get_one(Letter, row.letter_id)
        return await pack_letter(session, row.id, letter, links=links, invitation_url=invitation_url, now=now)
    notification = await session.get_one(Notification, row.notification_id)
    if not await still_makes_sense(session, notification, now=now):
        return Never(DeliveryStatus.SKIPPED)
    await hide_employer(session, notification)
    return await pack(session, row, notification, links=links, now=now)


async def settle(
    session: AsyncSession, *, delivery_id: UUID, parcel: Mail | Push, outcome: Outcome, now: datetime
) -> tuple[DeliveryStatus, timedelta | None]:
    """Note what was said of what was handed over. Gives its status, and after how long it is to be tried again."""
    row = await session.scalar(LOCK, {"id": delivery_id})
    if row is None:
        return DeliveryStatus.SKIPPED, None  # who it was for was erased while it was on its way
    if isinstance(parcel, Push):
        await _note_device(session, row, outcome, now=now)
    if outcome.verdict is Verdict.LATER or (outcome.verdict is Verdict.LOST and isinstance(parcel, Push)):
        row.attempts += 1
        if row.attempts < MOST_ATTEMPTS:
            row.status, row.updated_at = DeliveryStatus.QUEUED, now
            return row.status, wait_after(row.attempts, outcome.after)
        await _end(session, row, DeliveryStatus.FAILED, now=now)
    elif outcome.verdict is Verdict.NO_SUCH_ADDRESS:
        is_mail = isinstance(parcel, Mail)
        if isinstance(parcel, Mail):
            await suppress(session, tenant_id=row.tenant_id, address=parcel.to, now=now)
        await _end(session, row, DeliveryStatus.FAILED if is_mail else DeliveryStatus.GONE, now=now)
    else:
        await _end(session, row, ENDS[outcome.verdict], now=now)
    return row.status, None


async def lost_deliveries(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find deliveries that wait, and that no job waits to send, of all tenants, as tenant and delivery.

    A job is lost when it has failed for good, as by a fault of ours, or when the queue was emptied by hand.
    """
    rows = await session.execute(LOST, {"before": now - LOST_AFTER})
    return [(row.tenant_id, row.id) for row in rows]


async def requeue(session: AsyncSession, *, delivery_id: UUID, now: datetime) -> None:
    """Have a delivery sent whose job is lost; it counts as a try, so that this comes to an end.

    Done by several, it is done once.
    """
    row = await session.scalar(LOCK, {"id": delivery_id})
    if row is None or row.status not in OPEN or row.updated_at > now - LOST_AFTER:
        return
    row.attempts, row.updated_at = row.attempts + 1, now
    if row.attempts >= MOST_ATTEMPTS:
        await _end(session, row, DeliveryStatus.FAILED, now=now)
        return
    gather(session, JOBS[row.channel], [str(row.id)], each=True)


def wait_after(attempts: int, asked: timedelta | None) -> timedelta:
    """Choose how long to wait after so many tries: half a minute, doubled up to an hour, or longer if asked for."""
    own: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return max(own, asked or own)


async def _end(session: AsyncSession, row: Delivery, status: DeliveryStatus, *, now: datetime) -> None:
    row.status, row.updated_at = status, now
    if row.letter_id is not None:
        await note_letter(session, letter_id=row.letter_id, status=status, now=now)


async def _note_device(session: AsyncSession, row: Delivery, outcome: Outcome, *, now: datetime) -> None:
    device = await session.get(PushDevice, row.device_id, with_for_update=True)
    if device is None:
        return
    if outcome.verdict is Verdict.TAKEN:
        device.failures, device.pushed_at = 0, now
        return
    device.failures += 1
    if outcome.verdict is Verdict.NO_SUCH_ADDRESS or device.failures >= MOST_FAILURES:
        session.expunge(device)
        await session.execute(delete(PushDevice).where(PushDevice.id == row.device_id))
