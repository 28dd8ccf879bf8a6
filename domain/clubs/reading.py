"""Reading clubs, their courses and players, many at a time."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.rows import rows_by_id
from events.clubs import club_room
from events.cursor import Cursor
from events.log import read_cursor
from kit.ids import public_id
from models.clubs.tables import Club, Course, Player

OF_CLUBS = Course.club_id == any_(bindparam("clubs", type_=ARRAY(Uuid)))
COURSES = select(Course).where(OF_CLUBS).order_by(Course.name, Course.id)


async def courses_of(session: AsyncSession, club_ids: Iterable[UUID]) -> dict[UUID, list[Course]]:
    """Read the courses of clubs, by name."""
    found: dict[UUID, list[Course]] = {club_id: [] for club_id in club_ids}
    for course in await session.scalars(COURSES, {"clubs": list(found)}):
        found[course.club_id].append(course)
    return found


async def players_of_user(session: AsyncSession, *, user_id: str, player_id: UUID | None) -> list[Player]:
    """Read the players that a user is: the one that the token names, or else those of the user."""
    mine = Player.id == player_id if player_id else Player.user_id == user_id
    return list(await session.scalars(select(Player).where(mine).order_by(Player.id)))


async def cursor_of_club(session: AsyncSession, club_id: UUID) -> Cursor:
    """Give the place in the club's stream up to which the session's snapshot shows everything."""
    return await read_cursor(session, club_room(public_id("club", club_id)))


async def clubs_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Club]:
    """Read clubs by their ids."""
    return await rows_by_id(session, Club, ids)
