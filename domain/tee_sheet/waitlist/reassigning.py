"""Who waits on a waitlist, and is known by another id from now on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.waitlist.problems import AlreadyOnWaitlist
from kit.ids import public_id
from models.tee_sheet.waitlist import WaitlistEntry, WaitlistStatus


async def reassign_entries(session: AsyncSession, *, player_id: UUID, to_id: UUID) -> None:
    """Let what a player waits for be another's, who is locked with them.

    Raises AlreadyOnWaitlist where both wait for the same sheet.
    """
    rows = select(WaitlistEntry).where(WaitlistEntry.player_id.in_([player_id, to_id])).order_by(WaitlistEntry.id)
    entries = list(await session.scalars(rows.with_for_update(key_share=True)))
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
