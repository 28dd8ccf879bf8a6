"""Queries about the realtime engine."""

import strawberry

from auth.viewer import Role
from domain.clubs import access
from kit.errors import NotAllowed
from kit.ids import public_id
from schema.context import Info
from schema.describe import field
from schema.realtime import RealtimeStats


@strawberry.type
class RealtimeQueries:
    """Queries about the realtime engine."""

    @field
    async def realtime_stats(self, info: Info) -> RealtimeStats:
        """How the realtime engine does: for admins, of what their token reaches; other processes a moment ago."""
        context = info.context
        if not context.viewer.has(Role.ADMIN):
            raise NotAllowed(message="Only admins may see how the realtime engine does.")
        instances = await context.instances.all()  # first, lest a transaction waits for Redis
        async with context.read() as session:
            clubs = await access.find_clubs(session, viewer=context.viewer)
        return RealtimeStats.of(context.viewer, [public_id("club", club.id) for club in clubs], instances)
