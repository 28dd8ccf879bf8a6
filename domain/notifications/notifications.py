"""Telling people, and what they do with it. Each sees their own notifications, and nobody else's."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications.kinds import WAYS
from domain.notifications.texts import texts_of
from events.cursor import Cursor
from events.log import read_cursor, record
from events.notifications import NotificationCreated, NotificationsRead, NotificationsRemoved, stream_id_of, user_stream
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from kit.jobs import gather
from models.clubs.tables import Player
from models.notifications import Notification, NotificationKind

KEPT = timedelta(days=90)
KEPT_WHEN_READ = timedelta(days=30)
"""From when it was read; and from the beginning, what no application shows."""
OLD = "created_at < :created OR read_at < :read OR (NOT is_shown AND created_at < :read)"
WITH_OLD = text(f"SELECT DISTINCT tenant_id, user_id FROM notifications WHERE {OLD} ORDER BY 1, 2")
REMOVE_OLD = text(f"DELETE FROM notifications WHERE user_id = :user_id AND ({OLD}) RETURNING is_shown")
REFERENCES = ("club_id", "course_id", "date", "booking_id", "tee_time_id", "offer_id")
"""What a notification's data may refer to, as public ids and an ISO date."""
ROUTE = "route_notifications"
"""Deciding by which ways notifications are sent, as a job of `ids`."""
TELL = "tell_many"
"""Telling many users the same, as a job of `ids`."""
MOST_AT_ONCE = 100
"""Notifications that can be named in one request."""


async def notify(
    session: AsyncSession,
    *,
    tenant_id: UUID,
    kind: NotificationKind,
    data: Mapping[str, Any],
    users: Iterable[str] = (),
    players: Iterable[UUID] = (),
    subject: str | None = None,
    now: datetime,
) -> list[Notification]:
    """Tell users, and the users that players are, each once; if, and only if, the session's transaction commits.

    `subject` names what it is about, such as a booking with its start: whoever was told of it by this kind already, by
    whatever transaction, is not told again. Without one, it is news. Gives what was told.

    `users` are the `sub`s of tokens; an empty one is nobody, and a player without an account is not told. `data` holds
    what the text of the kind needs (see `texts.py`), and REFERENCES as public ids. To be called after the change's own
    facts are recorded, so that the cursor of the change is one of theirs.
    """
    wanted = {user for user in (*users, *await _users_of(session, players)) if user}
    rows = [_row(tenant_id, user, kind, data, subject, now=now) for user in sorted(wanted)]
    if subject is None:
        session.add_all(rows)
    else:
        rows = await _first_of(session, rows)
    gather(session, ROUTE, (str(row.id) for row in rows))
    if WAYS[kind].is_shown:
        _record(session, rows, now=now)
    return rows


def _row(
    tenant_id: UUID,
    user_id: str,
    kind: NotificationKind,
    data: Mapping[str, Any],
    subject: str | None,
    *,
    now: datetime,
) -> Notification:
    key = new_id()
    return Notification(
        id=key,
        tenant_id=tenant_id,
        user_id=user_id,
        kind=kind,
        subject=str(key) if subject is None else subject,
        data=dict(data),
        is_shown=WAYS[kind].is_shown,
        created_at=now,
    )


async def _first_of(session: AsyncSession, rows: Sequence[Notification]) -> list[Notification]:
    """Keep those that are the first of their subject. Who tells of the same meanwhile is waited for."""
    if not rows:
        return []
    names = ("id", "tenant_id", "user_id", "kind", "subject", "data", "is_shown", "created_at")
    values = [{name: getattr(row, name) for name in names} for row in rows]
    first = insert(Notification).values(values).on_conflict_do_nothing().returning(Notification.id)
    kept = set(await session.scalars(first))
    return [row for row in rows if row.id in kept]


def _record(session: AsyncSession, rows: Sequence[Notification], *, now: datetime) -> None:
    if not rows:
        return
    kind, data = rows[0].kind, rows[0].data
    texts = texts_of(kind, data, now=now)
    about = {name: data[name] for name in REFERENCES if data.get(name) is not None}
    for row in rows:
        told = NotificationCreated(
            user_id=stream_id_of(row.tenant_id, row.user_id),
            notification_id=public_id("notification", row.id),
            kind=kind,
            title=texts[0].title,
            body=texts[0].body,
            texts=texts,
            **about,
        )
        record(session, told, now=now)


async def tell_many(
    session: AsyncSession,
    *,
    kind: NotificationKind,
    data: Mapping[str, Any],
    users: Iterable[str],
    subject: str,
) -> None:
    """Tell any number of users, in jobs of 200 behind the change: it waits for none of them.

    A job that is done again tells nobody twice.
    """
    gather(session, TELL, sorted(set(users)), kind=kind.value, data=dict(data), subject=subject)


