"""Pictures: expecting one, noting what came, showing it, and removing what is shown nowhere.

Whose a picture is, those say who ask for it: a household's posts, or a golfer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import NotFound, Problem, Unavailable
from kit.ids import new_id
from kit.jobs import defer
from kit.pictures import PictureRefusal, PictureRefused
from models.pictures import Picture

KEPT_UNSHOWN = timedelta(days=1)
MOST_WAITING = 20
"""Pictures of a household, or of a golfer, that wait to be shown, at the most."""
REMOVE_PICTURE = "remove_picture"
"""The task that removes a picture whose time has come, from the storage too."""
PATH = ("input", "pictureId")

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


class TooManyPictures(Problem):
    """More pictures wait to be shown than may; use them first, or wait until they are removed."""

    code: ClassVar[str] = "TOO_MANY_PICTURES"

    most: int
    """How many may wait."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose a picture is: an occasion's, and a household's there if it is one's, or a golfer's."""

    tenant_id: UUID
    occasion_id: UUID | None = None
    household_id: UUID | None = None
    golfer_id: UUID | None = None


def unshown(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give what finds the pictures of somebody that are shown nowhere yet."""
    return whose & Picture.is_used.is_(False)


async def expect_picture(session: AsyncSession, whose: Whose, *, sent_by: str, now: datetime) -> Picture:
    """Expect a picture, which goes after a day unless it is shown. Raises TooManyPictures."""
    for name in ("household_id", "golfer_id"):
        if owner := getattr(whose, name):
            waiting = select(func.count()).where(unshown(getattr(Picture, name) == bindparam("owner", type_=Uuid)))
            if (await session.scalar(waiting, {"owner": owner}) or 0) >= MOST_WAITING:
                raise TooManyPictures(most=MOST_WAITING)
    picture = Picture(
        id=new_id(),
        tenant_id=whose.tenant_id,
        occasion_id=whose.occasion_id,
        household_id=whose.household_id,
        golfer_id=whose.golfer_id,
        sent_by=sent_by,
        remove_at=now + KEPT_UNSHOWN,
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
        raise no_such_picture()
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


async def show_picture(session: AsyncSession, *, picture_id: UUID, is_theirs: Callable[[Picture], bool]) -> Picture:
    """Take a picture that was sent, to be shown for good: by those whose it is. Raises NotFound, PictureRefused."""
    picture = await session.scalar(LOCKED, {"picture_id": picture_id})
    if picture is None or not is_theirs(picture):
        raise no_such_picture()
    if picture.uploaded_at is None:
        raise PictureRefused.because(PictureRefusal.NOT_UPLOADED, path=PATH)
    if picture.is_used:
        raise PictureRefused.because(PictureRefusal.ALREADY_USED, path=PATH)
    picture.is_used, picture.remove_at = True, None
    return picture


async def let_picture_go(session: AsyncSession, picture_id: UUID, *, now: datetime) -> None:
    """Have a picture removed that is shown no more: at once, behind this change."""
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


def no_such_picture() -> NotFound:
    """Say that there is no such picture."""
    return NotFound(message="There is no such picture, or you may not know of it.")
