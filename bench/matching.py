"""How long matching takes: `uv run python -m bench.matching`. One process and an embedded PostgreSQL, no sockets.

100,000 golfers around 200 cities, 10,000 open tee times, 600,000 connections and 20,000 blocks. Then 10,000 golfers
follow the feed, each with a filter of their own, and hear of tee times: from the commit to the last of them, with the
GraphQL executions and the frames that are put together, but into the hands of nobody.
"""

import argparse
import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.engine import Engine
from api.feeds import FeedIndexes
from api.process import engine_of
from auth.limits import RateLimits
from auth.viewer import Role, Viewer
from domain.matching.facts import INDUSTRIES
from domain.matching.feed import FeedFilter, read_feed
from domain.matching.hosting import host_tee_time
from domain.matching.places import city_key, point_of
from domain.matching.suggestions import best_for, whom_to_tell
from kit.database import connect
from kit.garbage import look_less_often_for_garbage
from kit.ids import new_id
from kit.limiter import Limiter
from kit.migrations import upgrade
from kit.postgres import start_postgres
from kit.settings import load_settings
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime
from models.matching.values import SkillLevel
from realtime import metrics
from realtime.fanout import Fanout
from realtime.feed import Exit, Feed
from realtime.operations import Request
from realtime.runtime import Runtime, running

CITIES = 200
NOW = datetime(2026, 6, 1, 7, tzinfo=UTC)
LEVELS = (None, *SkillLevel)
DOCUMENT = """subscription($industries: [Industry!], $near: NearInput, $skill: SkillLevel) {
  teeTimeFeed(industries: $industries, near: $near, skill: $skill) {
    ... on NewTeeTimeInFeed { cursor teeTimeId placeName startsAt openPlaces industries match { score industry } }
    ... on FeedTeeTimeUpdated { cursor teeTimeId openPlaces inFeed changes match { score industry } }
  }
}"""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is, and how often it is measured."""

    golfers: int
    tee_times: int
    followers: int
    repeats: int
    events: int


class Taker:
    """Takes what one follower is given, and counts it."""

    prefix: bytes | None = b'{"id":"1","type":"next","payload":'
    ready = True

    exit: Exit | None = None

    def __init__(self, taken: list[float]) -> None:
        self._taken = taken

    def whose(self) -> dict[str, Any]:
        """Nobody's."""
        return {}

    def write(self, _frames: bytes) -> None:
        """Note when."""
        self._taken.append(perf_counter())

    def send(self, _answers: Sequence[object]) -> None:
        """Drop it."""

    async def drained(self) -> None:
        """Take more at once."""

    def cut(self) -> None:
        """Fail: nobody is cut off here."""
        raise RuntimeError("a follower was cut off")


