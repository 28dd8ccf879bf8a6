"""What the demo's wedding guests have posted and asked for, before the day has come."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.posts.posts import add_post, moderate_post
from domain.guests.posts.votes import vote_for_music
from domain.guests.requests.requests import create_request, update_request
from models.guests.households import Guest
from models.guests.values import PostKind, PostStatus, RequestStatus

SONGS = (("Moon over the Fairway", "The Back Nine"), ("Slow Waltz in Plaid", "Doris and the Divots"))
ASKED = ("Is there a place to change after the round?", "One of us walks with a stick. A table near the door?")
WORDS = "We met you both on the first tee, and have not stopped laughing since.\nTo many more rounds!"


async def leave_keepsakes(
    session: AsyncSession, occasion_id: UUID, guests: Sequence[tuple[Viewer, Guest]], *, planner: Viewer, now: datetime
) -> None:
    """Have some guests, of different households, wish for music, vote, write and ask; some of it waits for a look."""
    wishes = [
        await add_post(
            session,
            viewer=viewer,
            occasion_id=occasion_id,
            kind=PostKind.MUSIC,
            guest_id=guest.id,
            title=title,
            artist=artist,
            now=now,
        )
        for (viewer, guest), (title, artist) in zip(guests, SONGS, strict=False)
    ]
    await session.flush()
    _, song = wishes[0]
    await moderate_post(session, viewer=planner, post_id=song.id, status=PostStatus.APPROVED, now=now)
    for viewer, guest in guests[1:]:
        await session.flush()
        await vote_for_music(session, viewer=viewer, post_id=song.id, guest_id=guest.id, now=now)
    writer, guest = guests[-1]
    book = PostKind.GUESTBOOK
    await add_post(session, viewer=writer, occasion_id=occasion_id, kind=book, guest_id=guest.id, text=WORDS, now=now)
    for text in ASKED:
        request = await create_request(session, viewer=writer, occasion_id=occasion_id, text=text, now=now)
    await session.flush()
    working = RequestStatus.IN_PROGRESS
    await update_request(
        session, viewer=planner, request_id=request.id, status=working, reply="Of course; we will see to it.", now=now
    )
