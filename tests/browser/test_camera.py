"""The camera of a door: it is shown the code that a guest is sent, and lets them in."""

from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import expect

from api import qr
from tests.api.test_qr import pixels
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.test_occasion import UNDO, guests, planning
from tests.browser.test_views import run_as

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 640, 480
FRAMES = 10


def show(code: str, to: Path) -> None:
    """Make a film of a guest's code as a camera gives it, in YUV4MPEG2: a grey hand holds it, and nothing moves."""
    held = pixels(qr.draw(code), scale=10)
    light = np.full((HEIGHT, WIDTH), 110, np.uint8)
    top, left = (HEIGHT - len(held)) // 2, (WIDTH - len(held)) // 3
    light[top : top + len(held), left : left + len(held)] = np.clip(held, 30, 225)
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES}:1 Ip A1:1 C420jpeg\n".encode()
    to.write_bytes(head + FRAMES * (b"FRAME\n" + light.tobytes() + grey))


async def test_a_guest_who_shows_a_code_to_the_camera_is_let_in_once(browser, demo, tmp_path):
    shown: Path = tmp_path / "door.y4m"
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={shown}",
    ]
    door = await browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, *camera])
    async with planning(door, demo, "door") as (page, occasion):
        guest = next(one for one in await guests(demo, occasion) if one["rsvpStatus"] == "ACCEPTED" and one["name"])
        show(guest["checkInCode"], shown)
        try:
            await page.get_by_role("button", name="Read by camera").click()
            await expect(page.get_by_role("region", name="Let in lately")).to_contain_text(guest["name"])
            await page.reload()
            await page.get_by_role("button", name="Read by camera").click()
            await expect(page.get_by_role("alert")).to_contain_text("checked in already")
            await page.get_by_role("button", name="Stop the camera").click()
            await expect(page.locator("video")).to_have_count(0)
        finally:
            await run_as(demo, "Planner", UNDO, g=guest["id"])
    await door.close()
