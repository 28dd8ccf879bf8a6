"""Messages in the rooms of hosted tee times."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.matching import chat, moderation
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.matching import message_inputs as inputs
from schema.matching import message_payloads as payloads
from schema.matching.message_types import Message
from schema.matching.types import GolferReport


@strawberry.type
class MessageMutations:
    """Mutations of messages."""

    @mutation
    async def send_message(
        self, info: Info, input: Annotated[inputs.SendMessageInput, WHAT]
    ) -> payloads.SendMessagePayload:
        """Write to those who take part in a hosted tee time, as one of them; 20 messages a minute at the most."""
        context = info.context
        said = await chat.send_message(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SendMessagePayload(problems=[], message=Message.of(said))

    @mutation
    async def delete_message(
        self, info: Info, input: Annotated[inputs.DeleteMessageInput, WHAT]
    ) -> payloads.DeleteMessagePayload:
        """Delete a message of yours, for good."""
        context = info.context
        said = await chat.delete_message(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DeleteMessagePayload(problems=[], message=Message.of(said))

    @mutation
    async def mark_messages_read(
        self, info: Info, input: Annotated[inputs.MarkMessagesReadInput, WHAT]
    ) -> payloads.MarkMessagesReadPayload:
        """Note that you have read up to a message; what you have read further on stays read."""
        context = info.context
        unread = await chat.mark_messages_read(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.MarkMessagesReadPayload(problems=[], unread=unread)

    @mutation(limit=Rate.MESSAGES)
    async def report_message(
        self, info: Info, input: Annotated[inputs.ReportMessageInput, WHAT]
    ) -> payloads.ReportMessagePayload:
        """Tell those who run the clubs of a message; who wrote it does not hear of it."""
        context = info.context
        row = await moderation.report_message(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ReportMessagePayload(problems=[], report=GolferReport.of(row))

    @mutation
    async def moderate_message(
        self, info: Info, input: Annotated[inputs.ModerateMessageInput, WHAT]
    ) -> payloads.ModerateMessagePayload:
        """Hide a message that was reported, or let it be read again. For admins."""
        context = info.context
        said = await moderation.moderate_message(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ModerateMessagePayload(problems=[], message=Message.of(said))
