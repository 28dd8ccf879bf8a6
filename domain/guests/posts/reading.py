"""Reading posts and pictures, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, find_occasion, known_as, no_such
from domain.guests.authors import is_own, refuse_staff
from domain.guests.posts.posts import find_post
from domain.guests.reading import cursor_of_occasion
from domain.rows import rows_by_id
from events.cursor import Cursor
from kit.errors import NotFound
from models.guests.posts import MusicVote, Post
from models.guests.values import PostKind, PostStatus
from models.pictures import Picture

VOTES = (
    select(MusicVote)
    .where(MusicVote.post_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(MusicVote.created_at, MusicVote.id)
)
SHOWING = select(Post.id).where(Post.picture_id == bindparam("picture_id", type_=Uuid))


@dataclass(frozen=True, kw_only=True)
class PostList:
    """Posts of an occasion as they were asked for, to somebody with access to it."""

    access: Access
    posts: list[Post]
    cursor: Cursor


async def read_posts(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    kind: PostKind | None,
    status: PostStatus | None,
    before: UUID | None,
    limit: int,
) -> PostList:
    """Read posts, newest first: to guests those that are approved, and their household's own.

    Raises NotFound, NotAllowed.
    """
    access = await find_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_staff(access)
    found = select(Post).where(Post.occasion_id == access.occasion.id)
    if kind is not None:
        found = found.where(Post.kind == kind)
    if status is not None:
        found = found.where(Post.status == status)
    if before is not None:
        found = found.where(Post.id < before)
    if not access.plans:
        found = found.where(or_(Post.status == PostStatus.APPROVED, Post.household_id == viewer.household_id))
    rows = await session.scalars(found.order_by(Post.id.desc()).limit(limit))
    return PostList(access=access, posts=list(rows), cursor=await cursor_of_occasion(session, access.occasion.id))


async def pictures_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Picture]:
    """Read pictures by their ids."""
    return await rows_by_id(session, Picture, ids)


async def votes_of(session: AsyncSession, post_ids: Iterable[UUID]) -> dict[UUID, list[MusicVote]]:
    """Read the votes for pieces of music, in the order in which they were given."""
    found: dict[UUID, list[MusicVote]] = {post_id: [] for post_id in post_ids}
    for row in await session.scalars(VOTES, {"ids": list(found)}):
        found[row.post_id].append(row)
    return found


async def find_picture(session: AsyncSession, *, viewer: Viewer, picture_id: UUID) -> Picture:
    """Find a picture that was uploaded: of one's own household, of a post that one sees, or any for who plans.

    Raises NotFound.
    """
    picture = await session.get(Picture, picture_id)
    if picture is None or picture.uploaded_at is None or picture.occasion_id is None:
        raise no_such("picture")
    async with known_as("picture"):
        access = await find_occasion(session, viewer=viewer, occasion_id=picture.occasion_id)
    if access.plans or is_own(viewer, access, picture.household_id):
        return picture
    post_id = await session.scalar(SHOWING, {"picture_id": picture.id})
    if post_id is None:
        raise no_such("picture")
    try:
        await find_post(session, viewer=viewer, post_id=post_id)
    except NotFound:
        raise no_such("picture") from None
    return picture
