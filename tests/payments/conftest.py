"""A server whose deposits Stripe takes, and a Stripe on loopback."""

from collections.abc import AsyncIterator

import pytest_asyncio
from pydantic import SecretStr

from api.app import create_app
from kit.settings import Settings
from tests.harness import HeldClock, Server, World, serving, settings_for
from tests.moulds import another_world
from tests.payments.stripe_server import KEY, SECRET, StripeServer, stripe_server


@pytest_asyncio.fixture(scope="module")
async def shared_server(settings: Settings) -> AsyncIterator[Server]:
    """A server on loopback, without a worker, to which Stripe may tell what happens."""
    clock, keys = (
        HeldClock(),
        {"stripe_secret_key": SecretStr(KEY), "stripe_webhook_secrets": SecretStr(f"old,{SECRET}")},
    )
    set_up = settings_for(settings, payment_provider="stripe", **keys)
    async with serving(create_app(set_up, with_jobs=False, clock=clock), clock) as running:
        yield running


@pytest_asyncio.fixture
async def service() -> AsyncIterator[StripeServer]:
    """A Stripe of the test's own."""
    async with stripe_server() as running:
        yield running


@pytest_asyncio.fixture
async def world(server: Server) -> World:
    """A club with a course and today's sheet."""
    return await another_world(server)
