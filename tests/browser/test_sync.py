"""`useRealtimeSync`: a burst is one load, when it is due, and none for who is gone."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.clients.conftest import WEB, web_with_packages

pytestmark = pytest.mark.browser

SOURCE = Path(__file__).parent / "pages" / "sync.tsx"
BUILD = """
import { build } from "vite";
const [source, out, live] = process.argv.slice(1);
await build({ configFile: false, logLevel: "error", define: { "process.env.NODE_ENV": '"production"' },
  resolve: { alias: { "@fairway/live/react": `${live}/react.ts`, "@fairway/live": `${live}/index.ts` } },
  build: { outDir: out, lib: { entry: source, formats: ["iife"], name: "page", fileName: () => "page.js" } } });
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's program, built from the sources of the library."""
    out = tmp_path_factory.mktemp("sync")
    with web_with_packages():
        source = WEB / "src" / "sync-of-tests.tsx"  # beside the packages that it is built of
        source.write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
        try:
            given = [str(source), str(out), str(WEB / "live" / "src")]
            subprocess.run(["node", "--input-type=module", "-e", BUILD, *given], check=True, cwd=WEB, timeout=120)
        finally:
            source.unlink()
    return (out / "page.js").read_text(encoding="utf-8")


@asynccontextmanager
async def following(browser: Browser, program: str, merge: int | None = None) -> AsyncIterator[Page]:
    page = await browser.new_page()
    await page.clock.install()
    await page.set_content("<!doctype html><body></body>")
    await page.clock.pause_at(await page.evaluate("Date.now() + 1000"))
    await page.add_script_tag(content=program)
    await call(page, "show", "a", *([] if merge is None else [merge]))
    yield page
    await page.close()


async def call(page: Page, what: str, *given: Any) -> Any:
    return await page.evaluate("([what, given]) => window[what](...given)", [what, given])


async def loads_after(page: Page, milliseconds: int) -> int:
    await page.clock.run_for(milliseconds)
    return int(await call(page, "loads"))


@pytest.mark.parametrize(("merge", "waits"), [(None, 1000), (700, 700), (0, 500), (60_000, 2000)])
async def test_a_burst_is_one_load_so_long_after_its_first(browser, program, merge, waits):
    async with following(browser, program, merge) as page:
        for number in range(20):
            await call(page, "tell", str(number))
            assert await loads_after(page, 10) == 0
        assert await loads_after(page, waits - 201) == 0
        assert await loads_after(page, 1) == 1
        assert await loads_after(page, 10_000) == 1
        await call(page, "tell", "later")
        assert await loads_after(page, waits) == 2


async def test_who_is_gone_loads_nothing_and_listens_no_more(browser, program):
    async with following(browser, program) as page:
        await call(page, "tell", "1")
        await call(page, "hide")
        assert await call(page, "after") == []
        assert await loads_after(page, 60_000) == 0


async def test_it_goes_on_from_its_cursor_and_anew_where_that_is_refused(browser, program):
    async with following(browser, program) as page:
        await call(page, "tell", "7")
        assert await call(page, "after") == [["a", "7"]]
        await call(page, "refuse")
        assert await call(page, "after") == [["a", None]]
        assert await loads_after(page, 1000) == 1


async def test_other_types_are_listened_to_from_their_beginning(browser, program):
    async with following(browser, program) as page:
        await call(page, "tell", "7")
        await call(page, "show", "b")
        assert await call(page, "after") == [["b", None]]
        assert await loads_after(page, 60_000) == 0


async def test_where_there_are_no_events_it_loads_as_often_as_the_line_polls(browser, program):
    async with following(browser, program) as page:
        assert await loads_after(page, 31_000) == 0
        await call(page, "poll")
        assert await loads_after(page, 31_000) == 1
        assert await loads_after(page, 30_000) == 2
