"""Adding caddies, changing them, moving them between lists, and deleting them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.assignments import assigned_turn_of, refuse_assigned
from domain.caddies.facts import added, deleted, of_caddie, queue_changed
from domain.caddies.problems import CaddieInField
from domain.caddies.queues import LockedCaddie, find_caddie, lock_caddie, lock_or_make_queue, waiting_in
from domain.caddies.rules import put_at_tail
from domain.caddies.settings import check_list, lock_roster, refuse_too_many
from domain.caddies.turns import rename_open_turn
from domain.clubs.access import find_club, refuse_unless_staff
from events.caddies import CaddieUpdated
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.ids import new_id
from kit.text import check_key, clean_name, clean_phone
from models.caddies.tables import Caddie
from models.caddies.values import CaddieStatus
from models.clubs.tables import Club


class CaddieChanges(TypedDict, total=False):
    """What shall change of a caddie: a name or a list that is None stays, a phone or a user that is None is removed."""

    name: str | None
    list_number: int | None
    phone_number: str | None
    user_id: str | None


async def add_caddie(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    name: str,
    list_number: int,
    phone_number: str | None = None,
    user_id: str | None = None,
    caddie_id: UUID | None = None,
    now: datetime,
) -> Caddie:
    """Add a caddie, who is available and goes to the tail of the list's queue. The id is a new one unless given.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    clean = _checked(viewer, club, {"name": name, "phone": phone_number, "user_id": user_id})
    check_list(await lock_roster(session, club), list_number)
    await refuse_too_many(session, club, 1, path=("input", "clubId"))
    await _refuse_taken(session, club, clean["user_id"])
    queue = await lock_or_make_queue(session, club, list_number, now=now)
    waiting = await waiting_in(session, queue)
    caddie = new_caddie(club, list_number=list_number, now=now, **clean)
    caddie.id = caddie_id or caddie.id
    put_at_tail(caddie, waiting)
    session.add(caddie)
    record(session, added(caddie), queue_changed(queue, {**waiting, caddie: None}), now=now)
    return caddie


def new_caddie(
    club: Club, *, list_number: int, name: str, phone: str | None, user_id: str | None = None, now: datetime
) -> Caddie:
    """Make an available caddie, who has no place in the queue yet."""
    return Caddie(
        id=new_id(),
        tenant_id=club.tenant_id,
        club_id=club.id,
        name=name,
        list_number=list_number,
        status=CaddieStatus.AVAILABLE,
        phone=phone,
        user_id=user_id,
        is_active=True,
        queue_round=1,
        created_at=now,
        updated_at=now,
    )


def _checked(viewer: Viewer, club: Club, values: Mapping[str, Any]) -> dict[str, Any]:
    """Check what is to be kept of a caddie. Raises InvalidInput, NotAllowed for a phone that no admin gives."""
    clean = dict(values)
    if "name" in clean:
        clean["name"] = clean_name(clean["name"] or "", path=("input", "name"))
    if "phone" in clean:
        clean["phone"] = clean_phone(clean["phone"], path=("input", "phoneNumber"))
        if clean["phone"] is not None and not viewer.is_admin_of(club.id):
            raise NotAllowed(message="Only the club's admins may set phone numbers.")
    if clean.get("user_id") is not None:
        check_key(clean["user_id"], path=("input", "userId"))
    return clean


async def _refuse_taken(session: AsyncSession, club: Club, user_id: str | None) -> None:
    taken = select(Caddie.id).where(Caddie.club_id == club.id, Caddie.user_id == user_id, Caddie.is_active)
    if user_id is not None and await session.scalar(taken):
        raise InvalidInput(
            message="This user is a caddie of the club already; change that one, or give another user.",
            path=("input", "userId"),
        )


