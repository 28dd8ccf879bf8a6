"""What queries depend on, so that those who poll are answered without asking the database again."""

from uuid import UUID

from domain.notifications.notifications import stream_of
from events.clubs import club_room
from events.cursor import Cursor
from events.guests.base import occasion_room
from events.log import Head
from kit.ids import public_id
from schema.context import Info


def stays_until_clubs_move(info: Info, *club_ids: UUID) -> None:
    """Say that a field, with all beneath it, shows what is in the streams of these clubs, and nothing else.

    To be said by the resolver of a root field, once it has found that the viewer may see the clubs. A field that does
    not say so is read anew whenever it is asked for.
    """
    info.context.depends_on(_root_field(info), *(club_room(public_id("club", club_id)) for club_id in club_ids))


def stays_until_occasion_moves(info: Info, occasion_id: UUID) -> None:
    """Say that a field, with all beneath it, shows what is in the stream of an occasion, and nothing else."""
    info.context.depends_on(_root_field(info), occasion_room(public_id("occasion", occasion_id)))


def stays_as_in_public(info: Info, cursor: Cursor) -> None:
    """Say that a root field shows what is in one stream, as of its cursor in a public snapshot, and nothing else."""
    info.context.depends_on_public(_root_field(info), cursor.stream, Head(cursor.epoch, cursor.position))


def stays_until_own_stream_moves(info: Info) -> None:
    """Say that a root field, with all beneath it, shows what is in the viewer's own stream, and nothing else."""
    info.context.depends_on(_root_field(info), stream_of(info.context.viewer))


def _root_field(info: Info) -> str:
    path = info.path
    while path.prev is not None:
        path = path.prev
    return str(path.key)
