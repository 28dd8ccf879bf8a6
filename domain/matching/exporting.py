"""All that is kept of a golfer, written out as JSON, by the names of the schema's fields where it has them.

What others have said of the golfer to those who run the clubs, and who has blocked them, is not in it: it is the
others'. Nor are the coordinates, which nobody is shown, nor the keys of devices.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from sqlalchemy import Text, Uuid, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.erasing import find_to_erase
from domain.matching.facts import hosted_id, industries_of
from domain.notifications.texts import text_of
from kit.ids import public_id
from kit.text import camel
from models.clubs.values import Language
from models.deliveries import Contact, Delivery, PushDevice
from models.matching.golfers import Golfer, GolferBlock, GolferConnection, GolferReport
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.messages import Message
from models.matching.ratings import GolferRating
from models.notifications import Notification

GOLFER, USER = bindparam("golfer_id", type_=Uuid), bindparam("user_id", type_=Text)
CONNECTIONS = (
    select(GolferConnection, Golfer)
    .join(
        Golfer, Golfer.id == func.coalesce(func.nullif(GolferConnection.other_id, GOLFER), GolferConnection.golfer_id)
    )
    .where(or_(GolferConnection.golfer_id == GOLFER, GolferConnection.other_id == GOLFER))
    .order_by(GolferConnection.id)
)
BLOCKS = select(GolferBlock).where(GolferBlock.golfer_id == GOLFER).order_by(GolferBlock.id)
REPORTS = select(GolferReport).where(GolferReport.reported_by == GOLFER).order_by(GolferReport.id)
PARTS = (
    select(Participation, HostedTeeTime)
    .join(HostedTeeTime, HostedTeeTime.id == Participation.tee_time_id)
    .where(Participation.golfer_id == GOLFER)
    .order_by(Participation.id)
)
MESSAGES = select(Message).where(Message.golfer_id == GOLFER).order_by(Message.id)
RATINGS = (
    select(GolferRating)
    .where(
        or_(GolferRating.rated_by == GOLFER, (GolferRating.golfer_id == GOLFER) & GolferRating.shown_at.is_not(None))
    )
    .order_by(GolferRating.id)
)
TOLD = select(Notification).where(Notification.user_id == USER).order_by(Notification.id)
SENT = (
    select(Delivery)
    .join(Notification, Notification.id == Delivery.notification_id)
    .where(Notification.user_id == USER)
    .order_by(Delivery.id)
)
CONTACT = select(Contact).where(Contact.user_id == USER)
DEVICES = select(PushDevice).where(PushDevice.user_id == USER).order_by(PushDevice.id)


async def export_golfer(
    session: AsyncSession, *, viewer: Viewer, address_of: Callable[[UUID], str], now: datetime
) -> str:
    """Write out what is kept of the viewer as a golfer, suspended or not; `address_of` says where a picture is.

    Raises NotAllowed, ProfileMissing.
    """
    golfer = await find_to_erase(session, viewer=viewer, golfer_id=None)
    mine, own = {"golfer_id": golfer.id}, {"user_id": golfer.user_id}
    contact: Contact | None = await session.scalar(CONTACT, own)
    language = contact.language if contact else Language.EN
    held = {
        "golfer": _golfer(golfer, address_of),
        "connections": _connections(golfer, await session.execute(CONNECTIONS, mine)),
        "blocks": [_other(row.other_id, row.created_at) for row in await session.scalars(BLOCKS, mine)],
        "reports": [_report(row) for row in await session.scalars(REPORTS, mine)],
        "teeTimes": [_part(*row) for row in await session.execute(PARTS, mine)],
        "messages": [_message(row) for row in await session.scalars(MESSAGES, mine)],
        "ratings": [_rating(golfer, row) for row in await session.scalars(RATINGS, mine)],
        "notifications": [_told(row, language, now=now) for row in await session.scalars(TOLD, own)],
        "deliveries": [_sent(row) for row in await session.scalars(SENT, own)],
        "contact": _contact(contact) if contact else None,
        "pushDevices": _devices((await session.scalars(DEVICES, own)).all()),
    }
    return orjson.dumps(held, option=orjson.OPT_INDENT_2).decode()


def _golfer(golfer: Golfer, address_of: Callable[[UUID], str]) -> dict[str, Any]:
    names = ("name", "headline", "employer", "hides_employer", "industry", "city", "country", "time_zone", "language")
    more = ("handicap_index", "skill_level", "visibility", "suspended_at", "created_at", "updated_at")
    said = {camel(name): getattr(golfer, name) for name in (*names, *more)}
    photo = address_of(golfer.picture_id) if golfer.picture_id else None
    return {"golferId": public_id("golfer", golfer.id), **said, "photoUrl": photo, "hasPlace": golfer.x is not None}


def _connections(golfer: Golfer, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Write each other golfer once, whoever of the two has asked."""
    written: dict[UUID, dict[str, Any]] = {}
    for row, other in rows:
        about = {"golferId": public_id("golfer", other.id), "name": other.name, "asked": False, "wasAsked": False}
        one = written.setdefault(other.id, about)
        one["asked" if row.golfer_id == golfer.id else "wasAsked"] = True
        one |= {"madeAt": row.made_at, "createdAt": row.created_at}
    return list(written.values())


