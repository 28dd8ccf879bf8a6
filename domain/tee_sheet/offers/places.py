"""Places come free, or are taken out of sale: the one way for all who do either."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.inventory.slots import LockedTeeTime, free_up
from domain.tee_sheet.offers.held_back import hold_back
from domain.tee_sheet.offers.reservations import end_hold
from domain.tee_sheet.offers.waitlist_offers import offer_places, withdraw_offer
from events.log import record
from events.tee_sheet.inventory import SlotAvailable, SlotBlocked, SlotReleased
from models.tee_sheet.tables import Hold, Slot
from models.tee_sheet.values import HoldStatus, SlotStatus


async def release_places(
    session: AsyncSession,
    locked: LockedTeeTime,
    slots: Iterable[Slot],
    *,
    fact: type[SlotAvailable | SlotReleased] = SlotAvailable,
    unanswered: int = 0,
    given_up: bool = False,
    now: datetime,
) -> None:
    """Free places of a locked tee time, record it, and let the waitlist have its turn, all in one transaction.

    What somebody has `given_up` is held back then, if the club wants that, as far as nobody was offered it.

    The waitlist's turn is for all free places of the tee time, so that without any `slots` it is the turn alone, as
    when a sheet goes online. Whoever frees places of several tee times locks all of them first, in the order of their
    ids. To be called after the facts of what freed the places are recorded. A place that a block covers is not free: it
    is told as blocked, and offered to nobody.
    """
    places = list(slots)
    free_quietly(session, locked, places, fact=fact, now=now)
    await offer_places(session, locked, unanswered=unanswered, now=now)
    if given_up:
        await hold_back(session, locked, places, now=now)


async def take_turns(session: AsyncSession, tee_times: Collection[LockedTeeTime], *, now: datetime) -> None:
    """Let the waitlist have its turn for what is free on several locked tee times of a sheet, freed quietly before."""
    for locked in tee_times:
        await offer_places(session, locked, now=now)


def free_quietly(
    session: AsyncSession,
    locked: LockedTeeTime,
    slots: Iterable[Slot],
    *,
    fact: type[SlotAvailable | SlotReleased] = SlotAvailable,
    now: datetime,
) -> None:
    """Free places and record it, without the waitlist's turn: for those who have more to free, or to block, first.

    `fact` tells of a place that is available again; one that a block covers is told as blocked.
    """
    for slot in slots:
        free_up(slot)
        told = SlotBlocked if slot.status is SlotStatus.BLOCKED else fact
        record(session, locked.fact(told, slot), now=now)


async def withdraw_places(
    session: AsyncSession, locked: LockedTeeTime, slots: Iterable[Slot], *, now: datetime
) -> None:
    """End the holds and the offers that have any of these places, since they are taken out of sale.

    All places of such a hold come free, those beside the `slots` too. The waitlist has no turn: the caller changes what
    is for sale, and then calls `release_places` without slots for what is left. A caller that takes a whole sheet or
    course out of sale must lock each of its tee times, also those on which nothing is held: places may be coming free
    there at this moment.
    """
    await withdraw_holds(session, locked, {slot.hold_id for slot in slots if slot.hold_id is not None}, now=now)


async def withdraw_holds(
    session: AsyncSession, locked: LockedTeeTime, hold_ids: Collection[UUID], *, now: datetime
) -> None:
    """End these holds of a locked tee time, and their offers; what places they still have come free, as above."""
    if not hold_ids:
        return
    holds = select(Hold).where(Hold.id.in_(hold_ids)).order_by(Hold.id).execution_options(populate_existing=True)
    for hold in list(await session.scalars(holds)):
        end_hold(hold, HoldStatus.WITHDRAWN, now=now)
        await withdraw_offer(session, hold, locked, now=now)
        free_quietly(session, locked, locked.held_by(hold.id), now=now)
