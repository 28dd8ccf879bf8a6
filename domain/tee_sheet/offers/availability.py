"""Searching for starts with free places, over days and courses."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Time, and_, cast, func, not_, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, find_course, player_of, price_class_of, refuse_unless_at_sheets
from domain.clubs.closures import closed_until
from domain.tee_sheet.inventory.prices import prices_for, stored_prices
from domain.tee_sheet.inventory.restrictions import stored_restrictions
from domain.tee_sheet.offers.restrictions import Wanted, refusing
from domain.tee_sheet.offers.rules import check_places, day_ends_at, opens_to
from domain.tee_sheet.offers.turns import with_room_at_turn
from kit.errors import InvalidInput
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import Price, PriceClass, Restriction, SlotStatus

MOST_DAYS_SEARCHED = 31
OF_START = select(func.count()).where(Slot.tee_time_id == TeeTime.id).correlate(TeeTime)
FREE = OF_START.where(Slot.status == SlotStatus.AVAILABLE).scalar_subquery()
KEPT = and_(Hold.id == Slot.hold_id, Hold.is_held_back)
HELD_BACK = OF_START.where(KEPT).scalar_subquery()
RELEASED_AT = (
    select(func.min(Hold.expires_at)).where(KEPT, Slot.tee_time_id == TeeTime.id).correlate(TeeTime).scalar_subquery()
)
PLANNED_AT = TeeTime.starts_at - func.make_interval(0, 0, 0, 0, 0, TeeTime.delayed_minutes)


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for: days, both included; places; holes, a full round if None; cents for one player, both
    included; wall-clock times of the course, both included.
    """

    first_date: date
    last_date: date
    players: int = 1
    holes: int | None = None
    lowest_cents: int | None = None
    highest_cents: int | None = None
    earliest: time | None = None
    latest: time | None = None
    held_back: bool = False
    """Whether places that are held back count as those that are free; for staff, who sell them, they always do."""

    def wants(self, price: Price) -> bool:
        """Tell whether a price lies in the range."""
        at_least = self.lowest_cents is None or price.cents >= self.lowest_cents
        return at_least and (self.highest_cents is None or price.cents <= self.highest_cents)


@dataclass(frozen=True, slots=True)
class AvailableStart:
    """A start that can be booked: how many places are free, and what one player of the viewer's class pays.

    Beside these, how many places are held back, and when the first of them are released.
    """

    tee_time: TeeTime
    sheet: TeeSheet
    free_places: int
    held_back_places: int
    released_at: datetime | None
    price: Price


