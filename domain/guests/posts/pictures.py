"""Pictures: asking for an address to send one to, noting what came, and removing what shows no post."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import no_such
from domain.guests.authors import Author, author_at, is_own
from domain.guests.posts.problems import TooManyPictures
from kit.errors import Unavailable
from kit.ids import new_id
from kit.jobs import defer
from kit.pictures import PictureRefusal, PictureRefused
from models.guests.posts import Picture

KEPT_WITHOUT_POST = timedelta(days=1)
MOST_WAITING = 20
"""Pictures of a household that wait for a post, at the most."""
REMOVE_PICTURE = "remove_picture"
"""The task that removes a picture whose time has come, from the storage too."""

LOCKED = (
    select(Picture)
    .where(Picture.id == bindparam("picture_id", type_=Uuid))
    .with_for_update()
    .execution_options(populate_existing=True)
)
FREE = (
    select(Picture)
    .where(Picture.id == bindparam("picture_id", type_=Uuid))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
GONE = delete(Picture).where(Picture.id == bindparam("picture_id", type_=Uuid))
WAITING = select(func.count()).where(
    Picture.household_id == bindparam("household_id", type_=Uuid), Picture.is_used.is_(False)
)


async def begin_picture(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, guest_id: UUID | None = None, now: datetime
) -> Picture:
    """Expect a picture, which goes after a day unless a post shows it.

    Raises NotFound, NotAllowed, OccasionNotOpen, TooManyPictures.
    """
    author = await author_at(session, viewer=viewer, occasion_id=occasion_id, guest_id=guest_id)
    if author.household is not None:
        waiting = await session.scalar(WAITING, {"household_id": author.household.id}) or 0
        if waiting >= MOST_WAITING:
            raise TooManyPictures(most=MOST_WAITING)
    picture = Picture(
        id=new_id(),
        tenant_id=author.occasion.tenant_id,
        occasion_id=author.occasion.id,
        household_id=author.household_id,
        sent_by=viewer.user_id,
        remove_at=now + KEPT_WITHOUT_POST,
        created_at=now,
    )
    session.add(picture)
    return picture


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was sent to a picture's address: by what it is known again, and how large what was made of it is."""

    digest: str
    width: int
    height: int


async def find_expected(session: AsyncSession, *, picture_id: UUID) -> Picture:
    """Find a picture that was asked for, sent or not. Raises NotFound."""
    picture = await session.get(Picture, picture_id)
    if picture is None:
        raise no_such("picture")
    return picture


async def lock_expected(session: AsyncSession, *, picture_id: UUID) -> Picture:
    """Lock a picture, so that what comes for it is kept one after the other. Raises NotFound, Unavailable."""
    picture = await session.scalar(FREE, {"picture_id": picture_id})
    if picture is None:
        await find_expected(session, picture_id=picture_id)
        raise Unavailable(message="The picture is being kept at this moment; try again shortly.")
    return picture


def was_sent(picture: Picture, digest: str) -> bool:
    """Tell whether the same was sent before, as by who never heard that it had come. Raises PictureRefused."""
    if picture.uploaded_at is not None and picture.digest != digest:
        raise PictureRefused.because(PictureRefusal.ALREADY_UPLOADED)
    return picture.uploaded_at is not None


def note_sent(picture: Picture, sent: Sent, *, now: datetime) -> None:
    """Note that the storage has a picture."""
    picture.digest, picture.width, picture.height = sent.digest, sent.width, sent.height
    picture.uploaded_at = now


async def use_picture(session: AsyncSession, author: Author, *, viewer: Viewer, picture_id: UUID) -> Picture:
    """Take a picture for a post: one's own, or the household's, or any other for those who plan the occasion.

    Raises NotFound, PictureRefused.
    """
    path = ("input", "pictureId")
    picture = await session.scalar(LOCKED, {"picture_id": picture_id})
    if picture is None or picture.occasion_id != author.occasion.id:
        raise no_such("picture")
    if not author.access.plans and not is_own(viewer, author.access, picture.household_id):
        raise no_such("picture")
    if picture.uploaded_at is None:
        raise PictureRefused.because(PictureRefusal.NOT_UPLOADED, path=path)
    if picture.is_used:
        raise PictureRefused.because(PictureRefusal.ALREADY_USED, path=path)
    picture.is_used, picture.remove_at = True, None
    return picture


async def let_picture_go(session: AsyncSession, picture_id: UUID, *, now: datetime) -> None:
    """Have a picture removed whose post is gone: at once, behind this change."""
    picture = await session.scalar(LOCKED, {"picture_id": picture_id})
    if picture is not None:
        picture.remove_at = now
        await defer(session, REMOVE_PICTURE, picture_id=str(picture_id), at=now, now=now)


async def due_pictures(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the pictures of all tenants whose time has come, as tenant and picture, oldest first."""
    due = text("SELECT tenant_id, id FROM pictures WHERE remove_at <= :now ORDER BY remove_at")
    return [(row.tenant_id, row.id) for row in await session.execute(due, {"now": now})]


async def lock_due(session: AsyncSession, *, picture_id: UUID, now: datetime) -> Picture | None:
    """Lock a picture whose time has come, so that nobody uses it meanwhile; none where somebody has."""
    picture = await session.scalar(LOCKED, {"picture_id": picture_id})
    return picture if picture and picture.remove_at is not None and picture.remove_at <= now else None


async def forget_picture(session: AsyncSession, picture: Picture) -> None:
    """Remove the row of a picture that the storage has no more."""
    session.expunge(picture)
    await session.execute(GONE, {"picture_id": picture.id})
