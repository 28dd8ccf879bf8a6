"""Inputs of what guests post."""

import strawberry

from models.guests.values import PostKind, PostStatus
from schema.describe import input_type
from schema.inputs import Input


@input_type
class UploadPictureInput(Input):
    """A picture to be sent: for what is posted at an occasion, or of yourself as a golfer."""

    occasion_id: strawberry.ID | None = None
    """The occasion at which it is to be posted; if left out, it is a photo of yourself."""
    guest_id: strawberry.ID | None = None
    """The guest whose picture it is."""


@input_type
class AddPostInput(Input):
    """Something to be posted."""

    occasion_id: strawberry.ID
    """The occasion."""
    kind: PostKind
    """What it is."""
    guest_id: strawberry.ID | None = None
    """The guest who posts it; the household as a whole if left out."""
    title: str = ""
    """What the piece of music is called, up to 200 characters; for MUSIC alone, and needed there."""
    artist: str = ""
    """Who plays it, up to 200 characters; for MUSIC alone."""
    text: str = ""
    """The words, up to 2,000 characters on any number of lines; needed for GUESTBOOK and TRIBUTE."""
    picture_id: strawberry.ID | None = None
    """A picture that was uploaded, by the id that `uploadPicture` gave; needed for GALLERY, and not for MUSIC."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class DeletePostInput(Input):
    """A post to be deleted."""

    post_id: strawberry.ID
    """The post."""


@input_type
class ModeratePostInput(Input):
    """Who is to see a post."""

    post_id: strawberry.ID
    """The post."""
    status: PostStatus
    """APPROVED shows it to all guests, HIDDEN to nobody else, PENDING puts it back to be looked at."""


@input_type
class VoteForMusicInput(Input):
    """A vote for a piece of music."""

    post_id: strawberry.ID
    """The post."""
    guest_id: strawberry.ID
    """The guest who votes."""


@input_type
class UnvoteForMusicInput(Input):
    """A vote to be taken back."""

    post_id: strawberry.ID
    """The post."""
    guest_id: strawberry.ID
    """The guest who voted."""