def _other(golfer_id: Any, created_at: datetime) -> dict[str, Any]:
    return {"golferId": public_id("golfer", golfer_id), "createdAt": created_at}


def _report(row: GolferReport) -> dict[str, Any]:
    return {
        "reportId": public_id("golfer_report", row.id),
        "golferId": public_id("golfer", row.golfer_id),
        "messageId": public_id("message", row.message_id) if row.message_id else None,
        "reason": row.reason,
        "outcome": row.outcome,
        "createdAt": row.created_at,
    }


def _part(part: Participation, row: HostedTeeTime) -> dict[str, Any]:
    is_host = row.host_id == part.golfer_id
    return {
        "teeTimeId": hosted_id(row),
        "isHost": is_host,
        "placeName": row.place_name,
        "startsAt": row.starts_at,
        "status": row.status,
        "myStatus": part.status,
        "attended": part.attended,
        **({"industries": industries_of(row.industry_mask), "notes": row.notes} if is_host else {}),
        "createdAt": part.created_at,
    }


def _message(row: Message) -> dict[str, Any]:
    return {
        "messageId": public_id("message", row.id),
        "teeTimeId": public_id("hosted_tee_time", row.tee_time_id),
        "number": row.number,
        "text": row.text,
        "status": row.status,
        "createdAt": row.created_at,
    }


def _rating(golfer: Golfer, row: GolferRating) -> dict[str, Any]:
    is_given = row.rated_by == golfer.id
    return {
        "teeTimeId": public_id("hosted_tee_time", row.tee_time_id),
        "golferId": public_id("golfer", row.golfer_id if is_given else row.rated_by),
        "given" if is_given else "received": row.stars,
        "createdAt": row.created_at,
    }


def _told(row: Notification, language: Language, *, now: datetime) -> dict[str, Any]:
    title, body = text_of(row.kind, row.data, language, now=now)
    said = {"kind": row.kind, "title": title, "body": body}
    return {
        "notificationId": public_id("notification", row.id),
        **said,
        "createdAt": row.created_at,
        "readAt": row.read_at,
    }


def _sent(row: Delivery) -> dict[str, Any]:
    return {
        "notificationId": public_id("notification", row.notification_id) if row.notification_id else None,
        "channel": row.channel,
        "status": row.status,
        "updatedAt": row.updated_at,
    }


def _contact(row: Contact) -> dict[str, Any]:
    names = ("email", "pending_email", "language", "time_zone", "quiet_from", "quiet_until", "muted")
    return {camel(name): getattr(row, name) for name in names}


def _devices(rows: Sequence[PushDevice]) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "service": urlsplit(row.endpoint).hostname,
            "createdAt": row.created_at,
            "pushedAt": row.pushed_at,
        }
        for row in rows
    ]
