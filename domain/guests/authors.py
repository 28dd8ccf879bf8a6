"""Who writes at an occasion: a household by its own token, or somebody who plans the occasion, also for a guest."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, Standing, no_such, refuse_closed, share_occasion
from domain.guests.facts import full_name
from kit.errors import NotAllowed
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion

HOUSEHOLD = (
    select(Household)
    .where(Household.id == bindparam("household_id", type_=Uuid))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, behind the locks of the occasion, which stays open, and of the household, whose things are counted.

    Somebody who plans the occasion writes for no household, unless a guest is named.
    """

    access: Access
    household: Household | None
    guest: Guest | None

    @property
    def occasion(self) -> Occasion:
        """The occasion."""
        return self.access.occasion

    @property
    def household_id(self) -> UUID | None:
        """The household, if it is for one."""
        return self.household.id if self.household else None

    @property
    def guest_id(self) -> UUID | None:
        """The guest, if one was named."""
        return self.guest.id if self.guest else None

    @property
    def name(self) -> str:
        """How others know who writes: the guest, or else the household, or else those who celebrate."""
        named = full_name(self.guest) if self.guest else ""
        return named or (self.household.name if self.household else self.occasion.name)


async def author_at(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, guest_id: UUID | None) -> Author:
    """Tell as whom the viewer writes at an occasion. Raises NotFound, NotAllowed, OccasionNotOpen."""
    access = await share_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_staff(access)
    refuse_closed(access.occasion)
    guest = None if guest_id is None else await guest_of(session, access, viewer=viewer, guest_id=guest_id)
    household_id = guest.household_id if guest else None if access.plans else viewer.household_id
    household = await session.scalar(HOUSEHOLD, {"household_id": household_id}) if household_id else None
    return Author(access=access, household=household, guest=guest)


async def guest_of(session: AsyncSession, access: Access, *, viewer: Viewer, guest_id: UUID) -> Guest:
    """Find a guest for whom the viewer may act: any for who plans the occasion, else of their own household.

    Raises NotFound.
    """
    guest = await session.get(Guest, guest_id)
    if guest is None or guest.occasion_id != access.occasion.id:
        raise no_such("guest")
    if not access.plans and guest.household_id != viewer.household_id:
        raise no_such("guest")
    return guest


def refuse_staff(access: Access) -> None:
    """Let those through who plan the occasion, and its guests. Raises NotAllowed."""
    if access.standing is Standing.STAFF:
        raise NotAllowed(message="Only those who plan the occasion, and its guests, may do this.")


def is_own(viewer: Viewer, access: Access, household_id: UUID | None) -> bool:
    """Tell whether something is of the viewer's own household, whose token the viewer has."""
    return access.standing is Standing.GUEST and household_id is not None and household_id == viewer.household_id
