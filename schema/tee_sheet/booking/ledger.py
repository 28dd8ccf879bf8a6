"""The ledger of a booking."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.booking.ledger import sums
from domain.tee_sheet.desk.ledger import find_entry
from kit.ids import public_id
from models.tee_sheet import ledger, tables
from models.tee_sheet.ledger import LedgerKind
from schema.describe import enum, listed, output
from schema.money import Money
from schema.nodes import Node, finds

enum(LedgerKind)


@output
class LedgerEntry(Node):
    """An entry of a booking's ledger. Entries are added, and never changed or removed."""

    booking_id: strawberry.ID
    """The booking."""
    kind: LedgerKind
    """What it is."""
    amount: Money
    """How much; the kind says which way it goes."""
    reason: str
    """Why, in the words of the club."""
    position: int | None
    """Which player of the booking it is for; none for all of it."""
    created_at: datetime
    """When it was added, in UTC."""

    @classmethod
    def of(cls, row: ledger.LedgerEntry) -> Self:
        """Show an entry."""
        return cls(
            id=strawberry.ID(public_id("ledger_entry", row.id)),
            booking_id=strawberry.ID(public_id("booking", row.booking_id)),
            kind=row.kind,
            amount=Money(amount_cents=row.amount_cents, currency=row.currency),
            reason=row.reason,
            position=row.position,
            created_at=row.created_at,
        )


@output
class Ledger:
    """What is asked for a booking, and what became of it."""

    charged: Money
    """Its price, unless it was cancelled, and its fees, less its discounts."""
    paid: Money
    """What was paid, in money and by rain checks."""
    refunded: Money
    """What of it was given back."""
    open: Money
    """What is still to be paid; below 0 where more was paid than is asked."""
    entries: list[LedgerEntry] = listed(entries=4)
    """All entries, in the order in which they were added."""

    @classmethod
    def of(cls, booking: tables.Booking, entries: list[ledger.LedgerEntry]) -> Self:
        """Show a ledger."""
        found = sums(booking, entries)
        return cls(
            charged=Money(amount_cents=found.charged, currency=booking.currency),
            paid=Money(amount_cents=found.paid, currency=booking.currency),
            refunded=Money(amount_cents=found.refunded, currency=booking.currency),
            open=Money(amount_cents=found.open, currency=booking.currency),
            entries=[LedgerEntry.of(row) for row in entries],
        )


@finds("ledger_entry")
async def find_ledger_entry(session: AsyncSession, viewer: Viewer, value: UUID) -> LedgerEntry:
    """Find an entry of a ledger."""
    entry, _ = await find_entry(session, viewer=viewer, entry_id=value)
    return LedgerEntry.of(entry)
