"""The waitlist: who waits for places on a date, and who waits no longer."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, find_player, player_of, price_class_of, refuse_unless_player
from domain.tee_sheet.inventory.prices import stored_prices
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.offers.rules import check_group_size, check_open, check_places
from domain.tee_sheet.offers.waitlist_ends import give_up, left
from domain.tee_sheet.offers.waitlist_line import lock_starts_for
from domain.tee_sheet.waitlist.answers import lock_offer, offer_what_is_left
from domain.tee_sheet.waitlist.problems import AlreadyOnWaitlist, WaitlistEntryEnded
from domain.tee_sheet.waitlist.reading import find_entry, live_offers, lock_entry
from domain.tee_sheet.waitlist.rules import check_class_is_sold, check_time_window
from events.log import record
from events.tee_sheet.waitlist import WaitlistJoined
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from kit.text import clean_name
from models.clubs.tables import Club, Player
from models.tee_sheet.tables import TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistStatus


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Who waits: a player whom the club knows, a user whom it doesn't, or a name that the staff note."""

    user_id: str | None
    player_id: UUID | None
    first_name: str
    last_name: str
    price_class: PriceClass


async def join_waitlist(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    date: date,
    earliest: time,
    latest: time,
    party_size: int,
    player_id: UUID | None = None,
    first_name: str = "",
    last_name: str = "",
    offer_now: bool = True,
    now: datetime,
) -> WaitlistEntry:
    """Wait for places on a date, from the earliest to the latest start that would do, both included.

    Places that fit and are free by now are offered at once, unless `offer_now` says no. Nobody waits for what their
    class cannot book yet.

    For oneself; by staff for a player, or for a name. Raises NotFound, NotAllowed, NoTeeSheet, InvalidInput,
    GroupSizeNotAllowed, NotOnSale, BookingWindowClosed, AlreadyOnWaitlist.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_player(viewer, course.club_id)
    who = await _who(session, viewer, course.club_id, player_id=player_id, first=first_name, last=last_name)
    sheet = await session.scalar(select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == date))
    if sheet is None:
        raise NoTeeSheet(path=("input", "date"))
    club = await session.get_one(Club, course.club_id)
    check_open(who.price_class, sheet=sheet, club=club, now=now)
    check_places(party_size, path=("input", "partySize"))
    check_group_size(party_size, allowed=sheet.group_sizes, path=("input", "partySize"))
    coming = select(TeeTime.local_time).where(TeeTime.sheet_id == sheet.id, TeeTime.starts_at > now)
    check_time_window(earliest, latest, starts=await session.scalars(coming))
    check_class_is_sold(stored_prices(sheet.prices), goes_by=club.goes_by(who.price_class), holes=sheet.holes)
    window = (earliest, latest)
    # Starts are locked before the entry is made, which shares its player: as they are by all who book.
    locked = await lock_starts_for(session, sheet.id, window=window, now=now) if offer_now else {}
    entry = await _enter(session, viewer, sheet, who, window=window, party_size=party_size, now=now)
    record(session, _joined(entry, sheet), now=now)
    if offer_now:
        awaited = [replace(start, is_awaited=True) for start in locked.values()]  # from this entry on
        await offer_what_is_left(session, entry, awaited, now=now)
    return entry


async def _who(
    session: AsyncSession, viewer: Viewer, club_id: UUID, *, player_id: UUID | None, first: str, last: str
) -> Waiting:
    """Tell who waits. Raises NotFound for a player whom the viewer may not speak for, InvalidInput without a name."""
    by_staff = viewer.is_staff_of(club_id)
    if player_id is not None:
        player = await find_player(session, viewer=viewer, player_id=player_id)
        if player.club_id != club_id:
            raise NotFound(message="There is no such player, or you may not know of them.")
        if not player.is_active:
            message = "This player may not be booked any more; activate them again, or give a name instead."
            raise InvalidInput(message=message, path=("input", "playerId"))
        own = player.id == viewer.player_id or player.user_id == viewer.user_id
        return _known(player, user_id=viewer.user_id if own else player.user_id)
    if not by_staff and (mine := await player_of(session, viewer=viewer, club_id=club_id)):
        return _known(mine, user_id=viewer.user_id)
    first = clean_name(first, path=("input", "firstName"), empty=True)
    last = clean_name(last, path=("input", "lastName"), empty=True)
    if not (first or last):
        message = "Say who waits: give a player, or a name."
        raise InvalidInput(message=message, path=("input", "playerId" if by_staff else "firstName"))
    user_id = None if by_staff else viewer.user_id
    public = price_class_of(None)
    return Waiting(user_id=user_id, player_id=None, first_name=first, last_name=last, price_class=public)


def _known(player: Player, *, user_id: str | None) -> Waiting:
    return Waiting(
        user_id=user_id,
        player_id=player.id,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=price_class_of(player),
    )


async def _enter(
    session: AsyncSession,
    viewer: Viewer,
    sheet: TeeSheet,
    who: Waiting,
    *,
    window: tuple[time, time],
    party_size: int,
    now: datetime,
) -> WaitlistEntry:
    """Put somebody at the end of the line. Raises AlreadyOnWaitlist for who is in it, or asks twice at once."""
    values = {
        "id": new_id(),
        "tenant_id": sheet.tenant_id,
        "club_id": sheet.club_id,
        "sheet_id": sheet.id,
        "earliest": window[0],
        "latest": window[1],
        "party_size": party_size,
        "price_class": who.price_class,
        "user_id": who.user_id,
        "player_id": who.player_id,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "status": WaitlistStatus.WAITING,
        "joined_by": viewer.user_id,
        "joined_at": now,
    }
    made = insert(WaitlistEntry).values(values).on_conflict_do_nothing().returning(WaitlistEntry)
    entry: WaitlistEntry | None = await session.scalar(made)
    if entry is not None:
        return entry
    if (found := await _entry_of(session, sheet, who)) is not None:
        raise AlreadyOnWaitlist(entry_id=public_id("waitlist_entry", found))
    return await _enter(session, viewer, sheet, who, window=window, party_size=party_size, now=now)  # just left


async def _entry_of(session: AsyncSession, sheet: TeeSheet, who: Waiting) -> UUID | None:
    same = [WaitlistEntry.user_id == who.user_id] if who.user_id else []
    same += [WaitlistEntry.player_id == who.player_id] if who.player_id else []
    waiting = (WaitlistEntry.sheet_id == sheet.id, WaitlistEntry.status == WaitlistStatus.WAITING)
    return await session.scalar(select(WaitlistEntry.id).where(*waiting, or_(*same)).limit(1))


def _joined(entry: WaitlistEntry, sheet: TeeSheet) -> WaitlistJoined:
    return WaitlistJoined(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        entry_id=public_id("waitlist_entry", entry.id),
        earliest=entry.earliest,
        latest=entry.latest,
        party_size=entry.party_size,
        price_class=entry.price_class,
        player_id=public_id("player", entry.player_id) if entry.player_id else None,
        first_name=entry.first_name,
        last_name=entry.last_name,
    )


async def leave_waitlist(session: AsyncSession, *, viewer: Viewer, entry_id: UUID, now: datetime) -> WaitlistEntry:
    """Take an entry off the waitlist; what is offered to it at the moment goes to the next in line.

    Raises NotFound, WaitlistEntryEnded.
    """
    entry = await lock_entry(session, (await find_entry(session, viewer=viewer, entry_id=entry_id)).id)
    if entry.status is not WaitlistStatus.WAITING:
        raise WaitlistEntryEnded(status=entry.status)
    entry.status, entry.ended_at = WaitlistStatus.LEFT, now
    sheet = await session.get_one(TeeSheet, entry.sheet_id)
    record(session, left(entry, sheet), now=now)
    if offer := (await live_offers(session, [entry.id])).get(entry.id):
        locked = await lock_offer(session, offer)
        if offer.status is OfferStatus.PENDING:
            await give_up(session, offer, locked, now=now)
    return entry