async def _users_of(session: AsyncSession, players: Iterable[UUID]) -> list[str]:
    wanted = set(players)
    if not wanted:
        return []
    found = await session.scalars(select(Player.user_id).where(Player.id.in_(wanted), Player.user_id.is_not(None)))
    return [user for user in found if user is not None]


def stream_of(viewer: Viewer) -> str:
    """Name the viewer's own stream."""
    return user_stream(stream_id_of(viewer.tenant_id, viewer.user_id))


async def own_cursor(session: AsyncSession, *, viewer: Viewer) -> Cursor:
    """Give the place in the viewer's own stream up to which the session's snapshot shows everything."""
    return await read_cursor(session, stream_of(viewer))


async def find_notification(session: AsyncSession, *, viewer: Viewer, notification_id: UUID) -> Notification:
    """Find a notification of the viewer's own. Raises NotFound."""
    row = await session.get(Notification, notification_id)
    if row is None or row.user_id != viewer.user_id or not row.is_shown:
        raise NotFound(message="There is no such notification, or it is not yours.")
    return row


async def own_notifications(
    session: AsyncSession, *, viewer: Viewer, before: UUID | None, unread_only: bool, limit: int
) -> list[Notification]:
    """Read the viewer's notifications, newest first: at most `limit` of them, older than one of them if it is given."""
    rows = select(Notification).where(Notification.user_id == viewer.user_id, Notification.is_shown)
    if before is not None:
        rows = rows.where(Notification.id < before)
    if unread_only:
        rows = rows.where(Notification.read_at.is_(None))
    return list(await session.scalars(rows.order_by(Notification.id.desc()).limit(limit)))


async def count_unread(session: AsyncSession, *, viewer: Viewer) -> int:
    """Count the viewer's notifications that are unread."""
    mine = (Notification.user_id == viewer.user_id, Notification.is_shown)
    unread = select(func.count()).where(*mine, Notification.read_at.is_(None))
    return int(await session.scalar(unread) or 0)


async def mark_read(
    session: AsyncSession, *, viewer: Viewer, notification_ids: Collection[UUID] | None, now: datetime
) -> int:
    """Note that the viewer has read some of their notifications, or all of them; gives how many are unread still.

    Those that were read before keep their time. Raises NotFound for one that is not the viewer's, InvalidInput for more
    than 100.
    """
    mine = and_(Notification.user_id == viewer.user_id, Notification.is_shown)
    if notification_ids is not None:
        mine &= Notification.id.in_(await _own(session, viewer, set(notification_ids)))
    unread = select(Notification.id).where(mine, Notification.read_at.is_(None)).order_by(Notification.id)
    locked = list(await session.scalars(unread.with_for_update()))  # in one order, so that two screens cannot deadlock
    if locked:
        await session.execute(update(Notification).where(Notification.id.in_(locked)).values(read_at=now))
        ids = tuple(public_id("notification", one) for one in locked)
        user = stream_id_of(viewer.tenant_id, viewer.user_id)
        record(session, NotificationsRead(user_id=user, notification_ids=ids, read_at=now), now=now)
    return await count_unread(session, viewer=viewer)


async def _own(session: AsyncSession, viewer: Viewer, wanted: set[UUID]) -> set[UUID]:
    if len(wanted) > MOST_AT_ONCE:
        path = ("input", "notificationIds")
        raise InvalidInput(message=f"Name at most {MOST_AT_ONCE} notifications, or none to mean all.", path=path)
    mine = select(Notification.id).where(
        Notification.user_id == viewer.user_id, Notification.is_shown, Notification.id.in_(wanted)
    )
    if set(await session.scalars(mine)) != wanted:
        raise NotFound(message="There is no such notification, or it is not yours.")
    return wanted


async def users_with_old(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, str]]:
    """List whose notifications are past their time, of all tenants, as tenant and user."""
    return [(row.tenant_id, row.user_id) for row in await session.execute(WITH_OLD, _before(now))]


async def remove_old(session: AsyncSession, *, tenant_id: UUID, user_id: str, now: datetime) -> None:
    """Remove a user's notifications that are past their time, and tell the user's screens of those that they show.

    That is 90 days, 30 from when it was read, and 30 for what was sent alone: nobody will read it.
    """
    before = _before(now)
    gone = await session.scalars(REMOVE_OLD, {"user_id": user_id, **before})
    if any(gone):
        told = NotificationsRemoved(
            user_id=stream_id_of(tenant_id, user_id), created_before=before["created"], read_before=before["read"]
        )
        record(session, told, now=now)


def _before(now: datetime) -> dict[str, datetime]:
    return {"created": now - KEPT, "read": now - KEPT_WHEN_READ}
