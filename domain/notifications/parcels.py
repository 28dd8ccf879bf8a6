"""A notification made ready to be handed over, or the reason why it is not sent now, or never."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from auth.mail_links import Confirmation, MailLinks, Unsubscription
from domain.notifications.contacts import OWN, is_suppressed
from domain.notifications.kinds import WAYS, Ways, mute_key
from domain.notifications.notifications import REFERENCES
from domain.notifications.texts import spoken, text_of
from domain.notifications.words import START
from kit.sending import Mail, Push
from models.clubs.values import Language
from models.deliveries import Contact, Delivery, DeliveryChannel, DeliveryStatus, PushDevice
from models.notifications import Notification, NotificationKind

SHORTEST = timedelta(minutes=1)
CONFIRM = {Language.EN: "Confirm this address", Language.ES: "Confirmar esta dirección"}


@dataclass(frozen=True)
class Wait:
    """It is not sent before a moment: the hours of quiet end then."""

    until: datetime


@dataclass(frozen=True)
class Never:
    """It is not sent at all."""

    status: DeliveryStatus


Parcel = Mail | Push | Wait | Never
SKIPPED, GONE = Never(DeliveryStatus.SKIPPED), Never(DeliveryStatus.GONE)


async def pack(
    session: AsyncSession, delivery: Delivery, row: Notification, *, links: MailLinks | None, now: datetime
) -> Parcel:
    """Make a notification ready for the way that a delivery takes, by what its user wants by now."""
    contact: Contact | None = await session.scalar(OWN, {"user_id": row.user_id})
    if contact and mute_key(row.kind, delivery.channel) in contact.muted:
        return SKIPPED
    if delivery.channel is DeliveryChannel.PUSH:
        return await _pack_push(session, delivery, row, contact, now=now)
    return await _pack_mail(session, delivery, row, contact, links=links, now=now)


async def _pack_push(
    session: AsyncSession, delivery: Delivery, row: Notification, contact: Contact | None, *, now: datetime
) -> Parcel:
    device = await session.get(PushDevice, delivery.device_id)
    if device is None or device.user_id != row.user_id:
        return GONE  # somebody else has signed in there since: it is none of their business
    ways, ends_at = WAYS[row.kind], end_of(row)
    if ends_at is not None and ends_at <= now:
        return SKIPPED
    quiet_until = end_of_quiet(contact, now) if contact and not ways.breaks_quiet else None
    if quiet_until is not None:
        return Wait(quiet_until)
    title, body = text_of(row.kind, row.data, contact.language if contact else Language.EN, now=now)
    return Push(
        id=delivery.id,
        endpoint=device.endpoint,
        server_key=device.server_key,
        p256dh=device.p256dh,
        auth=device.auth,
        title=title,
        body=body,
        kind=row.kind.value,
        tag=str(row.id),
        about=tuple((name, str(row.data[name])) for name in REFERENCES if row.data.get(name)),
        urgency=ways.urgency,
        lifetime=max(min(ends_at - now, ways.lifetime) if ends_at else ways.lifetime, SHORTEST),
    )


async def _pack_mail(
    session: AsyncSession,
    delivery: Delivery,
    row: Notification,
    contact: Contact | None,
    *,
    links: MailLinks | None,
    now: datetime,
) -> Parcel:
    proves = row.kind is NotificationKind.EMAIL_CONFIRMATION
    if contact is None or links is None or (proves and contact.pending_email != row.data["email"]):
        return SKIPPED
    address = row.data["email"] if proves else contact.email
    if address is None or (not proves and await is_suppressed(session, address)):
        return SKIPPED
    language, ways = contact.language, WAYS[row.kind]
    title, body = text_of(row.kind, row.data, language, now=now)
    said = Confirmation(tenant_id=row.tenant_id, contact_id=contact.id, email=address)
    return Mail(
        id=delivery.id,
        to=address,
        language=language.value.lower(),
        subject=title,
        paragraphs=(body, *_listed(row.data, language, now=now)),
        label=CONFIRM[language] if proves else "",
        url=links.to_confirm(said, now=now) if proves else "",
        unsubscribe=_end(ways, row, contact, links),
    )


def _end(ways: Ways, row: Notification, contact: Contact, links: MailLinks) -> str | None:
    if ways.is_owed:
        return None
    said = Unsubscription(tenant_id=row.tenant_id, recipient_id=contact.id, what=row.kind.value)
    return links.to_unsubscribe(said)


def _listed(data: dict[str, Any], language: Language, *, now: datetime) -> list[str]:
    """Write the starts that a digest lists, one a line."""
    starts = data.get("tee_times", ())
    return [f"{START[language].format_map(spoken(one, language, now=now))}" for one in starts]


def end_of(row: Notification) -> datetime | None:
    """Tell until when it makes sense, where the notification says so by `ends_at`."""
    text = row.data.get("ends_at")
    return datetime.fromisoformat(text) if text else None


def end_of_quiet(contact: Contact, now: datetime) -> datetime | None:
    """Tell when the hours of quiet end that it is now; none where it is not.

    They are hours of the clock on the wall: where that is put forward past their end, they end with the hour that is
    there.
    """
    begins, ends = contact.quiet_from, contact.quiet_until
    if begins is None or ends is None:
        return None
    zone = ZoneInfo(contact.time_zone)
    local = now.astimezone(zone)
    at = local.time().replace(tzinfo=None)
    if not is_within(at, begins, ends):
        return None
    day = local.date() if at < ends else local.date() + timedelta(days=1)
    end = datetime.combine(day, ends, zone)
    return max(end.astimezone(now.tzinfo), now + SHORTEST)


def is_within(at: time, begins: time, ends: time) -> bool:
    """Tell whether an hour lies between two, the first included; the second may be on the next day."""
    return begins <= at < ends if begins < ends else at >= begins or at < ends
