"""Who asks for an address to send a picture to: a guest for a post, or a golfer for a photo of themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.posts import pictures
from domain.matching.photos import begin_photo
from kit.errors import InvalidInput
from models.pictures import Picture


async def begin_picture(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID | None = None,
    guest_id: UUID | None = None,
    now: datetime,
) -> Picture:
    """Expect a picture for what is posted at an occasion, or, where none is named, a photo of the viewer as a golfer.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, ProfileMissing, GolferSuspended, TooManyPictures.
    """
    if occasion_id is not None:
        return await pictures.begin_picture(session, viewer=viewer, occasion_id=occasion_id, guest_id=guest_id, now=now)
    if guest_id is not None:
        raise InvalidInput(message="Name the guest's occasion, too.", path=("input", "occasionId"))
    return await begin_photo(session, viewer=viewer, now=now)
