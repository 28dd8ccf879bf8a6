"""Tee times that are added to a sheet while it is in use, and starts that are shifted to later."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_strangers, refuse_unless_staff, share_course
from domain.tee_sheet.booking.facts import updated
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.desk.problems import DelayTooLong, GroupsHaveTeedOff, NotBetweenStarts, StartTaken
from domain.tee_sheet.inventory.limits import MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.inventory.prices import list_price, stored_prices
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.inventory.reading import tee_times_of
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.notices import tell_parties
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.rules import check_not_past
from domain.tee_sheet.sheets.starts import instant_of
from events.log import record
from events.tee_sheet.sheets import ChangedSlot, ChangedTeeTime, ShiftedTeeTime, TeeSheetChanged
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.text import check_range
from models.clubs.tables import Club
from models.notifications import NotificationKind
from models.tee_sheet.desk_values import BookingChange, SheetChange
from models.tee_sheet.tables import Booking, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus, SlotStatus

LONGEST_DELAY_MINUTES = 600
TEED_OFF = (BookingStatus.ON_COURSE, BookingStatus.COMPLETED)


async def squeeze_tee_time(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date, local_time: time, tee: int, now: datetime
) -> TeeTime:
    """Add a tee time, with all its places free, between two others that start from the same tee.

    They are offered to who waits first, as all places that come on sale; within a closure, they are on the sheet alone.

    Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, StartInThePast, StartTaken, NotBetweenStarts.
    """
    sheet = await _lock_sheet(session, viewer=viewer, course_id=course_id, day=day)
    starts_at = _instant(sheet, local_time)
    check_not_past(starts_at, now=now)
    _check_gap(await tee_times_of(session, sheet.id), starts_at, tee)
    tee_time = TeeTime(
        id=new_id(),
        tenant_id=sheet.tenant_id,
        sheet_id=sheet.id,
        starts_at=starts_at,
        local_time=local_time,
        tee=tee,
    )
    session.add(tee_time)
    await session.flush()
    slots = [
        Slot(
            id=new_id(),
            tenant_id=sheet.tenant_id,
            tee_time_id=tee_time.id,
            number=number,
            status=SlotStatus.AVAILABLE,
            blocks=0,
        )
        for number in range(1, max(sheet.group_sizes) + 1)
    ]
    session.add_all(slots)
    record(
        session, replace(_changed(sheet, SheetChange.SQUEEZED), tee_times=(_added(sheet, tee_time, slots),)), now=now
    )
    await session.flush()
    await release_places(session, LockedTeeTime(tee_time, sheet, slots), (), now=now)
    return tee_time


async def _lock_sheet(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date) -> TeeSheet:
    """Lock a sheet, before its tee times: those who add or shift starts take turns. Raises NotAllowed, NoTeeSheet.

    Its course is shared, so that a closing knows all starts that it covers.
    """
    course = await share_course(session, course_id=course_id)
    refuse_strangers(viewer, course.club_id, what="course")
    refuse_unless_staff(viewer, course.club_id)
    rows = select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day)
    sheet = await session.scalar(rows.with_for_update(key_share=True).execution_options(populate_existing=True))
    if sheet is None:
        raise NoTeeSheet(path=("input", "date"))
    return sheet


def _instant(sheet: TeeSheet, local_time: time) -> datetime:
    path = ("input", "localTime")
    if local_time.second or local_time.microsecond:
        raise InvalidInput(message="Give the start in whole minutes.", path=path)
    starts_at = instant_of(sheet.date, local_time, zone=ZoneInfo(sheet.time_zone))
    if starts_at is None:
        raise InvalidInput(message="The clock jumps over this time on this day; choose another.", path=path)
    return starts_at


def _check_gap(tee_times: Sequence[TeeTime], starts_at: datetime, tee: int) -> None:
    starts = {row.starts_at: row for row in tee_times if row.tee == tee}
    if starts_at in starts:
        raise StartTaken(tee_time_id=public_id("tee_time", starts[starts_at].id), path=("input", "localTime"))
    if not starts or not min(starts) < starts_at < max(starts):
        first, last = min(starts, default=None), max(starts, default=None)
        raise NotBetweenStarts(first_starts_at=first, last_starts_at=last, path=("input", "localTime"))
    if len(tee_times) >= MOST_TEE_TIMES_A_DAY:
        raise InvalidInput(message=f"A day has at most {MOST_TEE_TIMES_A_DAY} tee times.", path=("input",))


def _changed(sheet: TeeSheet, change: SheetChange) -> TeeSheetChanged:
    return TeeSheetChanged(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        sheet_id=public_id("tee_sheet", sheet.id),
        change=change,
        tee_times=(),
        currency=sheet.currency,
    )


def _added(sheet: TeeSheet, tee_time: TeeTime, slots: Sequence[Slot]) -> ChangedTeeTime:
    price_cents = list_price(stored_prices(sheet.prices), holes=sheet.holes)
    return ChangedTeeTime(
        tee_time_id=public_id("tee_time", tee_time.id),
        starts_at=tee_time.starts_at,
        local_time=tee_time.local_time,
        tee=tee_time.tee,
        slots=tuple(
            ChangedSlot(
                slot_id=public_id("slot", slot.id),
                slot_number=slot.number,
                status=slot.status,
                price_cents=price_cents,
            )
            for slot in slots
        ),
    )


async def delay_tee_times(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    day: date,
    first_start: time,
    minutes: int,
    now: datetime,
) -> TeeSheet:
    """Shift all starts of a sheet from a time of its clock on by some minutes, in their order, with their bookings.

    Minutes are minutes that pass, also where the clock is changed meanwhile. Holds and blocks stay with their places,
    and a closure is no hindrance: nothing is sold.
    Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, DelayTooLong, GroupsHaveTeedOff.
    """
    check_range(minutes, 1, LONGEST_DELAY_MINUTES, path=("input", "minutes"))
    sheet = await _lock_sheet(session, viewer=viewer, course_id=course_id, day=day)
    locked = await _lock_from(session, sheet, first_start)
    before = {key: tee_time.tee_time.starts_at for key, tee_time in locked.items()}
    check_delay(max(before.values()), minutes, day=day, zone=ZoneInfo(sheet.time_zone))
    bookings = await _bookings_on(session, locked)
    await _shift(session, sheet, before, timedelta(minutes=minutes))
    tee_times = sorted((row.tee_time for row in locked.values()), key=lambda row: (row.starts_at, row.tee))
    fact = replace(
        _changed(sheet, SheetChange.DELAYED), shifted_tee_times=tuple(_shifted(t, before) for t in tee_times)
    )
    record(session, fact, now=now)
    await _tell_bookings(session, sheet, bookings, locked, before, now=now)
    parties = [(row, locked[row.tee_time_id]) for row in bookings]
    await tell_parties(session, NotificationKind.TEE_TIMES_DELAYED, parties, viewer=viewer, now=now)
    return sheet


async def _lock_from(session: AsyncSession, sheet: TeeSheet, first_start: time) -> Mapping[UUID, LockedTeeTime]:
    """Lock the tee times of a sheet from a time of its clock on. Raises InvalidInput when there is none."""
    since = instant_of(sheet.date, first_start, zone=ZoneInfo(sheet.time_zone))
    # What the clock jumps over has no instant, but then no time of that day is shown twice.
    behind = TeeTime.local_time >= first_start if since is None else TeeTime.starts_at >= since
    wanted = await session.scalars(select(TeeTime.id).where(TeeTime.sheet_id == sheet.id, behind))
    locked = await lock_tee_times(session, wanted)
    if not locked:
        message = "No start of this tee sheet lies at this time or behind it."
        raise InvalidInput(message=message, path=("input", "firstStart"))
    return locked


def check_delay(last: datetime, minutes: int, *, day: date, zone: ZoneInfo) -> None:
    """Refuse a delay by which the last start would leave the local date of its sheet. Raises DelayTooLong."""
    # Where the clock jumps over midnight, fold 0 makes this the moment of the jump: the first of the next day.
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    longest = max(0, (end - last) // timedelta(minutes=1) - 1)
    if minutes > longest:
        raise DelayTooLong(longest_minutes=longest, path=("input", "minutes"))


async def _bookings_on(session: AsyncSession, locked: Mapping[UUID, LockedTeeTime]) -> list[Booking]:
    """Read the bookings that are still to be played, by their ids. Raises GroupsHaveTeedOff."""
    rows = select(Booking).where(Booking.tee_time_id.in_(locked), Booking.status.in_((*BEFORE_PLAY, *TEED_OFF)))
    found = list(await session.scalars(rows.order_by(Booking.id).execution_options(populate_existing=True)))
    if gone := [row for row in found if row.status in TEED_OFF]:
        ids = [public_id("booking", row.id) for row in gone]
        raise GroupsHaveTeedOff(booking_ids=ids, path=("input", "firstStart"))
    return found


async def _shift(session: AsyncSession, sheet: TeeSheet, before: Mapping[UUID, datetime], by: timedelta) -> None:
    """Give all tee times their new starts, the last one first: each finds its place left by the one behind it."""
    zone, table = ZoneInfo(sheet.time_zone), cast("Table", TeeTime.__table__)
    rows = [
        {"key": key, "start": at + by, "wall": (at + by).astimezone(zone).time()}
        for key, at in sorted(before.items(), key=lambda item: item[1], reverse=True)
    ]
    one = update(table).where(table.c.id == bindparam("key"))
    connection = await session.connection()
    await connection.execute(one.values(starts_at=bindparam("start"), local_time=bindparam("wall")), rows)
    fresh = select(TeeTime).where(TeeTime.id.in_(before)).execution_options(populate_existing=True)
    (await session.scalars(fresh)).all()


def _shifted(tee_time: TeeTime, before: Mapping[UUID, datetime]) -> ShiftedTeeTime:
    return ShiftedTeeTime(
        tee_time_id=public_id("tee_time", tee_time.id),
        starts_at=tee_time.starts_at,
        local_time=tee_time.local_time,
        previous_starts_at=before[tee_time.id],
    )


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
