"""Finding what a viewer may know of. What they may not know of is answered like what does not exist."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, bindparam, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from kit.errors import NotAllowed, NotFound
from models.clubs.tables import Club, Course, Player
from models.tee_sheet.values import PUBLIC, PriceClass

TURN = func.hashtextextended(bindparam("turn", type_=Text), 0, type_=BigInteger)
SHARED_TURN = select(func.pg_advisory_xact_lock_shared(TURN).label("taken")).cte("turn")
COURSE = select(Course).where(Course.id == bindparam("course_id")).execution_options(populate_existing=True)
SHARE = COURSE.join(SHARED_TURN, true()).with_for_update(read=True, of=Course)
"""Shares a course, as `share_course` does: for statements that go on from there. It takes `turn_of` the course."""

IS_OWN = {"id": Player.id == bindparam("own"), "user_id": Player.user_id == bindparam("own")}
"""The two ways in which a viewer is known as a player: see `own_by`."""
PLAYER = select(Player).where(Player.club_id == bindparam("club_id"))
PLAYERS = {way: PLAYER.where(is_own) for way, is_own in IS_OWN.items()}


async def find_clubs(session: AsyncSession, *, viewer: Viewer) -> list[Club]:
    """List the clubs that the viewer's token reaches, by name."""
    clubs = await session.scalars(select(Club).order_by(Club.name, Club.id))
    return [club for club in clubs if viewer.may_see_club(club.id)]


async def find_club(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> Club:
    """Find a club. Raises NotFound."""
    club = await session.get(Club, club_id)
    if club is None:
        raise NotFound(message="There is no such club, or you may not know of it.")
    refuse_strangers(viewer, club.id, what="club")
    return club


async def lock_club_row(session: AsyncSession, club: Club) -> None:
    """Lock a club and read it anew: who change its rules, or its players, take turns and lose nothing of each other's.

    Sales do not wait for it. What this change itself has set stays: it is written first.
    """
    await session.flush()
    await session.refresh(club, with_for_update={"key_share": True})


async def find_course(session: AsyncSession, *, viewer: Viewer, course_id: UUID) -> Course:
    """Find a course. Raises NotFound."""
    course = await session.get(Course, course_id)
    if course is None:
        raise NotFound(message="There is no such course, or you may not know of it.")
    refuse_strangers(viewer, course.club_id, what="course")
    return course


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHome:
    """Where a course belongs."""

    tenant_id: UUID
    club_id: UUID


async def homes_of_courses(session: AsyncSession, *, course_ids: Collection[UUID]) -> dict[UUID, CourseHome]:
    """Tell where courses belong, whosever they are; one that does not exist is missing. Needs work across tenants."""
    query = select(Course.id, Course.tenant_id, Course.club_id).where(Course.id.in_(course_ids))
    found = await session.execute(query)
    return {course: CourseHome(tenant_id=tenant, club_id=club) for course, tenant, club in found}


async def find_player(session: AsyncSession, *, viewer: Viewer, player_id: UUID) -> Player:
    """Find a player: for the club's staff, and for the player. Raises NotFound."""
    player = await session.get(Player, player_id)
    own = player is not None and (player.user_id == viewer.user_id or player.id == viewer.player_id)
    if player is None or not viewer.may_see_club(player.club_id) or not (own or viewer.is_staff_of(player.club_id)):
        raise NotFound(message="There is no such player, or you may not know of them.")
    return player


async def share_course(session: AsyncSession, *, course_id: UUID) -> Course:
    """Read a course so that nobody closes it before this transaction ends: a closing and a sale exclude each other.

    It lines up behind who waits to lock the course. Raises NotFound.
    """
    return _known(await session.scalar(SHARE, turn_of(course_id)))


async def lock_course(session: AsyncSession, *, course_id: UUID) -> Course:
    """Lock a course, which each sale shares, for who changes what sales ask of it. Raises NotFound.

    PostgreSQL lets sharers of a row pass whoever waits to lock it, so that a closing would wait until a rush is over.
    An advisory lock lets nobody pass: sales that come later wait for the closing.
    """
    await session.execute(select(func.pg_advisory_xact_lock(TURN)), turn_of(course_id))
    return _known(await session.scalar(COURSE.with_for_update(key_share=True), turn_of(course_id)))


def turn_of(course_id: UUID) -> dict[str, Any]:
    """Give what statements need to take their turn at a course, and to find it."""
    return {"course_id": course_id, "turn": f"course:{course_id}"}


def _known(course: Course | None) -> Course:
    if course is None:
        raise NotFound(message="There is no such course, or you may not know of it.")
    return course


def refuse_strangers(viewer: Viewer, club_id: UUID, *, what: str) -> None:
    """Let those through who may know of a club. Raises NotFound, as if what they ask for did not exist."""
    if not viewer.may_see_club(club_id):
        raise NotFound(message=f"There is no such {what}, or you may not know of it.")


def refuse_unless_at_sheets(viewer: Viewer, club_id: UUID) -> None:
    """Let those through who may see the club's tee sheets, once they may know of the club. Raises NotAllowed."""
    if not viewer.may_see_sheets(club_id):
        raise NotAllowed(message="Only the club's staff, its players and its caddies may see its tee sheets.")


def refuse_unless_staff(viewer: Viewer, club_id: UUID) -> None:
    """Let staff through. Raises NotAllowed."""
    if not viewer.is_staff_of(club_id):
        raise NotAllowed(message="Only the club's staff may do this.")


def refuse_unless_admin(viewer: Viewer, club_id: UUID) -> None:
    """Let admins through. Raises NotAllowed."""
    if not viewer.is_admin_of(club_id):
        raise NotAllowed(message="Only the club's admins may do this.")


def refuse_unless_player(viewer: Viewer, club_id: UUID) -> None:
    """Let players and staff through. Raises NotAllowed."""
    if not viewer.is_staff_of(club_id) and not viewer.has(Role.PLAYER):
        raise NotAllowed(message="Only players and the club's staff may do this.")


async def player_of(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> Player | None:
    """Find the player that the viewer is at a club, by the token's `playerId`, or else by its `sub`."""
    way, own = own_by(viewer)
    return await session.scalar(PLAYERS[way], {"club_id": club_id, "own": own})


def own_by(viewer: Viewer) -> tuple[str, UUID | str]:
    """Tell in which of the two ways a viewer is known as a player, and what is to be bound as `own`."""
    return ("id", viewer.player_id) if viewer.player_id else ("user_id", viewer.user_id)


def price_class_of(player: Player | None) -> PriceClass:
    """Tell the price class of a player; whom the club does not know, or not any more, is of the public."""
    return player.price_class if player and player.is_active else PUBLIC
