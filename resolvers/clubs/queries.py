"""Queries about who is asking, clubs, courses, and anything by its id."""

from typing import Annotated

import strawberry

from domain.clubs import access
from kit.ids import parse_id
from resolvers.polling import stays_until_clubs_move
from schema.clubs.types import Club, ClubPriceClass
from schema.context import Info
from schema.course.courses import Course
from schema.describe import argument, field, list_field
from schema.nodes import Node, find_node
from schema.players.types import Viewer


@strawberry.type
class ClubQueries:
    """Queries about clubs."""

    @field
    async def viewer(self, info: Info) -> Viewer:
        """Who is asking, as the token says."""
        return Viewer.of(info.context.viewer)

    @field
    async def node(self, info: Info, id: Annotated[strawberry.ID, argument("Any id.")]) -> Node:
        """Anything by its id."""
        async with info.context.read() as session:
            found: Node = await find_node(session, viewer=info.context.viewer, node_id=id)
        return found

    @list_field(entries=5)
    async def clubs(self, info: Info) -> list[Club]:
        """The clubs that the token reaches, by name."""
        viewer = info.context.viewer
        if not viewer.is_tenant_admin:  # who sees every club of the tenant would see a new one, too
            stays_until_clubs_move(info, *viewer.club_ids)
        async with info.context.read() as session:
            return [Club.of(row) for row in await access.find_clubs(session, viewer=viewer)]

    @field
    async def club(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the club.")]) -> Club:
        """A club by its id."""
        club_id = parse_id("club", id, path=("id",))
        async with info.context.read() as session:
            row = await access.find_club(session, viewer=info.context.viewer, club_id=club_id)
        stays_until_clubs_move(info, row.id)
        return Club.of(row)

    @field
    async def course(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the course.")]) -> Course:
        """A course by its id."""
        course_id = parse_id("course", id, path=("id",))
        async with info.context.read() as session:
            row = await access.find_course(session, viewer=info.context.viewer, course_id=course_id)
        stays_until_clubs_move(info, row.club_id)
        return Course.of(row)

    @list_field(entries=3)
    async def price_classes(
        self, info: Info, club_id: Annotated[strawberry.ID, argument("Id of the club.")]
    ) -> list[ClubPriceClass]:
        """A club's price classes: those that come with each club, then its own as they were added."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            row = await access.find_club(session, viewer=info.context.viewer, club_id=wanted)
        stays_until_clubs_move(info, row.id)
        return [ClubPriceClass.of(one) for one in row.price_classes.values()]
