"""Messages that are reported to those who run the clubs, and that these hide, or let be read again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.blocks import LONGEST_REASON, refuse_unless_admins
from domain.matching.chat import Said, find_message, find_reported, lock_message, no_such_message, said_of, take_away
from domain.matching.problems import MessageGone, ProfileMissing
from events.log import record
from events.matching.messages import MessageShown
from kit.errors import InvalidInput
from kit.ids import new_id
from kit.text import clean_text
from models.matching.golfers import Golfer, GolferBlock, GolferReport
from models.matching.values import MessageStatus

GOLFER = bindparam("golfer_id", type_=Uuid)
BLOCKED_WITH = union_all(
    select(GolferBlock.other_id).where(GolferBlock.golfer_id == GOLFER),
    select(GolferBlock.golfer_id).where(GolferBlock.other_id == GOLFER),
)
REPORTER = select(Golfer.id).where(Golfer.user_id == bindparam("user_id"))


async def report_message(
    session: AsyncSession, *, viewer: Viewer, message_id: UUID, reason: str, now: datetime
) -> GolferReport:
    """Tell those who run the clubs of a message, which is quoted to them. Who wrote it does not hear of it.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, MessageGone, InvalidInput.
    """
    reason = clean_text(reason, path=("input", "reason"), longest=LONGEST_REASON)
    said = await find_message(session, viewer=viewer, message_id=message_id)
    if said.is_own:
        raise InvalidInput(message="You wrote this message; choose another one.", path=("input", "messageId"))
    if said.row.status is not MessageStatus.SHOWN:
        raise MessageGone(status=said.row.status)
    reporter = await session.scalar(REPORTER, {"user_id": viewer.user_id})
    if reporter is None:
        raise ProfileMissing  # an admin reads what others have reported, and need be no golfer
    report = GolferReport(
        id=new_id(),
        tenant_id=viewer.tenant_id,
        golfer_id=said.row.golfer_id,
        reported_by=reporter,
        reason=reason,
        message_id=said.row.id,
        quote=said.row.text,
        created_at=now,
    )
    session.add(report)
    return report


async def moderate_message(
    session: AsyncSession, *, viewer: Viewer, message_id: UUID, hide: bool, now: datetime
) -> Said:
    """Hide a message that was reported, or let it be read again: by an admin. What it is already is left as it is.

    Raises NotAllowed, NotFound, MessageGone for one that is deleted.
    """
    refuse_unless_admins(viewer)
    said = await find_reported(session, viewer=viewer, message_id=message_id)
    if said is None:
        raise no_such_message()
    row = await lock_message(session, message_id)
    if row.status is MessageStatus.DELETED:
        raise MessageGone(status=row.status)
    if hide and row.status is MessageStatus.SHOWN:
        await take_away(session, row, MessageStatus.HIDDEN, now=now)
    elif not hide and row.status is MessageStatus.HIDDEN:
        row.status, row.updated_at = MessageStatus.SHOWN, now
        blocked: Sequence[UUID] = (await session.scalars(BLOCKED_WITH, {"golfer_id": row.golfer_id})).all()
        record(session, MessageShown(**said_of(row, said.golfer_name, blocked)), now=now)
    return said
