"""Hearing of revoked tokens, as sockets hear of their rooms: by the log, whoever has written it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from pydantic import ValidationError

from auth.revocation import Revocations
from domain.access.revoking import find_revocations
from events.access import TokensRevoked, access_stream
from events.log import Logged
from kit.database import is_unreachable
from kit.ids import public_id
from models.revocations import Revocation
from realtime.runtime import Runtime
from realtime.subscription import Reset

PATIENCE = 1.0
"""Seconds that the first ones of a tenant may be kept waiting for what was revoked since this process began."""
RETRY = 0.5

log = structlog.get_logger(__name__)


class RevocationNews:
    """Keeps a process informed: of all that was revoked before it began, and of the tenants whose tokens it has met."""

    def __init__(self, runtime: Runtime) -> None:
        self.revocations = Revocations()
        self._runtime = runtime
        self._known: dict[UUID, asyncio.Event] = {}
        self._following: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """Read what is revoked, and hear of more for as long as the block lasts.

        Where the database is away, each tenant's are read when its first token is met and the database is back.
        """
        try:
            async with self._runtime.database.across_tenants() as session:
                self._note_all(*await find_revocations(session))
        except Exception as error:
            if not is_unreachable(error):
                raise
            log.warning("what is revoked could not be read yet: the database is away")
        try:
            yield
        finally:
            for task in self._following:
                task.cancel()
            await asyncio.gather(*self._following, return_exceptions=True)

    async def meet(self, tenant_id: UUID) -> None:
        """Follow a tenant from its first token on. Nobody waits for long: a database that is away is no reason to."""
        if tenant_id not in self._known:
            self._known[tenant_id] = asyncio.Event()
            work = self._follow(tenant_id, self._known[tenant_id])
            self._following.append(asyncio.create_task(work, name=f"revocations of {tenant_id}"))
        waiting = asyncio.ensure_future(self._known[tenant_id].wait())
        try:
            await asyncio.wait({waiting}, timeout=PATIENCE)
        finally:
            waiting.cancel()

    async def _follow(self, tenant_id: UUID, known: asyncio.Event) -> None:
        stream = access_stream(public_id("tenant", tenant_id))
        while True:
            try:
                async with self._runtime.hub.subscribe(stream, room=stream, after=None) as news:
                    await self._read(tenant_id)
                    known.set()
                    async for item in news:
                        await self._hear(tenant_id, item)
            except Exception:
                log.exception("revoked tokens could not be heard of; trying again", tenant=str(tenant_id))
            await asyncio.sleep(RETRY)

    async def _hear(self, tenant_id: UUID, item: Logged | Reset) -> None:
        try:
            fact = TokensRevoked.parse(item.data) if isinstance(item, Logged) else None
        except ValidationError:  # of a newer release
            fact = None
        if fact is None:
            await self._read(tenant_id)
        else:
            self.revocations.note(tenant_id, (fact.owner, fact.subject), fact.revoked_before)

    async def _read(self, tenant_id: UUID) -> None:
        async with self._runtime.database.tenant(tenant_id) as session:
            self._note_all(*await find_revocations(session))

    def _note_all(self, *rows: Revocation) -> None:
        for row in rows:
            self.revocations.note(row.tenant_id, (row.owner, row.subject), row.revoked_before)
