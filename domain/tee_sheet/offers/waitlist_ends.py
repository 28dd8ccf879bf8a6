"""Giving up what the waitlist offers, and waiting no longer once one has booked what one waited for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.inventory.slots import LockedTeeTime, behind_locks
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.reservations import end_hold
from domain.tee_sheet.offers.waitlist_offers import end_offer, hold_of, offer_facts
from events.log import record
from events.tee_sheet.waitlist import WaitlistLeft, WaitlistOfferDeclined
from kit.ids import public_id
from models.tee_sheet.tables import Booking, TeeSheet, TeeTime
from models.tee_sheet.values import HoldStatus
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistOffer, WaitlistStatus

SATISFIED = (
    select(WaitlistEntry)
    .where(WaitlistEntry.sheet_id == bindparam("sheet_id"), WaitlistEntry.status == WaitlistStatus.WAITING)
    .where(WaitlistEntry.earliest <= bindparam("at"), WaitlistEntry.latest >= bindparam("at"))
    .where(WaitlistEntry.party_size <= bindparam("places"))
    .where(
        or_(
            WaitlistEntry.player_id == any_(bindparam("player_ids", type_=ARRAY(Uuid))),
            and_(WaitlistEntry.player_id.is_(None), WaitlistEntry.user_id == bindparam("booked_by")),
        )
    )
    .order_by(WaitlistEntry.id)
    .with_for_update(of=WaitlistEntry, key_share=True, skip_locked=True)
    .execution_options(populate_existing=True)
)
"""An entry that somebody has locked is being answered, or left: nobody who holds a tee time waits for an entry."""
LIVE = select(WaitlistOffer).where(
    WaitlistOffer.entry_id == any_(bindparam("entry_ids", type_=ARRAY(Uuid))),
    WaitlistOffer.status == OfferStatus.PENDING,
)
UNLESS_LOCKED = (
    select(TeeTime)
    .where(TeeTime.id == bindparam("tee_time_id"))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)


class Seated(Protocol):
    """Who has a place on a booking."""

    @property
    def player_id(self) -> UUID | None:
        """The player, if the club knows them."""


async def give_up(session: AsyncSession, offer: WaitlistOffer, locked: LockedTeeTime, *, now: datetime) -> None:
    """Decline an offer that is live, and free its places for the next in line; its tee time is locked."""
    hold = await hold_of(session, offer)
    end_hold(hold, HoldStatus.RELEASED, now=now)
    end_offer(offer, OfferStatus.DECLINED, now=now)
    record(session, WaitlistOfferDeclined(**offer_facts(locked, offer)), now=now)
    await release_places(session, locked, locked.held_by(hold.id), unanswered=offer.unanswered, now=now)


def left(entry: WaitlistEntry, sheet: TeeSheet) -> WaitlistLeft:
    """State that an entry is on the waitlist no more."""
    return WaitlistLeft(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        entry_id=public_id("waitlist_entry", entry.id),
    )


async def end_satisfied(
    session: AsyncSession, booking: Booking, party: Iterable[Seated], locked: LockedTeeTime, *, now: datetime
) -> None:
    """Let those wait no longer who have by a booking what they waited for: such a start, for as many as they are.

    These are its players, and who has made it, if the club does not know them. What was offered to them goes to the
    next in line; who is being offered something at this very moment waits on. To be called after the facts of the
    booking are recorded. Where nobody waits for the sheet, it takes no statement.
    """
    if not locked.is_awaited:
        return
    players = list(party)
    keys = {
        "sheet_id": locked.sheet.id,
        "at": locked.tee_time.local_time,
        "places": len(players),
        "player_ids": [one.player_id for one in players if one.player_id],
        "booked_by": booking.booked_by,
    }
    entries = list(await session.scalars(SATISFIED, keys))
    if not entries:
        return
    live = await session.scalars(LIVE, {"entry_ids": [entry.id for entry in entries]})
    offers = {offer.entry_id: offer for offer in live}
    for entry in entries:
        offer = offers.get(entry.id)
        start = await _unless_locked(session, offer.tee_time_id) if offer else None
        if offer and start is None:
            continue
        entry.status, entry.ended_at = WaitlistStatus.BOOKED, now
        record(session, left(entry, locked.sheet), now=now)
        if offer and start:
            await session.refresh(offer)
            if offer.status is OfferStatus.PENDING:
                await give_up(session, offer, start, now=now)


async def _unless_locked(session: AsyncSession, tee_time_id: UUID) -> LockedTeeTime | None:
    """Lock one more tee time, unless somebody else has: who has locked one waits for none out of their order."""
    tee_time = await session.scalar(UNLESS_LOCKED, {"tee_time_id": tee_time_id})
    return None if tee_time is None else (await behind_locks(session, [tee_time]))[tee_time_id]
