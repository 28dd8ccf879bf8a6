"""What becomes of a picture: upright, two sizes, in sRGB, with nothing else in it; and what is not taken."""

import asyncio
import re
import struct
import threading
from io import BytesIO
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from kit.pictures import MAX_PIXELS, PictureRefusal, PictureRefused, PictureSize
from providers.pictures import AT_ONCE, Pictures, pictures_prepared, prepare
from tests.providers.picture_files import (
    BLUE,
    HEIC,
    RED,
    TURNED_HEIC,
    metadata,
    moving,
    red_and_blue,
    saved,
    scanned_too_often,
    telling,
    vast,
)
from tests.thorough import times


def shown(content: bytes, size: PictureSize = PictureSize.LARGE) -> Image.Image:
    return Image.open(BytesIO(prepare(BytesIO(content)).sizes[size]))


def looks(image: Image.Image, *, first, last) -> bool:
    """Whether the corners have these colours, about."""
    image.load()
    corners = (image.getpixel((2, 2)), image.getpixel((image.width - 3, image.height - 3)))
    return all(abs(a - b) < 16 for c, w in zip(corners, (first, last), strict=True) for a, b in zip(c, w, strict=True))


def markers(jpeg: bytes) -> set[int]:
    """The kinds of segments before the pixels."""
    found, place = set(), 2
    while jpeg[place + 1] != 0xDA:
        found.add(jpeg[place + 1])
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4])
    return found


@pytest.mark.parametrize("content", [
    telling("JPEG"), telling("PNG"), telling("WEBP"), telling("AVIF"), HEIC,
    saved(red_and_blue("CMYK"), "JPEG", quality=95), saved(red_and_blue().quantize(8), "PNG"),
    saved(red_and_blue("RGBA"), "WEBP", lossless=True), saved(red_and_blue(), "MPO", save_all=True, quality=95,
    append_images=[Image.new("RGB", (64, 32))]), moving("WEBP"), moving("PNG"), moving("AVIF"),
], ids=["JPEG", "PNG", "WebP", "AVIF", "HEIC", "CMYK", "palette", "lossless", "MPO", "moving WebP", "moving PNG",
        "moving AVIF"])  # fmt: skip
def test_whatever_comes_is_shown_as_a_jpeg_of_its_first_frame(content):
    image = shown(content)
    assert (image.format, image.mode, image.size, getattr(image, "n_frames", 1)) == ("JPEG", "RGB", (64, 32), 1)
    assert looks(image, first=RED, last=BLUE)


@pytest.mark.parametrize("content", [telling("JPEG", turned=True), telling("PNG", turned=True), telling("WEBP",
    turned=True), telling("AVIF", turned=True), TURNED_HEIC], ids=["JPEG", "PNG", "WebP", "AVIF", "HEIC"])  # fmt: skip
def test_a_picture_that_was_taken_upright_is_shown_upright(content):
    prepared = prepare(BytesIO(content))
    assert (prepared.width, prepared.height) == (32, 64)
    assert looks(shown(content), first=RED, last=BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_is_left_of_what_a_picture_told_beside_itself(kind):
    content = telling(kind)
    assert metadata()[0x010F].encode() in content
    for jpeg in prepare(BytesIO(content)).sizes.values():
        assert not {name for name in (b"omebody", b"Exif", b"ICC_PROFILE", b"xmpmeta") if name in jpeg}
        assert markers(jpeg) <= {0xE0, 0xDB, 0xC2, 0xC4}  # JFIF's own, tables, the frame
        assert not dict(Image.open(BytesIO(jpeg)).getexif())


@pytest.mark.parametrize(("size", "large", "small"), [
    ((5_000, 2_500), (2_048, 1_024), (400, 200)), ((300, 3_000), (205, 2_048), (40, 400)), ((401, 10), (401, 10),
    (400, 10)), ((30, 20), (30, 20), (30, 20)), ((9_000, 1), (2_048, 1), (400, 1)),
])  # fmt: skip
def test_the_longer_side_is_as_long_as_the_size_says_and_no_picture_becomes_larger(size, large, small):
    prepared = prepare(BytesIO(saved(red_and_blue(size=size), "PNG")))
    assert (prepared.width, prepared.height) == large
    found = {kept: Image.open(BytesIO(jpeg)).size for kept, jpeg in prepared.sizes.items()}
    assert found == {PictureSize.LARGE: large, PictureSize.SMALL: small}


def test_what_can_be_seen_through_is_shown_on_white():
    half = Image.new("RGBA", (64, 32), (*RED, 255))
    half.paste((0, 0, 0, 0), (32, 0, 64, 32))
    assert looks(shown(saved(half, "PNG")), first=RED, last=(255, 255, 255))


def test_grey_of_sixteen_bits_stays_grey():
    deep = Image.new("I;16", (64, 32), 0x8000)
    assert looks(shown(saved(deep, "PNG")), first=(128,) * 3, last=(128,) * 3)


def test_colours_of_a_wider_space_are_taken_into_the_usual_one():
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = usual.replace(b"rXYZ", b"####").replace(b"bXYZ", b"rXYZ").replace(b"####", b"bXYZ")
    assert looks(shown(saved(red_and_blue(), "PNG", icc_profile=usual)), first=RED, last=BLUE)
    assert looks(shown(saved(red_and_blue(), "PNG", icc_profile=exchanged)), first=BLUE, last=RED)


@pytest.mark.parametrize(
    "profile", [b"", b"no profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_profile_that_can_not_be_used_spoils_nothing(profile):
    written = profile if isinstance(profile, bytes) else ImageCms.ImageCmsProfile(profile).tobytes()
    assert looks(shown(saved(red_and_blue(), "PNG", icc_profile=written)), first=RED, last=BLUE)


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


LARGE_ENOUGH = red_and_blue(size=(640, 320))


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "UNKNOWN_TYPE"), (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "UNKNOWN_TYPE"),
    (b"<!doctype html><script>alert(1)</script>", "UNKNOWN_TYPE"), (saved(red_and_blue(), "GIF"), "UNKNOWN_TYPE"),
    (saved(red_and_blue(), "TIFF"), "UNKNOWN_TYPE"), (saved(red_and_blue(), "BMP"), "UNKNOWN_TYPE"),
    (saved(red_and_blue(), "PDF"), "UNKNOWN_TYPE"), (b"\xff\xd8\xff\xe0<script>", "UNREADABLE"),
    (vast(), "TOO_MANY_PIXELS"),
    *((cut(saved(LARGE_ENOUGH, kind), share), "UNREADABLE") for kind in ("JPEG", "PNG", "WEBP", "AVIF")
      for share in (0.7, 0.95)),
    (cut(HEIC, 0.9), "UNREADABLE"), (scanned_too_often(), "UNREADABLE"),
])  # fmt: skip
def test_what_is_no_picture_or_too_much_of_one_is_refused_with_its_reason(content, reason):
    with pytest.raises(PictureRefused) as refused:
        prepare(BytesIO(content))
    assert refused.value.reason is PictureRefusal[reason]


