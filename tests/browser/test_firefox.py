"""The board in another browser: what is live, what keys do, and what floats, in Firefox."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from tests.browser.firefox import FIREFOX, Tab, firefox
from tests.browser.test_board import CANCEL, FREE, HOLD, LIVE, run
from tests.program import Running

IS_REQUIRED = os.environ.get("FAIRWAY_BROWSER_TESTS") == "required"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FIREFOX is None and not IS_REQUIRED, reason="no Firefox on the PATH"),
]


@pytest_asyncio.fixture
async def tab(demo: Running) -> AsyncIterator[Tab]:
    """The board, tomorrow's, as soon as it is connected."""
    with TemporaryDirectory(prefix="fairway-firefox-") as profile:
        async with firefox(Path(profile)) as tab:
            await tab.goto(f"{demo.url}/")
            await tab.until(f"document.querySelector('#live')?.textContent === '{LIVE['en-GB']}'")
            await tab.type("]")
            await tab.until("document.querySelector('[data-slot]') !== null")
            yield tab


async def free_start(tab: Tab, demo: Running) -> str:
    """Find a start with all of its places free."""
    course, day = await tab.evaluate("['course', 'day'].map((id) => document.getElementById(id).value)")
    sheet = (await run(demo, FREE, c=course, d=day))["teeSheet"]
    return str(next(t["id"] for t in sheet["teeTimes"] if all(one["status"] == "AVAILABLE" for one in t["slots"])))


def place(start: str, number: int) -> str:
    return f"document.querySelectorAll('#{start} [data-slot]')[{number - 1}]"


async def test_firefox_follows_what_others_do(tab, demo):
    start = await free_start(tab, demo)
    hold = (await run(demo, HOLD, t=start))["holdSlots"]["hold"]["id"]
    await tab.until(f"{place(start, 1)}.dataset.status === 'HELD'")
    await run(demo, "mutation($h: ID!) { releaseHold(input: { holdId: $h }) { hold { id } } }", h=hold)
    await tab.until(f"{place(start, 1)}.dataset.status === 'AVAILABLE'")


async def test_a_desk_works_by_keys_in_firefox(tab, demo):
    start = await free_start(tab, demo)
    await tab.evaluate(f"{place(start, 1)}.focus()")
    await tab.type("b")
    await tab.until("document.activeElement.closest('[role=dialog]') !== null")
    named = (
        "[...document.querySelectorAll('[role=dialog] label')].find((one) => one.textContent.startsWith('First name'))"
    )
    await tab.evaluate(f"{named}.querySelector('input').focus()")
    await tab.type("Esme", "Tab", "Rush", "Enter")
    booking = await tab.until(
        f"{place(start, 1)}.textContent.includes('Esme Rush') && {place(start, 1)}.dataset.booking"
    )
    await tab.until(f"document.querySelector('[role=dialog]') === null && document.activeElement === {place(start, 1)}")
    await tab.type("n")
    await tab.until("document.activeElement.tagName === 'TEXTAREA'")
    await tab.type("Left-handed", "Enter")
    await tab.until(f"document.querySelector('#{start} .notes')?.textContent === 'Esme Rush: Left-handed'")
    await tab.until(f"document.querySelector('[role=dialog]') === null && document.activeElement === {place(start, 1)}")
    await tab.type("z")
    await tab.until(f"document.querySelector('#{start} .notes') === null")
    await tab.type("ArrowRight", "h")
    await tab.until(f"{place(start, 2)}.dataset.status === 'HELD'")
    await tab.until("document.querySelector('.last-act').textContent.includes('Held.')")
    await tab.type("z")
    await tab.until(f"{place(start, 2)}.dataset.status === 'AVAILABLE'")
    await run(demo, CANCEL, b=booking)
    await tab.until(f"{place(start, 1)}.dataset.status === 'AVAILABLE'")


async def test_firefox_prints_the_day(tab):
    await tab.type("p")
    await tab.until("document.querySelector('[role=dialog] .do') !== null")
    await tab.evaluate("document.querySelector('[role=dialog] .do').click()")
    await tab.until("document.querySelector('[role=dialog]') === null")
    assert any(url.startswith("blob:") for url in await tab.tabs())
