"""Codes for the door as pictures: read by a program that is not ours, from what a browser would draw."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from api import qr
from kit.crockford import ALPHABET
from tests.api.test_rate_limits import limited, refused

CODE = "0123456789ABCDEF"
SVG = "{http://www.w3.org/2000/svg}"
STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")
SIZE = 29
"""Modules of version 1, 21, and four of white on each side."""


def pixels(picture: bytes, *, scale: int = 4) -> np.ndarray:
    """Draw the picture: a white square, and dark strokes of one module's height along horizontal lines."""
    root = ET.fromstring(picture)
    assert root.get("viewBox") == f"0 0 {SIZE} {SIZE}"
    ground, strokes = root.iter(f"{SVG}path")
    assert (ground.get("fill"), ground.get("d")) == ("#fff", f"M0 0h{SIZE}v{SIZE}h-{SIZE}z")
    assert strokes.get("stroke") == "#000"
    modules = np.full((SIZE, SIZE), 255, np.uint8)
    x = y = 0.0
    for kind, first, second in STEP.findall(strokes.get("d", "")):
        if kind == "h":
            modules[int(y), int(x) : int(x + float(first))] = 0
            x += float(first)
        else:
            x, y = (x, y) if kind == "m" else (0.0, 0.0)
            x, y = x + float(first), y + float(second)
    return modules.repeat(scale, axis=0).repeat(scale, axis=1)


def assert_shows(picture: bytes, code: str) -> None:
    [found] = zxingcpp.read_barcodes(pixels(picture))
    assert (found.text, found.format) == (code, zxingcpp.BarcodeFormat.QRCode)
    assert found.ec_level == "Q"


@given(code=st.text(ALPHABET, min_size=16, max_size=16))
def test_every_code_is_read_from_its_picture(code):
    assert_shows(qr.draw(code), code)


def test_six_of_its_26_codewords_may_be_covered():
    image = pixels(qr.draw(CODE), scale=1)
    image[13:25, 21:25] = 255
    [found] = zxingcpp.read_barcodes(image.repeat(4, axis=0).repeat(4, axis=1))
    assert found.text == CODE


async def test_the_picture_is_had_without_a_token_and_kept_for_good(server):
    answer = await server.http.get(f"{server.url}/qr/{CODE}.svg")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert_shows(answer.content, CODE)
    again = await server.http.get(f"{server.url}/qr/{CODE.lower()}.svg")
    assert again.content == answer.content
    head = await server.http.head(f"{server.url}/qr/{CODE}.svg")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["short", CODE + "0", "U" * 16, "é" * 16, "%00" * 16, "..%2F" + CODE, "<script>alert(1)</script>"]
)
async def test_what_is_no_code_has_no_picture(server, path):
    answer = await server.http.get(f"{server.url}/qr/{path}.svg")
    assert answer.status_code == 404
    assert "svg" not in answer.headers["Content-Type"]
    assert path not in answer.text


async def test_only_what_has_to_be_drawn_is_counted(settings, clock):
    first, second = "Z" * 15 + "1", "Z" * 15 + "2"
    before = refused("anonymous_reads", "address")
    async with limited(settings, clock, anonymous_reads="1/minute") as server:
        for _ in range(3):
            assert (await server.http.get(f"{server.url}/qr/{first}.svg")).status_code == 200
        answer = await server.http.get(f"{server.url}/qr/{second}.svg")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        assert refused("anonymous_reads", "address") == before + 1
        clock.advance(minutes=1)
        assert (await server.http.get(f"{server.url}/qr/{second}.svg")).status_code == 200
