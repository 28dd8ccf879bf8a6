"""Photos of golfers: who may know of a golfer sees theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import find_me
from domain.pictures import Whose, expect_picture, let_picture_go, show_picture, unshown
from models.matching.golfers import Golfer
from models.pictures import Picture

WAITING = select(Picture.id).where(unshown(Picture.golfer_id == bindparam("golfer_id", type_=Uuid)))
WAITING = WAITING.order_by(Picture.id)


async def begin_photo(session: AsyncSession, *, viewer: Viewer, now: datetime) -> Picture:
    """Expect a photo of the viewer, which goes after a day unless they show it.

    Raises NotAllowed, ProfileMissing, GolferSuspended, TooManyPictures.
    """
    me = await find_me(session, viewer=viewer)
    whose = Whose(tenant_id=me.tenant_id, golfer_id=me.id)
    return await expect_picture(session, whose, sent_by=viewer.user_id, now=now)


async def show_photo(session: AsyncSession, golfer: Golfer, picture_id: UUID | None, *, now: datetime) -> None:
    """Show a photo of a locked golfer instead of the one of before, which is removed; or none.

    Raises NotFound, PictureRefused.
    """
    if picture_id == golfer.picture_id:
        return
    if picture_id is not None:
        await show_picture(session, picture_id=picture_id, is_theirs=lambda one: one.golfer_id == golfer.id)
    await _replace(session, golfer, picture_id, now=now)


async def _replace(session: AsyncSession, golfer: Golfer, picture_id: UUID | None, *, now: datetime) -> None:
    former, golfer.picture_id = golfer.picture_id, picture_id
    if former is not None:
        await let_picture_go(session, former, now=now)


async def remove_photos(session: AsyncSession, golfer: Golfer, *, now: datetime) -> None:
    """Have all photos removed that a golfer has sent, shown or not."""
    await _replace(session, golfer, None, now=now)
    for picture_id in (await session.scalars(WAITING, {"golfer_id": golfer.id})).all():
        await let_picture_go(session, picture_id, now=now)
