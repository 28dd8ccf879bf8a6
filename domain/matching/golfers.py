"""Golfers: what they say of themselves, and how others find them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import TURN
from domain.matching.access import (
    KNOWN,
    MINE,
    KnownGolfer,
    asked_by,
    find_me,
    known_golfers,
    refuse_strangers_to_golf,
    refuse_suspended,
)
from domain.matching.feed_facts import lock_listed, tell_listed, tell_outdated
from domain.matching.photos import show_photo
from domain.matching.places import city_key, place_of
from domain.matching.problems import GolferSuspended
from domain.matching.shown import SEEN, seen_of, tell, tell_seen
from domain.notifications.contacts import follow_profile
from domain.notifications.notifications import notify
from events.log import record
from events.matching.golfers import GolferChanged, GolferUpdated
from events.notifications import stream_id_of
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.spreadsheets import plain
from kit.text import camel, check_country, check_range, check_zone, clean_name
from models.matching.golfers import Golfer, GolferBlock, GolferReport
from models.matching.values import ConnectionStatus, Industry, SkillLevel, Visibility
from models.notifications import NotificationKind

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LONGEST = {"name": 100, "headline": 200, "employer": 100, "city": 100}
NEEDED = ("name", "industry", "time_zone")
"""What each golfer has: it is asked for at first, and None leaves it as it is."""
LOWEST_HANDICAP, HIGHEST_HANDICAP = -10, 54
ADVANCED_BELOW, INTERMEDIATE_BELOW = 10, 20
LONGEST_SORT_NAME = 200
SCORED_BY = ("industry", "city_key", "x", "y", "z", "skill_level")
SETTINGS = ("visibility", "time_zone", "language", "is_skill_set")
"""What oneself alone sees, beside where one is."""
MY_ID = select(Golfer.id).where(Golfer.user_id == bindparam("user_id", type_=Text))
TURN_TAKEN = select(func.pg_advisory_xact_lock(TURN))
FORMER = bindparam("former", type_=Uuid)
CARRY_OVER = tuple(
    statement.execution_options(synchronize_session=False)
    for statement in (
        update(GolferBlock).where(GolferBlock.other_id == FORMER).values(other_id=bindparam("now_as", type_=Uuid)),
        update(GolferReport)
        .where(GolferReport.golfer_id == FORMER, GolferReport.outcome.is_(None))
        .values(golfer_id=bindparam("now_as", type_=Uuid)),
    )
)
MINE_LOCKED = MINE.with_for_update(key_share=True).execution_options(populate_existing=True)


class GolferData(TypedDict, total=False):
    """What a golfer may say; what is left out stays, and None unsets what may be missing."""

    name: str | None
    picture_id: UUID | None
    headline: str | None
    employer: str | None
    hides_employer: bool | None
    industry: Industry | None
    city: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    time_zone: str | None
    language: str | None
    handicap_index: float | None
    skill_level: SkillLevel | None
    visibility: Visibility | None


async def update_golfer(
    session: AsyncSession, *, viewer: Viewer, now: datetime, **values: Unpack[GolferData]
) -> KnownGolfer:
    """Say who one is: for the first time, with name, line of work and zone, or anew. What is left out stays.

    Raises NotAllowed, NotFound, InvalidInput, GolferSuspended, PictureRefused.
    """
    refuse_strangers_to_golf(viewer)
    clean = cleaned(values)
    await session.execute(TURN_TAKEN, {"turn": turn_of(viewer.tenant_id, viewer.user_id)})
    user = {"user_id": viewer.user_id}
    hosts = await session.scalars(MY_ID, user) if clean.keys() & set(SEEN) else ()
    listed = await lock_listed(session, hosts, now=now)
    me = await session.scalar(MINE_LOCKED, user)
    former = None
    if me is None:
        former = await _former(session, viewer)
        me = _new(viewer, clean, now=now)
        session.add(me)
    refuse_suspended(me)
    before, seen, own = _scored(me), seen_of(me), _own(me)
    photo = clean.pop("picture_id", me.picture_id)
    apply(me, clean)
    is_new = me.updated_at is None
    me.updated_at = now
    await show_photo(session, me, photo, now=now)
    tell_changed(session, me, now=now)
    if not is_new and _scored(me) != before:
        tell_outdated(session, me.tenant_id, me, now=now)
    if not is_new and seen_of(me) != seen:
        await tell_seen(session, me, now=now)
    if not is_new and _own(me) != own:
        tell(session, GolferUpdated, me, me, ConnectionStatus.NONE, now=now)
    tell_listed(session, listed, now=now)
    if former is not None:
        await _carry_over(session, former, me)
    if clean.keys() & {"language", "time_zone"}:
        given = {name: clean.get(name) for name in ("language", "time_zone")}
        await follow_profile(session, viewer=viewer, now=now, **given)
    if is_new:
        about: dict[str, Any] = {"data": {}, "users": [me.user_id], "subject": "welcome"}
        await notify(session, tenant_id=me.tenant_id, kind=NotificationKind.WELCOME, now=now, **about)
    return KnownGolfer(me, me.id, ConnectionStatus.NONE)


def _scored(golfer: Golfer) -> tuple[object, ...]:
    """Give what a golfer's scores depend on."""
    return tuple(getattr(golfer, name) for name in SCORED_BY)


def _own(golfer: Golfer) -> tuple[object, ...]:
    """Give what a golfer sees of themselves."""
    return (*seen_of(golfer), *_scored(golfer), *(getattr(golfer, name) for name in SETTINGS))


