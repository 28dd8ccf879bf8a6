"""Payloads of what guests post."""

import datetime as dt

import strawberry

from schema.describe import listed, output
from schema.guests.posts.types import Post
from schema.payloads import Payload


@output
class UploadHeader:
    """A header that a picture is sent with."""

    name: str
    """What the header is called."""
    value: str
    """What it says."""


@output
class UploadPicturePayload(Payload):
    """The answer to `uploadPicture`: send the picture's bytes there, as they are, before the address expires."""

    picture_id: strawberry.ID | None = None
    """The picture: give this to `addPost` or `updateGolfer` once it was sent."""
    url: str | None = None
    """The address to send it to."""
    method: str | None = None
    """The method of HTTP to send it by."""
    headers: list[UploadHeader] | None = listed(entries=1, default=None)
    """The headers to send it with."""
    expires_at: dt.datetime | None = None
    """When the address expires, in UTC."""


@output
class AddPostPayload(Payload):
    """The answer to `addPost`."""

    results = ("post",)
    post: Post | None = None
    """The post."""


@output
class DeletePostPayload(Payload):
    """The answer to `deletePost`."""

    post_id: strawberry.ID | None = None
    """The post that was deleted."""


@output
class ModeratePostPayload(Payload):
    """The answer to `moderatePost`."""

    post: Post | None = None
    """The post."""


@output
class VoteForMusicPayload(Payload):
    """The answer to `voteForMusic`."""

    post: Post | None = None
    """The piece of music, with its votes."""


@output
class UnvoteForMusicPayload(Payload):
    """The answer to `unvoteForMusic`."""

    post: Post | None = None
    """The piece of music, with its votes."""
