"""How a user wants to be told things: the address with its proof, language, hours of quiet, what is not to be sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications.kinds import may_be_muted, mute_key
from domain.notifications.notifications import notify
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id
from kit.text import check_zone, clean_email
from models.clubs.values import Language
from models.deliveries import Contact, DeliveryChannel, SuppressedAddress
from models.notifications import NotificationKind

OWN = select(Contact).where(Contact.user_id == bindparam("user_id"))
LOCK = OWN.with_for_update(key_share=True)
PROVEN = "This link is good no more: another address was given since, or it was confirmed already."


class ContactChanges(TypedDict, total=False):
    """What may be set of a contact; what is left out stays."""

    email: str | None
    language: Language
    time_zone: str
    quiet_from: time | None
    quiet_until: time | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Whether a kind is sent by a way."""

    kind: NotificationKind
    channel: DeliveryChannel
    is_on: bool


async def find_contact(session: AsyncSession, *, viewer: Viewer) -> Contact:
    """Read how the viewer is told things; what holds for all where nothing was set."""
    found: Contact | None = await session.scalar(OWN, {"user_id": viewer.user_id})
    return found or Contact(
        id=new_id(),
        tenant_id=viewer.tenant_id,
        user_id=viewer.user_id,
        email=viewer.email,
        pending_email=None,
        language=Language.EN,
        time_zone="UTC",
        quiet_from=None,
        quiet_until=None,
        muted=[],
    )


async def lock_contact(session: AsyncSession, *, viewer: Viewer, now: datetime) -> Contact:
    """Lock the viewer's row, which is made where there is none."""
    fresh = {"id": new_id(), "tenant_id": viewer.tenant_id, "user_id": viewer.user_id, "muted": [], "updated_at": now}
    await session.execute(insert(Contact).values(**fresh).on_conflict_do_nothing())
    return (await session.scalars(LOCK, {"user_id": viewer.user_id})).one()


async def note_address(session: AsyncSession, *, viewer: Viewer, now: datetime) -> None:
    """Keep the address that the viewer's token proves, unless they have confirmed one of their own choice."""
    contact = await lock_contact(session, viewer=viewer, now=now)
    if contact.email is None and viewer.email is not None:
        contact.email, contact.updated_at = viewer.email, now


async def follow_profile(
    session: AsyncSession, *, viewer: Viewer, language: str | None, time_zone: str | None, now: datetime
) -> None:
    """Tell the viewer things in the language, and by the zone, that they have given as golfers; None leaves either.

    `language` is a tag like es-MX: of the languages that there are texts in, it is Spanish, or English.
    """
    contact = await lock_contact(session, viewer=viewer, now=now)
    if language is not None:
        contact.language = Language.ES if language.partition("-")[0] == "es" else Language.EN
    contact.time_zone = time_zone or contact.time_zone
    contact.updated_at = now


async def set_preferences(
    session: AsyncSession,
    *,
    viewer: Viewer,
    choices: Sequence[Choice] = (),
    now: datetime,
    **changes: Unpack[ContactChanges],
) -> Contact:
    """Set how the viewer is told things. A new address is written to, and counts once its link was opened.

    Raises InvalidInput for what nobody can be told by, and for a kind that is not sent so.
    """
    clean = _checked(changes)
    contact = await lock_contact(session, viewer=viewer, now=now)
    if "email" in clean:
        await _take_address(session, contact, clean.pop("email"), viewer=viewer, now=now)
    for name, value in clean.items():
        setattr(contact, name, value)
    if (contact.quiet_from is None) != (contact.quiet_until is None) or (
        contact.quiet_from is not None and contact.quiet_from == contact.quiet_until
    ):
        message = "Give the beginning and the end of the hours of quiet, which differ; or neither."
        raise InvalidInput(message=message, path=("input", "quietUntil"))
    contact.muted = _muted(contact.muted, choices)
    contact.updated_at = now
    return contact


def _checked(changes: ContactChanges) -> ContactChanges:
    clean = ContactChanges(**changes)
    for name in ("language", "time_zone"):
        if name in clean and clean[name] is None:
            del clean[name]
    if "email" in clean:
        clean["email"] = clean_email(clean["email"], path=("input", "email"))
    if "time_zone" in clean:
        clean["time_zone"] = check_zone(clean["time_zone"], path=("input", "timeZone"))
    return clean


async def _take_address(
    session: AsyncSession, contact: Contact, email: str | None, *, viewer: Viewer, now: datetime
) -> None:
    """Take an address at once where the token proves it, or nothing takes its place; else ask it by a link."""
    if email is None or email == viewer.email:
        contact.email, contact.pending_email = email, None
        return
    if email == contact.email:
        contact.pending_email = None
        return
    contact.pending_email = email
    await notify(
        session,
        tenant_id=contact.tenant_id,
        kind=NotificationKind.EMAIL_CONFIRMATION,
        data={"email": email},
        users=[contact.user_id],
        subject=f"{email[:180]} {now:%Y%m%d%H}",  # one in an hour, however often it is asked for
        now=now,
    )


def _muted(before: Collection[str], choices: Sequence[Choice]) -> list[str]:
    muted = set(before)
    for number, choice in enumerate(choices):
        if not may_be_muted(choice.kind, choice.channel):
            message = f"{choice.kind.value} is not sent by {choice.channel.value}, or always; leave it out."
            raise InvalidInput(message=message, path=("input", "choices", str(number)))
        key = mute_key(choice.kind, choice.channel)
        muted = muted - {key} if choice.is_on else muted | {key}
    return sorted(muted)


async def confirm_email(session: AsyncSession, *, contact_id: UUID, email: str, now: datetime) -> Contact:
    """Take the address whose link was opened: it is proven now, and may be written to again. Raises NotFound."""
    contact = await session.scalar(select(Contact).where(Contact.id == contact_id).with_for_update(key_share=True))
    if contact is None or email not in {contact.pending_email, contact.email}:
        raise NotFound(message=PROVEN)
    if contact.pending_email == email:
        contact.email, contact.pending_email, contact.updated_at = email, None, now
    await session.execute(delete(SuppressedAddress).where(SuppressedAddress.address == email.lower()))
    return contact


async def unsubscribe_user(session: AsyncSession, *, contact_id: UUID, kind: NotificationKind, now: datetime) -> None:
    """Send a user no more e-mails of a kind. Done again, it changes nothing. Raises NotFound."""
    contact = await session.scalar(select(Contact).where(Contact.id == contact_id).with_for_update(key_share=True))
    if contact is None:
        raise NotFound(message="There is nobody any more who could be written to by this link.")
    key = mute_key(kind, DeliveryChannel.EMAIL)
    if key not in contact.muted:
        contact.muted, contact.updated_at = sorted({*contact.muted, key}), now


async def suppress(session: AsyncSession, *, tenant_id: UUID, address: str, now: datetime) -> None:
    """Write no more to an address whose server has refused it for good."""
    row = {"id": new_id(), "tenant_id": tenant_id, "address": address.lower(), "created_at": now}
    await session.execute(insert(SuppressedAddress).values(**row).on_conflict_do_nothing())


async def is_suppressed(session: AsyncSession, address: str) -> bool:
    """Tell whether an address is not written to."""
    wanted = select(SuppressedAddress.id).where(SuppressedAddress.address == address.lower())
    return await session.scalar(wanted) is not None
