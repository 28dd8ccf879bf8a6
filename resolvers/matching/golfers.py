"""Golfers: what can be asked, done and followed."""

from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from auth.limits import Rate
from domain.journeys.golfers import erase_golfer
from domain.matching import blocks, connections, golfers, relations
from domain.matching.access import KnownGolfer, find_golfer, find_me
from domain.matching.exporting import export_golfer
from domain.notifications.notifications import stream_of
from events.matching.golfers import golfers_room
from events.notifications import stream_id_of
from kit.ids import parse_id, public_id
from kit.pictures import PictureSize
from models.matching.values import Industry, RelationStrength
from resolvers.edge import WHAT, mutation, session_of
from resolvers.streams import AFTER, TYPES, follow, subscription
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field, list_field
from schema.matching import inputs, payloads
from schema.matching.events import GolferEventType, GolferStreamEvent
from schema.matching.types import Golfer, GolferReport, IndustryRelation
from schema.sight import EVERYBODY

GOLFERS, CONNECTIONS, REQUESTS, REPORTS = "golfers", "connections", "connectionRequests", "golferReports"


def _by_name(known: KnownGolfer) -> Place:
    return (known.golfer.sort_name, known.golfer.id)


async def _connections(info: Info, name: str, first: int, after: str | None, *, are_made: bool) -> Connection[Golfer]:
    place, limit = read_cursor(name, after, UUID), check_first(first) + 1
    async with info.context.read() as session:
        rows = await connections.list_connections(
            session,
            viewer=info.context.viewer,
            are_made=are_made,
            after=place[0] if place else None,
            limit=limit,
        )
    return Connection[Golfer].page(
        rows, name=name, first=first, after=after, place=lambda one: (one.golfer.id,), show=Golfer.of
    )


def shown(found: Sequence[tuple[Industry, Industry, RelationStrength]]) -> list[IndustryRelation]:
    """Show related lines of work."""
    return [IndustryRelation(industry=one, other_industry=other, strength=how) for one, other, how in found]


