"""Taking in a file of guests: all of it or nothing, and first only looking what would become of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned, known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import household_state
from domain.guests.files.matching import Known, Match, Sorted, sort_rows
from domain.guests.files.rows import WHERE, read_rows, same
from domain.guests.households.guests import MOST_GUESTS, new_guests
from domain.guests.households.households import new_household
from domain.guests.households.lists import change_all
from domain.guests.households.wishes import GuestChange, GuestWish, cleaned_wish
from domain.guests.places.parts import lock_parts
from domain.guests.problems import OccasionFull
from domain.guests.records import note_activity
from events.guests.households import HouseholdCreated
from events.log import record
from kit.ids import new_id
from kit.spreadsheets import BadRow, ImportRefused
from models.guests.households import Guest, Household
from models.guests.occasions import GuestImport, Occasion, Part
from models.guests.values import ActivityKind, Duplicates

INVITED = (
    select(Guest, Household)
    .join(Household, Household.id == Guest.household_id)
    .where(Guest.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(Guest.id)
)
HOUSEHOLDS = (
    select(Household).where(Household.occasion_id == bindparam("occasion_id", type_=Uuid)).order_by(Household.id)
)


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of a file, or would."""

    added: int
    updated: int
    skipped: int
    households_added: int
    bad_rows: Sequence[BadRow]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A file that was looked at, and the import if it was taken in."""

    report: ImportReport
    row: GuestImport | None


async def import_guests(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    csv_text: str,
    duplicates: Duplicates = Duplicates.REFUSE,
    apply: bool = False,
    now: datetime,
) -> Imported:
    """Look at a file of guests, and take it in where that is to be applied: all of it, in its order, or nothing.

    Households that are not there yet are made, with the contact that their first row gives, or else the first address
    of their guests. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, OccasionFull, CapacityReached,
    GuestsRefused, AlreadyCheckedIn for one who would go to another household, and, where it is to be applied,
    ImportRefused that names every bad row.
    """
    find = lock_occasion if apply else find_planned
    occasion = await find(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    sheet, rows = read_rows(csv_text)
    known: Known = [(guest, home) for guest, home in await session.execute(INVITED, {"occasion_id": occasion.id})]
    homes = {same(home.name): home for home in await session.scalars(HOUSEHOLDS, {"occasion_id": occasion.id})}
    found = sort_rows(sheet, rows, known, duplicates)
    bad = sorted(sheet.bad, key=lambda row: row.line)
    if apply and bad:
        raise ImportRefused(rows=bad, path=WHERE)
    if occasion.guest_count + len(found.new) > MOST_GUESTS:
        raise OccasionFull(most=MOST_GUESTS, present=occasion.guest_count)
    made = _missing(found, homes)
    report = ImportReport(
        added=len(found.new),
        updated=len(found.changed),
        skipped=len(found.skipped),
        households_added=len(made),
        bad_rows=bad,
    )
    if not apply:
        return Imported(report=report, row=None)
    await _take_in(session, occasion, found, homes, made, now=now)
    return Imported(report=report, row=_noted(session, occasion, viewer, report, now=now))


def _missing(found: Sorted, homes: Mapping[str, Household]) -> dict[str, dict[str, Any]]:
    """Give the households that have to be made, by their names as they are compared."""
    wanted: dict[str, dict[str, Any]] = {}
    for row in (*found.new, *(match.row for match in found.changed)):
        if same(row.household) in homes:
            continue
        values = wanted.setdefault(same(row.household), {"name": row.household})
        for name, value in (*row.contact.items(), *([("email", row.email)] if row.email else [])):
            values.setdefault(name, value)
    return wanted


async def _take_in(
    session: AsyncSession,
    occasion: Occasion,
    found: Sorted,
    homes: dict[str, Household],
    made: Mapping[str, Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    parts = await lock_parts(session, occasion_id=occasion.id)
    for key, values in made.items():
        homes[key] = household = new_household(occasion, now=now, **values)
        session.add(household)
        record(session, household_state(HouseholdCreated, occasion, household, parts.values()), now=now)
    wished = [(homes[same(row.household)], cleaned_wish(occasion, GuestWish(**row.values))) for row in found.new]
    new_guests(session, occasion, wished, parts.values(), now=now)
    if found.changed:
        await _change(session, occasion, parts, found.changed, homes, now=now)


async def _change(
    session: AsyncSession,
    occasion: Occasion,
    parts: dict[UUID, Part],
    matches: Sequence[Match],
    homes: Mapping[str, Household],
    *,
    now: datetime,
) -> None:
    changes = [
        GuestChange(
            guest_id=match.guest.id,
            household_id=homes[same(match.row.household)].id,
            values={name: value for name, value in match.row.values.items() if name != "is_plus_one"},
        )
        for match in matches
    ]
    await change_all(session, occasion, parts, {match.guest.id: match.guest for match in matches}, changes, now=now)


def _noted(
    session: AsyncSession, occasion: Occasion, viewer: Viewer, report: ImportReport, *, now: datetime
) -> GuestImport:
    row = GuestImport(
        id=new_id(),
        tenant_id=occasion.tenant_id,
        occasion_id=occasion.id,
        added=report.added,
        updated=report.updated,
        skipped=report.skipped,
        households_added=report.households_added,
        imported_by=viewer.user_id,
        created_at=now,
    )
    session.add(row)
    count = report.added + report.updated
    note_activity(session, occasion, ActivityKind.GUESTS_IMPORTED, viewer=viewer, count=count, now=now)
    return row


async def find_import(session: AsyncSession, *, viewer: Viewer, import_id: UUID) -> GuestImport:
    """Find an import, for those who plan the occasion. Raises NotFound, NotAllowed."""
    row = await session.get(GuestImport, import_id)
    if row is None:
        raise no_such("import")
    async with known_as("import"):
        await find_planned(session, viewer=viewer, occasion_id=row.occasion_id)
    return row
