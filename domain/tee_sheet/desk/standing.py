"""Standing bookings: set, changed and ended by staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, price_class_of, refuse_unless_staff
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.offers.rules import check_places, window_opens_at
from events.log import record
from events.tee_sheet.standing import StandingBookingEnded, StandingBookingSet
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from kit.text import clean_name
from models.clubs.tables import Club, Course, Player
from models.tee_sheet.standing import StandingBooking, StandingDate, StandingEnd
from models.tee_sheet.values import PriceClass, Weekday

WEEK = timedelta(days=7)
LEAD = timedelta(minutes=2)
"""So long before booking opens it is made, so that no rush gets in between."""
LOOK = timedelta(days=1)
"""A standing booking is looked after once a day at the least: the club may have set another window."""
LONGEST = timedelta(days=800)
SHOWN = 20
DECIDED = (
    select(StandingDate)
    .where(StandingDate.standing_booking_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(StandingDate.date.desc())
)


@dataclass(frozen=True, kw_only=True)
class StandingWish:
    """What shall be booked every week: on a weekday at a time of the course's clock, for whom, until when."""

    weekday: Weekday
    local_time: time
    until: date
    first_date: date | None = None
    places: int = 1
    players: Sequence[PlayerWish] = ()
    holes: int | None = None
    payer: tuple[str, str] = ("", "")


async def set_standing(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    wish: StandingWish,
    standing_booking_id: UUID | None = None,
    now: datetime,
) -> StandingBooking:
    """Book the same start every week from now on; one that is named by its id is changed, for dates not decided yet.

    It is made when booking opens to the first of its players whom the club knows, or else to the public. It is the
    club's: it goes on when whoever has set it has left, and ends when that player may not be booked any more.
    Raises NotFound, NotAllowed, InvalidInput.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    row = await _row(session, viewer=viewer, course=course, standing_booking_id=standing_booking_id, now=now)
    today = now.astimezone(ZoneInfo(course.time_zone)).date()
    _check(wish, today=today)
    players, price_class = await _players(session, course.club_id, wish.players)
    payer = _payer(wish, players)
    row.weekday, row.local_time = list(Weekday).index(wish.weekday) + 1, wish.local_time
    row.places, row.players, row.price_class, row.holes = wish.places, players, price_class, wish.holes
    row.payer_first_name, row.payer_last_name = payer
    row.first_date, row.last_date = wish.first_date or today, wish.until
    row.set_by, row.set_at = viewer.user_id, now
    session.add(row)
    decided = {one.date for one in (await dates_of(session, [row.id]))[row.id]} if standing_booking_id else set()
    plan_next(row, course, await session.get_one(Club, course.club_id), decided=decided, now=now)
    record(session, _set(row), now=now)
    return row


async def end_standing(
    session: AsyncSession, *, viewer: Viewer, standing_booking_id: UUID, now: datetime
) -> StandingBooking:
    """Book nothing more by a standing booking; what it has booked stays. Raises NotFound, InvalidInput."""
    row = await _lock(session, viewer=viewer, standing_booking_id=standing_booking_id)
    end(session, row, StandingEnd.BY_STAFF, by=viewer.user_id, now=now)
    return row


def end(session: AsyncSession, row: StandingBooking, reason: StandingEnd, *, by: str, now: datetime) -> None:
    """End a standing booking that is locked and goes on, and tell the staff why."""
    row.ended_at, row.ended_by, row.end_reason, row.next_date, row.next_at = now, by, reason, None, None
    record(session, StandingBookingEnded(**about(row), standing_end_reason=reason), now=now)


async def lock_standing_of(session: AsyncSession, *, club_id: UUID, player_id: UUID) -> Sequence[StandingBooking]:
    """Lock the standing bookings that go on and name a player: before bookings, starts and players.

    So does who makes them, date by date.
    """
    locked = naming(club_id, player_id).order_by(StandingBooking.id).with_for_update(key_share=True)
    return (await session.scalars(locked.execution_options(populate_existing=True))).all()


def naming(club_id: UUID, player_id: UUID) -> Select[StandingBooking]:
    """Ask for the standing bookings of a club that go on and name one of its players."""
    names = StandingBooking.players.contains([{"player_id": str(player_id)}])
    return select(StandingBooking).where(StandingBooking.club_id == club_id, StandingBooking.ended_at.is_(None), names)


def end_those_of(
    session: AsyncSession, rows: Sequence[StandingBooking], player: Player, *, by: str, now: datetime
) -> None:
    """End those of locked standing bookings that go by a player, who may not be booked any more.

    Others go on without them. One that is set in the same moment is ended when its next date is due.
    """
    for row in rows:
        if row.owner_id == player.id:
            end(session, row, StandingEnd.PLAYER_DEACTIVATED, by=by, now=now)


def reassign_standing(rows: Sequence[StandingBooking], *, player_id: UUID, to_id: UUID) -> None:
    """Let locked standing bookings that name a player name another one, who is the same person."""
    for row in rows:
        names = [str(to_id) if one["player_id"] == str(player_id) else one["player_id"] for one in row.players]
        row.players = [
            one | {"player_id": None if name in names[:number] else name}
            for number, (one, name) in enumerate(zip(row.players, names, strict=True))
        ]


async def find_standing(session: AsyncSession, *, viewer: Viewer, standing_booking_id: UUID) -> StandingBooking:
    """Find a standing booking, for the staff of its club. Raises NotFound."""
    row = await session.get(StandingBooking, standing_booking_id)
    if row is None or not viewer.is_staff_of(row.club_id):
        raise NotFound(message="There is no such standing booking, or you may not know of it.")
    return row


async def list_standing(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, ended: bool, before: UUID | None, limit: int
) -> list[StandingBooking]:
    """List a club's standing bookings, those made last first, without those that were ended. Raises NotAllowed."""
    refuse_unless_staff(viewer, club_id)
    rows = select(StandingBooking).where(StandingBooking.club_id == club_id)
    rows = rows if ended else rows.where(StandingBooking.ended_at.is_(None))
    rows = rows if before is None else rows.where(StandingBooking.id < before)
    return list(await session.scalars(rows.order_by(StandingBooking.id.desc()).limit(limit)))


