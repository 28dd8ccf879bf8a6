"""What every process of Fairway is made of, whether it answers requests or works off jobs."""

import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from events.log import Logged
from events.work import UnitOfWork
from kit.clock import Clock, utc_now
from kit.database import Database
from kit.settings import Settings
from realtime.broadcaster import make_broadcast
from realtime.hub import Hub
from realtime.instances import Broadcaster

SETTLE_SECONDS = 1.0
"""Seconds for which changes that are under way are waited for, whoever asked for them having gone."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Runtime:
    """The database, the hub, and the one way to change things."""

    settings: Settings
    instance: str
    database: Database
    hub: Hub
    work: UnitOfWork
    clock: Clock

    @property
    def broadcaster(self) -> Broadcaster:
        """How news travels between this process and others, at the moment."""
        if not self.settings.redis_url:
            return "memory"
        return "ok" if self.hub.healthy else "away"


def instance_name(settings: Settings) -> str:
    """Name this process in acknowledgements, logs and messages: unique among all that share a database."""
    return settings.instance_name or f"{socket.gethostname()}-{os.getpid()}"


CommitHook = Callable[[Sequence[Logged]], None]


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock = utc_now, on_commit: Sequence[CommitHook] = ()
) -> AsyncIterator[Runtime]:
    """Build the parts, start them, and stop them at the end. Hooks are told what this process has committed."""
    instance = instance_name(settings)
    database = Database(
        settings.app_url,
        settings.system_url,
        pool_size=settings.database_pool_size,
        within=settings.database_timeout,
        pooled=settings.database_pooled,
    )
    broadcast, redis = make_broadcast(settings.redis_url)
    hub = Hub(
        database,
        broadcast,
        instance=instance,
        healthy=lambda: redis is not None and redis.healthy,
        sweep_seconds=settings.sweep_interval_ms / 1000,
        degraded_sweep_seconds=settings.sweep_interval_degraded_ms / 1000,
    )
    if redis is not None:
        redis.on_health_change = lambda _healthy: hub.sweep_now()

    async def publish(messages: Sequence[Logged]) -> None:
        await hub.publish(messages)
        for hook in on_commit:
            try:
                hook(messages)
            except Exception:  # the change is committed, and whoever made it has to hear so
                log.exception("a hook failed at what was committed")

    work = UnitOfWork(database, publish, hub.prerender)
    await hub.start()
    try:
        yield Runtime(settings, instance, database, hub, work, clock)
    finally:
        await work.settle(within=SETTLE_SECONDS)
        await hub.stop()
        await database.close()
