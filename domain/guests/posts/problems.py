"""The refusals about posts and pictures, each with what a client needs to act on it."""

from typing import ClassVar

from kit.errors import Problem
from models.guests.values import PostStatus


class TooManyPosts(Problem):
    """A household has no more posts than this at an occasion; take one back first."""

    code: ClassVar[str] = "TOO_MANY_POSTS"

    most: int
    """How many it may have."""


class PostNotApproved(Problem):
    """The post is not shown to all guests; wait until those who plan the occasion have approved it."""

    code: ClassVar[str] = "POST_NOT_APPROVED"

    status: PostStatus
    """Who sees it."""


class AlreadyVoted(Problem):
    """The guest has voted for it already; take that vote back first, or vote for something else."""

    code: ClassVar[str] = "ALREADY_VOTED"


class NotVoted(Problem):
    """The guest has not voted for it; choose something that has the guest's vote."""

    code: ClassVar[str] = "NOT_VOTED"