async def fill(connection: asyncpg.Connection, tenant: UUID, size: Size) -> None:
    """Make golfers and tee times, most of them near one of the cities."""
    dice = Random(3)
    cities = [(f"City {n}", "ES", dice.uniform(-60, 65), dice.uniform(-180, 180)) for n in range(CITIES)]
    await connection.execute("INSERT INTO tenants (id, name) VALUES ($1, 'Bench')", tenant)

    def place() -> dict[str, Any]:
        city, country, latitude, longitude = dice.choice(cities)
        at = point_of(latitude + dice.gauss(0, 0.3), longitude + dice.gauss(0, 0.3))
        return {"city": city, "country": country, "city_key": city_key(city, country), **at._asdict()}

    def level() -> str | None:
        found = dice.choice(LEVELS)
        return found.value if found else None

    golfers = [
        {
            "id": new_id(), "tenant_id": tenant, "user_id": f"golfer {n}", "name": f"Golfer {n}", "headline": "",
            "employer": "", "hides_employer": False, "industry": dice.choice(INDUSTRIES).value, **place(),
            "time_zone": "Europe/Madrid", "language": "en", "skill_level": level(), "is_skill_set": False,
            "visibility": "PUBLIC", "sort_name": f"golfer {n}", "search_text": f"golfer {n}",
            "hosted_rounds": dice.randint(0, 9), "ratings": 4, "stars": dice.randint(4, 20),
            "created_at": NOW, "updated_at": NOW,
        }
        for n in range(size.golfers)
    ]  # fmt: skip
    ids = [one["id"] for one in golfers]
    await _copy(connection, "golfers", golfers)
    tee_times = [
        {
            "id": new_id(), "tenant_id": tenant, "host_id": dice.choice(ids), "place_name": "Dunes", **place(),
            "time_zone": "Europe/Madrid", "starts_at": NOW + timedelta(hours=dice.randint(1, 1_000)), "places": 3,
            "open_places": dice.randint(1, 3), "needs_approval": False, "notes": "", "status": "OPEN",
            "industry_mask": sum(1 << n for n in dice.sample(range(10), dice.choice([0, 1, 1, 2]))),
            "skill_level": level(), "cancel_reason": "", "last_message": 0,
            "ended_with_booking": False, "created_at": NOW, "updated_at": NOW,
        }
        for _ in range(size.tee_times)
    ]  # fmt: skip
    await _copy(connection, "hosted_tee_times", tee_times)
    pairs = {tuple(sorted(dice.sample(range(size.golfers), 2))) for _ in range(3 * size.golfers)}
    ends = [(ids[a], ids[b]) for one, other in pairs for a, b in ((one, other), (other, one))]
    more = {"tenant_id": tenant, "created_at": NOW}
    await _copy(
        connection,
        "golfer_connections",
        [{"id": new_id(), "golfer_id": a, "other_id": b, "made_at": NOW, **more} for a, b in ends],
    )
    blocks = {tuple(dice.sample(ids, 2)) for _ in range(size.golfers // 5)}
    await _copy(
        connection, "golfer_blocks", [{"id": new_id(), "golfer_id": a, "other_id": b, **more} for a, b in blocks]
    )


async def _copy(connection: asyncpg.Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    await connection.copy_records_to_table(
        table, records=[tuple(row.values()) for row in rows], columns=list(rows[0]) if rows else []
    )


def viewer_of(tenant: UUID, number: int) -> Viewer:
    """Give a golfer as somebody signed in."""
    return Viewer(
        user_id=f"golfer {number}",
        tenant_id=tenant,
        club_ids=frozenset(),
        player_id=None,
        roles=frozenset({Role.PLAYER}),
        caddie_lists=frozenset(),
        household_id=None,
        expires_at=NOW + timedelta(days=9),
    )


async def queries(runtime: Runtime, tenant: UUID, size: Size) -> None:
    """Measure the three statements for one golfer or tee time after the other, and show by which indexes they went."""
    dice = Random(5)
    async with runtime.database.snapshot(tenant) as session:
        chosen = list(await session.scalars(text("SELECT id FROM hosted_tee_times ORDER BY id LIMIT 400")))

    async def top(session: AsyncSession) -> int:
        viewer = viewer_of(tenant, dice.randrange(size.golfers))
        page = await read_feed(session, viewer=viewer, wanted=FeedFilter(), after=None, limit=50, now=NOW)
        return len(page.found)

    async def told(session: AsyncSession) -> int:
        row = await session.get_one(HostedTeeTime, dice.choice(chosen))
        return len(await whom_to_tell(session, row, await session.get_one(Golfer, row.host_id)))

    async def suggested(session: AsyncSession) -> int:
        row = await session.get_one(HostedTeeTime, dice.choice(chosen))
        return len(await best_for(session, row, await session.get_one(Golfer, row.host_id), most=50, now=NOW))

    print("\n| what | found | median, ms | p95, ms | indexes |\n| --- | --- | --- | --- | --- |")
    for name, ask in (("top 50", top), ("whom to tell", told), ("suggestions", suggested)):
        found, times, indexes = [], [], ""
        for number in range(size.repeats + 3):
            async with runtime.database.snapshot(tenant) as session:
                begun = perf_counter()
                found.append(await ask(session))
                times.append(1_000 * (perf_counter() - begun))
            if number == 0:
                indexes = await _indexes(runtime, tenant, ask)
        times, found = times[3:], found[3:]  # the first ones plan
        print(f"| {name} | {median(found):.0f} | {median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} | {indexes} |")


async def _indexes(runtime: Runtime, tenant: UUID, ask: Callable[[AsyncSession], Awaitable[int]]) -> str:
    """Name the indexes by which the statement goes that looks at blocks: the one that is measured."""
    sent: list[tuple[str, Any]] = []
    engine = runtime.database.app.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        async with runtime.database.snapshot(tenant) as session:
            await ask(session)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    statement, parameters = next(one for one in reversed(sent) if "golfer_blocks" in one[0])
    async with runtime.database.snapshot(tenant) as session:
        connection = await session.connection()
        plan = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        return ", ".join(sorted(set(re.findall(r'"Index Name": "([^"]+)"', json.dumps(plan.scalar())))))


async def live(runtime: Runtime, engine: Engine, tenant: UUID, size: Size) -> None:
    """Let many follow the feed, host tee times, and measure until the last of them has heard."""
    dice, fanout = Random(7), Fanout(runtime.hub)
    taken: list[float] = []
    numbers = dice.sample(range(size.golfers), size.followers)
    begun = perf_counter()
    for first in range(0, len(numbers), 100):
        feeds = await asyncio.gather(
            *(_follow(engine, tenant, number, dice) for number in numbers[first : first + 100])
        )
        for feed in feeds:
            await fanout.join(feed, Taker(taken))
    print(f"\n{size.followers:,} followers began to follow in {perf_counter() - begun:.1f} s.")
    print("\n| tee time | heard by | executions | processor, ms | to the last, ms |\n| --- | --- | --- | --- | --- |")
    for number in range(size.events + 1):
        before, processor = metrics.total_of(metrics.executions), process_time()
        taken.clear()
        committed = await _host(runtime, tenant, dice)
        await _settled(taken)
        spent = 1_000 * (process_time() - processor)
        executed = metrics.total_of(metrics.executions) - before
        last = 1_000 * (max(taken, default=committed) - committed)
        if number:  # the first one compiles
            print(f"| {number} | {len(taken):,} | {executed:.0f} | {spent:.0f} | {last:.0f} |")


async def _follow(engine: Engine, tenant: UUID, number: int, dice: Random) -> Feed:
    near = {"latitude": dice.uniform(-60, 65), "longitude": dice.uniform(-180, 180), "radiusKm": 20_000.0}
    given = {
        "industries": dice.choice([None, None, [one.value for one in dice.sample(INDUSTRIES, 3)]]),
        "near": dice.choice([None, near]),
        "skill": dice.choice([None, None, None, *(one.value for one in SkillLevel)]),
    }
    feed = await engine.open(Request(DOCUMENT, given), viewer=viewer_of(tenant, number))
    assert isinstance(feed, Feed), feed
    return feed


async def _host(runtime: Runtime, tenant: UUID, dice: Random) -> float:
    async with runtime.work.change(tenant) as change:
        await host_tee_time(
            change.session,
            viewer=viewer_of(tenant, dice.randrange(100)),
            starts_at=NOW + timedelta(days=dice.randint(1, 20)),
            places=3,
            place_name="Dunes",
            time_zone="Europe/Madrid",
            latitude=dice.uniform(-60, 65),
            longitude=dice.uniform(-180, 180),
            now=NOW,
        )
        await change.write()
        return perf_counter()


async def _settled(taken: list[float]) -> None:
    """Wait until nobody has been given anything for a second."""
    known = -1
    while known != len(taken):
        known = len(taken)
        await asyncio.sleep(1)


@asynccontextmanager
async def filled(folder: Path, size: Size) -> AsyncIterator[tuple[Runtime, UUID]]:
    """Start a database with all of it in it."""
    with start_postgres(folder) as postgres:
        await upgrade(postgres.owner_url, app_url=postgres.app_url, system_url=postgres.system_url)
        tenant, connection = new_id(), await connect(postgres.owner_url, purpose="the bench")
        await fill(connection, tenant, size)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        urls = {
            "database_url": postgres.app_url.render_as_string(hide_password=False),
            "database_system_url": postgres.system_url.render_as_string(hide_password=False),
        }
        async with running(load_settings(_env_file=None, redis_url="", **urls), clock=lambda: NOW) as runtime:
            yield runtime, tenant


async def run(folder: Path, size: Size) -> None:
    """Measure all of it."""
    print(f"{size.golfers:,} golfers, {size.tee_times:,} open tee times, {size.repeats} of each query.")
    async with filled(folder, size) as (runtime, tenant):
        look_less_often_for_garbage()  # as the server does: by Python's default, to look through it all takes a second
        await queries(runtime, tenant, size)
        feeds = FeedIndexes(runtime.hub, runtime.database)
        limits: Any = RateLimits(runtime.settings, Limiter())
        async with feeds.kept():
            engine = engine_of(runtime, None, limits, feeds=feeds)  # type: ignore[arg-type]  # nobody asks for them
            await live(runtime, engine, tenant, size)


def main() -> None:
    """Read how much there shall be, and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    for name, usual in (
        ("golfers", 100_000),
        ("tee-times", 10_000),
        ("followers", 10_000),
        ("repeats", 200),
        ("events", 10),
    ):
        options.add_argument(f"--{name}", type=int, default=usual)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder), Size(**vars(asked))))


if __name__ == "__main__":
    main()
