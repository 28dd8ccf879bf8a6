"""Who waits on a waitlist, and is known by another id from now on."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.waitlist.problems import AlreadyOnWaitlist
from kit.ids import public_id
from models.tee_sheet.waitlist import WaitlistEntry, WaitlistStatus


async def lock_entries(session: AsyncSession, player_ids: Collection[UUID]) -> list[WaitlistEntry]:
    """Lock all that players wait for, or have waited for."""
    rows = select(WaitlistEntry).where(WaitlistEntry.player_id.in_(player_ids)).order_by(WaitlistEntry.id)
    locked = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(await session.scalars(locked))


async def reassign_entries(
    session: AsyncSession, entries: Sequence[WaitlistEntry], *, player_id: UUID, to_id: UUID
) -> None:
    """Let what a player waits for be another's, who is locked with them. `entries` are those of both, and locked.

    Raises AlreadyOnWaitlist where both wait for the same sheet.
    """
    waiting = {e.sheet_id: e.id for e in entries if e.player_id == to_id and e.status is WaitlistStatus.WAITING}
    for entry in (entry for entry in entries if entry.player_id == player_id):
        if entry.status is WaitlistStatus.WAITING and entry.sheet_id in waiting:
            raise AlreadyOnWaitlist(
                message="Both wait for the same day; let one of them leave the waitlist first.",
                entry_id=public_id("waitlist_entry", entry.id),
                path=("input", "otherPlayerId"),
            )
        entry.player_id = to_id
    await session.flush()
