"""What queries depend on, so that those who poll are answered without asking the database again."""

from uuid import UUID

from events.clubs import club_room
from kit.ids import public_id
from schema.context import Info


def stays_until_clubs_move(info: Info, *club_ids: UUID) -> None:
    """Say that a field, with all beneath it, shows what is in the streams of these clubs, and nothing else.

    To be said by the resolver of a root field, once it has found that the viewer may see the clubs. A field that does
    not say so is read anew whenever it is asked for.
    """
    path = info.path
    while path.prev is not None:
        path = path.prev
    info.context.depends_on(str(path.key), *(club_room(public_id("club", club_id)) for club_id in club_ids))
