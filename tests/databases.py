"""Databases beside the tests' own: copies of one that was migrated and is never used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from kit.database import connect
from kit.postgres import DATABASE, EmbeddedPostgres
from kit.settings import Settings
from tests.harness import settings_for

UNTOUCHED = "untouched"


async def as_owner(postgres: EmbeddedPostgres, statement: str) -> None:
    """Run a statement of the owner's, outside a transaction."""
    connection = await connect(postgres.owner_url, purpose="the tests")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def keep_untouched(postgres: EmbeddedPostgres) -> None:
    """Copy the database that has just been migrated, before anybody uses it."""
    await as_owner(postgres, f"CREATE DATABASE {UNTOUCHED} TEMPLATE {DATABASE}")


@asynccontextmanager
async def database_beside(postgres: EmbeddedPostgres, *, template: str = UNTOUCHED) -> AsyncIterator[str]:
    """Give the name of a migrated database with nothing in it, or of a copy of another, until the block ends."""
    name = f"beside_{uuid4().hex}"
    await as_owner(postgres, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield name
    finally:
        await as_owner(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def settings_beside(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[Settings]:
    """Give the tests' settings with such a database, for what looks across all tenants."""
    async with database_beside(postgres) as name:
        urls = {
            "database_url": postgres.app_url.set(database=name),
            "database_system_url": postgres.system_url.set(database=name),
        }
        yield settings_for(settings, **{key: url.render_as_string(hide_password=False) for key, url in urls.items()})