def turn_of(tenant_id: UUID, user_id: str) -> str:
    """Name the turn that is taken by whoever makes a golfer of an account, or erases the one that it is."""
    return f"golfer:{tenant_id}:{user_id}"


def former_user(tenant_id: UUID, user_id: str) -> str:
    """Give what stands for the account of a golfer who was erased: nobody reads the account out of it."""
    return f"former {stream_id_of(tenant_id, user_id)}"


async def _former(session: AsyncSession, viewer: Viewer) -> Golfer | None:
    """Find the golfer that the viewer was before they were erased. Raises GolferSuspended where that one was."""
    user_id = former_user(viewer.tenant_id, viewer.user_id)
    former: Golfer | None = await session.scalar(MINE_LOCKED, {"user_id": user_id})
    if former is not None and former.is_barred:
        raise GolferSuspended
    return former


async def _carry_over(session: AsyncSession, former: Golfer, me: Golfer) -> None:
    """Let others keep their blocks of who has come back, and admins what they have still to answer."""
    former.user_id = public_id("golfer", former.id)
    await session.flush()
    for statement in CARRY_OVER:
        await session.execute(statement, {"former": former.id, "now_as": me.id})


def _new(viewer: Viewer, clean: Mapping[str, Any], *, now: datetime) -> Golfer:
    if missing := [name for name in NEEDED if not clean.get(name)]:
        message = "Give this at first; what else there is to say can come later."
        raise InvalidInput(message=message, path=("input", camel(missing[0])))
    return Golfer(
        id=new_id(),
        tenant_id=viewer.tenant_id,
        user_id=viewer.user_id,
        headline="",
        employer="",
        hides_employer=False,
        city="",
        country="",
        language="en",
        is_skill_set=False,
        visibility=Visibility.PUBLIC,
        hosted_rounds=0,
        ratings=0,
        stars=0,
        created_at=now,
    )


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Check what a golfer says. Raises InvalidInput for the first wrong value, with its place."""
    given = {name: value for name, value in values.items() if value is not None or name not in NEEDED}
    clean = {name: _clean(name, value, path=("input", camel(name))) for name, value in given.items()}
    if clean.keys() & {"latitude", "longitude"}:
        place = place_of(clean.pop("latitude", None), clean.pop("longitude", None))
        clean |= {"x": None, "y": None, "z": None} if place is None else place._asdict()
    if "skill_level" in clean:
        clean["is_skill_set"] = clean["skill_level"] is not None
    return clean


def _clean(name: str, value: Any, *, path: tuple[str, ...]) -> Any:
    if name in LONGEST:
        return clean_name(value or "", path=path, longest=LONGEST[name], empty=name not in NEEDED)
    if name == "country":
        return check_country(value or "", path=path)
    if name == "time_zone":
        return check_zone(value, path=path)
    if name == "language" and not LANGUAGE.fullmatch(value or "en"):
        raise InvalidInput(message="Use a language tag like en or es-MX.", path=path)
    if name == "handicap_index" and value is not None:
        check_range(value, LOWEST_HANDICAP, HIGHEST_HANDICAP, path=path)
        return round(value, 1)
    if value is None:
        return {"language": "en", "hides_employer": False, "visibility": Visibility.PUBLIC}.get(name)
    return value


def apply(golfer: Golfer, values: Mapping[str, Any]) -> None:
    """Set what was said, and what follows from it: the level from the handicap unless it was set, and how to find."""
    for name, value in values.items():
        setattr(golfer, name, value)
    if not golfer.is_skill_set:
        golfer.skill_level = level_of(golfer.handicap_index)
    golfer.city_key = city_key(golfer.city, golfer.country)
    golfer.search_text = plain(golfer.name)
    golfer.sort_name = golfer.search_text[:LONGEST_SORT_NAME]


def level_of(handicap_index: float | None) -> SkillLevel | None:
    """Tell the level that follows from a handicap index; plus handicaps are negative."""
    if handicap_index is None:
        return None
    if handicap_index < ADVANCED_BELOW:
        return SkillLevel.ADVANCED
    return SkillLevel.INTERMEDIATE if handicap_index < INTERMEDIATE_BELOW else SkillLevel.BEGINNER


def tell_changed(session: AsyncSession, *golfers: Golfer, now: datetime) -> None:
    """Have the processes that keep golfers at hand read some anew."""
    for golfer in golfers:
        tenant = public_id("tenant", golfer.tenant_id)
        record(session, GolferChanged(tenant_id=tenant, golfer_id=public_id("golfer", golfer.id)), now=now)


async def search_golfers(
    session: AsyncSession,
    *,
    viewer: Viewer,
    search: str | None,
    industry: Industry | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[KnownGolfer]:
    """Find golfers of whom the viewer may know by parts of their names, in the order of these.

    Raises NotAllowed, ProfileMissing, GolferSuspended, InvalidInput.
    """
    me = await find_me(session, viewer=viewer)
    rows = KNOWN.where(Golfer.id != me.id)
    for word in plain(clean_name(search or "", path=("search",), empty=True)).split():
        rows = rows.where(Golfer.search_text.contains(word, autoescape=True))
    if industry is not None:
        rows = rows.where(Golfer.industry == industry)
    if after is not None:
        rows = rows.where(tuple_(Golfer.sort_name, Golfer.id) > after)
    rows = rows.order_by(Golfer.sort_name, Golfer.id).limit(limit)
    return known_golfers(me, (await session.execute(rows, asked_by(me))).all())
