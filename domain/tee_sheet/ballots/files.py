"""A ballot as a file for spreadsheets: its entries, and what became of them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.ballots.reading import find_ballot, list_entries, players_of_entries, starts_of
from domain.tee_sheet.ballots.rules import MOST_CHOICES
from kit.ids import public_id
from kit.spreadsheets import write_sheet

HEADINGS = ("entry", "status", "places", "players", "rank", "got before", "choice", "start", "booking")
EVERY_ONE = 100_000


async def ballot_csv(session: AsyncSession, *, viewer: Viewer, ballot_id: UUID) -> str:
    """Write the entries of a ballot, those drawn first by rank, for the club's staff. Raises NotFound, NotAllowed."""
    ballot = await find_ballot(session, viewer=viewer, ballot_id=ballot_id)
    refuse_unless_staff(viewer, ballot.club_id)
    entries = await list_entries(session, viewer=viewer, ballot=ballot, after=None, limit=EVERY_ONE)
    players = await players_of_entries(session, [one.id for one in entries])
    times = {row.id: f"{row.local_time:%H:%M}" for row in await starts_of(session, ballot)}
    rows = []
    for one in sorted(entries, key=lambda row: (row.rank is None, row.rank or 0, row.id)):
        names = ", ".join(f"{who.first_name} {who.last_name}".strip() or "-" for who in players[one.id])
        chosen = [times.get(key, "gone") for key in one.choices]
        got = chosen[one.choice - 1] if one.choice else ""
        booking = public_id("booking", one.booking_id) if one.booking_id else ""
        about = [public_id("ballot_entry", one.id), one.status.value, one.places, names]
        result = [_number(one.rank), _number(one.got_before), _number(one.choice), got, booking]
        rows.append([*about, *result, *chosen, *[""] * (MOST_CHOICES - len(chosen))])
    return write_sheet([*HEADINGS, *(f"wish {n}" for n in range(1, MOST_CHOICES + 1))], rows)


def _number(value: int | None) -> object:
    return "" if value is None else value
