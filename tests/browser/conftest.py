"""A real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.clients.conftest import WEB, web_with_packages
from tests.patience import PATIENCE
from tests.program import Running, open_folder, serving_program

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where there is no browser, except where one is required."""
    if CHROMIUM is None and os.environ.get("FAIRWAY_BROWSER_TESTS") != "required":
        for item in items:
            if "tests/browser/" in str(item.path):
                item.add_marker(pytest.mark.skip(reason="no Chromium on the PATH"))


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    assert CHROMIUM, "install Chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        expect.set_options(timeout=PATIENCE * 1000)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def demo_folder() -> Iterator[Path]:
    """Where the demo's data lie."""
    with open_folder() as folder:
        yield folder


@pytest_asyncio.fixture(scope="session")
async def demo(demo_folder: Path) -> AsyncIterator[Running]:
    """The demo, served as the README says."""
    async with serving_program("--demo", folder=demo_folder, data_dir=demo_folder / "data") as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which looks for what keeps people from using a page."""
    with web_with_packages():
        return (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
