"""What tests are given: one real PostgreSQL for a process' whole run, a server for a module, a club for every test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import pytest_asyncio
import uvloop
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from api.app import create_app
from auth.limits import Rate
from auth.vapid import private_from_secret
from kit.garbage import look_less_often_for_garbage
from kit.migrations import upgrade
from kit.postgres import EmbeddedPostgres, start_postgres
from kit.settings import Settings
from realtime.metrics import compiled_answers, total_of
from tests.databases import keep_untouched, settings_beside
from tests.harness import MORNING, SECRET, HeldClock, Server, World, serving
from tests.moulds import another_world
from tests.thorough import THOROUGH, times

hypothesis_settings.register_profile(
    "fairway",
    deadline=None,  # a busy machine is no fault of the code
    max_examples=times(100, usually=40),
)
hypothesis_settings.load_profile("fairway")


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of the tests' own, migrated."""
    with TemporaryDirectory(prefix="fairway-tests-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where the tests run as root
        with start_postgres(Path(folder) / "data", durable=False) as server:
            asyncio.run(upgrade(server.owner_url, app_url=server.app_url, system_url=server.system_url))
            asyncio.run(keep_untouched(server))
            yield server


@pytest.fixture(scope="session")
def settings(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server of the tests: their database, their secret, no environment of the machine's."""
    unlimited: dict[str, Any] = {f"rate_limit_{rate}": "" for rate in Rate}
    return Settings(
        vapid_private_key=private_from_secret("a key of the tests alone"),
        vapid_subject="mailto:golf@example.com",
        _env_file=None,
        database_url=postgres.app_url.render_as_string(hide_password=False),
        database_system_url=postgres.system_url.render_as_string(hide_password=False),
        jwt_secret=SecretStr(SECRET),
        ws_max_connections_per_user=5_000,
        http_max_connections_per_address=5_000,
        ws_max_connections_per_address=5_000,
        **unlimited,  # clocks stand still here, and all come from one address
        redis_url="",
        fairway_data_dir=tmp_path_factory.mktemp("data"),
        weather_provider="none",
        payment_provider="twin",
        database_pool_size=10,
        compare_answers=THOROUGH,
        database_timeout_ms=30_000,  # a busy machine is no silent database
    )


@pytest.fixture(autouse=True)
def compiled_answers_are_the_reference_s() -> Iterator[None]:
    """Wherever answers are compared, none may differ."""
    differing = compiled_answers.labels("differs")
    before = total_of(differing)
    yield
    assert total_of(differing) == before, "a compiled answer differs from the reference: the log says which"


@pytest_asyncio.fixture(scope="module")
async def shared_server(
    postgres: EmbeddedPostgres, settings: Settings, request: pytest.FixtureRequest
) -> AsyncIterator[Server]:
    """A server on loopback, without a worker; in a module that is marked `lone`, on a database of its own."""
    clock = HeldClock()
    async with AsyncExitStack() as stack:
        if request.node.get_closest_marker("lone"):
            settings = await stack.enter_async_context(settings_beside(postgres, settings))
        yield await stack.enter_async_context(serving(create_app(settings, with_jobs=False, clock=clock), clock))


@pytest_asyncio.fixture
async def server(shared_server: Server) -> Server:
    """The module's server, in the morning."""
    shared_server.clock.now = MORNING
    return shared_server


@pytest_asyncio.fixture
async def clock(server: Server) -> HeldClock:
    """The clock of the module's server: it stands still until a test moves it."""
    return server.clock


@pytest_asyncio.fixture
async def world(server: Server) -> World:
    """A club with a course and today's sheet."""
    return await another_world(server)


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run all on the loop that the program runs on."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the program does: the tests themselves are what was made till now."""
    look_less_often_for_garbage()
