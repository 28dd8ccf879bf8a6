"""What a guest said: posts with their pictures, and requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.posts.posts import remove_post
from domain.guests.requests.requests import remove_request
from domain.pictures import let_picture_go, unshown
from kit.ids import public_id
from models.guests.occasions import Occasion
from models.guests.posts import GuestRequest, Post
from models.pictures import Picture

GUEST_ID, HOUSEHOLD_ID = bindparam("guest_id", type_=Uuid), bindparam("household_id", type_=Uuid)
POSTS = select(Post).where(or_(Post.guest_id == GUEST_ID, Post.household_id == HOUSEHOLD_ID)).order_by(Post.id)
REQUESTS = (
    select(GuestRequest)
    .where(or_(GuestRequest.guest_id == GUEST_ID, GuestRequest.household_id == HOUSEHOLD_ID))
    .order_by(GuestRequest.id)
)
UNUSED = select(Picture.id).where(unshown(Picture.household_id == HOUSEHOLD_ID)).order_by(Picture.id)


async def remove_what_was_said(
    session: AsyncSession, occasion: Occasion, guest_id: UUID, household_id: UUID | None, *, now: datetime
) -> set[str]:
    """Remove what a guest posted and asked for, and where a household is named, what it did; gives the public ids.

    What a household said of which others are left, and for which no guest was named, stays.
    """
    whose = {"guest_id": guest_id, "household_id": household_id}
    posts = list(await session.scalars(POSTS.with_for_update().execution_options(populate_existing=True), whose))
    for post in posts:
        await remove_post(session, occasion, post, now=now)
    locked = REQUESTS.with_for_update().execution_options(populate_existing=True)
    requests = list(await session.scalars(locked, whose))
    for request in requests:
        await remove_request(session, occasion, request, now=now)
    if household_id is not None:  # pictures that it sent, and that no post shows
        for picture_id in list(await session.scalars(UNUSED, whose | {"guest_id": None})):
            await let_picture_go(session, picture_id, now=now)
    return {public_id("post", post.id) for post in posts} | {public_id("guest_request", one.id) for one in requests}
