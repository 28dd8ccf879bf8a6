"""Databases with the demo in them, or for it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL

from events.log import Logged
from events.work import UnitOfWork
from kit.database import Database, connect
from kit.postgres import EmbeddedPostgres
from models import metadata
from tests.databases import UNTOUCHED, as_owner

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
"""A Monday: 11:00 in New York, and 17:00 in Madrid, where the last start of the day has passed."""


@dataclass
class Demo:
    """A database with the demo in it, or for it."""

    owner_url: URL
    database: Database
    work: UnitOfWork
    told: list[Logged]

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        connection = await connect(self.owner_url, purpose="the tests")
        try:
            return [dict(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Read all rows of all tables, and the queue's."""
        tables = [*metadata.tables, "pgqueuer"]
        return {table: await self.rows(f"SELECT * FROM {table} x ORDER BY x::text") for table in tables}


@asynccontextmanager
async def opened(postgres: EmbeddedPostgres, name: str, *, template: str = UNTOUCHED) -> AsyncIterator[Demo]:
    """Make a database, and remove it in the end."""
    await as_owner(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    urls = [url.set(database=name) for url in (postgres.owner_url, postgres.app_url, postgres.system_url)]
    database = Database(urls[1], urls[2])
    told: list[Logged] = []

    async def publish(logged: Sequence[Logged]) -> None:
        told.extend(logged)

    try:
        yield Demo(urls[0], database, UnitOfWork(database, publish), told)
    finally:
        await database.close()
        await as_owner(postgres, f"DROP DATABASE {name} WITH (FORCE)")  # a test that fails may leave a transaction
