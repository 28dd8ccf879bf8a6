"""What the links in e-mails do: whom they are about, a user or a household, stands in what was signed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from auth.mail_links import HOUSEHOLD, Confirmation, Unsubscription
from domain.guests.mailing.unsubscribing import unsubscribe_household
from domain.notifications.contacts import confirm_email, unsubscribe_user
from models.deliveries import Contact
from models.notifications import NotificationKind


async def unsubscribe(session: AsyncSession, *, said: Unsubscription, now: datetime) -> None:
    """End the e-mails that the link was in. Done again, it changes nothing. Raises NotFound."""
    if said.what == HOUSEHOLD:
        await unsubscribe_household(session, household_id=said.recipient_id, now=now)
    else:
        kind = NotificationKind(said.what)
        await unsubscribe_user(session, contact_id=said.recipient_id, kind=kind, now=now)


async def confirm(session: AsyncSession, *, said: Confirmation, now: datetime) -> Contact:
    """Take the address that the link has proven. Raises NotFound."""
    return await confirm_email(session, contact_id=said.contact_id, email=said.email, now=now)