async def update_caddie(
    session: AsyncSession, *, viewer: Viewer, caddie_id: UUID, now: datetime, **values: Unpack[CaddieChanges]
) -> Caddie:
    """Change a caddie's name, list, phone number or user; what is left out stays.

    A move takes the caddie to the tail of the other list's queue. Raises NotFound, NotAllowed, InvalidInput,
    CaddieInField, CaddieAssigned.
    """
    found = await find_caddie(session, viewer=viewer, caddie_id=caddie_id)
    refuse_unless_staff(viewer, found.club_id)
    club = await find_club(session, viewer=viewer, club_id=found.club_id)
    clean = _checked(viewer, club, _given(viewer, club, values))
    settings = await lock_roster(session, club)
    if "user_id" in clean and clean["user_id"] != found.user_id:
        await _refuse_taken(session, club, clean["user_id"])
    await session.refresh(found)
    wanted = clean.pop("list_number", found.list_number)
    if wanted != found.list_number:
        check_list(settings, wanted)
        return await _move(session, found, club, wanted, clean, viewer=viewer, now=now)
    locked = await lock_caddie(session, viewer=viewer, caddie_id=caddie_id, now=now)
    changed = _apply(locked.caddie, clean, now=now)
    if "name" in changed:
        await rename_open_turn(session, locked.caddie)
    if not changed.isdisjoint({"name", "phone"}):
        record(session, _updated(locked.caddie, changed), now=now)
    return locked.caddie


def _given(viewer: Viewer, club: Club, values: Mapping[str, Any]) -> dict[str, Any]:
    """Take what was set: a name or a list that is null stays; a phone or a user that is null is removed."""
    if "phone_number" in values and not viewer.is_admin_of(club.id):
        raise NotAllowed(message="Only the club's admins may set phone numbers.")
    given = {name: value for name, value in values.items() if name in {"name", "list_number"} and value is not None}
    given |= {"phone": values["phone_number"]} if "phone_number" in values else {}
    return given | ({"user_id": values["user_id"]} if "user_id" in values else {})


def _apply(caddie: Caddie, values: Mapping[str, Any], *, now: datetime) -> set[str]:
    changed = {name for name, value in values.items() if getattr(caddie, name) != value}
    for name in changed:
        setattr(caddie, name, values[name])
    if "name" in changed:  # a phone number is the admins' business alone, and others see this moment
        caddie.updated_at = now
    return changed


def _updated(caddie: Caddie, changed: set[str], *, previous_list: int | None = None) -> CaddieUpdated:
    return of_caddie(
        CaddieUpdated,
        caddie,
        name=caddie.name if "name" in changed else None,
        phone_number=caddie.phone or "" if "phone" in changed else None,
        previous_list_number=previous_list,
        current_name=caddie.name,
    )


async def _move(
    session: AsyncSession,
    caddie: Caddie,
    club: Club,
    wanted: int,
    values: Mapping[str, Any],
    *,
    viewer: Viewer,
    now: datetime,
) -> Caddie:
    """Delete a caddie from one list and add them to another. Moves of a club take turns, so the old list is known."""
    before = caddie.list_number
    queues = {number: await lock_or_make_queue(session, club, number, now=now) for number in sorted({before, wanted})}
    await lock_caddie(session, viewer=viewer, caddie_id=caddie.id, now=now)
    await _refuse_busy(session, caddie)
    left, joined = await waiting_in(session, queues[before]), await waiting_in(session, queues[wanted])
    gone, changed = deleted(caddie), _apply(caddie, values, now=now)
    caddie.list_number, caddie.updated_at = wanted, now
    record(session, gone, added(caddie), _updated(caddie, changed, previous_list=before), now=now)
    if caddie in left:
        del left[caddie]
        put_at_tail(caddie, joined)
        joined[caddie] = None
    record(session, queue_changed(queues[before], left), queue_changed(queues[wanted], joined), now=now)
    return caddie


async def _refuse_busy(session: AsyncSession, caddie: Caddie) -> None:
    if caddie.status is CaddieStatus.IN_FIELD:
        raise CaddieInField
    refuse_assigned(await assigned_turn_of(session, caddie))


async def delete_caddie(session: AsyncSession, *, viewer: Viewer, caddie_id: UUID, now: datetime) -> Caddie:
    """Delete a caddie. The loops stay in the reports. Raises NotFound, NotAllowed, CaddieInField, CaddieAssigned."""
    locked: LockedCaddie = await lock_caddie(session, viewer=viewer, caddie_id=caddie_id, now=now)
    refuse_unless_staff(viewer, locked.club.id)
    caddie = locked.caddie
    await _refuse_busy(session, caddie)
    waiting = await waiting_in(session, locked.queue)
    was_waiting = caddie in waiting
    caddie.is_active, caddie.queue_place, caddie.updated_at = False, None, now
    record(session, deleted(caddie), now=now)
    if was_waiting:
        record(session, queue_changed(locked.queue, waiting), now=now)
    return caddie
