"""The waitlist of a tee sheet, its entries, and what is offered to them."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.reading import cursor_of_club
from domain.tee_sheet.inventory.reading import sheets_by_id, tee_times_by_id
from domain.tee_sheet.waitlist import reading
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet import waitlist as waiting
from models.tee_sheet.values import PriceClass
from models.tee_sheet.waitlist import OfferStatus, WaitlistStatus
from schema.context import Info
from schema.describe import enum, field, listed, output
from schema.nodes import Node, finds
from schema.tee_sheet.inventory.types import PersonName, TeeTime

enum(WaitlistStatus)
enum(OfferStatus)


@output
class WaitlistOffer(Node):
    """Places of a tee time that are held for an entry on the waitlist."""

    row: strawberry.Private[waiting.WaitlistOffer]
    entry_id: strawberry.ID
    """The entry."""
    status: OfferStatus
    """What became of it."""
    places: int
    """How many places, 1 to 4."""
    created_at: dt.datetime
    """When it was made, in UTC."""
    expires_at: dt.datetime
    """Until when it can be accepted, in UTC."""
    tee_time_id: strawberry.ID
    """The tee time it is of."""
    booking_id: strawberry.ID | None
    """The booking that it became."""

    @classmethod
    def of(cls, row: waiting.WaitlistOffer) -> Self:
        """Show an offer."""
        return cls(
            id=strawberry.ID(public_id("waitlist_offer", row.id)),
            row=row,
            entry_id=strawberry.ID(public_id("waitlist_entry", row.entry_id)),
            status=row.status,
            places=row.places,
            created_at=row.created_at,
            expires_at=row.expires_at,
            tee_time_id=strawberry.ID(public_id("tee_time", row.tee_time_id)),
            booking_id=strawberry.ID(public_id("booking", row.booking_id)) if row.booking_id else None,
        )

    @field
    async def tee_time(self, info: Info) -> TeeTime:
        """The tee time it is of."""
        return TeeTime.of(await info.context.load(tee_times_by_id, self.row.tee_time_id))


@output
class WaitlistEntry(Node):
    """A party that waits for a start on a tee sheet."""

    row: strawberry.Private[waiting.WaitlistEntry]
    status: WaitlistStatus
    """What became of it."""
    place: int | None
    """Its place in line, from 1, among all who wait for this tee sheet; none when it waits no longer."""
    earliest: dt.time
    """The first start that would do, on the course's clock."""
    latest: dt.time
    """The last start that would do, on the course's clock."""
    party_size: int
    """1 to 4 players."""
    price_class: PriceClass
    """By which class the one who waits pays."""
    player_id: strawberry.ID | None
    """The player who waits, if the club knows them."""
    name: PersonName
    """Who waits."""
    joined_at: dt.datetime
    """When it was put on the waitlist, in UTC."""
    offer: WaitlistOffer | None
    """What is offered to it at the moment."""

    @classmethod
    def of(cls, view: reading.EntryView) -> Self:
        """Show an entry."""
        row = view.entry
        return cls(
            id=strawberry.ID(public_id("waitlist_entry", row.id)),
            row=row,
            status=row.status,
            place=view.place,
            earliest=row.earliest,
            latest=row.latest,
            party_size=row.party_size,
            price_class=row.price_class,
            player_id=strawberry.ID(public_id("player", row.player_id)) if row.player_id else None,
            name=PersonName(first_name=row.first_name, last_name=row.last_name),
            joined_at=row.joined_at,
            offer=WaitlistOffer.of(view.offer) if view.offer else None,
        )

    @field
    async def course_id(self, info: Info) -> strawberry.ID:
        """The course."""
        sheet = await info.context.load(sheets_by_id, self.row.sheet_id)
        return strawberry.ID(public_id("course", sheet.course_id))

    @field
    async def date(self, info: Info) -> dt.date:
        """The date on the course's calendar."""
        return (await info.context.load(sheets_by_id, self.row.sheet_id)).date


@output
class Waitlist:
    """Who waits for places on a tee sheet."""

    row: strawberry.Private[tables.TeeSheet]
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The date on the course's calendar."""
    entries: list[WaitlistEntry] = listed(entries=50)
    """In line: all of them for staff, their own for players."""

    @field
    async def cursor(self, info: Info) -> str:
        """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
        async with info.context.read() as session:
            return str(await cursor_of_club(session, self.row.club_id))


@finds("waitlist_entry")
async def find_entry(session: AsyncSession, viewer: Viewer, value: UUID) -> WaitlistEntry:
    """Find an entry on a waitlist."""
    entry = await reading.find_entry(session, viewer=viewer, entry_id=value)
    return WaitlistEntry.of(await reading.view_of(session, entry))


@finds("waitlist_offer")
async def find_offer(session: AsyncSession, viewer: Viewer, value: UUID) -> WaitlistOffer:
    """Find an offer from a waitlist."""
    return WaitlistOffer.of(await reading.find_offer(session, viewer=viewer, offer_id=value))