async def available_tee_times(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID | None,
    course_id: UUID | None,
    search: Search,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> list[AvailableStart]:
    """Find the starts of a club or a course that the viewer could book, by start and id, behind a place in that order.

    Staff find the starts of today that have come, too: they sell them until the end of the day.

    What a closure covers is not for sale, to the staff either. It takes five statements, however many days, courses and
    starts there are. Raises NotFound, NotAllowed, InvalidInput.
    """
    _check(search)
    club, course_id = await _where(session, viewer=viewer, club_id=club_id, course_id=course_id)
    refuse_unless_at_sheets(viewer, club.id)
    own = await player_of(session, viewer=viewer, club_id=club.id)
    price_class, found = price_class_of(own), await _sheets(session, search, club=club, course_id=course_id)
    by_staff = viewer.is_staff_of(club.id)
    if by_staff:  # who sell what is held back, and a start until the end of its day
        search = replace(search, held_back=True)
        found = [(sheet, course) for sheet, course in found if not _is_over(sheet, now=now)]
    closed = _closed(found, now=now)
    sheets = {sheet.id: sheet for sheet, _ in found}
    offered = {
        sheet.id: tuple(
            prices_for(
                stored_prices(sheet.prices), goes_by=club.goes_by(price_class), holes=search.holes or sheet.holes
            )
        )
        for sheet in sheets.values()
        if (by_staff or _is_open(sheet, club, price_class, now=now))
    }
    wanted = _wanted(offered, search)
    if not by_staff:
        refused = list(_refused((sheets[key] for key in offered), search, club.goes_by(price_class), now=now))
        wanted = [and_(one, *refused) for one in wanted]
    players, held_back = search.players, search.held_back
    turning = list(with_room_at_turn(found, holes=search.holes, players=players, held_back=held_back))
    wanted = [and_(one, *turning) for one in wanted]
    since = None if by_staff else now
    starts = await _free_starts(session, wanted, search, closed=closed, after=after, limit=limit, since=since)
    return [
        AvailableStart(
            row,
            sheets[row.sheet_id],
            free,
            held_back,
            released_at,
            price=next(price for price in offered[row.sheet_id] if price.covers(row.local_time)),
        )
        for row, free, held_back, released_at in starts
    ]


async def _sheets(
    session: AsyncSession, search: Search, *, club: Club, course_id: UUID | None
) -> list[tuple[TeeSheet, Course]]:
    rows = (
        select(TeeSheet, Course)
        .join(Course, Course.id == TeeSheet.course_id)
        .where(
            TeeSheet.club_id == club.id,
            TeeSheet.date.between(search.first_date, search.last_date),
            TeeSheet.is_online,
            TeeSheet.group_sizes.contains([search.players]),
        )
    )
    if course_id is not None:
        rows = rows.where(TeeSheet.course_id == course_id)
    return [(sheet, course) for sheet, course in await session.execute(rows)]


def _closed(found: Iterable[tuple[TeeSheet, Course]], *, now: datetime) -> dict[datetime, list[UUID]]:
    """Give the sheets of closed courses, by the instant up to which their starts are covered."""
    closed: dict[datetime, list[UUID]] = {}
    for sheet, course in found:
        if (until := closed_until(course, now=now)) is not None:
            closed.setdefault(until, []).append(sheet.id)
    return closed


def _check(search: Search) -> None:
    check_places(search.players, path=("players",))
    if not 0 <= (search.last_date - search.first_date).days < MOST_DAYS_SEARCHED:
        message = f"Choose a last day from the first on, at most {MOST_DAYS_SEARCHED} days in all."
        raise InvalidInput(message=message, path=("lastDate",))


async def _where(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID | None, course_id: UUID | None
) -> tuple[Club, UUID | None]:
    if course_id is not None and club_id is None:
        course = await find_course(session, viewer=viewer, course_id=course_id)
        return await session.get_one(Club, course.club_id), course.id
    if club_id is not None and course_id is None:
        return await find_club(session, viewer=viewer, club_id=club_id), None
    raise InvalidInput(message="Give either the id of a club or the id of a course.", path=("courseId",))


def _is_open(sheet: TeeSheet, club: Club, price_class: PriceClass, *, now: datetime) -> bool:
    """Tell whether the starts of a sheet can be booked yet by a price class."""
    return opens_to(price_class, sheet=sheet, club=club) <= now


def _is_over(sheet: TeeSheet, *, now: datetime) -> bool:
    return day_ends_at(sheet.date, zone=ZoneInfo(sheet.time_zone)) <= now


def _wanted(offered: Mapping[UUID, tuple[Price, ...]], search: Search) -> list[ColumnElement[bool]]:
    """Say which starts have a price that is looked for: by sheets that ask the same, where no other goes before it."""
    alike: dict[tuple[Price, ...], list[UUID]] = {}
    for sheet_id, prices in offered.items():
        alike.setdefault(prices, []).append(sheet_id)
    return [
        and_(TeeTime.sheet_id.in_(sheets), _within(price), *(not_(_within(other)) for other in prices[:number]))
        for prices, sheets in alike.items()
        for number, price in enumerate(prices)
        if search.wants(price)
    ]


def _refused(
    sheets: Iterable[TeeSheet], search: Search, goes_by: Sequence[PriceClass], *, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """Say which starts are not those that the club would refuse to who looks for them: by sheets that ask the same."""
    alike: dict[tuple[Restriction, str], list[UUID]] = {}
    for sheet in sheets:
        holes = search.holes or sheet.holes
        looked_for = Wanted(classes=(goes_by,), players=search.players, holes=holes)
        for one in refusing(sheet, stored_restrictions(sheet.restrictions), looked_for, now=now):
            alike.setdefault((one, sheet.time_zone), []).append(sheet.id)
    for (one, zone), of_sheets in alike.items():
        planned = cast(func.timezone(zone, PLANNED_AT), Time).between(
            one.first_start or time.min, one.last_start or time.max
        )
        tees = true() if one.tees is None else TeeTime.tee.in_(one.tees)
        yield not_(and_(TeeTime.sheet_id.in_(of_sheets), planned, tees))


def _within(price: Price) -> ColumnElement[bool]:
    """Say which starts a price covers."""
    return TeeTime.local_time.between(price.first_start or time.min, price.last_start or time.max)


async def _free_starts(
    session: AsyncSession,
    wanted: Collection[ColumnElement[bool]],
    search: Search,
    *,
    closed: Mapping[datetime, Collection[UUID]],
    after: tuple[datetime, UUID] | None,
    limit: int,
    since: datetime | None,
) -> list[tuple[TeeTime, int, int, datetime | None]]:
    if not wanted:
        return []
    sellable = FREE + HELD_BACK if search.held_back else FREE
    rows = select(TeeTime, FREE, HELD_BACK, RELEASED_AT).where(or_(*wanted), sellable >= search.players)
    if since is not None:
        rows = rows.where(TeeTime.starts_at >= since)
    for until, sheets in closed.items():
        rows = rows.where(not_(and_(TeeTime.sheet_id.in_(sheets), TeeTime.starts_at < until)))
    if search.earliest is not None:
        rows = rows.where(TeeTime.local_time >= search.earliest)
    if search.latest is not None:
        rows = rows.where(TeeTime.local_time <= search.latest)
    if after is not None:
        rows = rows.where(tuple_(TeeTime.starts_at, TeeTime.id) > after)
    found = await session.execute(rows.order_by(TeeTime.starts_at, TeeTime.id).limit(limit))
    return [(row[0], row[1], row[2], row[3]) for row in found]
