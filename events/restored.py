"""A backup was restored: positions that were given out since it was made will be given out again, for other events."""

from sqlalchemy import URL

from kit.database import connect


async def begin_anew(owner_url: URL) -> None:
    """Give every stream another epoch, so that each cursor given out so far is answered by a reset.

    Where the database, its server or its tables are others than before, all have one already, and get another one.
    """
    connection = await connect(owner_url, purpose="the restored backup")
    try:
        await connection.execute("INSERT INTO restorations DEFAULT VALUES")
    finally:
        await connection.close()
