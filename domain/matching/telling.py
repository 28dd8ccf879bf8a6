"""Telling golfers of tee times that may suit them: behind the change, in jobs, however many there are.

A golfer is told of a new tee time at once, and of those that come within some minutes after it as one. These minutes
are the golfer's window. Its row lock orders who adds to it and who ends it, so that none is left behind.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.matching.facts import hosted_id
from domain.matching.suggestions import best_for, whom_to_tell
from domain.notifications.notifications import notify
from kit.ids import new_id
from kit.jobs import defer, gather
from kit.transactions import PLAN_FOR_VALUES
from models.matching.golfers import Golfer, GolferBlock
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.news import NewsWindow, TeeTimeNews
from models.matching.values import HostedStatus, Industry, PartStatus
from models.notifications import NotificationKind

FIND_WHOM = "find_whom_to_tell"
"""Finding those who are to be told of a new tee time, as a job of `id`."""
TELL_NEW = "tell_of_new_tee_time"
"""Telling some of them, as a job of `ids`."""
TELL_TOGETHER = "tell_of_tee_times_together"
"""Ending the windows of some golfers, as a job of `ids`."""
TELL_PLACE = "tell_of_free_place"
"""Telling those whom a place suits best that came free, as a job of `id`."""
SUGGESTED = 10
"""Golfers who are told of a place that came free."""
LATE = 2
"""After so many times its length, a window counts as ended that nobody has ended."""
KEPT = timedelta(days=30)
"""How long it is known that somebody was told of a tee time."""

IDS = bindparam("ids", type_=ARRAY(Uuid))
HOST = aliased(Golfer)
WITH_HOST = (
    select(HostedTeeTime, HOST)
    .join(HOST, HOST.id == HostedTeeTime.host_id)
    .where(HostedTeeTime.id == bindparam("tee_time_id", type_=Uuid))
)
HAS_PART = exists().where(
    Participation.tee_time_id == HostedTeeTime.id,
    Participation.golfer_id == Golfer.id,
    Participation.status.in_((PartStatus.JOINED, PartStatus.REQUESTED)),
)
IS_BLOCKED = exists().where(
    or_(
        (GolferBlock.golfer_id == HostedTeeTime.host_id) & (GolferBlock.other_id == Golfer.id),
        (GolferBlock.other_id == HostedTeeTime.host_id) & (GolferBlock.golfer_id == Golfer.id),
    )
)
STILL_FOR = (Golfer.suspended_at.is_(None), ~HAS_PART, ~IS_BLOCKED)
"""Whom a tee time still is for."""
CONCERNED = (
    select(Golfer.id, Golfer.user_id)
    .join(HostedTeeTime, HostedTeeTime.id == bindparam("tee_time_id", type_=Uuid))
    .where(Golfer.id == any_(IDS), *STILL_FOR)
    .order_by(Golfer.id)
)
WINDOWS = select(NewsWindow).where(NewsWindow.golfer_id == any_(IDS)).order_by(NewsWindow.golfer_id).with_for_update()
ENDING = WINDOWS.where(NewsWindow.is_open, NewsWindow.starts_at == bindparam("since", type_=DateTime(timezone=True)))
WAITING = (
    select(TeeTimeNews.industry, Golfer.user_id, HostedTeeTime)
    .join(Golfer, Golfer.id == TeeTimeNews.golfer_id)
    .join(HostedTeeTime, HostedTeeTime.id == TeeTimeNews.tee_time_id)
    .join(HOST, HOST.id == HostedTeeTime.host_id)
    .where(
        TeeTimeNews.golfer_id == any_(IDS),
        TeeTimeNews.told_at.is_(None),
        HostedTeeTime.status == HostedStatus.OPEN,
        HostedTeeTime.starts_at > bindparam("now", type_=DateTime(timezone=True)),
        HOST.suspended_at.is_(None),
        *STILL_FOR,
    )
    .order_by(HostedTeeTime.starts_at, HostedTeeTime.id)
)

JOINABLE = (
    select(HostedTeeTime.id)
    .join(HOST, HOST.id == HostedTeeTime.host_id)
    .join(Golfer, Golfer.user_id == bindparam("user_id"))
    .where(
        HostedTeeTime.id == any_(IDS),
        HostedTeeTime.status == HostedStatus.OPEN,
        HostedTeeTime.starts_at > bindparam("now", type_=DateTime(timezone=True)),
        HOST.suspended_at.is_(None),
        *STILL_FOR,
    )
    .limit(1)
)
"""Of some tee times one that a user could join."""


@dataclass(frozen=True)
class News:
    """A tee time, and the line of work that it is news for."""

    row: HostedTeeTime
    industry: Industry


async def find_whom(session: AsyncSession, *, tee_time_id: UUID, now: datetime) -> None:
    """Have those told of a new tee time whose line of work it is for, within 100 km, in jobs of 200."""
    found = await _open_one(session, tee_time_id, now=now)
    if found is None:
        return
    await session.execute(PLAN_FOR_VALUES)
    for golfer_id, industry in await whom_to_tell(session, *found):
        gather(session, TELL_NEW, [str(golfer_id)], tee_time_id=str(tee_time_id), industry=industry.value)


async def _open_one(session: AsyncSession, tee_time_id: UUID, *, now: datetime) -> tuple[HostedTeeTime, Golfer] | None:
    found = (await session.execute(WITH_HOST, {"tee_time_id": tee_time_id})).one_or_none()
    if found is None:
        return None
    row, host = found
    is_open = row.status is HostedStatus.OPEN and row.starts_at > now and host.suspended_at is None
    return (row, host) if is_open else None


async def tell_of_new(
    session: AsyncSession,
    *,
    golfer_ids: Collection[UUID],
    tee_time_id: UUID,
    industry: Industry,
    within: timedelta,
    now: datetime,
) -> None:
    """Tell golfers of a new tee time: at once, or with those that come within a while after the one told last.

    Whoever has heard of it already, by whatever job, does not again.
    """
    found = await _open_one(session, tee_time_id, now=now)
    given = {"ids": sorted(golfer_ids), "tee_time_id": tee_time_id}
    users = {one.id: one.user_id for one in await session.execute(CONCERNED, given)} if found else {}
    if found is None or not users:
        return
    windows = await _lock_windows(session, list(users), now=now)
    at_once = {key for key, one in windows.items() if not one.is_open or one.starts_at + LATE * within <= now}
    fresh = await _note(session, users, at_once, tee_time_id, industry, now=now)
    first = sorted(fresh & at_once)
    if not first:
        return
    for key in first:
        windows[key].is_open, windows[key].starts_at = True, now
    await _tell(session, [News(found[0], industry)], [users[key] for key in first], hosted_id(found[0]), now=now)
    ids = [str(key) for key in first]
    await defer(session, TELL_TOGETHER, at=now + within, now=now, ids=ids, since=now.isoformat())


async def _lock_windows(session: AsyncSession, golfers: Sequence[UUID], *, now: datetime) -> dict[UUID, NewsWindow]:
    tenant_id = session.info["tenant_id"]
    values = [
        {"id": new_id(), "tenant_id": tenant_id, "golfer_id": key, "starts_at": now, "is_open": False}
        for key in golfers
    ]
    await session.execute(insert(NewsWindow).values(values).on_conflict_do_nothing())
    return {row.golfer_id: row for row in await session.scalars(WINDOWS, {"ids": list(golfers)})}


async def _note(
    session: AsyncSession,
    golfers: Collection[UUID],
    at_once: Collection[UUID],
    tee_time_id: UUID,
    industry: Industry,
    *,
    now: datetime,
) -> set[UUID]:
    """Note who hears of a tee time, now or later. Gives those for whom it is news."""
    about = {"tenant_id": session.info["tenant_id"], "tee_time_id": tee_time_id, "industry": industry}
    values = [
        {"id": new_id(), "golfer_id": key, "told_at": now if key in at_once else None, "created_at": now, **about}
        for key in golfers
    ]
    noted = insert(TeeTimeNews).values(values).on_conflict_do_nothing().returning(TeeTimeNews.golfer_id)
    return set(await session.scalars(noted))


async def tell_together(session: AsyncSession, *, golfer_ids: Collection[UUID], since: datetime, now: datetime) -> None:
    """End the windows that began at a moment, and tell their golfers of what came meanwhile, as one."""
    windows = list(await session.scalars(ENDING, {"ids": sorted(golfer_ids), "since": since}))
    golfers = [one.golfer_id for one in windows]
    if not golfers:
        return
    for_user: defaultdict[str, list[News]] = defaultdict(list)
    for industry, user_id, row in await session.execute(WAITING, {"ids": golfers, "now": now}):
        for_user[user_id].append(News(row, industry))
    mine = TeeTimeNews.golfer_id.in_(golfers)
    waiting = update(TeeTimeNews).where(mine, TeeTimeNews.told_at.is_(None)).values(told_at=now)
    old = delete(TeeTimeNews).where(mine, TeeTimeNews.created_at < now - KEPT)
    for statement in (waiting, old):
        await session.execute(statement.execution_options(synchronize_session=False))
    for window in windows:
        window.is_open = False
    alike: defaultdict[tuple[UUID, ...], list[str]] = defaultdict(list)
    for user_id, news in for_user.items():
        alike[tuple(one.row.id for one in news)].append(user_id)
    for users in alike.values():
        await _tell(session, for_user[users[0]], users, f"window {since.isoformat()}", now=now)


async def _tell(
    session: AsyncSession, news: Sequence[News], users: Sequence[str], subject: str, *, now: datetime
) -> None:
    """Tell users of tee times that are news for them, those that start first before others."""
    first = news[0]
    more = {"industry": first.industry.value, "count": len(news)}
    if len(news) > 1:
        more["tee_times"] = [start_of(one.row) | {"tee_time_id": hosted_id(one.row)} for one in news]
    data = about(first.row) | more | {"ends_at": news[-1].row.starts_at.isoformat()}
    kind = NotificationKind.NEW_TEE_TIMES
    await notify(session, tenant_id=first.row.tenant_id, kind=kind, data=data, users=users, subject=subject, now=now)


def start_of(row: HostedTeeTime) -> dict[str, Any]:
    """Say where and when a tee time starts, as texts say it."""
    local = row.starts_at.astimezone(ZoneInfo(row.time_zone))
    when = {"date": local.date().isoformat(), "time": f"{local:%H:%M}", "time_zone": row.time_zone}
    return {"course": row.place_name, **when}


def about(row: HostedTeeTime) -> dict[str, Any]:
    """Say what a notification of an open tee time says of it, and until when it makes sense."""
    ends = {"tee_time_id": hosted_id(row), "ends_at": row.starts_at.isoformat()}
    return {**start_of(row), "places": row.open_places, **ends}


async def tell_of_place(session: AsyncSession, *, tee_time_id: UUID, since: str, now: datetime) -> None:
    """Tell the ten whom a tee time suits best that a place has come free, once for each time that one has."""
    found = await _open_one(session, tee_time_id, now=now)
    if found is None:
        return
    row, host = found
    users = [one.known.golfer.user_id for one in await best_for(session, row, host, most=SUGGESTED, now=now)]
    subject, kind = f"{hosted_id(row)} {since}", NotificationKind.SLOT_OPEN
    await notify(session, tenant_id=row.tenant_id, kind=kind, data=about(row), users=users, subject=subject, now=now)