@strawberry.type
class GolferQueries:
    """Queries of golfers."""

    @field
    async def golfer(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the golfer.")]) -> Golfer:
        """A golfer of whom you may know: by who they let know of them, and unless either has blocked the other."""
        wanted = parse_id("golfer", id, path=("id",))
        async with info.context.read() as session:
            return Golfer.of(await find_golfer(session, viewer=info.context.viewer, golfer_id=wanted))

    @field
    async def golfers(
        self,
        info: Info,
        *,
        search: Annotated[str | None, argument("Parts of names, with or without accents.")] = None,
        industry: Annotated[Industry | None, argument("Those of this line of work only.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[Golfer]:
        """The other golfers of whom you may know, by name."""
        place, limit = read_cursor(GOLFERS, after, str, UUID), check_first(first) + 1
        async with info.context.read() as session:
            rows = await golfers.search_golfers(
                session, viewer=info.context.viewer, search=search, industry=industry, after=place, limit=limit
            )
        return Connection[Golfer].page(rows, name=GOLFERS, first=first, after=after, place=_by_name, show=Golfer.of)

    @list_field(entries=45)
    async def industry_relations(self, info: Info) -> list[IndustryRelation]:
        """Which lines of work are related, each two once: in the score, they have points beside the same."""
        async with info.context.read() as session:
            found = await relations.list_relations(session, viewer=info.context.viewer)
        return shown(found)

    @field
    async def connections(self, info: Info, first: First = USUAL, after: After = None) -> Connection[Golfer]:
        """The golfers with whom you are connected."""
        return await _connections(info, CONNECTIONS, first, after, are_made=True)

    @field
    async def connection_requests(self, info: Info, first: First = USUAL, after: After = None) -> Connection[Golfer]:
        """The golfers who ask you to be connected, and whom you have not asked."""
        return await _connections(info, REQUESTS, first, after, are_made=False)

    @list_field(entries=20)
    async def blocked_golfers(self, info: Info) -> list[Golfer]:
        """The golfers whom you have blocked."""
        async with info.context.read() as session:
            found = await blocks.blocked_golfers(session, viewer=info.context.viewer)
        return [Golfer.of(one) for one in found]

    @field
    async def golfer_export(self, info: Info) -> str:
        """All that is kept of you as a golfer, as JSON: what you have said, done and were told."""
        context = info.context
        context.count(Rate.IMPORTS)
        async with context.read() as session:
            address_of = partial(context.picture_url, size=PictureSize.LARGE)
            return await export_golfer(session, viewer=context.viewer, address_of=address_of, now=context.now)

    @field
    async def golfer_reports(
        self,
        info: Info,
        *,
        is_open: Annotated[bool | None, argument("Those that wait to be answered, or not; all if left out.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[GolferReport]:
        """What golfers say of others to those who run the clubs, newest first. For admins."""
        place, limit = read_cursor(REPORTS, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            rows = await blocks.read_reports(
                session,
                viewer=info.context.viewer,
                is_open=is_open,
                before=place[0] if place else None,
                limit=limit,
            )
        return Connection[GolferReport].page(
            rows, name=REPORTS, first=first, after=after, place=lambda row: (row.id,), show=GolferReport.of
        )


@strawberry.type
class GolferMutations:
    """Mutations of golfers."""

    @mutation(limit=Rate.MESSAGES)
    async def update_golfer(
        self, info: Info, input: Annotated[inputs.UpdateGolferInput, WHAT]
    ) -> payloads.UpdateGolferPayload:
        """Say who you are to other golfers, for the first time or anew. For players and staff."""
        context = info.context
        known = await golfers.update_golfer(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdateGolferPayload(problems=[], golfer=Golfer.of(known))

    @mutation
    async def erase_golfer(
        self, info: Info, input: Annotated[inputs.EraseGolferInput, WHAT]
    ) -> payloads.EraseGolferPayload:
        """Erase all that is kept of you as a golfer, in what others were told before too, for ever. Admins name others.

        Tee times to come that you host are cancelled, and you leave those that you have joined. In rounds that were
        played you are a former golfer. What a club keeps of you as a player is the club's.
        """
        context = info.context
        gone = await erase_golfer(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.EraseGolferPayload(problems=[], golfer_id=strawberry.ID(public_id("golfer", gone)))

    @mutation(limit=Rate.MESSAGES)
    async def connect_golfers(
        self, info: Info, input: Annotated[inputs.ConnectGolfersInput, WHAT]
    ) -> payloads.ConnectGolfersPayload:
        """Ask another golfer to be connected; once both have asked, you are."""
        context = info.context
        known = await connections.connect_golfers(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ConnectGolfersPayload(problems=[], golfer=Golfer.of(known))

    @mutation
    async def disconnect_golfers(
        self, info: Info, input: Annotated[inputs.DisconnectGolfersInput, WHAT]
    ) -> payloads.DisconnectGolfersPayload:
        """End a connection, take back that you have asked, or decline what you were asked."""
        context = info.context
        known = await connections.disconnect_golfers(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.DisconnectGolfersPayload(problems=[], golfer=Golfer.of(known))

    @mutation(limit=Rate.MESSAGES)
    async def block_golfer(
        self, info: Info, input: Annotated[inputs.BlockGolferInput, WHAT]
    ) -> payloads.BlockGolferPayload:
        """Have nothing to do with another golfer: neither knows of the other any more, and the other is not told."""
        context = info.context
        known = await blocks.block_golfer(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.BlockGolferPayload(problems=[], golfer=Golfer.of(known))

    @mutation
    async def unblock_golfer(
        self, info: Info, input: Annotated[inputs.UnblockGolferInput, WHAT]
    ) -> payloads.UnblockGolferPayload:
        """Take a block of yours back."""
        context = info.context
        known = await blocks.unblock_golfer(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UnblockGolferPayload(problems=[], golfer=Golfer.of(known))

    @mutation(limit=Rate.MESSAGES)
    async def report_golfer(
        self, info: Info, input: Annotated[inputs.ReportGolferInput, WHAT]
    ) -> payloads.ReportGolferPayload:
        """Tell those who run the clubs of a golfer, who does not hear of it."""
        context = info.context
        row = await blocks.report_golfer(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ReportGolferPayload(problems=[], report=GolferReport.of(row))

    @mutation
    async def answer_golfer_report(
        self, info: Info, input: Annotated[inputs.AnswerGolferReportInput, WHAT]
    ) -> payloads.AnswerGolferReportPayload:
        """Decide about a report, once. For admins."""
        context = info.context
        row = await blocks.answer_golfer_report(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AnswerGolferReportPayload(problems=[], report=GolferReport.of(row))

    @mutation
    async def set_industry_relation(
        self, info: Info, input: Annotated[inputs.SetIndustryRelationInput, WHAT]
    ) -> payloads.SetIndustryRelationPayload:
        """Say how much two lines of work have in common, for all golfers. For admins."""
        context = info.context
        found = await relations.set_industry_relation(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetIndustryRelationPayload(problems=[], relations=shown(found))

    @mutation
    async def reinstate_golfer(
        self, info: Info, input: Annotated[inputs.ReinstateGolferInput, WHAT]
    ) -> payloads.ReinstateGolferPayload:
        """Take the suspension of a golfer back. For admins."""
        context = info.context
        known = await blocks.reinstate_golfer(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ReinstateGolferPayload(problems=[], golfer=Golfer.of(known))


@strawberry.type
class GolferSubscriptions:
    """Subscriptions of golfers."""

    @subscription
    async def golfer_events(
        self,
        info: Info,
        types: Annotated[list[GolferEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[GolferStreamEvent, None]:
        """How you and other golfers stand to each other: your own room, and nobody else's."""
        viewer = info.context.viewer
        async with info.context.read() as session:
            await find_me(session, viewer=viewer)
        room = golfers_room(stream_id_of(viewer.tenant_id, viewer.user_id))
        return await follow(info, stream=stream_of(viewer), room=room, audience=EVERYBODY, types=types, after=after)
