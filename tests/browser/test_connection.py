"""What a board says while its server can't be heard: frozen, killed, or when a sign-in counts no more."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.test_board import CANCEL, LIVE, board, book, free_start, run, tile
from tests.program import serving_program

pytestmark = pytest.mark.browser


async def test_a_network_that_freezes_and_a_server_that_is_killed_empty_no_screen(browser, demo_folder):
    folder, data = Path(demo_folder), Path(demo_folder) / "mortal"
    async with serving_program("--demo", folder=folder, data_dir=data) as first, board(browser, first, days=1) as page:
        row, start = await free_start(page, first)
        await book(row, first="Thea", last="Holm")
        tiles = await page.locator(".tile").count()
        os.kill(first.pid, signal.SIGSTOP)  # nothing is closed: it only says nothing any more
        try:
            await expect(page.locator("#live")).to_contain_text("Reconnecting…")
            await expect(page.locator("#live")).to_contain_text("as of")
            assert await page.locator(".tile").count() == tiles
        finally:
            os.kill(first.pid, signal.SIGCONT)
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
        booking = str(await tile(row, 1).get_attribute("data-booking"))
        os.kill(first.pid, signal.SIGKILL)
        await first.process.wait()
        await expect(page.locator("#live")).to_contain_text("Reconnecting…")
        assert await page.locator(".tile").count() == tiles
        port = str(urlsplit(first.url).port)
        async with serving_program("--demo", "--port", port, folder=folder, data_dir=data) as second:
            await run(second, CANCEL, b=booking)  # while nobody listens
            await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
            await expect(tile(row, 1)).to_have_attribute("data-status", "AVAILABLE")
            assert start["id"] == await row.get_attribute("id")


async def test_a_sign_in_that_counts_no_more_is_said_and_another_one_goes_on(browser, demo):
    async with board(browser, demo, locale="es-ES") as page:
        await expect(page.locator(".tile").first).to_be_visible()
        name = "fairway.token"
        await page.evaluate("name => sessionStorage.setItem(name, sessionStorage.getItem(name).slice(0, -8))", name)
        await page.reload()
        await expect(page.locator("#live")).to_have_text("Tu sesión ha caducado")
        await expect(page.get_by_role("alert")).to_have_text("Tu sesión ha caducado")
        await page.locator("#who").select_option(label="Pro shop")
        await expect(page.locator("#live")).to_have_text(LIVE["es-ES"])
        await expect(page.locator(".tile").first).to_be_visible()
