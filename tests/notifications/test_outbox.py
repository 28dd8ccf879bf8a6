"""The outbox: what would have been sent is shown, and text stays text."""

import pytest_asyncio

from api.app import create_app
from providers.outbox import Outbox
from tests.harness import HeldClock, found_world, serving, settings_for
from tests.notifications.post import post
from tests.notifications.test_email import told_by_mail


@pytest_asyncio.fixture
async def trying(settings, tmp_path):
    """A world of a server that sends nothing."""
    clock = HeldClock()
    own = settings_for(settings, outbox_dir=tmp_path / "outbox")
    async with serving(create_app(own, with_jobs=False, clock=clock), clock) as server:
        yield await found_world(server)


async def test_what_would_have_been_sent_is_shown_in_the_browser(trying, tmp_path):
    assert "Nothing yet" in (await trying.server.http.get(f"{trying.server.url}/outbox")).text
    await told_by_mail(trying)
    await post(trying, Outbox(tmp_path / "outbox", clock=trying.server.clock))
    page = await trying.server.http.get(f"{trying.server.url}/outbox")
    assert page.status_code == 200
    assert "Your booking was cancelled" in page.text
    assert "ana@example.com" in page.text
    assert "script" not in page.headers["content-security-policy"]


async def test_there_is_no_outbox_where_things_are_sent(world):
    assert (await world.server.http.get(f"{world.server.url}/outbox")).status_code == 404