def test_a_file_of_twenty_kilobytes_may_have_169_megapixels():
    assert len(vast()) < 25_000


def announcing(content: bytes, kind: str, width: int, height: int) -> bytes:
    """Say in a header that a picture has so many pixels; what follows has as few as before."""
    sizes = struct.pack(">II", width, height)
    match kind:
        case "PNG":
            head = b"IHDR" + sizes + content[24:29]
            return content[:12] + head + struct.pack(">I", crc32(head)) + content[33:]
        case "JPEG":
            place = content.index(b"\xff\xc0") + 5
            return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]
        case "WEBP":
            return content[:24] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + content[30:]
    return re.sub(rb"(ispe\x00{4}).{8}", lambda found: found[1] + sizes, content, flags=re.DOTALL)


BY_KIND = {
    "JPEG": telling("JPEG"),
    "PNG": telling("PNG"),
    "WEBP": telling("WEBP"),
    "AVIF": telling("AVIF"),
    "HEIC": HEIC,
}


@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("sides", [(8_200, 8_200), (16_000, 12_000)])
def test_a_header_that_announces_too_many_pixels_is_believed_before_one_is_decoded(kind, sides):
    assert sides[0] * sides[1] > MAX_PIXELS
    with pytest.raises(PictureRefused) as refused:
        prepare(BytesIO(announcing(BY_KIND[kind], kind, *sides)))
    assert refused.value.reason is PictureRefusal.TOO_MANY_PIXELS


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_sixty_four_megapixels_of_a_telephone_are_taken():
    telephone = Image.linear_gradient("L").resize((9_248, 6_936)).convert("RGB")
    prepared = prepare(BytesIO(saved(telephone, "JPEG")))
    assert (prepared.width, prepared.height) == (2_048, 1_536)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_metadata_that_makes_no_sense_spoils_nothing():
    content = telling("JPEG")
    place = content.index(b"Exif\x00\x00") + 6
    damaged = content[:place] + b"MM\x00*\xff\xff\xff\xff" + content[place + 8 :]
    assert looks(shown(damaged), first=RED, last=BLUE)


async def test_so_many_are_prepared_at_once_and_nothing_else_waits():
    busy, most, lock = 0, 0, threading.Lock()
    both = threading.Barrier(AT_ONCE, timeout=30)

    class Watched(BytesIO):
        """A file that notes how many are being read; the first two read wait for each other."""

        def seek(self, *place):
            nonlocal busy, most
            if not self.tell() and not getattr(self, "begun", False):
                self.begun = True
                with lock:
                    busy, most = busy + 1, max(most, busy + 1)
                both.wait()
                with lock:
                    busy -= 1
            return super().seek(*place)

    async with pictures_prepared() as pictures:
        assert isinstance(pictures, Pictures)
        tasks = [asyncio.create_task(pictures.prepare(Watched(HEIC))) for _ in range(3 * AT_ONCE)]
        await asyncio.sleep(0)  # the loop goes on while they are prepared
        assert {(one.width, one.height) for one in await asyncio.gather(*tasks)} == {(64, 32)}
    assert most == AT_ONCE


SPOILT = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), max_size=6)
"""What is written over a file, and where: as a share of its length."""


@given(kind=st.sampled_from(sorted(BY_KIND)), spoilt=SPOILT)
@settings(max_examples=times(400, usually=100))
@pytest.mark.filterwarnings("ignore")  # of what is spoilt, Pillow says so now and then
def test_whatever_is_spoilt_about_a_file_it_is_refused_or_shown_and_nothing_else(kind, spoilt):
    content = bytearray(BY_KIND[kind])
    for share, written in spoilt:
        place = int(share * (len(content) - 1))
        content[place : place + len(written)] = written
    try:
        prepared = prepare(BytesIO(bytes(content)))
    except PictureRefused:
        return
    for size, jpeg in prepared.sizes.items():
        image = Image.open(BytesIO(jpeg))
        image.load()
        assert max(image.size) <= size
        assert markers(jpeg) <= {0xE0, 0xDB, 0xC2, 0xC4}
