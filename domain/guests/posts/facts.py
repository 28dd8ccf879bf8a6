"""Facts about posts, made from their rows."""

from typing import Any

from domain.guests.facts import of_occasion
from events.guests.posts import PostContent, PostFact, PostPicture, PostState
from kit.ids import public_id
from models.guests.occasions import Occasion
from models.guests.posts import Post
from models.guests.values import PostStatus
from models.pictures import Picture


def post_state(
    kind: type[PostState], occasion: Occasion, post: Post, content: PostContent | None, *, was_shown: bool = False
) -> PostState:
    """State how a post is by now: to all guests where it is shown to them, or was until now."""
    told = of_post(occasion, post, concerns_guests=was_shown or is_shown(post))
    return kind(**told, status=post.status, content=content, votes=post.votes)


def post_gone(kind: type[PostFact], occasion: Occasion, post: Post) -> PostFact:
    """State that a post is gone: to all guests where it was shown to them."""
    return kind(**of_post(occasion, post, concerns_guests=is_shown(post)))


def of_post(occasion: Occasion, post: Post, *, concerns_guests: bool) -> dict[str, Any]:
    """Give what each fact of a post names."""
    return {
        **of_occasion(occasion),
        "post_id": public_id("post", post.id),
        "author_household_id": public_id("household", post.household_id) if post.household_id else None,
        "author_guest_id": public_id("guest", post.guest_id) if post.guest_id else None,
        "concerns_guests": concerns_guests,
    }


def content_of(post: Post, picture: Picture | None) -> PostContent:
    """State what a post says."""
    return PostContent(
        author_name=post.author_name,
        title=post.title,
        artist=post.artist,
        text=post.text,
        picture=picture_of(picture) if picture else None,
        created_at=post.created_at,
    )


def picture_of(picture: Picture) -> PostPicture:
    """State how large a picture is that was uploaded."""
    return PostPicture(
        picture_id=public_id("picture", picture.id), width=picture.width or 0, height=picture.height or 0
    )


def is_shown(post: Post) -> bool:
    """Tell whether all guests see a post."""
    return post.status is PostStatus.APPROVED
