"""A look into the database, and a hand in the peers' tables, as PostgreSQL's superuser."""

import asyncio
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from bench.services import Services


def socket_folder(services: Services) -> str:
    """Say where PostgreSQL listens."""
    return str(make_url(services.database.urls["DATABASE_URL"]).query["host"])


def run_sql(services: Services, *statements: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Run statements, each with its values, in one transaction; gives the rows of the last."""

    async def run() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(host=socket_folder(services), user="postgres", database="fairway")
        rows: list[tuple[Any, ...]] = []
        try:
            async with connection.transaction():
                for statement, *values in statements:
                    rows = [tuple(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()
        return rows

    return asyncio.run(run())
