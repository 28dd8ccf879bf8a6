"""Votes for music: one of each guest for each piece."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Uuid, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, refuse_closed
from domain.guests.authors import guest_of
from domain.guests.posts.facts import is_shown, post_state
from domain.guests.posts.posts import lock_post
from domain.guests.posts.problems import AlreadyVoted, NotVoted, PostNotApproved
from domain.guests.records import note_activity
from events.guests.posts import UPDATED
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id
from models.guests.households import Guest
from models.guests.posts import MusicVote, Post
from models.guests.values import ActivityKind, PostKind

GIVEN = (MusicVote.post_id == bindparam("post_id", type_=Uuid)) & (
    MusicVote.guest_id == bindparam("guest_id", type_=Uuid)
)
FOUND, TAKEN_BACK = select(MusicVote.id).where(GIVEN), delete(MusicVote).where(GIVEN)


async def vote_for_music(
    session: AsyncSession, *, viewer: Viewer, post_id: UUID, guest_id: UUID, now: datetime
) -> tuple[Access, Post]:
    """Vote for a piece of music, for a guest. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen,
    PostNotApproved, AlreadyVoted.
    """
    access, post, guest = await _locked(session, viewer=viewer, post_id=post_id, guest_id=guest_id)
    if not is_shown(post):
        raise PostNotApproved(status=post.status)
    if await session.scalar(FOUND, {"post_id": post.id, "guest_id": guest.id}):
        raise AlreadyVoted
    vote = MusicVote(
        id=new_id(),
        tenant_id=post.tenant_id,
        post_id=post.id,
        guest_id=guest.id,
        household_id=guest.household_id,
        created_at=now,
    )
    session.add(vote)
    post.votes += 1
    _tell(session, access, ActivityKind.MUSIC_VOTED, post, guest, viewer=viewer, now=now)
    return access, post


async def unvote_for_music(
    session: AsyncSession, *, viewer: Viewer, post_id: UUID, guest_id: UUID, now: datetime
) -> tuple[Access, Post]:
    """Take a vote back. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, NotVoted."""
    access, post, guest = await _locked(session, viewer=viewer, post_id=post_id, guest_id=guest_id)
    done = await session.execute(TAKEN_BACK, {"post_id": post.id, "guest_id": guest.id})
    if not cast("CursorResult[object]", done).rowcount:
        raise NotVoted
    post.votes -= 1
    _tell(session, access, ActivityKind.MUSIC_UNVOTED, post, guest, viewer=viewer, now=now)
    return access, post


def _tell(
    session: AsyncSession,
    access: Access,
    kind: ActivityKind,
    post: Post,
    guest: Guest,
    *,
    viewer: Viewer,
    now: datetime,
) -> None:
    record(session, post_state(UPDATED[post.kind], access.occasion, post, None), now=now)
    note_activity(
        session,
        access.occasion,
        kind,
        viewer=viewer,
        by=access,
        household_id=guest.household_id,
        guest_ids=[guest.id],
        now=now,
    )


async def _locked(
    session: AsyncSession, *, viewer: Viewer, post_id: UUID, guest_id: UUID
) -> tuple[Access, Post, Guest]:
    access, post = await lock_post(session, viewer=viewer, post_id=post_id)
    refuse_closed(access.occasion)
    if post.kind is not PostKind.MUSIC:
        raise InvalidInput(message="Only music is voted for; choose a piece of it.", path=("input", "postId"))
    guest = await guest_of(session, access, viewer=viewer, guest_id=guest_id)
    return access, post, guest
