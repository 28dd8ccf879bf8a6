"""Files of guests that were looked at, or taken in."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.files import importing
from kit.fault_codes import Fault
from kit.ids import public_id
from kit.spreadsheets import BadRow
from models.guests import occasions as tables
from models.guests.values import Duplicates
from schema.describe import enum, listed, output
from schema.nodes import Node, finds

enum(Duplicates)
enum(Fault)


@output
class UnusableRow:
    """A row of a file that cannot be used."""

    line: int
    """The line of the file on which the row begins; the heading is line 1."""
    column: str | None
    """The column that is wrong, as the heading calls it; none if it is the row as a whole."""
    reason: str
    """What is wrong with it."""
    fault: Fault | None
    """The same by a code; none where the sentence alone says it."""
    fault_values: list[str]
    """What the code's sentence names; `Fault` says what that is."""

    @classmethod
    def of(cls, row: BadRow) -> Self:
        """Show a bad row."""
        return cls(
            line=row.line, column=row.column, reason=row.reason, fault=row.fault, fault_values=list(row.fault_values)
        )


@output
class GuestImportReport:
    """What became of a file, or what would become of it."""

    added: int
    """Guests that come to the list."""
    updated: int
    """Guests on the list that change."""
    skipped: int
    """Rows that are passed over, since their guests are on the list already."""
    households_added: int
    """Households that are made."""
    bad_rows: list[UnusableRow] = listed(entries=10)
    """The rows that cannot be used, in the order of the file; a row with several faults stands there for each."""

    @classmethod
    def of(cls, report: importing.ImportReport) -> Self:
        """Show a report."""
        bad = [UnusableRow.of(row) for row in report.bad_rows]
        return cls(
            added=report.added,
            updated=report.updated,
            skipped=report.skipped,
            households_added=report.households_added,
            bad_rows=bad,
        )


@output
class GuestImport(Node):
    """A file of guests that was taken in."""

    occasion_id: strawberry.ID
    """The occasion."""
    added: int
    """How many guests came to the list."""
    updated: int
    """How many guests on the list changed."""
    skipped: int
    """How many rows were passed over."""
    households_added: int
    """How many households were made."""
    created_at: dt.datetime
    """When, in UTC."""

    @classmethod
    def of(cls, row: tables.GuestImport) -> Self:
        """Show an import."""
        return cls(
            id=strawberry.ID(public_id("guest_import", row.id)),
            occasion_id=strawberry.ID(public_id("occasion", row.occasion_id)),
            added=row.added,
            updated=row.updated,
            skipped=row.skipped,
            households_added=row.households_added,
            created_at=row.created_at,
        )


@finds("guest_import")
async def find_import(session: AsyncSession, viewer: Viewer, value: UUID) -> GuestImport:
    """Find an import."""
    return GuestImport.of(await importing.find_import(session, viewer=viewer, import_id=value))