async def dates_of(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, list[StandingDate]]:
    """Read what became of standing bookings, the latest dates first."""
    found: dict[UUID, list[StandingDate]] = {key: [] for key in ids}
    for row in await session.scalars(DECIDED, {"ids": list(found)}):
        found[row.standing_booking_id].append(row)
    return found


def plan_next(row: StandingBooking, course: Course, club: Club, *, decided: Iterable[date], now: datetime) -> None:
    """Say for which date it is made next, and when that is looked after; for none where all are decided."""
    zone, known = ZoneInfo(course.time_zone), set(decided)
    day = max(row.first_date, now.astimezone(zone).date())
    day += timedelta(days=(row.weekday - day.isoweekday()) % 7)
    while day in known:
        day += WEEK
    if day > row.last_date:
        row.next_date, row.next_at = None, None
        return
    row.next_date, row.next_at = day, min(due_at(row, day, club, zone=zone), now + LOOK)


def due_at(row: StandingBooking, day: date, club: Club, *, zone: ZoneInfo) -> datetime:
    """Give the instant, in UTC, at which it is made for a date: shortly before booking opens to its class."""
    days_ahead, at = club.window_days(row.price_class), club.opens_at(row.price_class)
    return window_opens_at(day, days_ahead=days_ahead, zone=zone, at=at) - LEAD


def about(row: StandingBooking) -> dict[str, Any]:
    """Give what every fact about a standing booking says."""
    return {
        "club_id": public_id("club", row.club_id),
        "standing_booking_id": public_id("standing_booking", row.id),
    }


