"""What guests post, and the pictures that they send for it."""

from typing import Annotated
from uuid import UUID

import strawberry

from auth.limits import Rate
from domain.guests.posts import posts, votes
from domain.guests.posts.reading import read_posts
from domain.journeys import pictures
from kit.ids import parse_id, public_id
from models.guests.values import PostKind, PostStatus
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.connections import USUAL, After, First, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.guests.posts import inputs, payloads
from schema.guests.posts.types import Post, PostConnection

POSTS = "posts"
ANY_BYTES = payloads.UploadHeader(name="Content-Type", value="application/octet-stream")
"""What a picture is, its content says."""


@strawberry.type
class PostQueries:
    """Queries of what guests post."""

    @field
    async def posts(
        self,
        info: Info,
        *,
        occasion_id: Annotated[strawberry.ID, argument("Id of the occasion.")],
        kind: Annotated[PostKind | None, argument("Only those of this kind.")] = None,
        status: Annotated[PostStatus | None, argument("Only those of this status.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> PostConnection:
        """What was posted at an occasion, newest first: to guests what is approved, and what is their own."""
        wanted, viewer = parse_id("occasion", occasion_id, path=("occasionId",)), info.context.viewer
        place, limit = read_cursor(POSTS, after, UUID), check_first(first) + 1
        async with info.context.read() as session:
            found = await read_posts(
                session,
                viewer=viewer,
                occasion_id=wanted,
                kind=kind,
                status=status,
                before=place[0] if place else None,
                limit=limit,
            )
        stays_until_occasion_moves(info, wanted)
        page = PostConnection.page(
            found.posts,
            name=POSTS,
            first=first,
            after=after,
            place=lambda row: (row.id,),
            show=lambda row: Post.to((found.access, row), viewer),
        )
        page.cursor = str(found.cursor)
        return page


@strawberry.type
class PostMutations:
    """Mutations of what guests post."""

    @mutation(limit=Rate.UPLOADS)
    async def upload_picture(
        self, info: Info, input: Annotated[inputs.UploadPictureInput, WHAT]
    ) -> payloads.UploadPicturePayload:
        """Get an address to send a picture to: JPEG, PNG, WebP, HEIC or AVIF, of up to 10 MB and 64 megapixels.

        For guests, and for those who plan the occasion; without an occasion, for golfers, of whom it is. One that is
        shown by no post, and as no photo, is removed after a day.
        """
        context = info.context
        links = context.need_links()
        row = await pictures.begin_picture(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        url, expires_at = links.to_send(tenant_id=row.tenant_id, picture_id=row.id, now=context.now)
        return payloads.UploadPicturePayload(
            problems=[],
            picture_id=strawberry.ID(public_id("picture", row.id)),
            url=url,
            method="PUT",
            headers=[ANY_BYTES],
            expires_at=expires_at,
        )

    @mutation(limit=Rate.MESSAGES)
    async def add_post(self, info: Info, input: Annotated[inputs.AddPostInput, WHAT]) -> payloads.AddPostPayload:
        """Post music, a picture, an entry in the guestbook or a tribute. For guests, and for those who plan.

        A guest's post is shown to others once it is approved; one by those who plan the occasion at once.
        """
        context = info.context
        made = await posts.add_post(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddPostPayload(problems=[], post=Post.to(made, context.viewer))

    @mutation
    async def delete_post(
        self, info: Info, input: Annotated[inputs.DeletePostInput, WHAT]
    ) -> payloads.DeletePostPayload:
        """Delete a post with its picture. For the household that posted it, and for those who plan the occasion."""
        context = info.context
        row = await posts.delete_post(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DeletePostPayload(problems=[], post_id=strawberry.ID(public_id("post", row.id)))

    @mutation
    async def moderate_post(
        self, info: Info, input: Annotated[inputs.ModeratePostInput, WHAT]
    ) -> payloads.ModeratePostPayload:
        """Show a post to all guests, or hide it from them. For those who plan the occasion."""
        context = info.context
        made = await posts.moderate_post(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ModeratePostPayload(problems=[], post=Post.to(made, context.viewer))

    @mutation(limit=Rate.MESSAGES)
    async def vote_for_music(
        self, info: Info, input: Annotated[inputs.VoteForMusicInput, WHAT]
    ) -> payloads.VoteForMusicPayload:
        """Vote for a piece of music, once for each guest. For the guest's household, and for those who plan."""
        context = info.context
        made = await votes.vote_for_music(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.VoteForMusicPayload(problems=[], post=Post.to(made, context.viewer))

    @mutation
    async def unvote_for_music(
        self, info: Info, input: Annotated[inputs.UnvoteForMusicInput, WHAT]
    ) -> payloads.UnvoteForMusicPayload:
        """Take a guest's vote for a piece of music back. For the guest's household, and for those who plan."""
        context = info.context
        made = await votes.unvote_for_music(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UnvoteForMusicPayload(problems=[], post=Post.to(made, context.viewer))
