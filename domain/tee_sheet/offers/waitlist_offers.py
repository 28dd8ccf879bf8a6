"""The waitlist's turn: places of a locked tee time are offered to the first in line whom they fit.

An offer keeps its places by a hold, so that nobody slips in between, and ends with it. It changes under the lock of its
tee time alone. A closing ends the offers of all tee times that it covers, and locks each of them after it has changed
its course: so whoever makes an offer reads the course under the tee time's lock, and either sees the closure, or is
waited for by it. An entry that somebody else has locked is getting or giving up something at this moment, and is passed
over: nobody who has locked a tee time waits for an entry.
"""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import closed_until
from domain.notifications.notifications import notify
from domain.tee_sheet.inventory.restrictions import restrictions_of
from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.notices import about_start
from domain.tee_sheet.offers.reservations import reserve
from domain.tee_sheet.offers.restrictions import Wanted, refusing
from domain.tee_sheet.offers.waitlist_line import next_in_line, open_classes, serve_when_open, serve_when_sold
from domain.tee_sheet.offers.waitlist_rules import goes_on, offer_ends_at
from events.log import record
from events.tee_sheet.waitlist import WaitlistOfferCreated, WaitlistOfferExpired
from kit.ids import new_id, public_id
from models.clubs.tables import Club, Course
from models.notifications import NotificationKind
from models.tee_sheet.tables import Hold, TeeSheet
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistOffer, WaitlistStatus

AWAITED = (
    select(Course)
    .join(TeeSheet, TeeSheet.course_id == Course.id)
    .where(TeeSheet.id == bindparam("sheet_id"), TeeSheet.is_online)
    .where(exists().where(WaitlistEntry.sheet_id == TeeSheet.id, WaitlistEntry.status == WaitlistStatus.WAITING))
    .execution_options(populate_existing=True)
)


async def offer_places(
    session: AsyncSession, locked: LockedTeeTime, *, unanswered: int = 0, now: datetime
) -> list[WaitlistOffer]:
    """Offer the free places of a locked tee time to those in line, as far as they fit; what is left is the public's.

    In line are those to whose price class booking is open by now; who is passed over until it is, is served then.

    `unanswered` says how many offers of these places, one after the other, nobody has answered. Nothing is offered of
    a start that has come, or lies within a closure of its course, or of a sheet that is offline; nor of one that
    the shop alone sells, or that is not sold yet; then it is.
    """
    made: list[WaitlistOffer] = []
    passed: UUID | None = None
    if not (locked.is_awaited and locked.free) or locked.tee_time.starts_at <= now:
        return made
    if not await _is_awaited(session, locked, now=now):
        return made
    asked = restrictions_of(locked.sheet, locked.tee_time)
    if refusing(locked.sheet, asked, Wanted(), now=now):
        await serve_when_sold(session, locked, asked, now=now)
        return made
    club = await session.get_one(Club, locked.sheet.club_id)
    classes = open_classes(locked.sheet, club, now=now)
    while locked.free and goes_on(unanswered, limit=club.waitlist_unanswered_offers):
        entry = await next_in_line(session, locked, classes, asked, club=club, behind=passed)
        if entry is None:
            break
        passed = entry.id
        offer = await _make(session, locked, entry, club=club, unanswered=unanswered, now=now)
        made += [offer] if offer else []
    await serve_when_open(session, locked, club=club, now=now)
    return made


async def _is_awaited(session: AsyncSession, locked: LockedTeeTime, *, now: datetime) -> bool:
    """Tell whether anybody waits for a sheet that is online, and the start lies in no closure: read under its lock."""
    with session.no_autoflush:  # whoever brings a sheet online, or comes to wait for it, has written that before
        course = await session.scalar(AWAITED, {"sheet_id": locked.sheet.id})
    if course is None:
        return False
    closed = closed_until(course, now=now)
    return closed is None or locked.tee_time.starts_at >= closed


