"""Facts about what guests post: music, pictures, entries in the guestbook, tributes. One type for each kind and action.

A post that nobody has looked at, and one that is hidden, concerns those who plan the occasion, and its own household.
Once it is approved all guests hear of it, and when it is gone again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from events.base import event
from events.guests.base import OccasionFact
from events.seen import ForAll, ForServer, Private
from models.guests.values import PostKind, PostStatus


@dataclass(frozen=True, kw_only=True)
class PostPicture:
    """A picture as it is kept."""

    picture_id: str
    """The picture."""
    width: int
    """Of the large one, in pixels."""
    height: int
    """Of the large one, in pixels."""


@dataclass(frozen=True, kw_only=True)
class PostContent:
    """What a post says."""

    author_name: str
    """Who posted it, by the name of that time."""
    title: str
    """What the piece of music is called; empty for all else."""
    artist: str
    """Who plays it, if that was said."""
    text: str
    """The words; lines are parted by line feeds."""
    picture: PostPicture | None
    """The picture, if it has one."""
    created_at: datetime
    """When it was posted, in UTC."""


@dataclass(frozen=True, kw_only=True)
class PostFact(OccasionFact):
    """A fact about a post."""

    post_id: ForAll[str]
    """The post."""
    author_household_id: Private[str | None]
    """The household that it is of; none where those who plan the occasion posted it."""
    author_guest_id: Private[str | None]
    """The guest, if one was named."""
    concerns_guests: ForServer[bool]
    """Whether all guests are to hear of it."""

    @property
    def is_for_all_guests(self) -> bool:
        """Whether it is shown to all guests, or was until now."""
        return self.concerns_guests

    @property
    def households(self) -> frozenset[str]:
        """The household that it is of."""
        return frozenset({self.author_household_id} if self.author_household_id else ())


@dataclass(frozen=True, kw_only=True)
class PostState(PostFact):
    """A post, as it is by now."""

    status: ForAll[PostStatus]
    """Who sees it."""
    content: ForAll[PostContent | None]
    """What it says, where that is news to somebody; none where it stays as it was, or is shown no more."""
    votes: ForAll[int]
    """How many guests have voted for it, where it is music."""


@event("music.create")
class MusicCreated(PostState):
    """A piece of music was wished for."""


@event("music.update")
class MusicUpdated(PostState):
    """A piece of music was approved, hidden, or voted for."""


@event("music.delete")
class MusicDeleted(PostFact):
    """A wish for a piece of music was deleted."""


@event("gallery.create")
class GalleryCreated(PostState):
    """A picture was posted."""


@event("gallery.update")
class GalleryUpdated(PostState):
    """A picture was approved, or hidden."""


@event("gallery.delete")
class GalleryDeleted(PostFact):
    """A picture was deleted."""


@event("guestbook.create")
class GuestbookCreated(PostState):
    """Something was written into the guestbook."""


@event("guestbook.update")
class GuestbookUpdated(PostState):
    """An entry in the guestbook was approved, or hidden."""


@event("guestbook.delete")
class GuestbookDeleted(PostFact):
    """An entry in the guestbook was deleted."""


@event("tribute.create")
class TributeCreated(PostState):
    """Words for those who are celebrated were posted."""


@event("tribute.update")
class TributeUpdated(PostState):
    """A tribute was approved, or hidden."""


@event("tribute.delete")
class TributeDeleted(PostFact):
    """A tribute was deleted."""


CREATED: Mapping[PostKind, type[PostState]] = MappingProxyType(
    {
        PostKind.MUSIC: MusicCreated,
        PostKind.GALLERY: GalleryCreated,
        PostKind.GUESTBOOK: GuestbookCreated,
        PostKind.TRIBUTE: TributeCreated,
    }
)
UPDATED: Mapping[PostKind, type[PostState]] = MappingProxyType(
    {
        PostKind.MUSIC: MusicUpdated,
        PostKind.GALLERY: GalleryUpdated,
        PostKind.GUESTBOOK: GuestbookUpdated,
        PostKind.TRIBUTE: TributeUpdated,
    }
)
DELETED: Mapping[PostKind, type[PostFact]] = MappingProxyType(
    {
        PostKind.MUSIC: MusicDeleted,
        PostKind.GALLERY: GalleryDeleted,
        PostKind.GUESTBOOK: GuestbookDeleted,
        PostKind.TRIBUTE: TributeDeleted,
    }
)
