"""The demo's golfers: sixty invented people in ten cities, what they host, join, write, and think of each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role
from demo.clubs import EIGHTEEN_ID, MAIN_ZONE
from demo.names import ENGLISH_FIRST_NAMES, ENGLISH_LAST_NAMES, SPANISH_FIRST_NAMES, SPANISH_LAST_NAMES
from demo.people import PLAYERS, DemoPerson
from domain.journeys.hosting import host_tee_time, join_tee_time
from domain.matching.blocks import block_golfer
from domain.matching.chat import send_message
from domain.matching.connections import connect_golfers
from domain.matching.golfers import update_golfer
from domain.matching.ratings import rate_golfer, record_attendance
from domain.matching.rooms import Room
from domain.matching.rounds import complete
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime
from models.matching.values import HostedStatus, Industry, SkillLevel, Visibility

GOLFERS, TEE_TIMES, PLAYED = 60, 25, 4
FEWEST = 10
"""With fewer tee times to come than so many, others are hosted."""
DAYS_AHEAD = 14
FIRST_HOUR, HOURS = 7, 9
DAY = timedelta(days=1)
WORDS = (
    "Looking forward to it! Who walks, and who takes a cart?",
    "I walk. Shall we meet for a coffee half an hour before?",
    "Coffee sounds good. First round is on me.",
)
EMPLOYERS = ("Larkspur & Sons", "Oakhanger Partners", "Tomillar Group", "Wrenfield Labs", "")


@dataclass(frozen=True)
class City:
    """Where golfers live, and what is played there."""

    name: str
    country: str
    time_zone: str
    latitude: float
    longitude: float
    course: str


CITIES = (
    City("New York", "US", "America/New_York", 40.71, -74.01, "Heron Point"),
    City("Boston", "US", "America/New_York", 42.36, -71.06, "Millpond Links"),
    City("Chicago", "US", "America/Chicago", 41.88, -87.63, "Prairie Dunes North"),
    City("Miami", "US", "America/New_York", 25.76, -80.19, "Mangrove Bay"),
    City("San Francisco", "US", "America/Los_Angeles", 37.77, -122.42, "Fog Hollow"),
    City("Madrid", "ES", "Europe/Madrid", 40.42, -3.70, "Dehesa del Encinar"),
    City("Barcelona", "ES", "Europe/Madrid", 41.39, 2.17, "Pinar del Garraf"),
    City("Málaga", "ES", "Europe/Madrid", 36.72, -4.42, "Loma Dorada"),
    City("Valencia", "ES", "Europe/Madrid", 39.47, -0.38, "Los Naranjales"),
    City("Sevilla", "ES", "Europe/Madrid", 37.39, -5.99, "Ribera Vieja"),
)
INDUSTRIES = tuple(Industry)
LEVELS = (None, None, *SkillLevel)


def people() -> list[DemoPerson]:
    """Give those who are golfers: the players who can sign in first, and then others who cannot."""
    others = range(len(PLAYERS), GOLFERS)
    players = frozenset({Role.PLAYER})
    return [*PLAYERS, *(DemoPerson(label="", user_id=f"demo-golfer-{n:02}", roles=players) for n in others)]


async def meet(session: AsyncSession, *, now: datetime) -> None:
    """Make golfers, once, and let them host what is to come when there is little of it."""
    everybody = people()
    found = await session.execute(select(Golfer.user_id, Golfer.id))
    ids: dict[str, UUID] = {row.user_id: row.id for row in found}
    if everybody[-1].user_id not in ids:
        ids |= await _introduce(session, everybody, now=now)
        await _get_acquainted(session, everybody, ids, now=now)
        await _play(session, everybody, ids, now=now)
    live = HostedTeeTime.status.in_((HostedStatus.OPEN, HostedStatus.FULL))
    count = await session.scalar(select(func.count()).where(live, HostedTeeTime.starts_at > now))
    if (count or 0) < FEWEST:
        await _host(session, everybody, now=now)


async def _introduce(session: AsyncSession, everybody: Sequence[DemoPerson], *, now: datetime) -> dict[str, UUID]:
    ids = {}
    for number, person in enumerate(everybody):
        known = await update_golfer(session, viewer=person.viewer(now=now), now=now, **_profile(number))
        await session.flush()
        ids[person.user_id] = known.golfer.id
    return ids


def _profile(number: int) -> dict[str, Any]:
    city = CITIES[number % len(CITIES)]
    is_spanish = city.country == "ES"
    first, last = (SPANISH_FIRST_NAMES, SPANISH_LAST_NAMES) if is_spanish else (ENGLISH_FIRST_NAMES, ENGLISH_LAST_NAMES)
    return {
        "name": f"{first[number * 7 % len(first)]} {last[number * 5 % len(last)]}",
        "employer": EMPLOYERS[number % len(EMPLOYERS)],
        "hides_employer": number % 6 == 0,
        "industry": INDUSTRIES[number * 3 % len(INDUSTRIES)],
        "city": city.name,
        "country": city.country,
        "latitude": city.latitude + (number // 10 - 3) * 0.04,
        "longitude": city.longitude,
        "time_zone": city.time_zone,
        "language": "es" if is_spanish else "en",
        "handicap_index": float(number * 11 % 37),
        "visibility": Visibility.PRIVATE if number % 20 == 19 else Visibility.PUBLIC,
    }


async def _get_acquainted(
    session: AsyncSession, everybody: Sequence[DemoPerson], ids: dict[str, UUID], *, now: datetime
) -> None:
    """Connect neighbours in the list, leave a question open, and keep two apart."""
    for one, other in (*_pairs(everybody[:24]), (everybody[0], everybody[10])):
        for who, whom in ((other, one), (one, other)):
            await connect_golfers(session, viewer=who.viewer(now=now), golfer_id=ids[whom.user_id], now=now)
            await session.flush()
    asks, blocks, blocked = everybody[20], everybody[30], everybody[40]
    me = ids[everybody[0].user_id]
    await connect_golfers(session, viewer=asks.viewer(now=now), golfer_id=me, now=now)
    await block_golfer(session, viewer=blocks.viewer(now=now), golfer_id=ids[blocked.user_id], now=now)


def _pairs(some: Sequence[DemoPerson]) -> Iterator[tuple[DemoPerson, DemoPerson]]:
    yield from zip(some[::2], some[1::2], strict=True)


async def _host(session: AsyncSession, everybody: Sequence[DemoPerson], *, now: datetime) -> None:
    """Host tee times of the next two weeks, of several lines of work, to be joined at once or by the host's word."""
    for number in range(TEE_TIMES):
        at = _start(number * 2, now, days=1 + number * DAYS_AHEAD // TEE_TIMES)
        is_decided = number % 8 == 7
        room = await _open(session, everybody[number * 2], number * 2, at, needs_approval=is_decided, now=now)
        for step in range(number % 3):
            guest = everybody[(number * 2 + 1 + 10 * step) % GOLFERS]
            await _join(session, room, guest, now=now)
        if number % 3 == 2:
            await _talk(session, room, [everybody[number * 2], everybody[(number * 2 + 1) % GOLFERS]], now=now)


def _start(number: int, now: datetime, *, days: int) -> datetime:
    """Give a start so many days from a moment, between seven and four, by the clock of where it is."""
    zone = ZoneInfo(MAIN_ZONE if number < len(PLAYERS) else CITIES[number % len(CITIES)].time_zone)
    day = now.astimezone(zone).date() + days * DAY
    return datetime.combine(day, time(FIRST_HOUR + number * 5 % HOURS), zone).astimezone(UTC)


async def _open(
    session: AsyncSession,
    host: DemoPerson,
    number: int,
    starts_at: datetime,
    *,
    needs_approval: bool = False,
    now: datetime,
) -> Room:
    city = CITIES[number % len(CITIES)]
    own: dict[str, Any] = {"latitude": city.latitude, "longitude": city.longitude, "city": city.name}
    own["country"] = city.country
    own |= {"course_id": EIGHTEEN_ID} if host in PLAYERS else {"place_name": city.course, "time_zone": city.time_zone}
    named = [INDUSTRIES[number * 3 % len(INDUSTRIES)]] if number % 4 else []
    return await host_tee_time(
        session,
        viewer=host.viewer(now=now),
        starts_at=starts_at,
        places=1 + number % 3 if number % 6 else 3,
        industries=named,
        skill_level=LEVELS[number % len(LEVELS)],
        needs_approval=needs_approval,
        notes="A quick nine, and lunch after it." if number % 5 == 0 else "",
        now=now,
        **own,
    )


async def _join(session: AsyncSession, room: Room, guest: DemoPerson, *, now: datetime) -> None:
    if room.tee_time.open_places:
        await join_tee_time(session, viewer=guest.viewer(now=now), tee_time_id=room.tee_time.id, now=now)


async def _talk(session: AsyncSession, room: Room, speakers: Sequence[DemoPerson], *, now: datetime) -> None:
    if room.tee_time.needs_approval:
        return
    for number, words in enumerate(WORDS):
        who, at = speakers[number % len(speakers)], now + number * timedelta(minutes=7)
        await send_message(session, viewer=who.viewer(now=at), tee_time_id=room.tee_time.id, text=words, now=at)
        await session.flush()


async def _play(session: AsyncSession, everybody: Sequence[DemoPerson], ids: dict[str, UUID], *, now: datetime) -> None:
    """Look back on rounds that were played, of which those who came have rated each other."""
    for number in range(PLAYED):
        host, guests = everybody[number], [everybody[number + 10 * step] for step in range(1, 2 if number else 4)]
        before, start = now - (20 - number) * DAY, _start(number, now, days=number - 10)
        room = await _open(session, host, number, start, now=before)
        after = start + timedelta(hours=7)
        given: dict[str, Any] = {"tee_time_id": room.tee_time.id, "now": after}
        for guest in guests:
            await _join(session, room, guest, now=before)
            guest_id, host_id = ids[guest.user_id], ids[host.user_id]
            await record_attendance(session, viewer=host.viewer(now=after), golfer_id=guest_id, attended=True, **given)
            await rate_golfer(session, viewer=host.viewer(now=after), golfer_id=guest_id, stars=4, **given)
            await session.flush()
            await rate_golfer(session, viewer=guest.viewer(now=after), golfer_id=host_id, stars=5, **given)
            await session.flush()
        await complete(session, **given)
        await session.flush()
