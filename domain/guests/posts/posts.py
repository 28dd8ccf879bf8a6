"""Posting, looking over what was posted, and deleting it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, find_occasion, known_as, no_such, planned, refuse_closed, share_occasion
from domain.guests.authors import Author, author_at, is_own, refuse_staff
from domain.guests.posts.facts import content_of, is_shown, post_gone, post_state
from domain.guests.posts.pictures import use_picture
from domain.guests.posts.problems import TooManyPosts
from domain.guests.records import note_activity
from domain.pictures import let_picture_go
from events.guests.posts import CREATED, DELETED, UPDATED
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.ids import new_id
from kit.text import clean_name, clean_text
from models.guests.occasions import Occasion
from models.guests.posts import Post
from models.guests.values import ActivityKind, PostKind, PostStatus
from models.pictures import Picture

MOST_POSTS = 100
"""Posts of a household at an occasion, at the most."""
LONGEST_TITLE, LONGEST_TEXT = 200, 2_000

COUNT = select(func.count()).where(Post.household_id == bindparam("household_id", type_=Uuid))
LOCKED = (
    select(Post)
    .where(Post.id == bindparam("post_id", type_=Uuid))
    .with_for_update()
    .execution_options(populate_existing=True)
)
DELETE = delete(Post).where(Post.id == bindparam("post_id", type_=Uuid))


async def add_post(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    kind: PostKind,
    guest_id: UUID | None = None,
    title: str = "",
    artist: str = "",
    text: str = "",
    picture_id: UUID | None = None,
    now: datetime,
) -> tuple[Access, Post]:
    """Post something, which waits to be approved unless it is by those who plan the occasion.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, TooManyPosts, PictureRefused.
    """
    author = await author_at(session, viewer=viewer, occasion_id=occasion_id, guest_id=guest_id)
    said = {
        "title": clean_name(title, path=("input", "title"), longest=LONGEST_TITLE, empty=True),
        "artist": clean_name(artist, path=("input", "artist"), longest=LONGEST_TITLE, empty=True),
        "text": clean_text(text, path=("input", "text"), longest=LONGEST_TEXT, empty=True),
    }
    _check(kind, **said, has_picture=picture_id is not None)
    await _refuse_too_many(session, author)
    picture = await use_picture(session, author, viewer=viewer, picture_id=picture_id) if picture_id else None
    post = Post(
        id=new_id(),
        tenant_id=author.occasion.tenant_id,
        occasion_id=author.occasion.id,
        kind=kind,
        status=PostStatus.APPROVED if author.access.plans else PostStatus.PENDING,
        household_id=author.household_id,
        guest_id=author.guest_id,
        author_name=author.name,
        picture_id=picture_id,
        created_at=now,
        updated_at=now,
        votes=0,
        **said,
    )
    session.add(post)
    record(session, post_state(CREATED[kind], author.occasion, post, content_of(post, picture)), now=now)
    _note(session, author.access, ActivityKind.POST_ADDED, post, viewer=viewer, now=now)
    return author.access, post


def _check(kind: PostKind, *, title: str, artist: str, text: str, has_picture: bool) -> None:
    """Refuse what a post of a kind cannot do without, and what it has no place for. Raises InvalidInput."""
    music = kind is PostKind.MUSIC
    rules = (
        (music and not title, "title", "Give the music's title."),
        (not music and title, "title", "Only music has a title; leave it out."),
        (not music and artist, "artist", "Only music has somebody who plays it; leave it out."),
        (kind is PostKind.GALLERY and not has_picture, "pictureId", "Name the picture; uploadPicture takes one."),
        (music and has_picture, "pictureId", "Music has no picture; leave it out."),
        (kind in {PostKind.GUESTBOOK, PostKind.TRIBUTE} and not text, "text", "Write something."),
    )
    for broken, name, sentence in rules:
        if broken:
            raise InvalidInput(message=sentence, path=("input", name))


async def _refuse_too_many(session: AsyncSession, author: Author) -> None:
    if author.household is None or author.access.plans:
        return
    if (await session.scalar(COUNT, {"household_id": author.household.id}) or 0) >= MOST_POSTS:
        raise TooManyPosts(most=MOST_POSTS)


async def moderate_post(
    session: AsyncSession, *, viewer: Viewer, post_id: UUID, status: PostStatus, now: datetime
) -> tuple[Access, Post]:
    """Approve a post, hide it, or put it back to be looked at. What it is already is left as it is.

    Raises NotFound, NotAllowed, OccasionNotOpen.
    """
    access, post = await lock_post(session, viewer=viewer, post_id=post_id)
    occasion = planned(access)
    refuse_closed(occasion)
    if post.status is status:
        return access, post
    was_shown = is_shown(post)
    picture = await session.get(Picture, post.picture_id) if post.picture_id else None
    post.status, post.moderated_by, post.updated_at = status, viewer.user_id, now
    content = None if was_shown else content_of(post, picture)
    record(session, post_state(UPDATED[post.kind], occasion, post, content, was_shown=was_shown), now=now)
    _note(session, access, ActivityKind.POST_MODERATED, post, viewer=viewer, now=now)
    return access, post


async def delete_post(session: AsyncSession, *, viewer: Viewer, post_id: UUID, now: datetime) -> Post:
    """Delete a post with its picture: one's own household's, or any for those who plan the occasion.

    A household may do so when the occasion is closed, too: who does not want to be read any more need not be. Raises
    NotFound, NotAllowed, OccasionNotOpen.
    """
    access, post = await lock_post(session, viewer=viewer, post_id=post_id)
    if not access.plans and not is_own(viewer, access, post.household_id):
        raise NotAllowed(message="Only those who plan the occasion, and the household that posted it, may delete it.")
    if access.plans:
        refuse_closed(access.occasion)
    await remove_post(session, access.occasion, post, now=now)
    _note(session, access, ActivityKind.POST_DELETED, post, viewer=viewer, now=now)
    return post


async def remove_post(session: AsyncSession, occasion: Occasion, post: Post, *, now: datetime) -> None:
    """Remove a locked post with its picture, and tell of it."""
    await session.execute(DELETE, {"post_id": post.id})
    session.expunge(post)
    if post.picture_id:
        await let_picture_go(session, post.picture_id, now=now)
    record(session, post_gone(DELETED[post.kind], occasion, post), now=now)


async def lock_post(session: AsyncSession, *, viewer: Viewer, post_id: UUID) -> tuple[Access, Post]:
    """Lock a post that the viewer sees, behind its occasion, which nobody closes meanwhile.

    Raises NotFound, NotAllowed.
    """
    found = await session.get(Post, post_id)
    if found is None:
        raise no_such("post")
    async with known_as("post"):
        access = await share_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    return _seen(access, await session.scalar(LOCKED, {"post_id": post_id}), viewer=viewer)


async def find_post(session: AsyncSession, *, viewer: Viewer, post_id: UUID) -> tuple[Access, Post]:
    """Find a post that the viewer sees. Raises NotFound, NotAllowed."""
    post = await session.get(Post, post_id)
    if post is None:
        raise no_such("post")
    async with known_as("post"):
        access = await find_occasion(session, viewer=viewer, occasion_id=post.occasion_id)
    return _seen(access, post, viewer=viewer)


def _seen(access: Access, post: Post | None, *, viewer: Viewer) -> tuple[Access, Post]:
    """Let those through who see a post, where it is still there."""
    refuse_staff(access)
    if post is None or not (access.plans or is_shown(post) or is_own(viewer, access, post.household_id)):
        raise no_such("post")
    return access, post


def _note(
    session: AsyncSession, access: Access, kind: ActivityKind, post: Post, *, viewer: Viewer, now: datetime
) -> None:
    guests = [post.guest_id] if post.guest_id else []
    note_activity(
        session,
        access.occasion,
        kind,
        viewer=viewer,
        by=access,
        household_id=post.household_id,
        guest_ids=guests,
        count=1,
        now=now,
    )
