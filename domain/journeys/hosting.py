"""Hosted tee times with a booking behind them: joining names a place of the booking, leaving takes the name off again.

The open places are places of the host's booking in which nobody plays by name. A booking is locked before its tee time,
and both before the hosted tee time: whatever begins at either end waits in the same order.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Unpack
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching import hosting, joining
from domain.matching.access import find_me
from domain.matching.facts import hosted_id
from domain.matching.hosting import PlaceGiven
from domain.matching.problems import BookingHosted, TeeTimeFull
from domain.matching.rooms import Room
from domain.tee_sheet.booking.access import find_booking, lock_booking
from domain.tee_sheet.booking.naming import NOBODY, Name, rename_places, unnamed
from domain.tee_sheet.booking.problems import BookingNotChangeable
from domain.tee_sheet.booking.reading import players_of
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.inventory.slots import LockedTeeTime
from kit.errors import InvalidInput, NotAllowed
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, Industry, PartStatus, SkillLevel
from models.tee_sheet.tables import Booking

P = ParamSpec("P")
TEE_TIME_ID = bindparam("tee_time_id", type_=Uuid)
BEHIND = select(Booking).join(HostedTeeTime, HostedTeeTime.booking_id == Booking.id)
BEHIND = BEHIND.where(HostedTeeTime.id == TEE_TIME_ID)
LIVE = select(HostedTeeTime).where(
    HostedTeeTime.booking_id == bindparam("booking_id", type_=Uuid),
    HostedTeeTime.status.in_((HostedStatus.OPEN, HostedStatus.FULL)),
)
PARTS = (
    select(Participation, Golfer)
    .join(Golfer, Golfer.id == Participation.golfer_id)
    .where(
        Participation.tee_time_id == TEE_TIME_ID,
        or_(Participation.slot_number > 0, Participation.position.is_not(None)),
    )
    .order_by(Participation.slot_number)
    .execution_options(populate_existing=True)
)
LIVES = frozenset({HostedStatus.OPEN, HostedStatus.FULL})


@dataclass(frozen=True)
class Behind:
    """The booking behind a tee time, locked with its own."""

    booking: Booking
    locked: LockedTeeTime


async def host_tee_time(
    session: AsyncSession,
    *,
    viewer: Viewer,
    places: int,
    starts_at: datetime | None = None,
    course_id: UUID | None = None,
    booking_id: UUID | None = None,
    industries: Sequence[Industry] = (),
    skill_level: SkillLevel | None = None,
    needs_approval: bool = False,
    notes: str = "",
    now: datetime,
    **where: Unpack[PlaceGiven],
) -> Room:
    """Host a tee time. With a booking of the host's own behind it, it is where and when that is.

    Raises what `hosting.host_tee_time` does, and BookingNotChangeable, BookingHosted.
    """
    wanted: dict[str, Any] = {
        "places": places,
        "industries": industries,
        "skill_level": skill_level,
        "needs_approval": needs_approval,
        "notes": notes,
        **where,
    }
    await find_me(session, viewer=viewer)
    if booking_id is None:
        if starts_at is None:
            message = "Say when it starts, or name a booking of yours."
            raise InvalidInput(message=message, path=("input", "startsAt"))
        return await hosting.host_tee_time(
            session, viewer=viewer, starts_at=starts_at, course_id=course_id, now=now, **wanted
        )
    if starts_at is not None or course_id is not None:
        name = "startsAt" if starts_at is not None else "courseId"
        message = "It is where and when the booking is; leave this out."
        raise InvalidInput(message=message, path=("input", name))
    behind = await _lock_own(session, viewer=viewer, booking_id=booking_id)
    await _check_places(session, behind, places)
    room = await hosting.host_tee_time(
        session,
        viewer=viewer,
        starts_at=behind.locked.tee_time.starts_at,
        course_id=behind.booking.course_id,
        booking_id=booking_id,
        now=now,
        **wanted,
    )
    behind.booking.hosts_tee_time = True
    return room


async def _lock_own(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Behind:
    """Lock a booking of the viewer's own that is still to be played, and that nobody can join yet."""
    booking, path = await find_booking(session, viewer=viewer, booking_id=booking_id), ("input", "bookingId")
    if booking.booked_by != viewer.user_id:
        raise NotAllowed(message="Only who made the booking may let others join it.")
    behind = Behind(booking, await lock_booking(session, booking))
    if booking.status not in BEFORE_PLAY:
        raise BookingNotChangeable(status=booking.status, path=path)
    live = await session.scalar(LIVE, {"booking_id": booking_id})
    if live is not None:
        raise BookingHosted(tee_time_id=hosted_id(live), path=path)
    return behind