async def _make(
    session: AsyncSession, locked: LockedTeeTime, entry: WaitlistEntry, *, club: Club, unanswered: int, now: datetime
) -> WaitlistOffer | None:
    """Offer an entry its places; None when it got another offer while its lock was waited for."""
    starts_at = locked.tee_time.starts_at
    until = offer_ends_at(now=now, minutes=club.waitlist_offer_minutes, starts_at=starts_at)
    values = {
        "id": new_id(),
        "tenant_id": entry.tenant_id,
        "club_id": entry.club_id,
        "entry_id": entry.id,
        "tee_time_id": locked.tee_time.id,
        "places": entry.party_size,
        "status": OfferStatus.PENDING,
        "unanswered": unanswered,
        "created_at": now,
        "expires_at": until,
    }
    made = insert(WaitlistOffer).values(values).on_conflict_do_nothing().returning(WaitlistOffer)
    offer: WaitlistOffer | None = await session.scalar(made)
    if offer is None:
        return None
    slots, holder = locked.free[: entry.party_size], entry.user_id or ""
    await reserve(session, locked, slots, holder_id=holder, until=until, offer_id=offer.id, now=now)
    created = WaitlistOfferCreated(**offer_facts(locked, offer), starts_at=starts_at, expires_at=until)
    record(session, created, now=now)
    kind, more = NotificationKind.WAITLIST_OFFER, {"places": offer.places}
    await tell_entry(session, kind, entry, locked, offer, now=now, **more)
    return offer


def offer_facts(locked: LockedTeeTime, offer: WaitlistOffer) -> dict[str, Any]:
    """Give what every fact about an offer says."""
    return {
        "club_id": public_id("club", locked.sheet.club_id),
        "course_id": public_id("course", locked.sheet.course_id),
        "date": locked.sheet.date,
        "entry_id": public_id("waitlist_entry", offer.entry_id),
        "offer_id": public_id("waitlist_offer", offer.id),
        "tee_time_id": public_id("tee_time", offer.tee_time_id),
        "places": offer.places,
    }


async def tell_entry(
    session: AsyncSession,
    kind: NotificationKind,
    entry: WaitlistEntry,
    locked: LockedTeeTime,
    offer: WaitlistOffer,
    *,
    now: datetime,
    **more: Any,
) -> None:
    """Tell who waits, if they have an account, what happened to their offer."""
    if entry.user_id is None:
        return
    until = f"{offer.expires_at.astimezone(ZoneInfo(locked.sheet.time_zone)):%H:%M}"
    about = {"offer_id": public_id("waitlist_offer", offer.id), "until": until}
    data = await about_start(session, locked) | about | more
    await notify(session, tenant_id=entry.tenant_id, kind=kind, data=data, users=[entry.user_id], now=now)


async def hold_of(session: AsyncSession, offer: WaitlistOffer) -> Hold:
    """Read the hold that keeps an offer's places; its tee time must be locked."""
    held = select(Hold).where(Hold.offer_id == offer.id).execution_options(populate_existing=True)
    return (await session.scalars(held)).one()


def end_offer(offer: WaitlistOffer, status: OfferStatus, *, now: datetime) -> None:
    """Note what became of an offer."""
    offer.status, offer.ended_at = status, now


async def expire_offer(session: AsyncSession, hold: Hold, locked: LockedTeeTime, *, now: datetime) -> int:
    """End the offer of a hold that has expired, if it is an offer's.

    Gives how many offers of the hold's places, one after the other, nobody has answered.
    """
    offer = await _offer_of(session, hold)
    if offer is None:
        return 0
    end_offer(offer, OfferStatus.EXPIRED, now=now)
    record(session, WaitlistOfferExpired(**offer_facts(locked, offer), status=offer.status), now=now)
    return offer.unanswered + 1


async def withdraw_offer(session: AsyncSession, hold: Hold, locked: LockedTeeTime, *, now: datetime) -> None:
    """End the offer of a hold whose places are taken out of sale, if it is an offer's, and tell who waits."""
    offer = await _offer_of(session, hold)
    if offer is None:
        return
    end_offer(offer, OfferStatus.WITHDRAWN, now=now)
    record(session, WaitlistOfferExpired(**offer_facts(locked, offer), status=offer.status), now=now)
    entry = await session.get_one(WaitlistEntry, offer.entry_id)
    await tell_entry(session, NotificationKind.WAITLIST_OFFER_WITHDRAWN, entry, locked, offer, now=now)


async def _offer_of(session: AsyncSession, hold: Hold) -> WaitlistOffer | None:
    if hold.offer_id is None:
        return None
    return await session.get_one(WaitlistOffer, hold.offer_id, populate_existing=True)
