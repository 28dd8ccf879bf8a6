"""Blocks, which work both ways without telling the other, and reports to those who run the clubs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.matching.access import KnownGolfer, find_golfer, find_me, known_to, lock_with, no_such_golfer
from domain.matching.chat import LOCKED, take_away
from domain.matching.connections import end_connection, refuse_oneself
from domain.matching.feed_facts import Listed, lock_listed, tell_listed, tell_outdated
from domain.matching.golfers import tell_changed
from domain.matching.hiding import end_all_rooms, hide_from_each_other
from domain.matching.problems import ReportAnswered
from domain.matching.shown import tell, tell_known
from events.matching.golfers import GolferBlocked, GolferUnblocked
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import new_id
from kit.text import clean_text
from models.matching.golfers import Golfer, GolferBlock, GolferReport
from models.matching.values import ConnectionStatus, MessageStatus, ReportOutcome

LONGEST_REASON = 1_000
PATH = ("input", "golferId")
MINE = (GolferBlock.golfer_id == bindparam("me", type_=Uuid), GolferBlock.other_id == bindparam("other", type_=Uuid))
FIND = select(Golfer).join(GolferBlock, GolferBlock.other_id == Golfer.id).where(*MINE)
REMOVE = delete(GolferBlock).where(*MINE).returning(GolferBlock.id).execution_options(synchronize_session=False)
BLOCKED = (
    select(Golfer)
    .join(GolferBlock, GolferBlock.other_id == Golfer.id)
    .where(GolferBlock.golfer_id == bindparam("me", type_=Uuid))
    .order_by(Golfer.id)
)
WHOM = select(GolferReport.golfer_id).where(GolferReport.id == bindparam("report_id", type_=Uuid))
REPORT = (
    select(GolferReport, Golfer)
    .join(Golfer, Golfer.id == GolferReport.golfer_id)
    .where(GolferReport.id == bindparam("report_id", type_=Uuid))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


async def block_golfer(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID, now: datetime) -> KnownGolfer:
    """Have nothing to do with another golfer any more, nor they with the viewer; a connection ends, and stays ended.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput.
    """
    me, other = await lock_with(session, viewer=viewer, golfer_id=golfer_id)
    refuse_oneself(other)
    await end_connection(session, me, other, now=now)
    block = GolferBlock(id=new_id(), tenant_id=me.tenant_id, golfer_id=me.id, other_id=other.golfer.id, created_at=now)
    session.add(block)
    tell(session, GolferBlocked, me, other.golfer, ConnectionStatus.NONE, now=now)
    tell_changed(session, me, other.golfer, now=now)
    tell_outdated(session, me.tenant_id, me, other.golfer, now=now)
    await hide_from_each_other(session, me, other.golfer, now=now)
    return KnownGolfer(other.golfer, me.id, ConnectionStatus.NONE)


async def unblock_golfer(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID, now: datetime) -> KnownGolfer:
    """Take a block of the viewer's own back. Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound."""
    me = await find_me(session, viewer=viewer)
    given = {"me": me.id, "other": golfer_id}
    other = await session.scalar(FIND, given)
    if other is None or await session.scalar(REMOVE, given) is None:
        await known_to(session, me, golfer_id=golfer_id)
        raise InvalidInput(message="You have not blocked this golfer; choose one whom you have.", path=PATH)
    tell(session, GolferUnblocked, me, other, ConnectionStatus.NONE, now=now)
    tell_changed(session, me, other, now=now)
    tell_outdated(session, me.tenant_id, me, other, now=now)
    return KnownGolfer(other, me.id, ConnectionStatus.NONE)


async def blocked_golfers(session: AsyncSession, *, viewer: Viewer) -> list[KnownGolfer]:
    """List whom the viewer has blocked. Raises NotAllowed, ProfileMissing, GolferSuspended."""
    me = await find_me(session, viewer=viewer)
    return [KnownGolfer(one, me.id, ConnectionStatus.NONE) for one in await session.scalars(BLOCKED, {"me": me.id})]


async def report_golfer(
    session: AsyncSession, *, viewer: Viewer, golfer_id: UUID, reason: str, now: datetime
) -> GolferReport:
    """Tell those who run the clubs of a golfer, who does not hear of it.

    Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, InvalidInput.
    """
    other = await find_golfer(session, viewer=viewer, golfer_id=golfer_id)
    refuse_oneself(other)
    report = GolferReport(
        id=new_id(),
        tenant_id=viewer.tenant_id,
        golfer_id=other.golfer.id,
        reported_by=other.me,
        reason=clean_text(reason, path=("input", "reason"), longest=LONGEST_REASON),
        quote="",
        created_at=now,
    )
    session.add(report)
    return report