def _check(wish: StandingWish, *, today: date) -> None:
    check_places(wish.places, path=("input", "places"))
    if len(wish.players) > wish.places:
        message = "Name at most as many players as you book places."
        raise InvalidInput(message=message, path=("input", "players"))
    if wish.holes not in {None, 9, 18}:
        raise InvalidInput(message="Choose 9 or 18 holes.", path=("input", "holes"))
    if wish.until < max(today, wish.first_date or today) or wish.until > today + LONGEST:
        message = "Choose a last date from the first one on, at most 800 days ahead."
        raise InvalidInput(message=message, path=("input", "until"))


async def _players(
    session: AsyncSession, club_id: UUID, wishes: Sequence[PlayerWish]
) -> tuple[list[dict[str, Any]], PriceClass]:
    """Give players as they are kept, and the class of the first whom the club knows."""
    ids = [wish.player_id for wish in wishes if wish.player_id]
    rows = select(Player).where(Player.club_id == club_id, Player.id.in_(ids)).order_by(Player.id)
    locked = rows.with_for_update(read=True, key_share=True)  # nobody merges them into others meanwhile
    found = await session.scalars(locked.execution_options(populate_existing=True)) if ids else ()
    known = {row.id: row for row in found if row.is_active}
    kept = []
    for number, wish in enumerate(wishes):
        path = ("input", "players", str(number))
        if wish.player_id and (wish.player_id not in known or ids.count(wish.player_id) > 1):
            message = "There is no such player who may be booked, or they are named twice; give a name instead."
            raise InvalidInput(message=message, path=(*path, "playerId"))
        player = known.get(wish.player_id) if wish.player_id else None
        first = clean_name(wish.first_name, path=(*path, "firstName"), empty=True)
        last = clean_name(wish.last_name, path=(*path, "lastName"), empty=True)
        kept.append(
            {
                "player_id": str(player.id) if player else None,
                "first_name": player.first_name if player else first,
                "last_name": player.last_name if player else last,
                "price_class": wish.price_class,
            }
        )
    leader = next((known[key] for key in ids), None)
    return kept, price_class_of(leader)


def _payer(wish: StandingWish, players: Sequence[dict[str, Any]]) -> tuple[str, str]:
    first = clean_name(wish.payer[0], path=("input", "payer", "firstName"), empty=True)
    last = clean_name(wish.payer[1], path=("input", "payer", "lastName"), empty=True)
    if first or last:
        return first, last
    named = next((one for one in players if one["first_name"] or one["last_name"]), None)
    if named is None:
        raise InvalidInput(message="Say who pays: give a payer, or name a player.", path=("input", "payer"))
    return named["first_name"], named["last_name"]


async def _row(
    session: AsyncSession, *, viewer: Viewer, course: Course, standing_booking_id: UUID | None, now: datetime
) -> StandingBooking:
    if standing_booking_id is None:
        return StandingBooking(
            id=new_id(), tenant_id=viewer.tenant_id, club_id=course.club_id, course_id=course.id, set_at=now
        )
    row = await _lock(session, viewer=viewer, standing_booking_id=standing_booking_id)
    if row.course_id != course.id:
        message = "A standing booking stays on its course; end it, and set one on the other."
        raise InvalidInput(message=message, path=("input", "courseId"))
    return row


async def _lock(session: AsyncSession, *, viewer: Viewer, standing_booking_id: UUID) -> StandingBooking:
    """Lock a standing booking that goes on. Raises NotFound, InvalidInput."""
    row = await find_standing(session, viewer=viewer, standing_booking_id=standing_booking_id)
    await session.refresh(row, with_for_update={"key_share": True})
    if row.ended_at is not None:
        message = "This standing booking was ended; set another one."
        raise InvalidInput(message=message, path=("input", "standingBookingId"))
    return row


def _set(row: StandingBooking) -> StandingBookingSet:
    return StandingBookingSet(
        **about(row),
        standing_course_id=public_id("course", row.course_id),
        standing_weekday=row.weekday,
        standing_local_time=row.local_time,
        standing_places=row.places,
        standing_until=row.last_date,
    )
