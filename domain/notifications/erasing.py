"""Forgetting what users were told, and what others were told of them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from domain.notifications.texts import texts_of
from events.log import record
from events.notifications import NotificationsRemoved, NotificationText, stream_id_of
from kit.ids import public_id
from models.clubs.tables import Player
from models.deliveries import Contact, PushDevice
from models.notifications import Notification

SOONEST = timedelta(microseconds=1)
USER = bindparam("user", type_=Text)
TOLD = delete(Notification).where(Notification.user_id == USER)
WAYS = tuple(delete(kind).where(kind.user_id == USER) for kind in (Contact, PushDevice))
IS_PLAYER = select(exists().where(Player.user_id == USER, Player.merged_into_id.is_(None)))
RENAME = (
    update(Notification)
    .where(Notification.data["golfer_id"].astext == bindparam("golfer", type_=Text))
    .values(data=Notification.data.op("||")(bindparam("said", type_=JSONB)))
    .returning(Notification.id, Notification.user_id)
)
BY_ID = select(Notification).where(Notification.id == any_(bindparam("ids", type_=ARRAY(Uuid))))


async def forget_user(session: AsyncSession, *, tenant_id: UUID, user_id: str, now: datetime) -> None:
    """Remove all that a user was told, with what is still to be sent, and their addresses and devices.

    The ways to reach them stay where a club knows the user as a player: it tells them of their bookings by these.
    """
    is_player = await session.scalar(IS_PLAYER, {"user": user_id})
    for statement in (TOLD, *(() if is_player else WAYS)):
        await session.execute(statement.execution_options(synchronize_session=False), {"user": user_id})
    told = NotificationsRemoved(
        user_id=stream_id_of(tenant_id, user_id), created_before=now + SOONEST, read_before=now + SOONEST
    )
    record(session, told, now=now)


async def rename_golfer(session: AsyncSession, *, golfer_id: str, name: str) -> dict[str, list[str]]:
    """Let what others were told of a golfer say another name, and no employer.

    Gives the notifications by the streams of their users, as public ids.
    """
    said: Mapping[str, Any] = {"golfer": name, "employer": None}
    renamed = RENAME.execution_options(synchronize_session=False)
    found: dict[str, list[str]] = {}
    for row in await session.execute(renamed, {"golfer": golfer_id, "said": said}):
        of_user = found.setdefault(stream_id_of(session.info["tenant_id"], row.user_id), [])
        of_user.append(public_id("notification", row.id))
    return found


async def texts_by_id(
    session: AsyncSession, ids: Collection[UUID], *, now: datetime
) -> dict[str, tuple[NotificationText, ...]]:
    """Write what notifications say, in each language, by their public ids; those that are gone are left out."""
    rows = await session.scalars(BY_ID, {"ids": list(ids)}) if ids else ()
    return {public_id("notification", row.id): texts_of(row.kind, row.data, now=now) for row in rows}
