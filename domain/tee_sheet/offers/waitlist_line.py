"""Those in line for places of a sheet: who of them is next for a start, and which starts are next for one of them."""

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.inventory.limits import LARGEST_GROUP
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.restrictions import Wanted, is_open_to, opens_at
from domain.tee_sheet.offers.rules import opens_to
from kit.jobs import defer
from models.clubs.tables import Club
from models.tee_sheet.tables import TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass, Restriction
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistOffer, WaitlistStatus

SERVE = "serve_waitlist"
"""Giving those in line for a sheet their turn, as a job of a `sheet_id`."""


def open_classes(sheet: TeeSheet, club: Club, *, now: datetime) -> list[PriceClass]:
    """Give the price classes to which booking is open for the starts of a sheet."""
    return [one for one in club.price_classes if opens_to(one, sheet=sheet, club=club) <= now]


async def anybody_waits(session: AsyncSession, sheet_id: UUID) -> bool:
    """Tell whether anybody waits for places of a sheet, so that its tee times need not be locked to ask one by one."""
    waiting = select(WaitlistEntry.id).where(
        WaitlistEntry.sheet_id == sheet_id, WaitlistEntry.status == WaitlistStatus.WAITING
    )
    return await session.scalar(waiting.limit(1)) is not None


async def next_in_line(
    session: AsyncSession,
    locked: LockedTeeTime,
    classes: Collection[PriceClass],
    asked: Collection[Restriction],
    *,
    club: Club,
    behind: UUID | None,
) -> WaitlistEntry | None:
    """Lock the first entry of these price classes that the free places fit, and that is as the start asks."""
    at, free = locked.tee_time.local_time, len(locked.free)
    of_entry = WaitlistOffer.entry_id == WaitlistEntry.id
    live = exists().where(of_entry, WaitlistOffer.status == OfferStatus.PENDING)
    of_start = WaitlistOffer.tee_time_id == locked.tee_time.id
    had = exists().where(of_entry, of_start, WaitlistOffer.status != OfferStatus.WITHDRAWN)
    first = (
        select(WaitlistEntry)
        .where(WaitlistEntry.sheet_id == locked.sheet.id, WaitlistEntry.status == WaitlistStatus.WAITING)
        .where(WaitlistEntry.earliest <= at, WaitlistEntry.latest >= at)
        .where(WaitlistEntry.party_size <= free, WaitlistEntry.price_class.in_(classes), ~live, ~had)
        .order_by(WaitlistEntry.id)
        .limit(1)
        .with_for_update(of=WaitlistEntry, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for one in asked:
        if one.price_classes is not None:
            first = first.where(WaitlistEntry.price_class.in_(club.classes_of(*one.price_classes)))
        size = (one.fewest_players or 1, one.most_players or LARGEST_GROUP)
        first = first.where(WaitlistEntry.party_size.between(*size))
    return await session.scalar(first if behind is None else first.where(WaitlistEntry.id > behind))


async def serve_when_open(session: AsyncSession, locked: LockedTeeTime, *, club: Club, now: datetime) -> None:
    """Have the line served anew when booking opens to a class of which somebody was passed over now.

    Nobody joins the line before that; but a club may shorten its windows, and who waits stays in line.
    """
    sheet = locked.sheet
    opens = {one: opens_to(one, sheet=sheet, club=club) for one in club.price_classes}
    later = {one: at for one, at in opens.items() if at > now}
    if not (later and locked.free):
        return
    waiting = (
        select(WaitlistEntry.price_class)
        .where(WaitlistEntry.sheet_id == sheet.id, WaitlistEntry.status == WaitlistStatus.WAITING)
        .where(WaitlistEntry.price_class.in_(later))
        .distinct()
    )
    for at in sorted({later[price_class] for price_class in await session.scalars(waiting)}):
        once = f"{SERVE}:{sheet.id}:{at.isoformat()}"
        await defer(session, SERVE, at=at, now=now, once=once, sheet_id=str(sheet.id))


async def serve_when_sold(
    session: AsyncSession, locked: LockedTeeTime, asked: Collection[Restriction], *, now: datetime
) -> None:
    """Have the line served when a start is sold that is not sold yet."""
    sheet, zone = locked.sheet, ZoneInfo(locked.sheet.time_zone)
    later = {at for one in asked if (at := opens_at(one, day=sheet.date, zone=zone)) and at > now}
    for at in sorted(later):
        once = f"{SERVE}:{sheet.id}:{at.isoformat()}"
        await defer(session, SERVE, at=at, now=now, once=once, sheet_id=str(sheet.id))


async def lock_starts_for(
    session: AsyncSession,
    sheet_id: UUID,
    *,
    window: tuple[time, time],
    also: Collection[UUID] = (),
    now: datetime,
) -> dict[UUID, LockedTeeTime]:
    """Lock all starts to come of a sheet that would do, and others: what is coming free on any of them is seen."""
    rows = select(TeeTime.id).where(TeeTime.sheet_id == sheet_id, TeeTime.starts_at > now)
    found = await session.scalars(rows.where(TeeTime.local_time.between(*window)))
    return await lock_tee_times(session, {*found, *also})


async def starts_left(
    session: AsyncSession, entry: WaitlistEntry, locked: Collection[LockedTeeTime], *, now: datetime
) -> list[LockedTeeTime]:
    """Give those of some locked starts that have enough free places for an entry, and ask nothing else, by start.

    A start that was offered to who waits before, by this entry or one that they had before, is not among them: joining
    again and again holds nothing for ever.
    """
    club = await session.get_one(Club, entry.club_id)
    wanted = Wanted(classes=(club.goes_by(entry.price_class),), players=entry.party_size)
    fit = [start for start in locked if len(start.free) >= entry.party_size and is_open_to(start, wanted, now=now)]
    if not fit:
        return []
    theirs = [WaitlistEntry.id == entry.id]
    theirs += [WaitlistEntry.user_id == entry.user_id] if entry.user_id else []
    theirs += [WaitlistEntry.player_id == entry.player_id] if entry.player_id else []
    had = (
        select(WaitlistOffer.tee_time_id)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistOffer.entry_id)
        .where(WaitlistEntry.sheet_id == entry.sheet_id, WaitlistOffer.status != OfferStatus.WITHDRAWN, or_(*theirs))
    )
    offered = set(await session.scalars(had))
    left = [start for start in fit if start.tee_time.id not in offered]
    return sorted(left, key=lambda start: (start.tee_time.starts_at, start.tee_time.id))
