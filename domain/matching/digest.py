"""The digest of a week: on Sunday evening, by the clock of each golfer, the tee times that suit them best."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, DateTime, Text, Uuid, all_, any_, bindparam, exists, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.best import best_for_each
from domain.notifications.kinds import mute_key
from domain.notifications.notifications import notify
from kit.ids import public_id
from kit.jobs import gather
from kit.transactions import PLAN_FOR_VALUES
from models.deliveries import Contact, DeliveryChannel
from models.matching.golfers import Golfer, GolferConnection
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.messages import Message
from models.notifications import Notification, NotificationKind

DIGEST = "write_digests"
"""Writing the digest of a week to golfers, as a job of `ids`."""
KIND = NotificationKind.WEEKLY_DIGEST
SUNDAY, BEGINS, ENDS = 6, time(18), time(6)
"""From Sunday at 18:00 to Monday at 6:00, so that what a worker has missed is caught up."""
AHEAD, ACTIVE = timedelta(days=7), timedelta(days=30)
MOST = 5
ZONES = text("SELECT DISTINCT tenant_id, time_zone FROM golfers ORDER BY 1, 2")
SINCE = bindparam("since", type_=DateTime(timezone=True))
IS_ACTIVE = or_(
    Golfer.updated_at > SINCE,
    exists().where(Participation.golfer_id == Golfer.id, Participation.updated_at > SINCE),
    exists().where(Message.golfer_id == Golfer.id, Message.created_at > SINCE),
    exists().where(GolferConnection.golfer_id == Golfer.id, GolferConnection.created_at > SINCE),
    exists().where(Notification.user_id == Golfer.user_id, Notification.read_at > SINCE),
)
"""Whether a golfer has done anything here lately."""
NOT_YET = ~exists().where(
    Notification.user_id == Golfer.user_id,
    Notification.kind == KIND,
    Notification.subject == bindparam("subject", type_=Text),
)
READERS = (
    select(Golfer.id)
    .join(Contact, Contact.user_id == Golfer.user_id)
    .where(
        Golfer.time_zone == bindparam("time_zone", type_=Text),
        Golfer.suspended_at.is_(None),
        Contact.email.is_not(None),
        literal(mute_key(KIND, DeliveryChannel.EMAIL)) != all_(Contact.muted),
        IS_ACTIVE,
        NOT_YET,
    )
    .order_by(Golfer.id)
)
BY_ID = select(Golfer).where(Golfer.id == any_(bindparam("ids", type_=ARRAY(Uuid))), NOT_YET).order_by(Golfer.id)


def sunday_of(zone: str, *, now: datetime) -> date | None:
    """Tell of which Sunday a digest is due where a zone is; none at other times of the week."""
    local = now.astimezone(ZoneInfo(zone))
    if local.weekday() == SUNDAY and local.time() >= BEGINS:
        return local.date()
    before = local.date() - timedelta(days=1)
    return before if before.weekday() == SUNDAY and local.time() < ENDS else None


async def due_zones(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, str]]:
    """Find where a digest is due, of all tenants, as tenant and zone."""
    rows = await session.execute(ZONES)
    return [(row.tenant_id, row.time_zone) for row in rows if sunday_of(row.time_zone, now=now)]


async def find_readers(session: AsyncSession, *, time_zone: str, now: datetime) -> None:
    """Have a digest written to the golfers of a zone who want it and have not got this Sunday's: in jobs of 200."""
    sunday = sunday_of(time_zone, now=now)
    if sunday is None:
        return
    given = {"time_zone": time_zone, "since": now - ACTIVE, "subject": sunday.isoformat()}
    ids = await session.scalars(READERS, given)
    gather(session, DIGEST, [str(one) for one in ids], sunday=sunday.isoformat())


async def write_digests(
    session: AsyncSession, *, tenant_id: UUID, ids: Sequence[str], sunday: str, now: datetime
) -> None:
    """Write the digest of a Sunday to golfers: the best of the next seven days. Who has none to join gets none.

    Done again, or by several, each gets it once.
    """
    golfers = list(await session.scalars(BY_ID, {"ids": [UUID(one) for one in ids], "subject": sunday}))
    await session.execute(PLAN_FOR_VALUES)
    best = await best_for_each(session, [one.id for one in golfers], until=now + AHEAD, most=MOST, now=now)
    for golfer in golfers:
        if found := best[golfer.id]:
            data = {"tee_times": [_listed(row) for row in found]}
            about: dict[str, Any] = {"users": [golfer.user_id], "subject": sunday}
            await notify(session, tenant_id=tenant_id, kind=KIND, data=data, now=now, **about)


def _listed(row: HostedTeeTime) -> dict[str, Any]:
    local = row.starts_at.astimezone(ZoneInfo(row.time_zone))
    return {
        "tee_time_id": public_id("hosted_tee_time", row.id),
        "course": row.place_name,
        "date": local.date().isoformat(),
        "time": f"{local:%H:%M}",
    }
