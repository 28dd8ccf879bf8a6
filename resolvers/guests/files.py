"""Files about an occasion: guests in and out, who sits where, what the kitchen has to cook."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.files import exporting
from domain.guests.files.importing import import_guests
from kit.ids import parse_id, parse_if_given
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.context import Info
from schema.describe import argument, field
from schema.guests.files import inputs, payloads
from schema.guests.files.types import GuestImport, GuestImportReport

OccasionId = Annotated[strawberry.ID, argument("Id of the occasion.")]
PartId = Annotated[strawberry.ID | None, argument("Id of the part; the main one if left out.")]


async def _of_part(
    info: Info, export: Callable[..., Awaitable[str]], occasion_id: strawberry.ID, part_id: strawberry.ID | None
) -> str:
    wanted = parse_id("occasion", occasion_id, path=("occasionId",))
    part = parse_if_given("part", part_id, path=("partId",))
    async with info.context.read() as session:
        text = await export(session, viewer=info.context.viewer, occasion_id=wanted, part_id=part)
    stays_until_occasion_moves(info, wanted)
    return text


@strawberry.type
class FileQueries:
    """Queries that give files."""

    @field
    async def guests_csv(self, info: Info, occasion_id: OccasionId) -> str:
        """The guests of an occasion as a file that `importGuests` takes, with their answers. For planners."""
        wanted = parse_id("occasion", occasion_id, path=("occasionId",))
        async with info.context.read() as session:
            text = await exporting.export_guests(session, viewer=info.context.viewer, occasion_id=wanted)
        stays_until_occasion_moves(info, wanted)
        return text

    @field
    async def seating_csv(self, info: Info, occasion_id: OccasionId, part_id: PartId = None) -> str:
        """Who sits where at a part, as a file, by table and seat. For planners."""
        return await _of_part(info, exporting.export_seating, occasion_id, part_id)

    @field
    async def meals_csv(self, info: Info, occasion_id: OccasionId, part_id: PartId = None) -> str:
        """What the caterer has to cook for a part, as a file: a row for each who comes, by meal. For planners."""
        return await _of_part(info, exporting.export_meals, occasion_id, part_id)


@strawberry.type
class FileMutations:
    """Mutations that take files."""

    @mutation(limit=Rate.IMPORTS)
    async def import_guests(
        self, info: Info, input: Annotated[inputs.ImportGuestsInput, WHAT]
    ) -> payloads.ImportGuestsPayload:
        """Look at a file of guests, and then, with `apply`, take it in: all of it or nothing. For planners."""
        context = info.context
        done = await import_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ImportGuestsPayload(
            problems=[],
            report=GuestImportReport.of(done.report),
            guest_import=GuestImport.of(done.row) if done.row else None,
        )