async def _check_places(session: AsyncSession, behind: Behind, wanted: int, taken: int = 0) -> None:
    """Refuse more open places than the booking has. Raises InvalidInput."""
    free = len(unnamed((await players_of(session, [behind.booking.id]))[behind.booking.id]))
    if wanted - taken > free:
        message = f"{free} places of the booking have no name; add places to it, or choose {free + taken} at most."
        raise InvalidInput(message=message, path=("input", "places"))


def in_step(
    act: Callable[Concatenate[AsyncSession, P], Awaitable[Room]],
) -> Callable[Concatenate[AsyncSession, P], Coroutine[Any, Any, Room]]:
    """Let an action on a hosted tee time, which names it by `tee_time_id`, do to the booking behind it what follows."""

    @wraps(act)
    async def done(session: AsyncSession, /, *args: P.args, **given: P.kwargs) -> Room:
        booking = await session.scalar(BEHIND, {"tee_time_id": given["tee_time_id"]})
        if booking is None:
            return await act(session, *args, **given)
        behind = Behind(booking, await lock_booking(session, booking))
        room = await act(session, *args, **given)
        if act is hosting.update_hosted_tee_time:
            row = room.tee_time
            await _check_places(session, behind, row.places, taken=row.places - row.open_places)
        await name_places(session, behind, room.tee_time, now=given["now"])  # type: ignore[arg-type]
        return room

    return done


async def name_places(session: AsyncSession, behind: Behind, tee_time: HostedTeeTime, *, now: datetime) -> None:
    """Name a place of the booking after each who has joined, and take the names off of those who are in it no more."""
    await session.flush()
    players = (await players_of(session, [behind.booking.id]))[behind.booking.id]
    free = [player.position for player in unnamed(players)]
    has_come = {player.position for player in players if player.checked_in_at}
    names: dict[int, Name] = {}
    for part, golfer in await session.execute(PARTS, {"tee_time_id": tee_time.id}):
        is_in = part.status is PartStatus.JOINED and tee_time.status in LIVES
        if is_in and part.position is None:
            if not free:
                raise TeeTimeFull
            part.position, part.named_as = free.pop(0), golfer.name
            names[part.position] = _name_of(golfer)
        elif not is_in and part.position is not None:
            if tee_time.status not in LIVES and part.position in has_come:
                continue  # who has come to play plays, whatever became of the tee time
            names[part.position] = NOBODY
            part.position = None
    await rename_places(session, behind.booking, behind.locked, names, now=now)


def _name_of(golfer: Golfer) -> Name:
    first, _, last = golfer.name.partition(" ")
    return Name(first=first, last=last, user_id=golfer.user_id)


update_hosted_tee_time = in_step(hosting.update_hosted_tee_time)
cancel_hosted_tee_time = in_step(hosting.cancel_hosted_tee_time)
"""The booking stays, without the names of those who had joined."""
join_tee_time = in_step(joining.join_tee_time)
answer_join_request = in_step(joining.answer_join_request)
leave_tee_time = in_step(joining.leave_tee_time)
remove_participant = in_step(joining.remove_participant)
