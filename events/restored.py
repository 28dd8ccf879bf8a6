"""A backup was restored: positions that were given out since it was made will be given out again, for other events."""

import asyncpg
from sqlalchemy import URL

from kit.database import connect
from kit.errors import SetupError


async def begin_anew(owner_url: URL) -> None:
    """Give every stream another epoch, so that each cursor given out so far is answered by a reset.

    Where the database, its server or its tables are others than before, all have one already, and get another one.
    Raises SetupError.
    """
    connection = await connect(owner_url, purpose="the restored backup")
    try:
        await connection.execute("INSERT INTO restorations DEFAULT VALUES")
    except asyncpg.UndefinedTableError:
        raise SetupError(message="The backup is of an older release. Run `fairway migrate`, then this again.") from None
    except asyncpg.InsufficientPrivilegeError:
        raise SetupError(message="Only the owner of the tables may say so: set DATABASE_OWNER_URL.") from None
    finally:
        await connection.close()
