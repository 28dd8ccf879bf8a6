"""Who is asking: the person or device behind a request, as its token describes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.enums import DescribedEnum


class Role(DescribedEnum):
    """What somebody is at a club; one token may have several roles."""

    ADMIN = "ADMIN", "Runs the clubs that the token names, or every club of the tenant when it names none."
    STAFF = "STAFF", "Works at the club: keeps its tee sheet, its course and its caddies."
    STARTER = "STARTER", "Sends the groups off the first tee and watches their pace; has the rights of staff."
    CADDIE = "CADDIE", "Carries for players and follows the caddie lists that the token names, and no others."
    PLAYER = "PLAYER", "Books tee times, plays, and meets other golfers."
    PLANNER = "PLANNER", "Plans the club's occasions: their guests, tables and requests."
    GUEST = "GUEST", "Is invited to an occasion and sees what concerns the household that the token names."
    DEVICE = "DEVICE", "Reports by itself, as a cart or a beacon does: the holes that a group has completed."


CLUB_STAFF = (Role.ADMIN, Role.STAFF, Role.STARTER)
"""Those who work at a club."""
_AT_THE_SHEET = (*CLUB_STAFF, Role.PLAYER, Role.CADDIE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody whose token was checked. Everything here is the token's word, and none of it comes from the database."""

    user_id: str
    """The token's `sub`: 1 to 200 characters, unique within the tenant."""
    tenant_id: UUID
    club_ids: frozenset[UUID]
    """The clubs that the token names; for an admin, none means all clubs of the tenant."""
    player_id: UUID | None
    roles: frozenset[Role]
    caddie_lists: frozenset[int]
    household_id: UUID | None
    expires_at: datetime
    """The instant, in UTC, at which what the token opened is closed."""
    issued_at: datetime | None = None
    """When the token was issued, if it says so. Like its expiry, this changes nothing of what the viewer may do."""
    email: str | None = None
    """The address that the issuer has verified, if the token says so: where they are written to. It opens nothing."""

    @property
    def is_tenant_admin(self) -> bool:
        """Whether the viewer runs the whole tenant: an admin whose token names no club."""
        return Role.ADMIN in self.roles and not self.club_ids

    def has(self, *roles: Role) -> bool:
        """Tell whether the viewer has at least one of these roles, at whatever club."""
        return not self.roles.isdisjoint(roles)

    def may_see_club(self, club_id: UUID) -> bool:
        """Tell whether the token reaches a club of the viewer's own tenant: who has no role there reaches none.

        An admin of the tenant reaches any id, so the club must have been looked up within `tenant_id`.
        """
        return bool(self.roles) and (club_id in self.club_ids or self.is_tenant_admin)

    def may_see_sheets(self, club_id: UUID) -> bool:
        """Tell whether the viewer may see the club's tee sheets, and hear its rooms: staff, players and caddies."""
        return self.has(*_AT_THE_SHEET) and self.may_see_club(club_id)

    def is_staff_of(self, club_id: UUID) -> bool:
        """Tell whether the viewer works at the club: as admin, staff or starter."""
        return self.has(*CLUB_STAFF) and self.may_see_club(club_id)

    def is_admin_of(self, club_id: UUID) -> bool:
        """Tell whether the viewer runs the club."""
        return self.has(Role.ADMIN) and self.may_see_club(club_id)
