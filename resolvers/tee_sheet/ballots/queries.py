"""Looking at ballots and their entries."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from domain.tee_sheet.ballots import reading
from domain.tee_sheet.ballots.files import ballot_csv
from kit.ids import parse_id, parse_if_given
from models.tee_sheet import ballots as tables
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.ballots.types import Ballot, BallotEntry

BALLOTS, ENTRIES = "ballots", "ballotEntries"
BALLOT_ID = argument("Id of the ballot.")


def _place_of(row: tables.Ballot | tables.BallotEntry) -> Place:
    return (row.id,)


@strawberry.type
class BallotQueries:
    """Looking at ballots and their entries."""

    @field
    async def ballot(self, info: Info, id: Annotated[strawberry.ID, BALLOT_ID]) -> Ballot:
        """A ballot by its id, for all who may see the club's tee sheets."""
        key = parse_id("ballot", id, path=("id",))
        async with info.context.read() as session:
            row = await reading.find_ballot(session, viewer=info.context.viewer, ballot_id=key)
        stays_until_clubs_move(info, row.club_id)
        return Ballot.of(row)

    @field
    async def ballots(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        course_id: Annotated[strawberry.ID | None, argument("Those of this course only.")] = None,
        date: Annotated[dt.date | None, argument("Those of this day only.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[Ballot]:
        """The ballots of a club, those announced last first, for all who may see its tee sheets."""
        key = parse_id("club", club_id, path=("clubId",))
        course = parse_if_given("course", course_id, path=("courseId",))
        place, limit = read_cursor(BALLOTS, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            rows = await reading.list_ballots(
                session,
                viewer=info.context.viewer,
                club_id=key,
                course_id=course,
                day=date,
                before=place[0] if place else None,
                limit=limit,
            )
        stays_until_clubs_move(info, key)
        return Connection.page(rows, name=BALLOTS, first=first, after=after, place=_place_of, show=Ballot.of)

    @field
    async def ballot_entries(
        self,
        info: Info,
        *,
        ballot_id: Annotated[strawberry.ID, BALLOT_ID],
        first: First = USUAL,
        after: After = None,
    ) -> Connection[BallotEntry]:
        """The entries of a ballot as they were made: all of them for staff, their own for players."""
        key = parse_id("ballot", ballot_id, path=("ballotId",))
        place, limit = read_cursor(ENTRIES, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            row = await reading.find_ballot(session, viewer=info.context.viewer, ballot_id=key)
            rows = await reading.list_entries(
                session,
                viewer=info.context.viewer,
                ballot=row,
                after=place[0] if place else None,
                limit=limit,
            )
        stays_until_clubs_move(info, row.club_id)
        return Connection.page(rows, name=ENTRIES, first=first, after=after, place=_place_of, show=BallotEntry.of)

    @field
    async def ballot_csv(self, info: Info, ballot_id: Annotated[strawberry.ID, BALLOT_ID]) -> str:
        """A ballot's entries, and what became of them, as a file for spreadsheets. For staff."""
        key = parse_id("ballot", ballot_id, path=("ballotId",))
        async with info.context.read() as session:
            row = await reading.find_ballot(session, viewer=info.context.viewer, ballot_id=key)
            file = await ballot_csv(session, viewer=info.context.viewer, ballot_id=key)
        stays_until_clubs_move(info, row.club_id)
        return file
