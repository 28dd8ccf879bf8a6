"""Photos of golfers, as events tell of them."""

from types import MappingProxyType
from typing import Any

from kit.pictures import PictureSize
from schema.context import Context


def golfer_photo_url(fact: Any, context: Context) -> str | None:
    """Where the golfer's photo is, with 2,048 pixels on its longer side at the most; good for a day at least."""
    return context.told_picture_url(fact.golfer_picture_id, PictureSize.LARGE)


def small_golfer_photo_url(fact: Any, context: Context) -> str | None:
    """The same with 400 pixels at the most, for lists."""
    return context.told_picture_url(fact.golfer_picture_id, PictureSize.SMALL)


def host_photo_url(fact: Any, context: Context) -> str | None:
    """Where the host's photo is, with 2,048 pixels on its longer side at the most; good for a day at least."""
    return context.told_picture_url(fact.host_picture_id, PictureSize.LARGE)


def small_host_photo_url(fact: Any, context: Context) -> str | None:
    """The same with 400 pixels at the most, for lists."""
    return context.told_picture_url(fact.host_picture_id, PictureSize.SMALL)


OF_GOLFER = MappingProxyType({"golfer_photo_url": golfer_photo_url, "small_golfer_photo_url": small_golfer_photo_url})
OF_HOST = MappingProxyType({"host_photo_url": host_photo_url, "small_host_photo_url": small_host_photo_url})
