"""Answering what the waitlist offers.

Locks are taken in this order: the entry, the course, the tee time. Whoever frees places has locked a tee time, and
never waits for an entry (see `offers/waitlist_offers.py`), so that nobody waits in a circle.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of, refuse_unless_player, share_course
from domain.tee_sheet.booking.limits import Booker, check_limits, take_turns, wanted_start
from domain.tee_sheet.booking.parties import PlayerWish, party_of
from domain.tee_sheet.booking.problems import PlayersDoNotMatchHold
from domain.tee_sheet.booking.sales import BookingWish, sell
from domain.tee_sheet.booking.turns import lock_for_round, room_at
from domain.tee_sheet.inventory.sale import check_force, check_on_sale
from domain.tee_sheet.inventory.slots import LockedTeeTime, find_tee_time, lock_tee_time
from domain.tee_sheet.offers.notices import tell_booked
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.waitlist_ends import end_satisfied, give_up
from domain.tee_sheet.offers.waitlist_line import lock_starts_for, starts_left
from domain.tee_sheet.offers.waitlist_offers import end_offer, hold_of, offer_facts, offer_places
from domain.tee_sheet.waitlist.reading import find_offer, lock_entry
from domain.tee_sheet.waitlist.rules import check_answerable
from events.log import record
from events.tee_sheet.waitlist import WaitlistOfferAccepted
from kit.ids import new_id, public_id
from models.clubs.tables import Club
from models.tee_sheet.tables import Booking, TeeSheet
from models.tee_sheet.waitlist import OfferStatus, WaitlistEntry, WaitlistOffer, WaitlistStatus


async def lock_offer(session: AsyncSession, offer: WaitlistOffer) -> LockedTeeTime:
    """Lock the tee time of an offer, under which it changes, and read the offer anew."""
    locked = await lock_tee_time(session, offer.tee_time_id)
    await session.refresh(offer)
    return locked


async def decline_offer(session: AsyncSession, *, viewer: Viewer, offer_id: UUID, now: datetime) -> WaitlistOffer:
    """Give offered places to the next in line; the entry waits on, and is offered another start at once if one fits.

    Raises NotFound, OfferExpired, OfferEnded.
    """
    offer = await find_offer(session, viewer=viewer, offer_id=offer_id)
    entry = await session.get_one(WaitlistEntry, offer.entry_id)
    window, also = (entry.earliest, entry.latest), [offer.tee_time_id]
    locked = await lock_starts_for(session, entry.sheet_id, window=window, also=also, now=now)
    await session.refresh(offer)
    check_answerable(offer.status, expires_at=offer.expires_at, now=now)
    await give_up(session, offer, locked.pop(offer.tee_time_id), now=now)
    await offer_what_is_left(session, entry, locked.values(), now=now)
    return offer


async def offer_what_is_left(
    session: AsyncSession, entry: WaitlistEntry, locked: Collection[LockedTeeTime], *, now: datetime
) -> None:
    """Offer somebody in line the first of some locked starts that fits; who is in line before them goes first."""
    for start in await starts_left(session, entry, locked, now=now):
        made = await offer_places(session, start, now=now)
        if any(offer.entry_id == entry.id for offer in made):
            return


async def accept_offer(
    session: AsyncSession,
    *,
    viewer: Viewer,
    offer_id: UUID,
    wish: BookingWish,
    even_if_closed: bool = False,
    now: datetime,
) -> Booking:
    """Book what is offered, for all of the party; the public booking window is not asked.

    The booking is of who waits, also when the staff accept for them. A closing ends offers; one that still stands when
    a closure has grown over it, as at midnight, is refused by that. Raises NotFound, NotAllowed, InvalidInput,
    OfferExpired, OfferEnded, SheetOffline, CourseClosed, PlayersDoNotMatchHold, NotOnSale, StartRestricted,
    BookingLimitReached, TurnTaken.
    """
    offer = await find_offer(session, viewer=viewer, offer_id=offer_id)
    refuse_unless_player(viewer, offer.club_id)
    check_force(viewer, offer.club_id, even_if_closed=even_if_closed)
    entry = await lock_entry(session, offer.entry_id)
    club = await session.get_one(Club, offer.club_id)
    own = await player_of(session, viewer=viewer, club_id=club.id)
    named = [entry.player_id, *(player.player_id for player in wish.players)]
    await take_turns(session, viewer=viewer, club=club, own=own, others=named)
    course = await share_course(session, course_id=(await session.get_one(TeeSheet, entry.sheet_id)).course_id)
    start = await find_tee_time(session, offer.tee_time_id)
    holes = start[1].holes if wish.holes is None else wish.holes
    starts, turn = await lock_for_round(session, course=course, start=start, holes=holes)
    locked = starts[offer.tee_time_id]
    await session.refresh(offer)
    check_answerable(offer.status, expires_at=offer.expires_at, now=now)
    check_on_sale(locked, course, even_if_closed=even_if_closed, now=now)
    if len(wish.players) > offer.places:
        raise PlayersDoNotMatchHold(places=offer.places, path=("input", "players"))
    wish = wish if wish.players else replace(wish, players=(_themselves(entry),))
    party = await party_of(
        session,
        viewer=viewer,
        club=club,
        own=own,
        sheet=locked.sheet,
        at=locked.tee_time.local_time,
        wishes=wish.players,
        places=offer.places,
        holes=holes,
        partners=[entry.player_id],
    )
    wanted = Wanted(
        classes={club.goes_by(player.price_class) for player in party},
        players=offer.places,
        holes=holes,
        is_new=False,
    )
    check_restrictions(viewer, locked, wanted, now=now)
    await check_limits(
        session,
        viewer=viewer,
        club=club,
        booker=Booker(user_id=viewer.user_id, own=own),
        start=wanted_start(course, locked, holes=wish.holes),
        party=party,
        now=now,
    )
    room = await room_at(session, turn, offer.places, by_staff=False, now=now)
    booking_id, hold = new_id(), await hold_of(session, offer)
    accepted = WaitlistOfferAccepted(**offer_facts(locked, offer), booking_id=public_id("booking", booking_id))
    record(session, accepted, now=now)
    booking = sell(
        session,
        locked,
        locked.held_by(hold.id),
        viewer=viewer,
        club=club,
        wish=wish,
        party=party,
        hold=hold,
        turn=room,
        booking_id=booking_id,
        booked_by=entry.user_id,
        now=now,
    )
    await tell_booked(session, booking, locked, (player.user_id for player in party), viewer=viewer, now=now)
    end_offer(offer, OfferStatus.ACCEPTED, now=now)
    offer.booking_id = booking.id
    entry.status, entry.ended_at = WaitlistStatus.BOOKED, now
    await end_satisfied(session, booking, party, locked, now=now)
    return booking


def _themselves(entry: WaitlistEntry) -> PlayerWish:
    if entry.player_id:
        return PlayerWish(player_id=entry.player_id)
    return PlayerWish(first_name=entry.first_name, last_name=entry.last_name)