async def answer_golfer_report(
    session: AsyncSession, *, viewer: Viewer, report_id: UUID, outcome: ReportOutcome, now: datetime
) -> GolferReport:
    """Decide about a report, once: by an admin. A message that is hidden may have been deleted meanwhile.

    Raises NotAllowed, NotFound, ReportAnswered, InvalidInput for HIDDEN where no message was reported.
    """
    refuse_unless_admins(viewer)
    whom = await session.scalars(WHOM, {"report_id": report_id}) if outcome is ReportOutcome.SUSPENDED else ()
    listed = await lock_listed(session, whom, now=now)
    found = (await session.execute(REPORT, {"report_id": report_id})).one_or_none()
    if found is None:
        raise NotFound(message="There is no such report.")
    report, golfer = found
    if report.outcome is not None:
        raise ReportAnswered(outcome=report.outcome)
    if outcome is ReportOutcome.HIDDEN:
        await _hide(session, report, now=now)
    report.outcome, report.answered_by, report.answered_at = outcome, viewer.user_id, now
    if outcome is ReportOutcome.SUSPENDED and golfer.suspended_at is None:
        golfer.suspended_at = now
        _tell_of_suspension(session, golfer, listed, now=now)
        await end_all_rooms(session, golfer, now=now)
    if golfer.erased_at is not None:
        golfer.is_barred |= outcome is ReportOutcome.SUSPENDED
        report.reason, report.quote, report.message_id = "", "", None
    return report


def _tell_of_suspension(session: AsyncSession, golfer: Golfer, listed: Iterable[Listed], *, now: datetime) -> None:
    tell_changed(session, golfer, now=now)
    tell_outdated(session, golfer.tenant_id, golfer, now=now)
    tell_listed(session, listed, now=now)
    tell_known(session, golfer)


async def _hide(session: AsyncSession, report: GolferReport, *, now: datetime) -> None:
    if report.message_id is None:
        message = "This report is of no message; choose another outcome."
        raise InvalidInput(message=message, path=("input", "outcome"))
    row = await session.scalar(LOCKED, {"message_id": report.message_id})
    if row is not None and row.status is MessageStatus.SHOWN:
        await take_away(session, row, MessageStatus.HIDDEN, now=now)


async def reinstate_golfer(session: AsyncSession, *, viewer: Viewer, golfer_id: UUID, now: datetime) -> KnownGolfer:
    """Take a suspension back: by an admin. Raises NotAllowed, NotFound, InvalidInput."""
    refuse_unless_admins(viewer)
    listed = await lock_listed(session, [golfer_id], now=now)
    golfer = await session.get(Golfer, golfer_id, with_for_update={"key_share": True}, populate_existing=True)
    if golfer is None:
        raise no_such_golfer()
    is_suspended = golfer.is_barred if golfer.erased_at else golfer.suspended_at is not None
    if not is_suspended:
        raise InvalidInput(message="This golfer is not suspended; choose one who is.", path=PATH)
    if golfer.erased_at is not None:
        golfer.is_barred = False  # they may come back; who they were does not
        return KnownGolfer(golfer, golfer.id, ConnectionStatus.NONE)
    golfer.suspended_at = None
    _tell_of_suspension(session, golfer, listed, now=now)
    return KnownGolfer(golfer, golfer.id, ConnectionStatus.NONE)


async def read_reports(
    session: AsyncSession, *, viewer: Viewer, is_open: bool | None, before: UUID | None, limit: int
) -> list[GolferReport]:
    """Read reports, newest first: by an admin. Raises NotAllowed."""
    refuse_unless_admins(viewer)
    rows = select(GolferReport)
    if is_open is not None:
        rows = rows.where(GolferReport.outcome.is_(None) if is_open else GolferReport.outcome.is_not(None))
    if before is not None:
        rows = rows.where(GolferReport.id < before)
    return list(await session.scalars(rows.order_by(GolferReport.id.desc()).limit(limit)))


async def find_report(session: AsyncSession, *, viewer: Viewer, report_id: UUID) -> GolferReport:
    """Find a report: by an admin, or by who made it. Raises NotFound."""
    report = await session.get(GolferReport, report_id)
    if report is not None and not viewer.has(Role.ADMIN):
        me = await session.get(Golfer, report.reported_by)
        report = report if me and me.user_id == viewer.user_id else None
    if report is None:
        raise NotFound(message="There is no such report, or you may not know of it.")
    return report


def refuse_unless_admins(viewer: Viewer) -> None:
    """Let admins through, of whatever club: golfers are the tenant's. Raises NotAllowed."""
    if not viewer.has(Role.ADMIN):
        raise NotAllowed(message="Only the clubs' admins may do this.")
