"""Making one household of two, with all that both have said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import no_such
from domain.guests.facts import household_state, of_occasion
from domain.guests.households.codes import end_tokens, good_from
from domain.guests.households.copying import BY_HOUSEHOLD
from domain.guests.households.guests import end_rules, entries_of, move_guest, tell_moved, wait_together
from domain.guests.households.households import MOST_PLUS_ONES, lock_household
from domain.guests.places.attendances import places_of_households
from domain.guests.places.parts import main_of
from domain.guests.places.queue import move_up
from domain.guests.posts.facts import content_of, is_shown, post_state
from domain.guests.records import note_activity
from domain.guests.requests.requests import request_state
from events.guests.households import HouseholdDeleted, HouseholdUpdated
from events.guests.posts import UPDATED
from events.guests.requests import GuestRequestUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import public_id
from models.guests.households import Household
from models.guests.occasions import Occasion
from models.guests.posts import GuestRequest, MusicVote, Post
from models.guests.values import ActivityKind
from models.pictures import Picture

MINE = bindparam("household_id", type_=Uuid)
POSTS = (
    select(Post, Picture)
    .outerjoin(Picture, Picture.id == Post.picture_id)
    .where(Post.household_id == MINE)
    .order_by(Post.id)
    .with_for_update(of=Post)
    .execution_options(populate_existing=True)
)
REQUESTS = (
    select(GuestRequest)
    .where(GuestRequest.household_id == MINE)
    .order_by(GuestRequest.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
HAND_OVER = [
    update(kind)
    .where(kind.household_id == bindparam("from_id", type_=Uuid))
    .values(household_id=bindparam("to_id", type_=Uuid))
    .execution_options(synchronize_session=False)
    for kind in (Picture, MusicVote)
]


async def merge_households(
    session: AsyncSession, *, viewer: Viewer, household_id: UUID, other_id: UUID, now: datetime
) -> Household:
    """Take the guests of the other household into the first, which keeps its code, and delete the other.

    Answers stay for the parts to which the first is invited, and what the other has posted and asked for is the first's
    from then on. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, AlreadyCheckedIn.
    """
    occasion, parts, household = await lock_household(session, viewer, household_id)
    if household_id == other_id:
        raise InvalidInput(message="Name two households.", path=("input", "otherId"))
    other = await session.get(Household, other_id)
    if other is None or other.occasion_id != occasion.id:
        raise no_such("household")
    guests = list(await session.scalars(BY_HOUSEHOLD, {"ids": [other.id]}))
    brought = household.plus_ones + sum(guest.is_plus_one for guest in guests)
    if brought > MOST_PLUS_ONES:
        message = (
            f"Together they bring {brought} guests, and a household at most {MOST_PLUS_ONES}; take some off first."
        )
        raise InvalidInput(message=message, path=("input", "otherId"))
    said = await _said(session, other)
    places = await places_of_households(session, [other.id])
    main = main_of(parts.values())
    before = entries_of(places, main)
    queues: set[UUID] = set()
    for guest in guests:
        mine = [place for place in places if place.guest.id == guest.id]
        queues |= await move_guest(session, occasion, parts, guest, household, mine, now=now)
        guest.updated_at = now
    if queues:
        await wait_together(session, [household.id])
    household.plus_ones = brought
    household.email, household.phone = household.email or other.email, household.phone or other.phone
    household.updated_at = now
    record(session, household_state(HouseholdUpdated, occasion, household, parts.values()), now=now)
    behind = await places_of_households(session, [household.id])
    after = entries_of(behind, main)
    for guest in guests:
        mine = [place for place in behind if place.guest.id == guest.id]
        entry, had = after.get(guest.id), before.get(guest.id)
        tell_moved(session, occasion, guest, mine, entry=entry, before=had, previous=other.id, now=now)
    _hand_over(session, occasion, household, said, now=now)
    await end_rules(session, occasion, [other.id], now=now)
    told = HouseholdDeleted(**of_occasion(occasion), household_id=public_id("household", other.id))
    record(session, told, now=now)
    for part in parts.values():
        await move_up(session, occasion, part, queue_moved=part.id in queues, now=now)
    kind, ids = ActivityKind.HOUSEHOLDS_MERGED, [guest.id for guest in guests]
    note_activity(session, occasion, kind, viewer=viewer, household_id=household.id, guest_ids=ids, now=now)
    await end_tokens(session, other, viewer=viewer, before=good_from(other, now=now), now=now)
    await session.flush()
    for hand_over in HAND_OVER:
        await session.execute(hand_over, {"from_id": other.id, "to_id": household.id})
    await session.execute(delete(Household).where(Household.id == other.id))
    return household


@dataclass(frozen=True)
class Said:
    """What a household has posted, each with its picture, and asked for; locked."""

    posts: list[tuple[Post, Picture | None]]
    requests: list[GuestRequest]


async def _said(session: AsyncSession, household: Household) -> Said:
    rows = await session.execute(POSTS, {"household_id": household.id})
    requests = await session.scalars(REQUESTS, {"household_id": household.id})
    return Said([(post, picture) for post, picture in rows], list(requests))


def _hand_over(session: AsyncSession, occasion: Occasion, household: Household, said: Said, *, now: datetime) -> None:
    """Make what another household has said this one's, and tell of it: whole where it alone sees it."""
    for post, picture in said.posts:
        post.household_id = household.id
        content = None if is_shown(post) else content_of(post, picture)
        record(session, post_state(UPDATED[post.kind], occasion, post, content), now=now)
    for request in said.requests:
        request.household_id = household.id
        record(session, request_state(GuestRequestUpdated, occasion, request), now=now)
