"""Queries of the carts."""

from typing import Annotated

import strawberry

from domain.carts import reading
from kit.ids import parse_id
from models.carts.values import CartStatus
from resolvers.polling import stays_until_clubs_move
from schema.carts.types import CartFleet
from schema.context import Info
from schema.describe import argument, field


@strawberry.type
class CartQueries:
    """Queries of the carts."""

    @field
    async def carts(
        self,
        info: Info,
        course_id: Annotated[strawberry.ID, argument("Id of the course.")],
        status: Annotated[
            CartStatus | None, argument("Those of this status; all but the retired ones if left out.")
        ] = None,
    ) -> CartFleet:
        """The carts of a course, by their numbers. For staff."""
        wanted = parse_id("course", course_id, path=("courseId",))
        async with info.context.read() as session:
            found = await reading.read_fleet(session, viewer=info.context.viewer, course_id=wanted, status=status)
        stays_until_clubs_move(info, found.course.club_id)
        return CartFleet.of(found)
