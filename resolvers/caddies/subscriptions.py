"""Subscriptions of the caddies: which room a viewer hears, and what of it."""

from collections.abc import AsyncGenerator, Callable
from typing import Annotated
from uuid import UUID

import strawberry

from auth.viewer import Viewer
from domain.caddies.access import visible_lists
from events.caddies import CaddieFact, admin_room, list_room, lists_room, staff_room
from events.clubs import club_room
from events.log import Logged
from kit.ids import parse_id, public_id
from resolvers.streams import AFTER, TYPES, audience_at, follow, subscription
from schema.caddies.events import CaddieEventType, CaddieStreamEvent
from schema.context import Info
from schema.describe import argument

LISTS = argument("Numbers of lists; all that you may see if left out or empty.")


def room_of(viewer: Viewer, club_id: UUID, lists: frozenset[int] | None) -> tuple[str, frozenset[int] | None]:
    """Name the room in which a viewer hears lists, and the lists to pick out of it where it carries more of them.

    Staff and admins have rooms of their own, with what caddies may not know. A caddie of one list hears that list's
    room, and nothing else reaches it.
    """
    club = public_id("club", club_id)
    if viewer.is_admin_of(club_id):
        return admin_room(club), lists
    if viewer.is_staff_of(club_id):
        return staff_room(club), lists
    if lists is not None and len(lists) == 1:
        return list_room(club, next(iter(lists))), None
    return lists_room(club), lists


def about(lists: frozenset[int]) -> Callable[[Logged], bool]:
    """Let the events of some lists pass."""

    def concerns(logged: Logged) -> bool:
        fact = logged.event
        return isinstance(fact, CaddieFact) and not fact.lists.isdisjoint(lists)

    return concerns


@strawberry.type
class CaddieSubscriptions:
    """Subscriptions of the caddies."""

    @subscription
    async def caddie_events(
        self,
        info: Info,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        lists: Annotated[list[int] | None, LISTS] = None,
        types: Annotated[list[CaddieEventType] | None, TYPES] = None,
        after: Annotated[str | None, AFTER] = None,
    ) -> AsyncGenerator[CaddieStreamEvent, None]:
        """Everything that happens to the caddies of a club: for staff, and for caddies that of their own lists."""
        viewer = info.context.viewer
        wanted = parse_id("club", club_id, path=("clubId",))
        club = await info.context.whereabouts.club(info.context, wanted)
        room, only = room_of(viewer, club, visible_lists(viewer, club, lists))
        return await follow(
            info,
            stream=club_room(public_id("club", club)),
            room=room,
            audience=audience_at(info, club),
            types=types,
            after=after,
            concerns=None if only is None else about(only),
        )
