"""Events of what guests post."""

from typing import Any

from auth.viewer import Viewer
from events.guests.posts import CREATED, DELETED, UPDATED, PostFact, PostState
from kit.ids import public_id
from kit.pictures import PictureSize
from schema.context import Context
from schema.events import shows


def is_own(fact: PostFact, viewer: Viewer) -> bool:
    """Whether your own household posted it."""
    household = public_id("household", viewer.household_id) if viewer.household_id else None
    return household is not None and fact.author_household_id == household


def picture_url(fact: PostState, context: Context) -> str | None:
    """Where the picture is to be had, with 2,048 pixels on its longer side at the most; good for a day at least."""
    return _url(fact, PictureSize.LARGE, context)


def small_picture_url(fact: PostState, context: Context) -> str | None:
    """The same with 400 pixels at the most, for lists."""
    return _url(fact, PictureSize.SMALL, context)


def _url(fact: PostState, size: PictureSize, context: Context) -> str | None:
    picture = fact.content.picture if fact.content else None
    return context.told_picture_url(picture.picture_id if picture else None, size)


STATES: tuple[Any, ...] = (*CREATED.values(), *UPDATED.values())
FACTS = (*STATES, *DELETED.values())
URLS = {"picture_url": picture_url, "small_picture_url": small_picture_url}
shows(*STATES, for_viewer={"is_own": is_own}, when_shown=URLS)
shows(*DELETED.values())
