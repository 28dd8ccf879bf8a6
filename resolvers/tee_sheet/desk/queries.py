"""Queries of the desk."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.tee_sheet.desk import rain_checks
from resolvers.polling import stays_until_clubs_move
from schema.context import Info
from schema.describe import argument, field
from schema.tee_sheet.desk.types import RainCheck


@strawberry.type
class DeskQueries:
    """Queries of the desk."""

    @field
    async def rain_check(
        self, info: Info, code: Annotated[str, argument("Its code; spaces, hyphens and small letters do not matter.")]
    ) -> RainCheck:
        """A rain check by its code. For staff."""
        info.context.count(Rate.CODES)
        async with info.context.read() as session:
            row = await rain_checks.rain_check_by_code(session, viewer=info.context.viewer, code=code)
        stays_until_clubs_move(info, row.club_id)
        return RainCheck.of(row)
