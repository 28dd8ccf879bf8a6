"""A worker's process that sends one thing, and can be killed while it does."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID

from auth.vapid import vapid_key
from jobs.deliveries import Carrier, deliver
from kit.settings import Settings
from providers.mail.smtp import Smtp
from providers.push.service import PushServices
from realtime.runtime import running
from tests.harness import HeldClock
from tests.notifications.push_server import HOST


@dataclass(frozen=True)
class Errand:
    """What is to be sent, and where the server that takes it is."""

    tenant_id: UUID
    delivery_id: UUID
    port: int
    certificate: Path | None = None
    """The push service's; none for an e-mail."""
    stops: bool = False
    """Whether it comes to a stop before it has told a push service anything."""


@contextmanager
def process(settings: Settings, errand: Errand) -> Iterator[BaseProcess]:
    """Run one, which is killed at the end at the latest."""
    with killable(_run, settings, errand) as made:
        yield made


@contextmanager
def killable(run: Callable[..., None], /, *given: object) -> Iterator[BaseProcess]:
    """Run a function of a module in a process of its own, which is killed at the end at the latest."""
    made = get_context("spawn").Process(target=run, args=given, daemon=True)
    made.start()
    try:
        yield made
    finally:
        made.kill()
        made.join()


def _run(settings: Settings, errand: Errand) -> None:
    asyncio.run(_send(settings, errand))


async def _send(settings: Settings, errand: Errand) -> None:
    clock = HeldClock()
    async with running(settings, clock=clock) as runtime:
        carrier = _carrier(settings, errand, clock)
        await deliver(runtime, carrier, tenant_id=errand.tenant_id, delivery_id=errand.delivery_id)


def _carrier(settings: Settings, errand: Errand, clock: HeldClock) -> Carrier:
    if errand.certificate is None:
        return Smtp(f"smtp://127.0.0.1:{errand.port}", sender="Old Course <golf@club.example>", clock=clock)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.load_verify_locations(errand.certificate)

    async def resolve(_host: str, _port: int) -> list[str]:
        if errand.stops:
            await asyncio.Event().wait()
        return ["127.0.0.1"]

    key, hosts = vapid_key(settings), [f"{HOST}:{errand.port}"]
    assert key is not None
    return PushServices(
        key, clock=clock, hosts=hosts, resolve=resolve, may_reach=lambda address: address.is_loopback, tls=tls
    )
