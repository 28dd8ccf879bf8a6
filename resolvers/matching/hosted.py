"""Hosted tee times: what can be asked, done and followed."""

from collections.abc import AsyncGenerator, Callable, Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from auth.limits import Rate
from domain.journeys import hosting
from domain.matching import joining, ratings
from domain.matching.own import Own, own_tee_times
from domain.matching.rooms import cursor_of_room, find_room
from events.log import Logged
from events.matching.hosted import SlotLeft, TeeTimeHidden, host_room, hosted_room, open_room
from events.matching.messages import MessageSent, MessageShown, MessagesRead
from kit.ids import parse_id, public_id
from resolvers.edge import WHAT, mutation, session_of
from resolvers.streams import AFTER, TYPES, follow, subscription
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.matching import hosted_inputs as inputs
from schema.matching import hosted_payloads as payloads
from schema.matching.hosted_events import HostedEventType, HostedStreamEvent
from schema.matching.hosted_types import HostedTeeTime, MyTeeTime
from schema.sight import EVERYBODY, Audience

MINE = "myTeeTimes"
MESSAGES = frozenset({MessageSent.type, MessageShown.type})


@strawberry.type
class HostedQueries:
    """Queries of hosted tee times."""

    @field
    async def hosted_tee_time(
        self, info: Info, id: Annotated[strawberry.ID, argument("Id of the hosted tee time.")]
    ) -> HostedTeeTime:
        """A hosted tee time, with its places: for all golfers with whom the host has something to do."""
        wanted = parse_id("hosted_tee_time", id, path=("id",))
        async with info.context.read() as session:
            return HostedTeeTime.of(await find_room(session, viewer=info.context.viewer, tee_time_id=wanted))

    @field
    async def my_tee_times(
        self,
        info: Info,
        *,
        past: Annotated[bool, argument("Those that have started, the last one first; those to come if left out.")] = (
            False
        ),
        hosted: Annotated[
            bool | None, argument("Those that you host, or those that others do; both if left out.")
        ] = None,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[MyTeeTime]:
        """The tee times that you host, have joined or have asked to join, as long as you have a part in them."""
        name = f"{MINE}:{past}"
        place, limit = read_cursor(name, after, datetime, UUID), check_first(first) + 1
        context = info.context
        async with context.read() as session:
            rows = await own_tee_times(
                session,
                viewer=context.viewer,
                past=past,
                hosted=hosted,
                after=place,
                limit=limit,
                now=context.now,
            )

        def where(own: Own) -> Place:
            return (own.tee_time.starts_at, own.tee_time.id)

        return Connection[MyTeeTime].page(rows, name=name, first=first, after=after, place=where, show=MyTeeTime.of)


@strawberry.type
class HostedMutations:
    """Mutations of hosted tee times."""

    @mutation(limit=Rate.BOOKINGS)
    async def host_tee_time(
        self, info: Info, input: Annotated[inputs.HostTeeTimeInput, WHAT]
    ) -> payloads.HostTeeTimePayload:
        """Host a tee time with open places, at a course of a club or elsewhere."""
        context = info.context
        room = await hosting.host_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.HostTeeTimePayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation(limit=Rate.BOOKINGS)
    async def update_hosted_tee_time(
        self, info: Info, input: Annotated[inputs.UpdateHostedTeeTimeInput, WHAT]
    ) -> payloads.UpdateHostedTeeTimePayload:
        """Change a tee time of yours that is still to come; who takes part stays, and hears of it."""
        context = info.context
        room = await hosting.update_hosted_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateHostedTeeTimePayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation
    async def cancel_hosted_tee_time(
        self, info: Info, input: Annotated[inputs.CancelHostedTeeTimeInput, WHAT]
    ) -> payloads.CancelHostedTeeTimePayload:
        """Cancel a tee time of yours, for good; who takes part, or has asked to, is told."""
        context = info.context
        room = await hosting.cancel_hosted_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CancelHostedTeeTimePayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation(limit=Rate.BOOKINGS)
    async def join_tee_time(
        self, info: Info, input: Annotated[inputs.JoinTeeTimeInput, WHAT]
    ) -> payloads.JoinTeeTimePayload:
        """Take a place at a tee time, or ask for one where the host decides who joins."""
        context = info.context
        room = await hosting.join_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.JoinTeeTimePayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation
    async def leave_tee_time(
        self, info: Info, input: Annotated[inputs.LeaveTeeTimeInput, WHAT]
    ) -> payloads.LeaveTeeTimePayload:
        """Give your place up, before the start."""
        context = info.context
        room = await hosting.leave_tee_time(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.LeaveTeeTimePayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation(limit=Rate.BOOKINGS)
    async def answer_join_request(
        self, info: Info, input: Annotated[inputs.AnswerJoinRequestInput, WHAT]
    ) -> payloads.AnswerJoinRequestPayload:
        """Let a golfer join who has asked to, or decline. For the host."""
        context = info.context
        room = await hosting.answer_join_request(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AnswerJoinRequestPayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation
    async def withdraw_join_request(
        self, info: Info, input: Annotated[inputs.WithdrawJoinRequestInput, WHAT]
    ) -> payloads.WithdrawJoinRequestPayload:
        """Take back that you have asked to join."""
        context = info.context
        room = await joining.withdraw_join_request(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.WithdrawJoinRequestPayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation(limit=Rate.BOOKINGS)
    async def remove_participant(
        self, info: Info, input: Annotated[inputs.RemoveParticipantInput, WHAT]
    ) -> payloads.RemoveParticipantPayload:
        """Take a golfer off a tee time of yours, before the start. For the host."""
        context = info.context
        room = await hosting.remove_participant(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RemoveParticipantPayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))


@strawberry.type
class RoundMutations:
    """Mutations of rounds that have been played."""

    @mutation
    async def record_attendance(
        self, info: Info, input: Annotated[inputs.RecordAttendanceInput, WHAT]
    ) -> payloads.RecordAttendancePayload:
        """Say whether somebody came to play, from the start on for fourteen days. For the host."""
        context = info.context
        room = await ratings.record_attendance(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RecordAttendancePayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))

    @mutation
    async def rate_golfer(
        self, info: Info, input: Annotated[inputs.RateGolferInput, WHAT]
    ) -> payloads.RateGolferPayload:
        """Give a fellow player who came to play 1 to 5 stars, once. Each sees the other's when both have given."""
        context = info.context
        room = await ratings.rate_golfer(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.RateGolferPayload(problems=[], hosted_tee_time=HostedTeeTime.of(room))


def is_meant_for(golfer_id: str, logged: Logged) -> bool:
    """Keep messages from those who have nothing to do with who wrote them, and what is one golfer's own from others."""
    if logged.type in MESSAGES:
        return golfer_id not in getattr(logged.event, "hidden_from", ())
    if logged.type in {MessagesRead.type, TeeTimeHidden.type}:
        return getattr(logged.event, "golfer_id", None) in {golfer_id, None}
    return True


def while_in_room(golfer_id: str, *, ends: Collection[str], since: int) -> Callable[[Logged], bool]:
    """Let all that is meant for a golfer pass until they have left the room, which still passes, and nothing after it.

    `ends` are the types of events by which they leave it, where these are about them. `since` is the position at which
    the golfer was found to be there: what was before that, as in a replay, passes.
    """
    gone = False

    def passes(logged: Logged) -> bool:
        nonlocal gone
        was_gone, is_meant = gone, is_meant_for(golfer_id, logged)
        if logged.position > since and logged.type in ends:
            gone |= is_meant and getattr(logged.event, "golfer_id", None) in {golfer_id, None}
        return not was_gone and is_meant

    return passes


@strawberry.type
class HostedSubscriptions:
    """Subscriptions of hosted tee times."""

    @subscription
    async def hosted_tee_time_events(
        self,
        info: Info,
        tee_time_id: Annotated[strawberry.ID, argument("Id of the hosted tee time.")],
        types: Annotated[list[HostedEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[HostedStreamEvent, None]:
        """What happens to a hosted tee time: who joins, leaves, writes, for those who take part; for others, how it is.

        The host also hears who asks to join. Who leaves hears that, and nothing more: subscribe again to hear what all
        may.
        """
        wanted = parse_id("hosted_tee_time", tee_time_id, path=("teeTimeId",))
        async with info.context.read() as session:
            room = await find_room(session, viewer=info.context.viewer, tee_time_id=wanted)
            known = await cursor_of_room(session, room.tee_time)
        public = public_id("hosted_tee_time", wanted)
        heard_in = (host_room if room.is_host else hosted_room) if room.takes_part else open_room
        return await follow(
            info,
            stream=hosted_room(public),
            room=heard_in(public),
            audience=Audience(participants=True) if room.takes_part else EVERYBODY,
            types=types,
            after=after,
            concerns=while_in_room(
                public_id("golfer", room.me.id),
                ends=(SlotLeft.type, TeeTimeHidden.type) if room.takes_part else (TeeTimeHidden.type,),
                since=known.position,
            ),
            since=known,
        )
