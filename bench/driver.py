"""The driver alone: `python -m bench.driver FOLDER_OF_THE_SOCKET CHANGES CLIENTS,…` prints its rates as JSON.

A transaction reads, locks a start, reads what is behind the lock, writes rows of two tables and changes a third by one
statement, and appends to a log whose counter stays locked until the commit: what Fairway says, without Fairway.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvloop

from bench.statements import STATEMENTS

CLUBS = (1, 10)
CONNECTIONS = 10
"""As many as Fairway keeps."""
WARMUP = 50
STARTS = """SELECT s.club_id, t.id FROM peers.tee_times t JOIN peers.sheets s ON s.id = t.sheet_id
JOIN peers.clubs c ON c.id = s.club_id WHERE c.name LIKE 'Course Club %' ORDER BY s.club_id, t.starts_at"""
READ = """SELECT t.*, s.*, c.* FROM peers.tee_times t JOIN peers.sheets s ON s.id = t.sheet_id
JOIN peers.clubs c ON c.id = s.club_id WHERE t.id = $1"""
LOCK = "SELECT id FROM peers.tee_times WHERE id = $1 FOR UPDATE"
PLACES = "SELECT * FROM peers.slots WHERE tee_time_id = $1 ORDER BY number"
WRITE = """WITH place AS (
    UPDATE peers.slots SET number = number WHERE tee_time_id = $1 AND number = 1 RETURNING id
), made AS (INSERT INTO peers.orders SELECT $2, id, 'Player' FROM place)
INSERT INTO peers.order_lines VALUES ($3, $2, 'Player')"""
LOG = """WITH stream AS (UPDATE peers.streams SET position = position + 1 WHERE club_id = $1 RETURNING position)
INSERT INTO peers.log SELECT $1, position, $2 FROM stream RETURNING position"""
DATA = json.dumps({"type": "slot.booked", "name": "Player", "note": "x" * 150})
Start = tuple[UUID, UUID]


async def change(pool: "asyncpg.Pool[Any]", start: Start, statements: int) -> None:
    """Do one transaction of so many statements, three at least."""
    club_id, tee_time_id = start
    async with pool.acquire() as connection, connection.transaction():
        if statements > 3:
            await connection.fetch(READ, tee_time_id)
        await connection.fetch(LOCK, tee_time_id)
        for _ in range(statements - 4):
            await connection.fetch(PLACES, tee_time_id)
        await connection.execute(WRITE, tee_time_id, uuid4(), uuid4())
        await connection.fetch(LOG, club_id, DATA)


async def rate(
    pool: "asyncpg.Pool[Any]", starts: Sequence[Start], *, count: int, clients: int, statements: int
) -> float:
    """Give the transactions per second of so many clients."""
    numbers = iter(range(count))

    async def client() -> None:
        for number in numbers:
            await change(pool, starts[number % len(starts)], statements)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return count / (time.perf_counter() - began)


def of_clubs(starts: Sequence[Start], count: int) -> list[Start]:
    """Take the starts of so many clubs, one club after the other."""
    clubs = sorted({club for club, _ in starts})[:count]
    by_club = [[start for start in starts if start[0] == club] for club in clubs]
    return [start for together in zip(*by_club, strict=True) for start in together]


async def main(folder: str, count: int, clients: Sequence[int]) -> list[dict[str, Any]]:
    """Measure each change for one club and ten, at each number of clients."""
    async with asyncpg.create_pool(
        host=folder, user="peers", database="fairway", min_size=CONNECTIONS, max_size=CONNECTIONS
    ) as pool:
        starts = [tuple(row) for row in await pool.fetch(STARTS)]
        await rate(pool, starts, count=WARMUP, clients=CONNECTIONS, statements=10)
        return [
            {
                "kind": kind,
                "clubs": clubs,
                "clients": at_once,
                "statements": statements,
                "per_s": await rate(pool, of_clubs(starts, clubs), count=count, clients=at_once, statements=statements),
                "trouble": "",
            }
            for clubs in CLUBS
            for at_once in clients
            for kind, statements in STATEMENTS.items()
        ]


if __name__ == "__main__":
    print(json.dumps(uvloop.run(main(sys.argv[1], int(sys.argv[2]), [int(n) for n in sys.argv[3].split(",")]))))
