"""How many caddie lists a club has, and what loops cost there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.problems import ListInUse
from domain.clubs.access import find_club, lock_club_row, refuse_unless_admin, refuse_unless_staff
from events.caddies import CaddieSettingsChanged, TierFee
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.text import check_range
from models.caddies.tables import Caddie, CaddieSettings
from models.caddies.values import FeeTier
from models.clubs.tables import Club

USUAL_LISTS = 3
MOST_LISTS = 20
MOST_CADDIES = 5_000
"""Caddies that a club has at the most: as many as a file may bring, so that each file that is written can be read."""
HIGHEST_FEE_CENTS = 10_000_000
SETTINGS = (
    select(CaddieSettings)
    .where(CaddieSettings.club_id == bindparam("club_id"))
    .execution_options(populate_existing=True)
)


def _no_fees() -> dict[FeeTier, int]:
    return dict.fromkeys(FeeTier, 0)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A club's settings for its caddies. Fees are in cents of the club's currency, and 0 until they are set."""

    list_count: int = USUAL_LISTS
    fees: Mapping[FeeTier, int] = field(default_factory=_no_fees)


async def settings_of(session: AsyncSession, club_id: UUID) -> Settings:
    """Read a club's settings, or the usual ones."""
    row = await session.scalar(SETTINGS, {"club_id": club_id})
    if row is None:
        return Settings()
    return Settings(list_count=row.lists, fees={tier: int(row.fees.get(tier, 0)) for tier in FeeTier})


async def read_settings(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> Settings:
    """Read a club's settings, for its staff. Raises NotFound, NotAllowed."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    return await settings_of(session, club.id)


async def lock_roster(session: AsyncSession, club: Club) -> Settings:
    """Let nobody else add or move the club's caddies, or change its lists, until the transaction ends."""
    await lock_club_row(session, club)
    return await settings_of(session, club.id)


def check_list(settings: Settings, list_number: int) -> None:
    """Accept a list that the club has. Raises InvalidInput."""
    if not 1 <= list_number <= settings.list_count:
        raise InvalidInput(message=f"Choose a list from 1 to {settings.list_count}.", path=("input", "listNumber"))


async def refuse_too_many(session: AsyncSession, club: Club, more: int, *, path: tuple[str, ...]) -> None:
    """Accept some more caddies of a club whose roster is locked. Raises InvalidInput."""
    active = select(func.count()).where(Caddie.club_id == club.id, Caddie.is_active)
    count = await session.scalar(active) or 0
    if count + more > MOST_CADDIES:
        message = f"A club has at most {MOST_CADDIES:,} caddies, and this one has {count:,}; end some by deleteCaddie."
        raise InvalidInput(message=message, path=path)


async def set_settings(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    list_count: int | None = None,
    fees: Mapping[FeeTier, int] | None = None,
    now: datetime,
) -> Settings:
    """Set the number of lists, the fees of some tiers, or both; what is left out stays.

    Raises NotFound, NotAllowed, InvalidInput, ListInUse.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_admin(viewer, club.id)
    before = await lock_roster(session, club)
    after = Settings(
        list_count=before.list_count if list_count is None else list_count, fees={**before.fees, **(fees or {})}
    )
    check_range(after.list_count, 1, MOST_LISTS, path=("input", "listCount"))
    for cents in after.fees.values():
        check_range(cents, 0, HIGHEST_FEE_CENTS, path=("input", "fees"))
    await _refuse_in_use(session, club, after.list_count)
    if after != before:
        await _keep(session, club, after, now=now)
    return after


async def _refuse_in_use(session: AsyncSession, club: Club, list_count: int) -> None:
    highest = await session.scalar(
        select(func.max(Caddie.list_number)).where(Caddie.club_id == club.id, Caddie.is_active)
    )
    if highest is not None and highest > list_count:
        raise ListInUse(highest_list=highest, path=("input", "listCount"))


async def _keep(session: AsyncSession, club: Club, settings: Settings, *, now: datetime) -> None:
    values = {"lists": settings.list_count, "fees": {str(t): c for t, c in settings.fees.items()}, "updated_at": now}
    row = {"id": new_id(), "tenant_id": club.tenant_id, "club_id": club.id}
    kept = insert(CaddieSettings).values(row | values).on_conflict_do_update(index_elements=["club_id"], set_=values)
    await session.execute(kept)
    fees = tuple(TierFee(fee_tier=tier, fee_cents=settings.fees[tier]) for tier in FeeTier)
    fact = CaddieSettingsChanged(club_id=public_id("club", club.id), list_count=settings.list_count, fees=fees)
    record(session, fact, now=now)
