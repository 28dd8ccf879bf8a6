"""Finding and reading what is on a waitlist."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of
from kit.errors import NotFound
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistOffer, WaitlistStatus


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as screens show it: with its place in line, from 1, while it waits, and its live offer."""

    entry: WaitlistEntry
    place: int | None
    offer: WaitlistOffer | None


async def find_entry(session: AsyncSession, *, viewer: Viewer, entry_id: UUID) -> WaitlistEntry:
    """Find an entry: for staff, and for who waits. Raises NotFound."""
    entry = await session.get(WaitlistEntry, entry_id)
    if entry is None or not await _may_see(session, viewer, entry):
        raise NotFound(message="There is no such entry on a waitlist, or you may not know of it.")
    return entry


async def find_offer(session: AsyncSession, *, viewer: Viewer, offer_id: UUID) -> WaitlistOffer:
    """Find an offer: for staff, and for whom it was made to. Raises NotFound."""
    offer = await session.get(WaitlistOffer, offer_id)
    entry = await session.get_one(WaitlistEntry, offer.entry_id) if offer else None
    if offer is None or entry is None or not await _may_see(session, viewer, entry):
        raise NotFound(message="There is no such offer, or you may not know of it.")
    return offer


async def _may_see(session: AsyncSession, viewer: Viewer, entry: WaitlistEntry) -> bool:
    if not viewer.may_see_sheets(entry.club_id):
        return False
    if viewer.is_staff_of(entry.club_id) or entry.user_id == viewer.user_id:
        return True
    own = await player_of(session, viewer=viewer, club_id=entry.club_id)
    return own is not None and entry.player_id == own.id


async def lock_entry(session: AsyncSession, entry_id: UUID) -> WaitlistEntry:
    """Lock an entry until the transaction ends, and read it anew."""
    locked = select(WaitlistEntry).where(WaitlistEntry.id == entry_id).with_for_update(key_share=True)
    return (await session.scalars(locked.execution_options(populate_existing=True))).one()


async def read_line(session: AsyncSession, *, viewer: Viewer, sheet: TeeSheet) -> list[EntryView]:
    """Read who waits for a sheet, in line: all entries for staff, the viewer's own for players, with their places."""
    waiting = (WaitlistEntry.sheet_id == sheet.id, WaitlistEntry.status == WaitlistStatus.WAITING)
    line = list(await session.scalars(select(WaitlistEntry).where(*waiting).order_by(WaitlistEntry.id)))
    places = {entry.id: place for place, entry in enumerate(line, 1)}
    if not viewer.is_staff_of(sheet.club_id):
        own = await player_of(session, viewer=viewer, club_id=sheet.club_id)
        line = [e for e in line if e.user_id == viewer.user_id or (own and e.player_id == own.id)]
    offers = await live_offers(session, (entry.id for entry in line))
    return [EntryView(entry, places[entry.id], offers.get(entry.id)) for entry in line]


async def view_of(session: AsyncSession, entry: WaitlistEntry) -> EntryView:
    """Give one entry as screens show it."""
    ahead = select(func.count()).where(
        WaitlistEntry.sheet_id == entry.sheet_id,
        WaitlistEntry.status == WaitlistStatus.WAITING,
        WaitlistEntry.id <= entry.id,
    )
    place = await session.scalar(ahead) if entry.status is WaitlistStatus.WAITING else None
    return EntryView(entry, place, (await live_offers(session, [entry.id])).get(entry.id))


async def live_offers(session: AsyncSession, entry_ids: Iterable[UUID]) -> dict[UUID, WaitlistOffer]:
    """Read the offers of entries that wait for an answer, by entry."""
    live = select(WaitlistOffer).where(
        WaitlistOffer.entry_id.in_(list(entry_ids)), WaitlistOffer.status == OfferStatus.PENDING
    )
    return {offer.entry_id: offer for offer in await session.scalars(live)}
