"""All that is held of a guest, written out as JSON, by the names of the schema's fields where it has them.

The code that opens the invitation is left out: a file that is handed around would hand around the household with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, Uuid, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, find_guest
from domain.guests.erasure.said import POSTS, REQUESTS
from domain.guests.facts import is_revealed
from domain.guests.places.parts import read_parts
from domain.guests.reading import attendances_of
from domain.guests.records import note_activity
from domain.rows import rows_by_id
from kit.ids import public_id
from models.guests.households import Attendance, Guest, Household, Letter
from models.guests.occasions import Activity, Occasion, Part
from models.guests.posts import GuestRequest, Post
from models.guests.seating import DiningTable, SeatingRule
from models.guests.values import ActivityKind

GUEST_ID = bindparam("guest_id", type_=Uuid)
RECORD = (
    select(Activity)
    .where(
        Activity.occasion_id == bindparam("occasion_id", type_=Uuid),
        Activity.guest_ids.contains(bindparam("named", type_=ARRAY(Uuid))),
    )
    .order_by(Activity.id)
)
LETTERS = select(Letter).where(Letter.household_id == bindparam("household_id", type_=Uuid)).order_by(Letter.id)
RULES = (
    select(SeatingRule)
    .where(or_(SeatingRule.first_guest_id == GUEST_ID, SeatingRule.second_guest_id == GUEST_ID))
    .order_by(SeatingRule.id)
)


async def export_guest(session: AsyncSession, *, viewer: Viewer, guest_id: UUID, now: datetime) -> str:
    """Write out what is held of a guest: for those who plan the occasion, and for the own household.

    What is the planners' alone, as who is to sit apart from whom, the household is not told. Raises NotFound.
    """
    access, guest = await find_guest(session, viewer=viewer, guest_id=guest_id)
    held = await _held(session, access, guest, now=now)
    kind = ActivityKind.GUEST_EXPORTED
    note_activity(session, access.occasion, kind, viewer=viewer, by=access, guest_ids=[guest.id], now=now)
    return orjson.dumps(held, option=orjson.OPT_INDENT_2).decode()


async def _held(session: AsyncSession, access: Access, guest: Guest, *, now: datetime) -> dict[str, Any]:
    occasion = access.occasion
    household = await session.get_one(Household, guest.household_id)
    parts = await read_parts(session, occasion.id)
    places = (await attendances_of(session, [guest.id]))[guest.id]
    sees_seats = access.plans or is_revealed(occasion, now)
    seats = [row.table_id for row in places if row.table_id is not None and sees_seats]
    tables = await rows_by_id(session, DiningTable, seats)
    record = await session.scalars(RECORD, {"occasion_id": occasion.id, "named": [guest.id]})
    letters = await session.scalars(LETTERS, {"household_id": household.id})
    said = {"guest_id": guest.id, "household_id": None}
    held = {
        "occasion": {"occasionId": public_id("occasion", occasion.id), "name": occasion.name},
        "guest": _guest(guest, occasion),
        "household": _household(household),
        "attendances": [_attendance(row, parts, tables, sees_seats=sees_seats) for row in places],
        "posts": [_post(post) for post in await session.scalars(POSTS, said)],
        "requests": [_request(request) for request in await session.scalars(REQUESTS, said)],
        "letters": [{"kind": one.kind, "createdAt": one.created_at, "sentAt": one.sent_at} for one in letters],
        "activity": [{"kind": one.kind, "createdAt": one.created_at} for one in record],
    }
    if access.plans:
        rules = await session.scalars(RULES, {"guest_id": guest.id})
        held["planners"] = {"isVip": guest.is_vip, "seatingRules": _rules(rules)}
    return held


def _guest(guest: Guest, occasion: Occasion) -> dict[str, Any]:
    asked = {question["id"]: question["text"] for question in occasion.questions}
    return {
        "guestId": public_id("guest", guest.id),
        "firstName": guest.first_name,
        "lastName": guest.last_name,
        "isPlusOne": guest.is_plus_one,
        "ageGroup": guest.age_group,
        "takesPlace": guest.takes_place,
        "groupName": guest.group_name,
        "diets": guest.diets,
        "dietNote": guest.diet_note,
        "needs": guest.needs,
        "needNote": guest.need_note,
        "email": guest.email,
        "phone": guest.phone,
        "answers": [{"question": asked.get(one), "answer": said} for one, said in sorted(guest.answers.items())],
        "isListed": guest.is_listed,
        "createdAt": guest.created_at,
        "updatedAt": guest.updated_at,
    }


def _household(household: Household) -> dict[str, Any]:
    return {
        "householdId": public_id("household", household.id),
        "name": household.name,
        "language": household.language,
        "email": household.email,
        "phone": household.phone,
        "invitedAt": household.invited_at,
        "openedAt": household.opened_at,
    }


def _attendance(
    row: Attendance, parts: Sequence[Part], tables: Mapping[UUID, DiningTable], *, sees_seats: bool
) -> dict[str, Any]:
    part = next(part for part in parts if part.id == row.part_id)
    table = tables.get(row.table_id) if row.table_id is not None else None
    return {
        "part": part.name,
        "status": row.status,
        "meal": next((meal["name"] for meal in part.meals if meal["id"] == row.meal_id), None),
        "answeredAt": row.answered_at,
        "table": table.name if table else None,
        "seat": row.seat if sees_seats else None,
        "arrivedAt": row.arrived_at,
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "postId": public_id("post", post.id),
        "kind": post.kind,
        "status": post.status,
        "title": post.title,
        "artist": post.artist,
        "text": post.text,
        "pictureId": public_id("picture", post.picture_id) if post.picture_id else None,
        "createdAt": post.created_at,
    }


def _request(request: GuestRequest) -> dict[str, Any]:
    return {
        "guestRequestId": public_id("guest_request", request.id),
        "text": request.text,
        "status": request.status,
        "reply": request.reply,
        "createdAt": request.created_at,
    }


def _rules(rules: Iterable[SeatingRule]) -> list[dict[str, Any]]:
    return [{"ruleId": public_id("seating_rule", rule.id), "kind": rule.kind} for rule in rules]
