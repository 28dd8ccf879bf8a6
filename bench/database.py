"""A PostgreSQL for the bench, in a process of its own: `python -m bench.database FOLDER` with JWT_SECRET set.

It starts the embedded server, migrates it, loads the demo club and what the bench needs besides, prints one line of
JSON that says where everything is, and ends when it is told to.
"""

import asyncio
import json
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from auth.viewer import Role, Viewer
from bench.build import PEERS
from bench.playing import found_clubs
from bench.work import CADDIE_LISTS
from demo.clubs import EIGHTEEN_ID, MAIN_ZONE
from demo.load import load_demo
from demo.people import MAIN_CLUB_ID, TENANT_ID
from domain.caddies.caddies import add_caddie
from domain.clubs.clubs import create_club, create_course
from kit.clock import utc_now
from kit.database import connect
from kit.ids import new_id, public_id
from kit.migrations import upgrade
from kit.postgres import EmbeddedPostgres, start_postgres
from kit.settings import Settings, load_settings
from realtime.runtime import Runtime, running

PEERS_TABLES = PEERS / "tables.sql"
"""What peers read and change that keep to PostgreSQL: the same clubs once more, in tables of their own."""
LIST = 30
"""Objects in the list that is read; of caddies as many, on three lists."""


async def fill(settings: Settings) -> dict[str, str]:
    """Load the demo, and a club with as many courses and caddies as a list has objects; gives the ids asked for."""
    now = utc_now()
    async with running(settings) as runtime:
        await load_demo(runtime.work, now=now)
        club_id, course_id = await _found_club(runtime, now)
        caddies = await _add_caddies(runtime, club_id, now)
        clubs = await found_clubs(runtime, _owner(now), now)
    return {
        "tenant": public_id("tenant", TENANT_ID),
        "club": public_id("club", club_id),
        "list_course": public_id("course", course_id),
        "sheet_club": public_id("club", MAIN_CLUB_ID),
        "course": public_id("course", EIGHTEEN_ID),
        **caddies,
        **clubs,
        "day": now.astimezone(ZoneInfo(MAIN_ZONE)).date().isoformat(),
    }


async def _found_club(runtime: Runtime, now: datetime) -> tuple[UUID, UUID]:
    """Found the club whose courses are read; gives its id, and that of its first course."""
    club_id, owner = new_id(), _owner(now)
    async with runtime.work.change(TENANT_ID) as change:
        place = {"time_zone": MAIN_ZONE, "currency": "EUR"}
        await create_club(change.session, viewer=owner, now=now, club_id=club_id, name="Links", **place)
        await change.session.flush()
        who = {"viewer": owner, "now": now, "club_id": club_id}
        courses = [
            await create_course(change.session, **who, name=f"Course {n:02d}", holes=9) for n in range(1, LIST + 1)
        ]
    return club_id, courses[0].id


async def _add_caddies(runtime: Runtime, club_id: UUID, now: datetime) -> dict[str, str]:
    """Add a third of the caddies to each list; gives their ids by the list, in its order."""
    ids: dict[str, str] = {}
    for number in CADDIE_LISTS:
        async with runtime.work.change(TENANT_ID) as change:
            who = {"viewer": _owner(now), "club_id": club_id, "list_number": number}
            names = [f"Caddie {n:02d}" for n in range(1, LIST // len(CADDIE_LISTS) + 1)]
            rows = [await add_caddie(change.session, **who, name=name, now=now) for name in names]
            ids[f"caddies_{number}"] = " ".join(public_id("caddie", row.id) for row in rows)
    return ids


def _owner(now: datetime) -> Viewer:
    return Viewer(
        user_id="bench-owner",
        tenant_id=TENANT_ID,
        club_ids=frozenset(),
        player_id=None,
        roles=frozenset({Role.ADMIN}),
        caddie_lists=frozenset(),
        household_id=None,
        expires_at=now.astimezone(UTC) + timedelta(hours=1),
    )


async def ready(postgres: EmbeddedPostgres, settings: Settings) -> dict[str, str]:
    """Bring the database up to the program, fill it, and let PostgreSQL look at what it holds."""
    await upgrade(postgres.owner_url, app_url=postgres.app_url, system_url=postgres.system_url)
    ids = await fill(settings)
    connection = await connect(postgres.owner_url, purpose="the bench")
    await connection.execute(PEERS_TABLES.read_text())
    await connection.execute("VACUUM ANALYZE")  # autovacuum does it within minutes; plans differ until then
    await connection.close()
    return ids


def main(folder: Path) -> None:
    """Serve until SIGTERM. One that comes while the database is made ready ends it when that is done, in good order."""
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told_to_stop.append(number))
    with start_postgres(folder) as postgres:
        urls = {
            "database_url": postgres.app_url.render_as_string(hide_password=False),
            "database_system_url": postgres.system_url.render_as_string(hide_password=False),
        }
        settings = load_settings(_env_file=None, redis_url="", **urls)
        ids = asyncio.run(ready(postgres, settings))
        print(json.dumps({"urls": {name.upper(): url for name, url in urls.items()}, "ids": ids}), flush=True)
        while not told_to_stop:
            time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
