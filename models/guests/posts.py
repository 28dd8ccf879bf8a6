"""What guests post, their votes for music, and what they ask for.

A post and a request outlive the household that they are of, as what was said at a party does: they name it
by its id, without a foreign key, and posts keep the author's name of their time.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.guests.values import PostKind, PostStatus, RequestStatus


class Post(TenantOwned):
    """Something that a guest posted. Its row lock orders votes for it, and who decides about it."""

    __tablename__ = "posts"

    occasion_id: Mapped[UUID]
    kind: Mapped[PostKind] = mapped_column(enum_column(PostKind))
    status: Mapped[PostStatus] = mapped_column(enum_column(PostStatus))
    household_id: Mapped[UUID | None]
    guest_id: Mapped[UUID | None]
    author_name: Mapped[str] = mapped_column(String(201))
    title: Mapped[str] = mapped_column(String(200), default="")
    artist: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(String(2_000), default="")
    picture_id: Mapped[UUID | None]
    votes: Mapped[int] = mapped_column(default=0)
    moderated_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Music has a title, the gallery shows pictures, the others are words; a picture is one post's."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            belongs_to("pictures", "picture_id"),
            CheckConstraint("(kind = 'MUSIC') = (title <> '')", name="title"),
            CheckConstraint("kind = 'MUSIC' OR (artist = '' AND votes = 0)", name="music"),
            CheckConstraint("kind <> 'GALLERY' OR picture_id IS NOT NULL", name="gallery"),
            CheckConstraint("kind <> 'MUSIC' OR picture_id IS NULL", name="heard"),
            CheckConstraint("votes >= 0", name="votes"),
            Index("uq_posts_picture_id", "picture_id", unique=True, postgresql_where=text("picture_id IS NOT NULL")),
            Index(None, "occasion_id", "kind", "id"),
            Index(None, "household_id"),
        )


class MusicVote(TenantOwned):
    """A guest's vote for a piece of music."""

    __tablename__ = "music_votes"

    post_id: Mapped[UUID]
    guest_id: Mapped[UUID]
    household_id: Mapped[UUID]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A guest votes once for a piece; one who is taken off the list has voted all the same."""
        return (
            belongs_to("posts", "post_id", cascade=True),
            Index("uq_music_votes_post_id_guest_id", "post_id", "guest_id", unique=True),
        )


class GuestRequest(TenantOwned):
    """Something that a guest asks of those who plan an occasion, and what came of it."""

    __tablename__ = "guest_requests"

    occasion_id: Mapped[UUID]
    household_id: Mapped[UUID]
    guest_id: Mapped[UUID | None]
    author_name: Mapped[str] = mapped_column(String(201))
    text: Mapped[str] = mapped_column(String(1_000))
    status: Mapped[RequestStatus] = mapped_column(enum_column(RequestStatus), default=RequestStatus.OPEN)
    reply: Mapped[str] = mapped_column(String(1_000), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """They are read by occasion, newest first, and counted by household."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            Index(None, "occasion_id", "id"),
            Index(None, "household_id"),
        )
