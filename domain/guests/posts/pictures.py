"""Pictures that guests send for what they post."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.authors import Author, author_at, is_own
from domain.pictures import Whose, expect_picture, show_picture
from models.pictures import Picture


async def begin_picture(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, guest_id: UUID | None = None, now: datetime
) -> Picture:
    """Expect a picture, which goes after a day unless a post shows it.

    Raises NotFound, NotAllowed, OccasionNotOpen, TooManyPictures.
    """
    author = await author_at(session, viewer=viewer, occasion_id=occasion_id, guest_id=guest_id)
    occasion = author.occasion
    whose = Whose(tenant_id=occasion.tenant_id, occasion_id=occasion.id, household_id=author.household_id)
    return await expect_picture(session, whose, sent_by=viewer.user_id, now=now)


async def use_picture(session: AsyncSession, author: Author, *, viewer: Viewer, picture_id: UUID) -> Picture:
    """Take a picture for a post: one's own, or the household's, or any other for those who plan the occasion.

    Raises NotFound, PictureRefused.
    """

    def is_theirs(picture: Picture) -> bool:
        if picture.occasion_id != author.occasion.id:
            return False
        return author.access.plans or is_own(viewer, author.access, picture.household_id)

    return await show_picture(session, picture_id=picture_id, is_theirs=is_theirs)
