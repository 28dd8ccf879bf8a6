"""The demo club: two invented clubs whose sheets of today and tomorrow are well booked, each day anew.

It is made through the same functions as any other club. What it makes follows from the course and the date alone.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.ballots import draw_starts, drawn_starts, sell_by_draw
from demo.caddies import hire_caddies
from demo.carts import buy_carts, reserve_carts
from demo.celebrations import celebrate
from demo.clubs import COURSES, EIGHTEEN_ID, MAIN_ZONE, NINE_ID
from demo.founding import found_clubs, midnight
from demo.golfers import meet
from demo.parties import bring_group, stand_weekly, starts_of_group
from demo.people import OWNER, PLAYERS, TENANT_ID, DemoPerson
from demo.plan import Outing, plan_bookings
from domain.journeys.bookings import book_slots, cancel_booking
from domain.tee_sheet.booking.sales import BookingWish
from domain.tee_sheet.inventory.prices import price_of, stored_prices
from domain.tee_sheet.offers.holds import hold_slots
from domain.tee_sheet.sheets.generation import generate_days
from events.work import Change, UnitOfWork
from kit.errors import Problem
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import Booking, Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import PUBLIC, SlotStatus

DAYS_AHEAD = 7
BOOKED_DAYS_AHEAD = 1
CANCELLATIONS = 3
PLACES_HELD = 2
NOTICE_OF_HOLD = timedelta(minutes=30)
"""How far in the future the starts are on which the demo's players hold places."""
TRY = select(func.pg_try_advisory_xact_lock(func.hashtextextended("fairway demo", 0)))
AGAIN = 0.1
"""Seconds until it is tried again: another process may load for longer than any one statement is waited for."""


async def load_demo(work: UnitOfWork, *, now: datetime) -> bool:
    """Make what is missing of the demo: clubs, caddies, carts, golfers, a week of sheets, ballots, bookings, holds.

    True if any was made. A sheet that has a booking is left alone, and nobody gets a second hold on the same local day,
    so that a repeat changes nothing. Processes that load at the same time take turns.
    """
    async with _turn(work) as change:
        await found_clubs(change.session, now=now)
        await hire_caddies(change.session, now=midnight(now, MAIN_ZONE))
        await celebrate(change.session, now=midnight(now, MAIN_ZONE))
        await buy_carts(change.session, now=midnight(now, MAIN_ZONE))
        await meet(change.session, now=midnight(now, MAIN_ZONE))
        await _generate_sheets(change.session, now=now)
        await sell_by_draw(change.session, today=midnight(now, MAIN_ZONE))
        await stand_weekly(change.session, today=midnight(now, MAIN_ZONE))
        empty = await _empty_sheets(change.session, now=now)
    made = bool(change.logged)
    for sheet_id in empty:
        made |= await _fill_sheet(work, sheet_id, now=now)
    for person in PLAYERS:
        made |= await _hold_places(work, person, now=now)
    return made


@asynccontextmanager
async def _turn(work: UnitOfWork) -> AsyncIterator[Change]:
    """Open a transaction that no other loading of the demo runs beside."""
    async with work.change(TENANT_ID) as change:
        while not await change.session.scalar(TRY):  # noqa: ASYNC110 - the other process raises no event here
            await asyncio.sleep(AGAIN)
        yield change


async def _generate_sheets(session: AsyncSession, *, now: datetime) -> None:
    """Make the sheets that are missing, from today up to a week ahead."""
    made = await session.execute(select(TeeSheet.course_id, TeeSheet.date).where(TeeSheet.course_id.in_(COURSES)))
    known = {(course_id, day) for course_id, day in made}
    for course in await session.scalars(select(Course).where(Course.id.in_(COURSES)).order_by(Course.id)):
        days = [day for day in _days(now, course.time_zone, ahead=DAYS_AHEAD) if (course.id, day) not in known]
        if days:
            await generate_days(session, course=course, days=days, now=midnight(now, course.time_zone))


def _days(now: datetime, zone: str, *, ahead: int) -> list[date]:
    today = now.astimezone(ZoneInfo(zone)).date()
    return [today + timedelta(days=number) for number in range(ahead + 1)]


