"""Which lines of work are related: as the program has it, unless a tenant has said otherwise."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import find_me
from domain.matching.blocks import refuse_unless_admins
from domain.matching.facts import INDUSTRIES
from domain.matching.feed_facts import tell_outdated
from domain.matching.score import HIGH, LOW, MEDIUM, RELATIONS, Relations
from events.log import record
from events.matching.golfers import IndustriesRelated
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from models.matching.relations import IndustryRelation
from models.matching.values import Industry, RelationStrength

POINTS: Mapping[RelationStrength, int] = MappingProxyType(
    {
        RelationStrength.HIGH: HIGH,
        RelationStrength.MEDIUM: MEDIUM,
        RelationStrength.LOW: LOW,
        RelationStrength.NONE: 0,
    }
)
STRENGTHS = {points: strength for strength, points in POINTS.items()}
OWN = select(IndustryRelation.one, IndustryRelation.other, IndustryRelation.strength)


async def read_relations(session: AsyncSession) -> Relations:
    """Read the points of related lines of work."""
    own = {frozenset({one, other}): POINTS[strength] for one, other, strength in await session.execute(OWN)}
    return {**RELATIONS, **own}


async def list_relations(session: AsyncSession, *, viewer: Viewer) -> list[tuple[Industry, Industry, RelationStrength]]:
    """List which lines of work are related, each two once. Raises NotAllowed, ProfileMissing, GolferSuspended."""
    await find_me(session, viewer=viewer)
    return shown_relations(await read_relations(session))


def shown_relations(relations: Relations) -> list[tuple[Industry, Industry, RelationStrength]]:
    """Give related lines of work, each two once, in the order of the lines of work."""
    pairs = [(one, other) for n, one in enumerate(INDUSTRIES) for other in INDUSTRIES[n + 1 :]]
    found = [(one, other, relations.get(frozenset({one, other}), 0)) for one, other in pairs]
    return [(one, other, STRENGTHS[points]) for one, other, points in found if points]


async def set_industry_relation(
    session: AsyncSession,
    *,
    viewer: Viewer,
    industry: Industry,
    other_industry: Industry,
    strength: RelationStrength,
    now: datetime,
) -> list[tuple[Industry, Industry, RelationStrength]]:
    """Say how much two lines of work have in common, for all golfers of the tenant: by an admin.

    Raises NotAllowed, InvalidInput.
    """
    refuse_unless_admins(viewer)
    if industry is other_industry:
        message = "A line of work is always the same as itself; choose two."
        raise InvalidInput(message=message, path=("input", "otherIndustry"))
    one, other = sorted((industry, other_industry), key=lambda each: each.value)
    said = insert(IndustryRelation).values(
        id=new_id(), tenant_id=viewer.tenant_id, one=one, other=other, strength=strength
    )
    columns = ["tenant_id", "one", "other"]
    await session.execute(said.on_conflict_do_update(index_elements=columns, set_={"strength": strength}))
    record(session, IndustriesRelated(tenant_id=public_id("tenant", viewer.tenant_id)), now=now)
    tell_outdated(session, viewer.tenant_id, industries=(one, other), now=now)
    return shown_relations(await read_relations(session))
