"""By which ways what was told is sent: one row for each way, and one job for each row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.notifications.kinds import WAYS, mute_key
from kit.ids import new_id
from kit.jobs import gather
from models.deliveries import Contact, Delivery, DeliveryChannel, PushDevice
from models.notifications import Notification, NotificationKind

JOBS = {DeliveryChannel.EMAIL: "notifications:email", DeliveryChannel.PUSH: "notifications:push"}
"""The queue of each way. A job is one delivery."""
UNROUTED = (
    select(Notification)
    .where(Notification.id == any_(bindparam("ids", type_=ARRAY(Uuid))), Notification.routed_at.is_(None))
    .order_by(Notification.id)
    .with_for_update()
)
USERS: Any = bindparam("users", type_=ARRAY(Text))
CONTACTS = select(Contact).where(Contact.user_id == any_(USERS))
DEVICES = select(PushDevice).where(PushDevice.user_id == any_(USERS)).order_by(PushDevice.id)


async def route(session: AsyncSession, *, ids: Sequence[str], now: datetime) -> None:
    """Decide how notifications are sent. What was decided already, by whatever worker, stays as it is."""
    rows = list(await session.scalars(UNROUTED, {"ids": [UUID(one) for one in ids]}))
    users = {"users": sorted({row.user_id for row in rows})}
    contacts = {one.user_id: one for one in await session.scalars(CONTACTS, users)} if rows else {}
    devices: defaultdict[str, list[UUID]] = defaultdict(list)
    for device in await session.scalars(DEVICES, users) if rows else ():
        devices[device.user_id].append(device.id)
    for row in rows:
        row.routed_at = now
        ways = ways_of(row.kind, contacts.get(row.user_id), devices[row.user_id])
        send(session, [_delivery(row, channel, device, now=now) for channel, device in ways])


def ways_of(
    kind: NotificationKind, contact: Contact | None, devices: Iterable[UUID]
) -> list[tuple[DeliveryChannel, UUID | None]]:
    """Give the ways by which somebody is sent a kind: what is not muted, and leads anywhere."""
    ways: list[tuple[DeliveryChannel, UUID | None]] = []
    for channel in WAYS[kind].channels:
        if contact and mute_key(kind, channel) in contact.muted:
            continue
        if channel is DeliveryChannel.PUSH:
            ways += [(channel, device) for device in devices]
        elif WAYS[kind].is_owed or (contact and contact.email):
            ways.append((channel, None))
    return ways


def send(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
    """Have deliveries sent, each by a job of its own, once the change is committed."""
    session.add_all(deliveries)
    for one in deliveries:
        gather(session, JOBS[one.channel], [str(one.id)], each=True)


def _delivery(row: Notification, channel: DeliveryChannel, device: UUID | None, *, now: datetime) -> Delivery:
    return Delivery(
        id=new_id(),
        tenant_id=row.tenant_id,
        notification_id=row.id,
        channel=channel,
        device_id=device,
        created_at=now,
        updated_at=now,
    )
