"""Posts and pictures, as those who plan an occasion, and its guests, see them."""

import datetime as dt
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access
from domain.guests.authors import is_own
from domain.guests.posts import reading
from domain.guests.posts.posts import find_post as find_post_of
from kit.ids import public_id
from kit.pictures import PictureSize
from models import pictures
from models.guests import posts as tables
from models.guests.values import PostKind, PostStatus
from schema.connections import Connection
from schema.context import Info
from schema.describe import enum, field, output
from schema.nodes import Node, finds

for kind in (PostKind, PostStatus):
    enum(kind)


@output
class Picture(Node):
    """A picture that was uploaded: a JPEG in two sizes, upright, without anything but what it shows."""

    row: strawberry.Private[pictures.Picture]
    width: int
    """Of the large one, in pixels."""
    height: int
    """Of the large one, in pixels."""

    @classmethod
    def of(cls, row: pictures.Picture) -> Self:
        """Show a picture."""
        return cls(
            id=strawberry.ID(public_id("picture", row.id)), row=row, width=row.width or 0, height=row.height or 0
        )

    @field
    def url(self, info: Info) -> str:
        """Where it is to be had, with 2,048 pixels on its longer side at the most; good for a day at least."""
        return info.context.picture_url(self.row.id, PictureSize.LARGE)

    @field
    def small_url(self, info: Info) -> str:
        """The same with 400 pixels at the most, for lists."""
        return info.context.picture_url(self.row.id, PictureSize.SMALL)


@output
class Post(Node):
    """Something that was posted at an occasion."""

    row: strawberry.Private[tables.Post]
    household: strawberry.Private[UUID | None]
    occasion_id: strawberry.ID
    """The occasion."""
    kind: PostKind
    """What it is."""
    status: PostStatus
    """Who sees it."""
    author_name: str
    """Who posted it, by the name of that time."""
    household_id: strawberry.ID | None
    """The household that posted it; for planners and the household itself."""
    guest_id: strawberry.ID | None
    """The guest, if one was named; for planners and the household itself."""
    is_own: bool
    """Whether your own household posted it."""
    title: str
    """What the piece of music is called; empty for all else."""
    artist: str
    """Who plays it, if that was said."""
    text: str
    """The words; lines are parted by line feeds."""
    votes: int
    """How many guests have voted for it, where it is music."""
    created_at: dt.datetime
    """When it was posted, in UTC."""
    updated_at: dt.datetime
    """When it was approved or hidden last, in UTC."""

    @classmethod
    def to(cls, found: tuple[Access, tables.Post], viewer: Viewer) -> Self:
        """Show a post to who has access to its occasion."""
        access, row = found
        own = is_own(viewer, access, row.household_id)
        named = access.plans or own
        return cls(
            id=strawberry.ID(public_id("post", row.id)),
            row=row,
            household=None if access.plans else viewer.household_id,
            occasion_id=strawberry.ID(public_id("occasion", row.occasion_id)),
            kind=row.kind,
            status=row.status,
            author_name=row.author_name,
            household_id=_id("household", row.household_id) if named else None,
            guest_id=_id("guest", row.guest_id) if named else None,
            is_own=own,
            title=row.title,
            artist=row.artist,
            text=row.text,
            votes=row.votes,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @field
    async def picture(self, info: Info) -> Picture | None:
        """The picture, if it has one."""
        if self.row.picture_id is None:
            return None
        return Picture.of(await info.context.load(reading.pictures_by_id, self.row.picture_id))

    @field
    async def voted_guest_ids(self, info: Info) -> list[strawberry.ID]:
        """The guests who have voted for it: to planners all of them, to others those of their own household."""
        votes = await info.context.load(reading.votes_of, self.row.id) if self.row.votes else []
        mine = [one for one in votes if self.household is None or one.household_id == self.household]
        return [strawberry.ID(public_id("guest", one.guest_id)) for one in mine]


def _id(kind: str, value: UUID | None) -> strawberry.ID | None:
    return strawberry.ID(public_id(kind, value)) if value else None


@output
class PostConnection(Connection[Post]):
    """A page of what was posted."""

    cursor: str = ""
    """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""


@finds("post")
async def find_post(session: AsyncSession, viewer: Viewer, value: UUID) -> Post:
    """Find a post."""
    return Post.to(await find_post_of(session, viewer=viewer, post_id=value), viewer)


@finds("picture")
async def find_picture(session: AsyncSession, viewer: Viewer, value: UUID) -> Picture:
    """Find a picture."""
    return Picture.of(await reading.find_picture(session, viewer=viewer, picture_id=value))
