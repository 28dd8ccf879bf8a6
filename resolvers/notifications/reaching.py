"""How a user is reached: addresses, devices, preferences; and what the links in e-mails do, without a token."""

from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.limits import Rate
from auth.mail_links import Confirmation, MailLinks, Unsubscription, mail_links
from auth.vapid import vapid_key
from domain.journeys import mail_links as journeys
from domain.notifications import contacts, devices
from kit.errors import InvalidInput, NotFound, TokenExpired, Unavailable
from resolvers.edge import WHAT, change_of_tenant, mutation, open_mutation, session_of
from schema.context import Context, Info
from schema.describe import field, list_field
from schema.notifications import inputs, payloads
from schema.notifications.types import NotificationPreferences, PushDevice


def links_of(context: Context) -> MailLinks:
    """Give what reads the links in e-mails. Raises Unavailable where no secret is set."""
    links = mail_links(context.settings)
    if links is None:
        raise Unavailable(message="No links can be read here: the operator has to set GUEST_TOKEN_SECRET.")
    return links


def confirmation_of(context: Context, *, token: str) -> Confirmation:
    """Read a link by which an address is confirmed. Raises InvalidInput."""
    try:
        return links_of(context).read_confirmation(token, now=context.now)
    except (NotFound, TokenExpired) as error:
        raise InvalidInput(message=error.message, path=("input", "token")) from None


def unsubscription_of(context: Context, *, token: str) -> Unsubscription:
    """Read a link by which e-mails are ended. Raises InvalidInput."""
    try:
        return links_of(context).read_unsubscription(token)
    except NotFound as error:
        raise InvalidInput(message=error.message, path=("input", "token")) from None


def server_key(context: Context) -> str | None:
    """Give the key that browsers subscribe with, where somebody can be pushed to."""
    key = vapid_key(context.settings)
    return key.public if key else None


@strawberry.type
class ReachingQueries:
    """Queries about how the viewer is reached."""

    @field
    async def notification_preferences(self, info: Info) -> NotificationPreferences:
        """How you want to be told things."""
        async with info.context.read() as session:
            return NotificationPreferences.of(await contacts.find_contact(session, viewer=info.context.viewer))

    @list_field(entries=3)
    async def push_devices(self, info: Info) -> list[PushDevice]:
        """Your devices that take pushes, the newest first."""
        async with info.context.read() as session:
            rows = await devices.own_devices(session, viewer=info.context.viewer)
        return [PushDevice.of(row) for row in rows]

    @field
    async def web_push_key(self, info: Info) -> str | None:
        """The key to give to `PushManager.subscribe` as `applicationServerKey`; none where nobody can be pushed to."""
        _ = info.context.viewer
        return server_key(info.context)


@strawberry.type
class ReachingMutations:
    """Mutations of how the viewer is reached."""

    @mutation(limit=Rate.MESSAGES)
    async def set_notification_preferences(
        self, info: Info, input: Annotated[inputs.SetNotificationPreferencesInput, WHAT]
    ) -> payloads.SetNotificationPreferencesPayload:
        """Choose how you are told things. A new address counts once the link that is sent there was opened."""
        context = info.context
        row = await contacts.set_preferences(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetNotificationPreferencesPayload(problems=[], preferences=NotificationPreferences.of(row))

    @mutation
    async def register_push_device(
        self, info: Info, input: Annotated[inputs.RegisterPushDeviceInput, WHAT]
    ) -> payloads.RegisterPushDevicePayload:
        """Have a device pushed to from now on. A repeat refreshes it, and whoever signs in there next takes it over."""
        context = info.context
        row = await devices.register_device(
            session_of(info),
            viewer=context.viewer,
            server_key=server_key(context),
            hosts=context.settings.push_hosts,
            now=context.now,
            **input.as_kwargs(),
        )
        return payloads.RegisterPushDevicePayload(problems=[], device=PushDevice.of(row))

    @mutation
    async def unregister_push_device(
        self, info: Info, input: Annotated[inputs.UnregisterPushDeviceInput, WHAT]
    ) -> payloads.UnregisterPushDevicePayload:
        """Have a device of yours pushed to no more."""
        await devices.unregister_device(session_of(info), viewer=info.context.viewer, **input.as_kwargs())
        return payloads.UnregisterPushDevicePayload(problems=[])

    @open_mutation(limit=Rate.CODES)
    async def confirm_email(
        self, info: Info, input: Annotated[inputs.ConfirmEmailInput, WHAT]
    ) -> payloads.ConfirmEmailPayload:
        """Confirm that an address is yours, by the link that was sent there; no token is needed."""
        context = info.context
        context.count(Rate.CODES)
        said = confirmation_of(context, **input.as_kwargs())

        async def confirm(session: AsyncSession) -> payloads.ConfirmEmailPayload:
            row = await journeys.confirm(session, said=said, now=context.now)
            return payloads.ConfirmEmailPayload(problems=[], email=row.email)

        return await change_of_tenant(info, said.tenant_id, confirm)

    @open_mutation(limit=Rate.CODES)
    async def unsubscribe(
        self, info: Info, input: Annotated[inputs.UnsubscribeInput, WHAT]
    ) -> payloads.UnsubscribePayload:
        """Be sent no more e-mails of this kind, by the link that stands in one; no token is needed."""
        context = info.context
        context.count(Rate.CODES)
        said = unsubscription_of(context, **input.as_kwargs())

        async def end(session: AsyncSession) -> payloads.UnsubscribePayload:
            await journeys.unsubscribe(session, said=said, now=context.now)
            return payloads.UnsubscribePayload(problems=[])

        return await change_of_tenant(info, said.tenant_id, end)
