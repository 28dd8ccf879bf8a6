"""Who may know of an occasion, and as whom. What people may not know of is answered like what is not there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, Text, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import CLUB_STAFF, Role, Viewer
from domain.clubs.access import find_club
from domain.guests.problems import OccasionNotOpen
from kit.errors import NotAllowed, NotFound
from models.clubs.tables import Club
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion, OccasionPlanner
from models.guests.values import OccasionStatus

R = TypeVar("R", Guest, Household)


class Standing(Enum):
    """As whom somebody knows of an occasion."""

    PLANNER = auto()
    """Plans it: sees and does everything. Who runs the club does, too."""
    GUEST = auto()
    """Is invited, with a household."""
    STAFF = auto()
    """Works at the club, and sees dates, places and headcounts."""


@dataclass(frozen=True, slots=True)
class Access:
    """An occasion, and as whom the viewer knows of it."""

    occasion: Occasion
    standing: Standing
    part_ids: frozenset[UUID] | None = None
    """The parts that a guest's household is invited to; none where that is all of them."""

    @property
    def plans(self) -> bool:
        """Whether the viewer plans it."""
        return self.standing is Standing.PLANNER

    def sees_part(self, part_id: UUID) -> bool:
        """Tell whether the viewer may know of a part: guests of those that their household is invited to."""
        return self.part_ids is None or part_id in self.part_ids


PLANS = (
    select(OccasionPlanner.id)
    .where(OccasionPlanner.occasion_id == Occasion.id, OccasionPlanner.user_id == bindparam("user_id", type_=Text))
    .exists()
)
OWN = Household.id == bindparam("household_id", type_=Uuid), Household.occasion_id == Occasion.id
INVITED = select(Household.id).where(*OWN).correlate(Occasion).exists()
PART_IDS = select(Household.part_ids).where(*OWN).correlate(Occasion).scalar_subquery()
KNOWN = select(Occasion, PLANS.label("plans"), INVITED.label("invited"), PART_IDS.label("part_ids"))
FOUND = KNOWN.where(Occasion.id == bindparam("occasion_id", type_=Uuid))
AT_CLUB = KNOWN.where(Occasion.club_id == bindparam("club_id", type_=Uuid)).order_by(Occasion.id.desc())
BY_HOUSEHOLD = KNOWN.add_columns(Household).join(Household, Household.occasion_id == Occasion.id)
OF_HOUSEHOLD = BY_HOUSEHOLD.where(Household.id == bindparam("wanted", type_=Uuid))
OF_HOUSEHOLD_SHARED = OF_HOUSEHOLD.with_for_update(read=True, of=Occasion).execution_options(populate_existing=True)
LOCKED = FOUND.with_for_update(key_share=True, of=Occasion).execution_options(populate_existing=True)
SHARED = FOUND.with_for_update(read=True, of=Occasion).execution_options(populate_existing=True)


def standing_of(viewer: Viewer, occasion: Occasion, *, plans: bool, invited: bool) -> Standing | None:
    """Tell as whom a viewer knows of an occasion; none if they may not know of it."""
    club_id = occasion.club_id
    if viewer.is_admin_of(club_id):
        return Standing.PLANNER
    if plans and viewer.may_see_club(club_id) and viewer.has(Role.PLANNER, *CLUB_STAFF):
        return Standing.PLANNER
    if invited and viewer.has(Role.GUEST) and occasion.status is not OccasionStatus.DRAFT:
        return Standing.GUEST
    return Standing.STAFF if viewer.is_staff_of(club_id) else None


def _asked(viewer: Viewer, occasion_id: UUID) -> dict[str, object]:
    return {"occasion_id": occasion_id, "user_id": viewer.user_id, "household_id": viewer.household_id}


def _access(viewer: Viewer, row: Row[*tuple[Any, ...]]) -> Access | None:
    """Tell as whom a viewer knows of a row of `KNOWN`; None if they may not know of it."""
    occasion, plans, invited, part_ids, *_ = row
    standing = standing_of(viewer, occasion, plans=plans, invited=invited)
    if standing is None:
        return None
    narrowed = standing is Standing.GUEST and part_ids is not None
    return Access(occasion, standing, frozenset(part_ids or ()) if narrowed else None)


def _known(viewer: Viewer, row: Row[*tuple[Any, ...]] | None) -> Access:
    if row is not None and (access := _access(viewer, row)):
        return access
    raise no_such("occasion")


