"""Two entries of one person made one: what the club knows of them, and who names them as host or buddy."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.players.fields import apply
from domain.players.problems import PlayerMerged
from kit.errors import InvalidInput
from kit.ids import public_id
from models.clubs.players import Buddy
from models.clubs.tables import Player

TAKEN_OVER = ("member_number", "phone", "email", "birth_date", "household", "host_id", "user_id")
"""What the one who stays takes over from the other, where they have none of it themselves."""
LONGEST_NOTES = 2000


async def lock_both(session: AsyncSession, *, kept_id: UUID, other_id: UUID) -> tuple[Player, Player]:
    """Lock two players of a club that is locked, in the order of their ids, so that nobody is booked as either.

    Raises InvalidInput for one and the same, and for two with accounts, PlayerMerged.
    """
    path = ("input", "otherPlayerId")
    if kept_id == other_id:
        raise InvalidInput(message="Choose two different players.", path=path)
    rows = select(Player).where(Player.id.in_([kept_id, other_id])).order_by(Player.id).with_for_update()
    found = {row.id: row for row in await session.scalars(rows.execution_options(populate_existing=True))}
    kept, other = found[kept_id], found[other_id]
    for player in (kept, other):
        if player.merged_into_id is not None:
            raise PlayerMerged(player_id=public_id("player", player.merged_into_id))
    if kept.user_id and other.user_id:
        message = "Both have an account; take it off one of them by updatePlayer, and merge them then."
        raise InvalidInput(message=message, path=path)
    return kept, other


async def take_over(session: AsyncSession, kept: Player, other: Player) -> tuple[str, ...]:
    """Give to the one who stays what the other has beyond them; gives the fields that changed."""
    values: dict[str, Any] = {
        name: getattr(other, name) for name in TAKEN_OVER if not getattr(kept, name) and getattr(other, name)
    }
    if values.get("host_id") == kept.id:
        del values["host_id"]
    if kept.host_id == other.id:
        values["host_id"] = None
    if other.notes and other.notes not in kept.notes:
        values["notes"] = f"{kept.notes}\n{other.notes}".strip()[:LONGEST_NOTES]
    apply(other, {"user_id": None, "member_number": None, "is_active": False})
    other.merged_into_id = kept.id
    await session.flush()  # numbers and accounts are one player's: the other lets them go first
    changes = apply(kept, values)
    await session.execute(update(Player).where(Player.host_id == other.id).values(host_id=kept.id))
    await _take_over_buddies(session, kept, other)
    return changes


async def _take_over_buddies(session: AsyncSession, kept: Player, other: Player) -> None:
    """Let the buddies of the other be those of the one who stays, unless they are already."""
    rows = select(Buddy).where(or_(*(of.in_([kept.id, other.id]) for of in (Buddy.lower_id, Buddy.upper_id))))
    pairs = list(await session.scalars(rows.order_by(Buddy.id).with_for_update()))
    having = {pair.other_than(kept.id) for pair in pairs if kept.id in {pair.lower_id, pair.upper_id}}
    ending = []
    for pair in pairs:
        if other.id not in {pair.lower_id, pair.upper_id}:
            continue
        buddy = pair.other_than(other.id)
        if buddy == kept.id or buddy in having:
            ending.append(pair.id)
            continue
        pair.asked_by_id = kept.id if pair.asked_by_id == other.id else pair.asked_by_id
        pair.lower_id, pair.upper_id = sorted((kept.id, buddy))
    await session.flush()
    await session.execute(delete(Buddy).where(Buddy.id.in_(ending)))
