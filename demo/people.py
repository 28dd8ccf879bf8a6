"""Who signs in to the demo."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from auth.viewer import Role, Viewer

TENANT_ID = UUID("019b76da-a800-7000-8000-000000000001")
MAIN_CLUB_ID = UUID("019b76da-a800-7000-8000-000000000101")
SECOND_CLUB_ID = UUID("019b76da-a800-7000-8000-000000000102")


MEMBER_ID = UUID("019b76da-a800-7000-8000-000000000301")
GUEST_ID = UUID("019b76da-a800-7000-8000-000000000302")
PUBLIC_ID = UUID("019b76da-a800-7000-8000-000000000303")
WEDDING_ID = UUID("019b76da-a800-7000-8000-000000000401")
DINNER_ID = UUID("019b76da-a800-7000-8000-000000000402")
HOUSEHOLD_ID = UUID("019b76da-a800-7000-8000-000000000501")


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody who can sign in: the claims of their token."""

    label: str
    user_id: str
    roles: frozenset[Role]
    club_ids: frozenset[UUID] = frozenset({MAIN_CLUB_ID})
    player_id: UUID | None = None
    caddie_lists: frozenset[int] = frozenset()
    household_id: UUID | None = None

    def viewer(self, *, now: datetime) -> Viewer:
        """Give the viewer that a token of this person's makes; it is good for an hour from `now`."""
        return Viewer(
            user_id=self.user_id,
            tenant_id=TENANT_ID,
            club_ids=self.club_ids,
            player_id=self.player_id,
            roles=self.roles,
            caddie_lists=self.caddie_lists,
            household_id=self.household_id,
            expires_at=now + timedelta(hours=1),
        )


OWNER = DemoPerson(label="Owner", user_id="demo-owner", roles=frozenset({Role.ADMIN}), club_ids=frozenset())
PLAYERS = (
    DemoPerson(label="Member", user_id="demo-member", roles=frozenset({Role.PLAYER}), player_id=MEMBER_ID),
    DemoPerson(label="Guest", user_id="demo-guest", roles=frozenset({Role.PLAYER}), player_id=GUEST_ID),
    DemoPerson(label="Public", user_id="demo-public", roles=frozenset({Role.PLAYER}), player_id=PUBLIC_ID),
)
PLANNER = DemoPerson(label="Planner", user_id="demo-planner", roles=frozenset({Role.PLANNER}))
PEOPLE: tuple[DemoPerson, ...] = (
    OWNER,
    DemoPerson(label="Pro shop", user_id="demo-pro-shop", roles=frozenset({Role.STAFF})),
    DemoPerson(label="Starter", user_id="demo-starter", roles=frozenset({Role.STARTER})),
    DemoPerson(label="Caddie", user_id="demo-caddie", roles=frozenset({Role.CADDIE}), caddie_lists=frozenset({1})),
    *PLAYERS,
    PLANNER,
    DemoPerson(
        label="Wedding guest",
        user_id="demo-wedding-guest",
        roles=frozenset({Role.GUEST}),
        club_ids=frozenset(),
        household_id=HOUSEHOLD_ID,
    ),
    DemoPerson(label="Device", user_id="demo-device", roles=frozenset({Role.DEVICE})),
)
