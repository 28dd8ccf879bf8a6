"""Several bookings that change among each other, locked with all their starts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff, share_course
from domain.tee_sheet.booking.access import find_bookings
from domain.tee_sheet.booking.problems import BookingNotChangeable
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.inventory.sale import check_on_sale
from domain.tee_sheet.inventory.slots import FRESH, UNKNOWN, LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.problems import SlotsUnavailable
from domain.tee_sheet.offers.rules import check_day_not_over
from kit.errors import InvalidInput, NotFound
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import Booking, BookingPlayer, Slot, TeeSheet, TeeTime

LOCK = (
    select(Booking)
    .where(Booking.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Booking.id)
    .with_for_update(key_share=True)
    .execution_options(**FRESH)
)


HOMES = (
    select(TeeTime.id, TeeSheet.club_id, TeeSheet.course_id)
    .join(TeeSheet, TeeSheet.id == TeeTime.sheet_id)
    .where(TeeTime.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)


@dataclass
class LockedBookings:
    """Bookings of one club that are still to be played, with their players and starts: nobody else changes them."""

    session: AsyncSession
    viewer: Viewer
    club: Club
    now: datetime
    even_if_closed: bool
    bookings: dict[UUID, Booking]
    players: dict[UUID, list[BookingPlayer]]
    starts: dict[UUID, LockedTeeTime]
    courses: dict[UUID, Course]
    users: Mapping[UUID | None, str | None] = field(default_factory=dict)

    def start_of(self, booking: Booking) -> LockedTeeTime:
        """Give the start that a booking is on."""
        return self.starts[booking.tee_time_id]

    def turn_of(self, booking: Booking) -> LockedTeeTime | None:
        """Give the start at which a booking turns, if it has places there."""
        return self.starts[booking.turn_tee_time_id] if booking.turn_tee_time_id else None

    async def take(self, start: LockedTeeTime, places: int, *, own: Collection[Slot] = ()) -> list[Slot]:
        """Find places on a start: some that somebody of these leaves, and free ones beside them.

        Raises StartInThePast, SheetOffline, CourseClosed, SlotsUnavailable.
        """
        zone = ZoneInfo(start.sheet.time_zone)
        check_day_not_over(start.tee_time.starts_at, day=start.sheet.date, zone=zone, now=self.now)
        course = self.courses[start.sheet.course_id]
        check_on_sale(start, course, even_if_closed=self.even_if_closed, now=self.now)
        await end_due_holds(self.session, start, for_staff=places - len(own), now=self.now)
        found = [*own, *start.free][:places]
        if len(found) < places:
            raise SlotsUnavailable(places_left=len(found))
        return found


async def lock_bookings(
    session: AsyncSession,
    viewer: Viewer,
    booking_ids: Collection[UUID],
    *,
    also: Collection[UUID] = (),
    club_id: UUID | None = None,
    even_if_closed: bool = False,
    now: datetime,
) -> LockedBookings:
    """Lock bookings, then their courses, then all their starts and others `also`, each in the order of their ids.

    For the staff of their club, which need not be named where any of these is.

    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable.
    """
    found = await find_bookings(session, viewer=viewer, booking_ids=booking_ids)
    others = await _homes(session, viewer, also)
    club_ids = {booking.club_id for booking in found} | {home for home, _ in others}
    club_ids |= {club_id} if club_id else set()
    for one in club_ids:
        refuse_unless_staff(viewer, one)
    if len(club_ids) > 1:
        raise InvalidInput(message="Choose bookings of one club.", path=("input",))
    bookings = {row.id: row for row in await session.scalars(LOCK, {"ids": list(booking_ids)})}
    wanted = sorted({row.course_id for row in bookings.values()} | {course_id for _, course_id in others})
    courses = {course_id: await share_course(session, course_id=course_id) for course_id in wanted}
    turns = {row.turn_tee_time_id for row in bookings.values() if row.turn_tee_time_id}
    locked = await lock_tee_times(session, {row.tee_time_id for row in bookings.values()} | turns | set(also))
    if over := next((row for row in bookings.values() if row.status not in BEFORE_PLAY), None):
        raise BookingNotChangeable(status=over.status)
    players = await players_of(session, bookings)
    users = await users_of(session, [player.player_id for party in players.values() for player in party])
    club = await session.get_one(Club, next(iter(club_ids)))
    return LockedBookings(session, viewer, club, now, even_if_closed, bookings, players, locked, courses, users)


async def _homes(session: AsyncSession, viewer: Viewer, tee_time_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Tell of which clubs and courses tee times are. Raises NotFound for one that the viewer may not know of."""
    if not tee_time_ids:
        return []
    rows = [(row[0], row[1], row[2]) for row in await session.execute(HOMES, {"ids": list(set(tee_time_ids))})]
    if {row[0] for row in rows} != set(tee_time_ids) or not all(viewer.may_see_sheets(row[1]) for row in rows):
        raise NotFound(message=UNKNOWN)
    return [(row[1], row[2]) for row in rows]
