"""Ballots: announced, changed and cancelled by staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.notifications.notifications import tell_many
from domain.tee_sheet.ballots.facts import fact
from domain.tee_sheet.ballots.problems import BallotOver, BallotWasDrawn, StartsInBallot
from domain.tee_sheet.ballots.reading import (
    bookings_of_draw,
    find_ballot,
    lock_ballot,
    players_of_entries,
    starts_of,
    waiting_entries,
)
from domain.tee_sheet.ballots.rules import Instants, check_instants, hash_of, new_seed
from domain.tee_sheet.booking.reading import users_of
from domain.tee_sheet.desk.blocks import lift_block, put_block
from domain.tee_sheet.desk.starts import lock_sheet
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.turns import comes_by_twice
from events.log import record
from events.tee_sheet.ballots import BallotAnnounced, BallotCancelled, BallotUpdated
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.jobs import defer
from kit.text import check_range, clean_name
from models.clubs.tables import Course
from models.notifications import NotificationKind
from models.tee_sheet.ballots import Ballot, BallotEntry, BallotEntryStatus, BallotStatus
from models.tee_sheet.desk import Block, BlockKind, BlockSlot
from models.tee_sheet.tables import TeeSheet, TeeTime

TEND = "tend_ballot"
"""Letting a ballot take the step that is due, as a job."""
LONGEST_LOOKBACK = 366
BEFORE_DRAW = frozenset({BallotStatus.ANNOUNCED, BallotStatus.OPEN, BallotStatus.CLOSED})


@dataclass(frozen=True, kw_only=True)
class BallotWish:
    """What shall be sold by draw: the starts from the first to the last, both included, and when."""

    first_start: time
    last_start: time
    closes_at: datetime
    releases_at: datetime
    opens_at: datetime | None = None
    draws_at: datetime | None = None
    by_hand: bool = False
    name: str = ""
    holes: int | None = None
    lookback_days: int = 56


async def announce_ballot(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date, wish: BallotWish, now: datetime
) -> Ballot:
    """Sell starts of a day by draw: they go out of sale at once, what is booked on them stays booked.

    Starts that the shop alone sells stay with the shop. The seed is made now, and its hash told.
    Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, StartsInBallot.
    """
    sheet = await lock_sheet(session, viewer=viewer, course_id=course_id, day=day)
    name = clean_name(wish.name, path=("input", "name"), empty=True)
    holes = _holes(sheet, wish.holes)
    check_range(wish.lookback_days, 0, LONGEST_LOOKBACK, path=("input", "lookbackDays"))
    instants = Instants(
        opens_at=max(wish.opens_at or now, now),
        closes_at=wish.closes_at,
        draws_at=None if wish.by_hand else wish.draws_at or wish.closes_at,
        releases_at=wish.releases_at,
    )
    locked = await _wanted(session, sheet, wish, now=now)
    check_instants(instants, first_starts_at=min(one.tee_time.starts_at for one in locked.values()))
    covered = [slot for one in locked.values() for slot in one.slots]
    given = {"kind": BlockKind.BALLOT, "reason": name, "by": viewer.user_id, "now": now}
    block = await put_block(session, sheet, locked, covered, **given)  # type: ignore[arg-type]
    await session.flush()
    ballot = _new(sheet, block, wish, instants, name=name, holes=holes, viewer=viewer, now=now)
    session.add(ballot)
    record(session, fact(BallotAnnounced, ballot), now=now)
    await plan_next(session, ballot, now=now)
    return ballot


def _holes(sheet: TeeSheet, holes: int | None) -> int:
    if holes not in {None, 9, 18} or (holes or 0) > 18:
        raise InvalidInput(message="Choose 9 or 18 holes.", path=("input", "holes"))
    if comes_by_twice(sheet, holes or sheet.holes):
        message = "A round that comes by twice has places at its turn, too; let nine holes be drawn for."
        raise InvalidInput(message=message, path=("input", "holes"))
    return holes or sheet.holes


async def _wanted(
    session: AsyncSession, sheet: TeeSheet, wish: BallotWish, *, now: datetime
) -> Mapping[UUID, LockedTeeTime]:
    """Lock the starts that are meant, of a sheet that is locked. Raises InvalidInput, StartsInBallot."""
    rows = select(TeeTime.id).where(
        TeeTime.sheet_id == sheet.id,
        TeeTime.local_time >= wish.first_start,
        TeeTime.local_time <= wish.last_start,
        TeeTime.starts_at > now,
    )
    found = await lock_tee_times(session, await session.scalars(rows))
    locked = {key: one for key, one in found.items() if one.shop_sale is None}
    if not locked:
        message = (
            "No start of this tee sheet that is to come, and not the shop's alone, lies in the range; give another."
        )
        raise InvalidInput(message=message, path=("input", "firstStart"))
    slots = [slot.id for one in locked.values() for slot in one.slots]
    others = (
        select(Ballot.id)
        .join(Block, Block.id == Ballot.block_id)
        .join(BlockSlot, BlockSlot.block_id == Block.id)
        .where(Block.removed_at.is_(None), BlockSlot.slot_id.in_(slots))
    )
    if other := await session.scalar(others.limit(1)):
        raise StartsInBallot(ballot_id=public_id("ballot", other), path=("input", "firstStart"))
    return locked


def _new(
    sheet: TeeSheet,
    block: Block,
    wish: BallotWish,
    instants: Instants,
    *,
    name: str,
    holes: int,
    viewer: Viewer,
    now: datetime,
) -> Ballot:
    seed = new_seed()
    return Ballot(
        id=new_id(),
        tenant_id=sheet.tenant_id,
        club_id=sheet.club_id,
        course_id=sheet.course_id,
        sheet_id=sheet.id,
        block_id=block.id,
        date=sheet.date,
        name=name,
        status=BallotStatus.ANNOUNCED if instants.opens_at > now else BallotStatus.OPEN,
        first_start=wish.first_start,
        last_start=wish.last_start,
        holes=holes,
        lookback_days=wish.lookback_days,
        opens_at=instants.opens_at,
        closes_at=instants.closes_at,
        draws_at=instants.draws_at,
        releases_at=instants.releases_at,
        seed=seed,
        seed_hash=hash_of(seed),
        entries=0,
        places_wanted=0,
        announced_by=viewer.user_id,
        announced_at=now,
    )


async def update_ballot(
    session: AsyncSession,
    *,
    viewer: Viewer,
    ballot_id: UUID,
    name: str | None = None,
    closes_at: datetime | None = None,
    draws_at: datetime | None = None,
    releases_at: datetime | None = None,
    now: datetime,
) -> Ballot:
    """Change what a ballot is called, or when it closes, is drawn and releases what is left.

    Entries that have closed are not opened again, and once it is drawn the release alone can be put off or brought
    forward. Raises NotFound, NotAllowed, InvalidInput, BallotOver.
    """
    ballot = await _lock_live(session, viewer=viewer, ballot_id=ballot_id)
    starts = await starts_of(session, ballot)
    drawn, closed = ballot.status is BallotStatus.DRAWN, ballot.status in {BallotStatus.CLOSED, BallotStatus.DRAWN}
    for given, is_over, field in ((closes_at, closed, "closesAt"), (draws_at, drawn, "drawsAt")):
        if given is not None and is_over:
            raise InvalidInput(message="That has been; leave it out.", path=("input", field))
    named = ballot.name if name is None else clean_name(name, path=("input", "name"), empty=True)
    closing = ballot.closes_at if closes_at is None else max(closes_at, now)
    releasing = ballot.releases_at if releases_at is None else max(releases_at, now)
    drawing = ballot.draws_at if draws_at is None else max(draws_at, now)
    if draws_at is None and ballot.draws_at == ballot.closes_at:
        drawing = closing  # it is drawn when it closes
    if drawn and drawing is not None:
        drawing = min(drawing, releasing)  # it was drawn by hand, before that
    instants = Instants(opens_at=ballot.opens_at, closes_at=closing, draws_at=drawing, releases_at=releasing)
    check_instants(instants, first_starts_at=starts[0].starts_at)
    ballot.name, ballot.closes_at, ballot.draws_at, ballot.releases_at = named, closing, drawing, releasing
    record(session, fact(BallotUpdated, ballot), now=now)
    await plan_next(session, ballot, now=now)
    return ballot


async def cancel_ballot(
    session: AsyncSession, *, viewer: Viewer, ballot_id: UUID, reason: str = "", now: datetime
) -> Ballot:
    """Cancel a ballot before its draw: its entries end, all who are in one are told, its starts go on open sale.

    What was drawn stays drawn: a draw that could be taken back could be made until it suits.
    Raises NotFound, NotAllowed, InvalidInput, BallotOver, BallotWasDrawn.
    """
    ballot = await _lock_live(session, viewer=viewer, ballot_id=ballot_id)
    if ballot.status not in BEFORE_DRAW:
        booked = [public_id("booking", one.id) for one in await bookings_of_draw(session, ballot.id)]
        raise BallotWasDrawn(booking_ids=booked, releases_at=ballot.releases_at)
    ballot.cancelled_reason = clean_name(reason, path=("input", "reason"), longest=500, empty=True)
    ballot.status, ballot.cancelled_at, ballot.cancelled_by = BallotStatus.CANCELLED, now, viewer.user_id
    ballot.next_at = None
    entries = await waiting_entries(session, ballot)
    for entry in entries:
        entry.status, entry.ended_at = BallotEntryStatus.CANCELLED, now
    record(session, fact(BallotCancelled, ballot, cancelled_reason=ballot.cancelled_reason), now=now)
    await lift_block(session, await session.get_one(Block, ballot.block_id), by=viewer.user_id, now=now)
    await tell_entrants(session, ballot, entries, NotificationKind.BALLOT_CANCELLED, reason=ballot.cancelled_reason)
    return ballot


async def _lock_live(session: AsyncSession, *, viewer: Viewer, ballot_id: UUID) -> Ballot:
    """Lock a ballot that has neither released its places nor was cancelled, for the staff of its club.

    Raises NotFound, NotAllowed, BallotOver.
    """
    found = await find_ballot(session, viewer=viewer, ballot_id=ballot_id)
    refuse_unless_staff(viewer, found.club_id)
    ballot = await lock_ballot(session, found.id) or found
    if ballot.status in {BallotStatus.RELEASED, BallotStatus.CANCELLED}:
        raise BallotOver(status=ballot.status)
    return ballot


async def plan_next(session: AsyncSession, ballot: Ballot, *, now: datetime) -> None:
    """Have the step that a ballot takes next looked after at its instant."""
    ballot.next_at = {
        BallotStatus.ANNOUNCED: ballot.opens_at,
        BallotStatus.OPEN: ballot.closes_at,
        BallotStatus.CLOSED: ballot.draws_at or ballot.releases_at,
        BallotStatus.DRAWN: ballot.releases_at,
    }.get(ballot.status)
    if ballot.next_at is not None:
        await session.flush()
        await defer(session, TEND, at=ballot.next_at, now=now, ballot_id=str(ballot.id))


async def about(session: AsyncSession, ballot: Ballot) -> dict[str, str]:
    """Give what every notification about a ballot says of it."""
    course = await session.get_one(Course, ballot.course_id)
    return {
        "club_id": public_id("club", ballot.club_id),
        "course_id": public_id("course", ballot.course_id),
        "course": course.name,
        "date": ballot.date.isoformat(),
        "time": f"{ballot.first_start:%H:%M}",
    }


async def tell_entrants(
    session: AsyncSession, ballot: Ballot, entries: list[BallotEntry], kind: NotificationKind, **more: str
) -> None:
    """Tell all who are in some entries of a ballot the same, behind this change."""
    parties = (await players_of_entries(session, [one.id for one in entries])).values()
    accounts = await users_of(session, [one.player_id for party in parties for one in party])
    users = {accounts.get(one.player_id) or one.user_id for party in parties for one in party}
    users |= {one.entered_by for one in entries if not one.by_staff}
    data = await about(session, ballot) | more
    told = {one for one in users if one}
    if told:
        subject = public_id("ballot", ballot.id)
        await tell_many(session, kind=kind, data=data, users=told, subject=subject)
