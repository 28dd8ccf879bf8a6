"""Shifting starts to later, as in a frost delay, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.booking.facts import updated
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.desk.problems import DelayTooLong, GroupsHaveTeedOff, NotDelayedSoMuch
from domain.tee_sheet.desk.starts import lock_sheet, sheet_changed
from domain.tee_sheet.desk.turns import refuse_parting
from domain.tee_sheet.inventory.prices import list_price, stored_prices
from domain.tee_sheet.inventory.reading import tee_times_of
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.holds import follow_starts
from domain.tee_sheet.offers.notices import tell_parties
from domain.tee_sheet.offers.places import take_turns, withdraw_holds
from domain.tee_sheet.offers.rules import check_not_past
from domain.tee_sheet.offers.waitlist_offers import tell_entry
from domain.tee_sheet.sheets.generation import turn_of
from domain.tee_sheet.sheets.starts import instant_of
from domain.tee_sheet.sheets.turning import refuse_turning, starts_of
from events.log import record
from events.tee_sheet.sheets import ShiftedTeeTime
from kit.errors import InvalidInput
from kit.ids import public_id
from kit.text import check_range
from models.clubs.tables import Club, Course
from models.notifications import NotificationKind
from models.tee_sheet.desk import BookingChange, SheetChange
from models.tee_sheet.tables import Booking, Hold, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistOffer

LONGEST_DELAY_MINUTES = 600
MINUTES = ("input", "minutes")
TEED_OFF = (BookingStatus.ON_COURSE, BookingStatus.COMPLETED)


async def delay_tee_times(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    day: date,
    first_start: time,
    minutes: int,
    even_if_turning: bool = False,
    now: datetime,
) -> TeeSheet:
    """Shift all starts of a sheet from a time of its clock on by some minutes, in their order, with their bookings.

    Minutes below 0 bring delayed starts back, none of them further than it was delayed, nor to a moment that is over.

    Minutes are minutes that pass, also where the clock is changed meanwhile. Holds and blocks stay with their places,
    and a closure is no hindrance: nothing is sold.
    Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, DelayTooLong, NotDelayedSoMuch, StartInThePast,
    GroupsHaveTeedOff, TurnsInTheWay.
    """
    check_range(minutes, -LONGEST_DELAY_MINUTES, LONGEST_DELAY_MINUTES, path=MINUTES)
    if not minutes:
        raise InvalidInput(message="Say by how many minutes; below 0, delayed starts come back.", path=MINUTES)
    sheet = await lock_sheet(session, viewer=viewer, course_id=course_id, day=day)
    locked = await _lock_from(session, sheet, first_start)
    before = {key: tee_time.tee_time.starts_at for key, tee_time in locked.items()}
    if minutes > 0:
        check_delay(max(before.values()), minutes, day=day, zone=ZoneInfo(sheet.time_zone))
    else:
        tee_times = [row.tee_time for row in locked.values()]
        check_advance(tee_times, [t for t in await tee_times_of(session, sheet.id) if t.id not in locked], -minutes)
        check_not_past(min(before.values()) + timedelta(minutes=minutes), now=now)
    if not even_if_turning:
        await _refuse_turning(session, sheet, locked, minutes)
    bookings = await _bookings_on(session, locked)
    await _shift(session, sheet, before, minutes)
    tee_times = sorted((row.tee_time for row in locked.values()), key=lambda row: (row.starts_at, row.tee))
    change = SheetChange.DELAYED if minutes > 0 else SheetChange.ADVANCED
    shifted = tuple(_shifted(sheet, tee_time, before) for tee_time in tee_times)
    fact = replace(sheet_changed(sheet, change), shifted_tee_times=shifted)
    record(session, fact, now=now)
    await _tell_bookings(session, sheet, bookings, locked, before, now=now)
    if minutes < 0:
        await follow_starts(session, locked, now=now)
    await _follow_offers(session, locked, now=now)
    parties = [(row, locked[row.tee_time_id]) for row in bookings]
    kind = NotificationKind.TEE_TIMES_DELAYED if minutes > 0 else NotificationKind.TEE_TIMES_ADVANCED
    await tell_parties(session, kind, parties, viewer=viewer, now=now)
    return sheet


async def _refuse_turning(
    session: AsyncSession, sheet: TeeSheet, locked: Mapping[UUID, LockedTeeTime], minutes: int
) -> None:
    """Refuse a shift by which groups would come by where others start. Raises TurnsInTheWay."""
    await refuse_parting(session, locked, path=MINUTES)
    before = starts_of(await tee_times_of(session, sheet.id))
    by = timedelta(minutes=minutes)
    after = {key: (at + by if key in locked else at, tee) for key, (at, tee) in before.items()}
    course = await session.get_one(Course, sheet.course_id)
    refuse_turning(before, after, put=locked, turn=turn_of(course), path=MINUTES)


async def _lock_from(session: AsyncSession, sheet: TeeSheet, first_start: time) -> Mapping[UUID, LockedTeeTime]:
    """Lock the tee times of a sheet from a time of its clock on. Raises InvalidInput when there is none."""
    since = instant_of(sheet.date, first_start, zone=ZoneInfo(sheet.time_zone))
    # What the clock jumps over has no instant, but then no time of that day is shown twice.
    behind = TeeTime.local_time >= first_start if since is None else TeeTime.starts_at >= since
    wanted = await session.scalars(select(TeeTime.id).where(TeeTime.sheet_id == sheet.id, behind))
    locked = await lock_tee_times(session, wanted)
    if not locked:
        message = "No start of this tee sheet lies at this time or behind it; give an earlier one."
        raise InvalidInput(message=message, path=("input", "firstStart"))
    return locked


def check_delay(last: datetime, minutes: int, *, day: date, zone: ZoneInfo) -> None:
    """Refuse a delay by which the last start would leave the local date of its sheet. Raises DelayTooLong."""
    # Where the clock jumps over midnight, fold 0 makes this the moment of the jump: the first of the next day.
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    longest = max(0, (end - last) // timedelta(minutes=1) - 1)
    if minutes > longest:
        raise DelayTooLong(longest_minutes=longest, path=MINUTES)


def check_advance(tee_times: Iterable[TeeTime], before: Iterable[TeeTime], minutes: int) -> None:
    """Refuse to bring starts back by more than each was delayed, or up to one `before` them from the same tee.

    Raises NotDelayedSoMuch.
    """
    most = []
    ends = {row.tee: row.starts_at for row in sorted(before, key=lambda row: row.starts_at)}
    for row in tee_times:
        room = (row.starts_at - ends[row.tee]) // timedelta(minutes=1) - 1 if row.tee in ends else row.delayed_minutes
        most.append(max(0, min(row.delayed_minutes, room)))
    if minutes > min(most):
        raise NotDelayedSoMuch(most_minutes=min(most), path=MINUTES)


async def _bookings_on(session: AsyncSession, locked: Mapping[UUID, LockedTeeTime]) -> list[Booking]:
    """Read the bookings that are still to be played, by their ids. Raises GroupsHaveTeedOff."""
    rows = select(Booking).where(Booking.tee_time_id.in_(locked), Booking.status.in_((*BEFORE_PLAY, *TEED_OFF)))
    found = list(await session.scalars(rows.order_by(Booking.id).execution_options(populate_existing=True)))
    if gone := [row for row in found if row.status in TEED_OFF]:
        ids = [public_id("booking", row.id) for row in gone]
        raise GroupsHaveTeedOff(booking_ids=ids, path=("input", "firstStart"))
    return found


async def _shift(session: AsyncSession, sheet: TeeSheet, before: Mapping[UUID, datetime], minutes: int) -> None:
    """Give all tee times their new starts, one by one: each finds its place left by the one that it follows."""
    by, later = timedelta(minutes=minutes), minutes > 0
    zone, table = ZoneInfo(sheet.time_zone), cast("Table", TeeTime.__table__)
    rows = [
        {"key": key, "start": at + by, "wall": (at + by).astimezone(zone).time()}
        for key, at in sorted(before.items(), key=lambda item: item[1], reverse=later)
    ]
    one = update(table).where(table.c.id == bindparam("key"))
    connection = await session.connection()
    delayed = table.c.delayed_minutes + minutes
    shifted = one.values(starts_at=bindparam("start"), local_time=bindparam("wall"), delayed_minutes=delayed)
    await connection.execute(shifted, rows)
    fresh = select(TeeTime).where(TeeTime.id.in_(before)).execution_options(populate_existing=True)
    (await session.scalars(fresh)).all()


def _shifted(sheet: TeeSheet, tee_time: TeeTime, before: Mapping[UUID, datetime]) -> ShiftedTeeTime:
    return ShiftedTeeTime(
        tee_time_id=public_id("tee_time", tee_time.id),
        starts_at=tee_time.starts_at,
        local_time=tee_time.local_time,
        previous_starts_at=before[tee_time.id],
        price_cents=list_price(stored_prices(sheet.prices), holes=sheet.holes, at=tee_time.local_time),
    )


async def _follow_offers(session: AsyncSession, locked: Mapping[UUID, LockedTeeTime], *, now: datetime) -> None:
    """Tell whom places of shifted starts are offered to; where the new start does not do, the offer ends.

    What is free may do for others now, who have their turn.
    """
    rows = (
        select(WaitlistOffer, WaitlistEntry, Hold.id)
        .join(WaitlistEntry, WaitlistEntry.id == WaitlistOffer.entry_id)
        .join(Hold, Hold.offer_id == WaitlistOffer.id)
        .where(WaitlistOffer.tee_time_id.in_(locked), WaitlistOffer.status == OfferStatus.PENDING)
        .order_by(WaitlistOffer.id)
        .execution_options(populate_existing=True)
    )
    for offer, entry, hold_id in [(row[0], row[1], row[2]) for row in await session.execute(rows)]:
        start = locked[offer.tee_time_id]
        at, starts_at = start.tee_time.local_time, start.tee_time.starts_at
        if entry.earliest <= at <= entry.latest and offer.expires_at <= starts_at:
            await tell_entry(session, NotificationKind.WAITLIST_OFFER_MOVED, entry, start, offer, now=now)
        else:
            await withdraw_holds(session, start, {hold_id}, now=now)
    starts = sorted(locked.values(), key=lambda start: (start.tee_time.starts_at, start.tee_time.id))
    await take_turns(session, starts, now=now)


async def _tell_bookings(
    session: AsyncSession,
    sheet: TeeSheet,
    bookings: Sequence[Booking],
    locked: Mapping[UUID, LockedTeeTime],
    before: Mapping[UUID, datetime],
    *,
    now: datetime,
) -> None:
    club = await session.get_one(Club, sheet.club_id)
    players = await players_of(session, [row.id for row in bookings])
    users = await users_of(session, [player.player_id for party in players.values() for player in party])
    for row in sorted(bookings, key=lambda row: (before[row.tee_time_id], row.id)):
        fact = updated(row, players[row.id], locked[row.tee_time_id], club, [BookingChange.STARTS_AT], users=users)
        record(session, replace(fact, previous_starts_at=before[row.tee_time_id]), now=now)
