"""The limits of a club, asked before a player books: one request of a player at a time, or two at once pass both.

Who books is limited by their own price class, and so is every player whom they name by id. Staff are not limited.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Text, Uuid, and_, any_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import price_class_of
from domain.clubs.limits import limits_of
from domain.tee_sheet.booking.limit_rules import (
    WEEK,
    YEAR,
    PlannedRound,
    check_booker_plays,
    check_cancellations,
    check_guests,
    check_rounds,
    check_same_guest,
    monday_of,
)
from domain.tee_sheet.booking.rules import BY_ITSELF
from domain.tee_sheet.inventory.slots import LockedTeeTime
from models.clubs.limits import Limits
from models.clubs.tables import Club, Course, Player
from models.tee_sheet.tables import Booking, BookingPlayer, TeeSheet, TeeTime
from models.tee_sheet.values import GUEST, BookingStatus, PriceClass

FULL_ROUND = 18
TURNS = func.unnest(bindparam("turns", type_=ARRAY(Text))).table_valued("turn").render_derived(name="turns")
TAKE_TURNS = select(func.count(func.pg_advisory_xact_lock(func.hashtextextended(TURNS.c.turn, 0))))
MINE = or_(
    Booking.booked_by == bindparam("user_id"),
    Booking.id.in_(
        select(BookingPlayer.booking_id).where(
            BookingPlayer.player_id == any_(bindparam("player_ids", type_=ARRAY(Uuid)))
        )
    ),
)
IS_GUEST = BookingPlayer.price_class == any_(bindparam("guest_classes", type_=ARRAY(Text)))
PARTY = (
    func.array_agg(BookingPlayer.player_id).filter(BookingPlayer.player_id.is_not(None)),
    func.count().filter(IS_GUEST),
)
ROUNDS = (
    select(TeeSheet.date, TeeTime.starts_at, Booking.holes, Course, Booking.booked_by, *PARTY)
    .join(TeeTime, TeeTime.id == Booking.tee_time_id)
    .join(TeeSheet, TeeSheet.id == TeeTime.sheet_id)
    .join(Course, Course.id == Booking.course_id)
    .join(BookingPlayer, BookingPlayer.booking_id == Booking.id)
    .where(
        Booking.club_id == bindparam("club_id"),
        Booking.status != BookingStatus.CANCELLED,
        MINE,
        or_(TeeSheet.date >= bindparam("monday", type_=Date), TeeTime.starts_at > bindparam("now")),
        Booking.id != bindparam("apart_from", type_=Uuid),
    )
    .group_by(TeeSheet.date, TeeTime.starts_at, Booking.id, Course.id)
)
CANCELLED = select(Booking.cancelled_at).where(
    Booking.club_id == bindparam("club_id"),
    or_(
        Booking.cancelled_by == bindparam("user_id"),
        and_(Booking.cancelled_by == BY_ITSELF, Booking.booked_by == bindparam("user_id")),
    ),
    Booking.cancelled_at > bindparam("since", type_=DateTime(timezone=True)),
)
GUEST_NAME = func.lower(BookingPlayer.first_name + " " + BookingPlayer.last_name)
NAMES = func.unnest(bindparam("names", type_=ARRAY(Text))).table_valued("name").render_derived(name="names")
GUESTS = (
    select(GUEST_NAME, TeeSheet.date)
    .join(Booking, Booking.id == BookingPlayer.booking_id)
    .join(TeeTime, TeeTime.id == Booking.tee_time_id)
    .join(TeeSheet, TeeSheet.id == TeeTime.sheet_id)
    .where(
        Booking.club_id == bindparam("club_id"),
        Booking.status != BookingStatus.CANCELLED,
        IS_GUEST,
        GUEST_NAME.in_(select(func.lower(NAMES.c.name))),
        TeeSheet.date > bindparam("since", type_=Date),
        Booking.id != bindparam("apart_from", type_=Uuid),
    )
    .distinct()
)
NOBODY = UUID(int=0)


class Named(Protocol):
    """A player of a booking, as the limits look at one."""

    @property
    def player_id(self) -> UUID | None:
        """The player, if the club knows them."""

    @property
    def first_name(self) -> str:
        """First name."""

    @property
    def last_name(self) -> str:
        """Last name."""

    @property
    def price_class(self) -> PriceClass:
        """By which class they pay."""


@dataclass(frozen=True, kw_only=True)
class Booker:
    """Who books: the user, and the player that they are."""

    user_id: str
    own: Player | None


@dataclass(frozen=True, kw_only=True)
class WantedStart:
    """The start that is wanted, and for how many holes."""

    course: Course
    date: date
    starts_at: datetime
    holes: int


def wanted_start(course: Course, locked: LockedTeeTime, *, holes: int | None) -> WantedStart:
    """Say what is wanted of a locked tee time; a full round, unless it is so many holes."""
    sheet, starts_at = locked.sheet, locked.tee_time.starts_at
    return WantedStart(course=course, date=sheet.date, starts_at=starts_at, holes=holes or sheet.holes)


def any_limits(club: Club) -> bool:
    """Tell whether a club limits bookings of any class."""
    return any(limits_of(club, price_class).concern_bookings for price_class in club.price_classes)


async def take_turns(
    session: AsyncSession, *, viewer: Viewer, club: Club, own: Player | None, others: Iterable[UUID | None] = ()
) -> None:
    """Let one request at a time book for these players, until the transaction ends; before any course is shared."""
    if viewer.is_staff_of(club.id) or not any_limits(club):
        return
    ids = {str(one) for one in others if one} | {str(own.id) if own else viewer.user_id}
    turns = sorted(f"book:{viewer.tenant_id}:{one}" for one in ids)
    await session.execute(TAKE_TURNS, {"turns": turns})


async def check_limits(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club: Club,
    booker: Booker,
    start: WantedStart,
    party: Sequence[Named],
    apart_from: UUID | None = None,
    now: datetime,
) -> None:
    """Refuse a booking that is beyond a limit of its booker, or of a player of the club whom it names.

    To be asked behind `take_turns`. `apart_from` is the booking that is changed. Raises BookingLimitReached.
    """
    if viewer.is_staff_of(club.id) or not any_limits(club):
        return
    own, limits = booker.own, limits_of(club, price_class_of(booker.own))
    ids = {player.player_id for player in party if player.player_id}
    check_booker_plays(limits, plays=own is None or own.id in ids)
    keys: dict[str, Any] = {"club_id": club.id, "apart_from": apart_from or NOBODY}
    guests = club.classes_of(GUEST)
    who = {"user_id": booker.user_id, "player_ids": list(ids | ({own.id} if own else set()))}
    rows = await session.execute(
        ROUNDS, keys | who | {"guest_classes": guests, "monday": monday_of(start.date), "now": now}
    )
    booked = [_round(row[0], row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows]
    wanted = _round(start.date, start.starts_at, start.holes, start.course, booker.user_id, ids, _guests(party, guests))
    own_ids = {own.id} if own else set()
    mine = [one for one in booked if one.booked_by == booker.user_id or own_ids & one.player_ids]
    check_rounds(limits, wanted, mine, now=now)
    for player in party:
        if player.player_id and player.player_id not in own_ids:
            theirs = [one for one in booked if player.player_id in one.player_ids]
            check_rounds(limits_of(club, player.price_class), wanted, theirs, now=now)
    check_guests(limits, wanted, booked, booker=booker.user_id)
    await _check_more(
        session, limits, keys | {"guest_classes": guests}, booker, wanted, party, is_new=apart_from is None, now=now
    )


async def _check_more(
    session: AsyncSession,
    limits: Limits,
    keys: dict[str, Any],
    booker: Booker,
    wanted: PlannedRound,
    party: Sequence[Named],
    *,
    is_new: bool,
    now: datetime,
) -> None:
    if is_new and limits.cancellations_a_week is not None:
        given = {"club_id": keys["club_id"], "user_id": booker.user_id, "since": now - WEEK}
        check_cancellations(limits, [moment for moment in await session.scalars(CANCELLED, given) if moment])
    names = {name for player in party if (name := _guest_name(player, keys["guest_classes"]))}
    if limits.same_guest_a_year is not None and names:
        since = wanted.date - YEAR
        found = await session.execute(GUESTS, keys | {"names": list(names), "since": since})
        days: dict[str, set[date]] = {}
        for name, day in found:
            if day != wanted.date and abs(day - wanted.date) < YEAR:
                days.setdefault(name, set()).add(day)
        for played in days.values():
            check_same_guest(limits, played)


def _round(
    day: date,
    starts_at: datetime,
    holes: int,
    course: Course,
    booked_by: str,
    player_ids: Collection[UUID | None] | None,
    guests: int,
) -> PlannedRound:
    minutes = course.minutes_for_18_holes if holes == FULL_ROUND else course.minutes_for_9_holes
    return PlannedRound(
        date=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        player_ids=frozenset(one for one in player_ids or () if one),
        booked_by=booked_by,
        guests=guests,
    )


def _guests(party: Sequence[Named], guests: Collection[PriceClass]) -> int:
    return sum(player.price_class in guests for player in party)


def _guest_name(player: Named, guests: Collection[PriceClass]) -> str | None:
    """Give the name by which a guest is known again; none for who has no whole name."""
    if player.price_class in guests and player.first_name and player.last_name:
        return f"{player.first_name} {player.last_name}"
    return None