async def _empty_sheets(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """List the sheets of today and tomorrow without a booking. A cancelled one counts: the sheet has been used."""
    booked = exists().where(Booking.tee_time_id == TeeTime.id, TeeTime.sheet_id == TeeSheet.id)
    first = now.date() - timedelta(days=1)  # today is yesterday in the west
    sheets = select(TeeSheet).where(TeeSheet.course_id.in_(COURSES), TeeSheet.date >= first, ~booked)
    return [
        sheet.id
        for sheet in await session.scalars(sheets.order_by(TeeSheet.date, TeeSheet.course_id))
        if sheet.date in _days(now, sheet.time_zone, ahead=BOOKED_DAYS_AHEAD)
    ]


async def _fill_sheet(work: UnitOfWork, sheet_id: UUID, *, now: datetime) -> bool:
    """Fill a sheet, unless another process has done so meanwhile, and tell whether it was this one."""
    async with _turn(work) as change:
        if sheet_id in await _empty_sheets(change.session, now=now):
            sheet = await change.session.get_one(TeeSheet, sheet_id)
            await _fill(change.session, sheet, now=midnight(now, sheet.time_zone))
    return bool(change.logged)


async def _fill(session: AsyncSession, sheet: TeeSheet, *, now: datetime) -> None:
    """Sell about 70 percent of the places of a sheet, in the order in which its tee times are locked: by start."""
    found = await session.execute(
        select(TeeTime.id, TeeTime.local_time)
        .where(TeeTime.sheet_id == sheet.id)
        .order_by(TeeTime.starts_at, TeeTime.tee)
    )
    starts: dict[UUID, time] = {row.id: row.local_time for row in found}
    _kept = await session.get_one(Club, sheet.club_id)  # a session reads again, for each booking, what nobody keeps
    rng = random.Random(f"{sheet.course_id} {sheet.date}")  # noqa: S311 - the same sheet each time, and no secret
    group = starts_of_group(starts) if sheet.course_id == EIGHTEEN_ID else []
    drawn = drawn_starts(starts) if sheet.course_id == NINE_ID else []
    plan = plan_bookings(rng, COURSES[sheet.course_id], [key for key in starts if key not in {*group, *drawn}])
    bookings = [await _book(session, outing, sheet=sheet, at=starts[outing.tee_time_id], now=now) for outing in plan]
    by_owner = [booking for booking in bookings if booking and booking.booked_by == OWNER.user_id]
    for booking in rng.sample(by_owner, min(CANCELLATIONS, len(by_owner))):
        await cancel_booking(session, viewer=OWNER.viewer(now=now), booking_id=booking.id, now=now)
    with suppress(Problem):
        if group:
            await bring_group(session, group, now=now)
        if drawn:
            await draw_starts(session, sheet, starts, now=now)
    await reserve_carts(session, [booking for booking in bookings if booking], now=now)


async def _book(session: AsyncSession, outing: Outing, *, sheet: TeeSheet, at: time, now: datetime) -> Booking | None:
    """Make a booking. What the club's rules refuse, since somebody has changed them, is left out."""
    with suppress(Problem):
        club = await session.get_one(Club, sheet.club_id)
        paid = _price(outing.wish, sheet, at, club=club) if outing.is_paid else 0
        wish = replace(outing.wish, paid_cents=paid)
        viewer = outing.booker.viewer(now=now)
        return await book_slots(session, viewer=viewer, wish=wish, tee_time_id=outing.tee_time_id, now=now)
    return None


def _price(wish: BookingWish, sheet: TeeSheet, at: time, *, club: Club) -> int:
    """Give what a party pays for a start at a local time, in cents. Raises NotOnSale."""
    prices, holes = stored_prices(sheet.prices), wish.holes or sheet.holes
    classes = [player.price_class or PUBLIC for player in wish.players]
    return sum(price_of(prices, goes_by=club.goes_by(one), holes=holes, at=at).cents for one in classes)


async def _hold_places(work: UnitOfWork, person: DemoPerson, *, now: datetime) -> bool:
    """Let a person hold places on a start soon to come, unless they have done so today. False if nothing was held."""
    async with _turn(work) as change:
        session, today = change.session, midnight(now, MAIN_ZONE)
        held = exists().where(Hold.holder_id == person.user_id, Hold.created_at >= today)
        tee_time_id = None
        if not await session.scalar(select(held)):
            tee_time_id = await session.scalar(_next_free_start(after=now + NOTICE_OF_HOLD))
        if tee_time_id:
            with suppress(Problem):
                viewer = person.viewer(now=now)
                await hold_slots(session, viewer=viewer, tee_time_id=tee_time_id, places=PLACES_HELD, now=now)
    return bool(change.logged)


def _next_free_start(*, after: datetime) -> Select[UUID]:
    """Ask for the next start of the large course, within two days, that has places enough and none on hold."""
    free, held = (func.count().filter(Slot.status == status) for status in (SlotStatus.AVAILABLE, SlotStatus.HELD))
    places = select(Slot.tee_time_id).where(Slot.tee_time_id == TeeTime.id)
    return (
        select(TeeTime.id)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .where(
            TeeSheet.course_id == EIGHTEEN_ID,
            TeeTime.starts_at.between(after, after + timedelta(days=2)),
            places.group_by(Slot.tee_time_id).having(free >= PLACES_HELD, held == 0).exists(),
        )
        .order_by(TeeTime.starts_at)
        .limit(1)
    )