async def find_occasion(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> Access:
    """Find an occasion. Raises NotFound."""
    row = (await session.execute(FOUND, _asked(viewer, occasion_id))).one_or_none()
    return _known(viewer, row)


async def occasions_at(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> list[Access]:
    """Find the occasions of a club that the viewer may know of, the newest first."""
    asked = {"club_id": club_id, "user_id": viewer.user_id, "household_id": viewer.household_id}
    rows = await session.execute(AT_CLUB, asked)
    return [access for row in rows if (access := _access(viewer, row))]


async def lock_occasion(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> Occasion:
    """Lock an occasion that the viewer plans: for who changes it, its parts, or how many guests and tables it has.

    Locks are taken in this order: the occasion, its households, its parts, its tables, those of a kind by their ids.
    Raises NotFound, NotAllowed.
    """
    row = (await session.execute(LOCKED, _asked(viewer, occasion_id))).one_or_none()
    return planned(_known(viewer, row))


async def share_occasion(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> Access:
    """Read an occasion so that nobody closes it before this transaction ends. Raises NotFound."""
    row = (await session.execute(SHARED, _asked(viewer, occasion_id))).one_or_none()
    return _known(viewer, row)


def planned(access: Access) -> Occasion:
    """Let those through who plan the occasion. Raises NotAllowed."""
    if not access.plans:
        raise NotAllowed(message="Only those who plan the occasion may do this.")
    return access.occasion


async def find_planned(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> Occasion:
    """Find an occasion that the viewer plans. Raises NotFound, NotAllowed."""
    return planned(await find_occasion(session, viewer=viewer, occasion_id=occasion_id))


async def find_household(
    session: AsyncSession,
    *,
    viewer: Viewer,
    household_id: UUID,
    found: Select[*tuple[Any, ...]] = OF_HOUSEHOLD,
) -> tuple[Access, Household]:
    """Find a household: for those who plan its occasion, and for itself. Raises NotFound."""
    asked = _asked(viewer, household_id) | {"wanted": household_id}
    asked.pop("occasion_id")
    row = (await session.execute(found, asked)).one_or_none()
    if row is not None:
        household, access = row[-1], _access(viewer, row)
        own = access and access.standing is Standing.GUEST and household.id == viewer.household_id
        if access and (own or access.plans):
            return access, household
    raise no_such("household")


async def share_household(session: AsyncSession, *, viewer: Viewer, household_id: UUID) -> tuple[Access, Household]:
    """Find a household so that nobody closes its occasion before this transaction ends. Raises NotFound."""
    return await find_household(session, viewer=viewer, household_id=household_id, found=OF_HOUSEHOLD_SHARED)


async def find_guest(session: AsyncSession, *, viewer: Viewer, guest_id: UUID) -> tuple[Access, Guest]:
    """Find a guest: for those who plan the occasion, and for the guest's household. Raises NotFound."""
    guest = await session.get(Guest, guest_id)
    if guest is None:
        raise no_such("guest")
    async with known_as("guest"):
        access, _ = await find_household(session, viewer=viewer, household_id=guest.household_id)
    return access, guest


async def find_club_to_plan_for(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> Club:
    """Find a club for which the viewer may plan occasions. Raises NotFound, NotAllowed."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    if not viewer.is_admin_of(club.id) and not viewer.has(Role.PLANNER):
        raise NotAllowed(message="Only the club's admins and its planners may plan occasions.")
    return club


def refuse_closed(occasion: Occasion) -> None:
    """Let an occasion be changed that is not closed. Raises OccasionNotOpen."""
    if occasion.status is OccasionStatus.CLOSED:
        message = "The occasion is closed; ask those who plan it to publish it again."
        raise OccasionNotOpen(message=message, status=occasion.status)


@asynccontextmanager
async def known_as(what: str) -> AsyncIterator[None]:
    """Find something of an occasion: who may not know of the occasion is told that there is no such thing."""
    try:
        yield
    except NotFound:
        raise no_such(what) from None


async def still_there(session: AsyncSession, row: R, what: str) -> R:
    """Read a row again behind the locks that it was found before. Raises NotFound where it is gone meanwhile."""
    kind = type(row)
    fresh = select(kind).where(kind.id == row.id).execution_options(populate_existing=True)
    if await session.scalar(fresh) is None:
        raise no_such(what)
    return row


def no_such(what: str) -> NotFound:
    """Say that there is no such thing."""
    return NotFound(message=f"There is no such {what}, or you may not know of it.")
