"""Pictures as people send them, made into what is shown: two JPEGs, upright, in sRGB, and with nothing else in them.

What a file is, its content says: its name and its declared type count for nothing. How many pixels it has is read from
its header before the first of them is decoded.
"""

import asyncio
import re
import struct
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from pi_heif import register_heif_opener
from PIL import AvifImagePlugin, Image, ImageCms, ImageOps

from kit.pictures import MAX_PIXELS, PictureRefusal, PictureRefused, PictureSize

SIGNATURES = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "AVIF": re.compile(rb"....ftypavi[fs]", re.DOTALL),
    "HEIF": re.compile(rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL),
}
"""How files begin, by what Pillow calls them."""
AT_ONCE = 2
"""Pictures that a process decodes at the same time. One of 64 megapixels takes up to a gigabyte meanwhile, as WebP."""
MEDIA = "image/jpeg"
"""What is kept and shown, whatever was sent."""
QUALITY = 85
MAX_SCANS = 200
"""Passes over a JPEG's pixels. It has about ten; with one to every hundred bytes a decoder would be busy for hours."""
START_OF_SCAN = b"\xff\xda"
EXTENT = re.compile(rb"\x00\x00\x00\x14ispe\x00{4}(.{8})", re.DOTALL)
"""The size of an image within a HEIC or an AVIF (ISO/IEC 23008-12, 6.5.3). What is shown of it may be smaller."""
DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I")
"""Modes of grey with 16 bits a pixel."""

register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # as many threads as pictures, whatever they are
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # twice as many raise, before a decoder is made that takes memory by itself
warnings.filterwarnings("ignore", module=r"PIL\.")  # of what is less, and of metadata, of which none is kept


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A picture as it is kept and shown."""

    sizes: dict[PictureSize, bytes]
    """A JPEG of each size."""
    width: int
    """Of the largest, in pixels."""
    height: int


class Pictures:
    """Prepares pictures in threads of its own, so that nothing else waits."""

    def __init__(self, threads: Executor) -> None:
        """Take the threads."""
        self._threads = threads

    async def prepare(self, file: BinaryIO) -> Prepared:
        """Make what is shown out of a file. Raises PictureRefused."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, prepare, file)


@asynccontextmanager
async def pictures_prepared() -> AsyncIterator[Pictures]:
    """Have pictures prepared for as long as the block lasts; what is under way then, nobody waits for."""
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
    try:
        yield Pictures(threads)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def prepare(file: BinaryIO) -> Prepared:
    """Make what is shown out of a file, in this thread. Raises PictureRefused."""
    with _refused():
        with _opened(file) as image:
            large = _upright(image)
        small = large.copy()
        small.thumbnail((PictureSize.SMALL, PictureSize.SMALL), Image.Resampling.LANCZOS)
        sizes = {PictureSize.LARGE: _written(large), PictureSize.SMALL: _written(small)}
        return Prepared(sizes=sizes, width=large.width, height=large.height)


@contextmanager
def _refused() -> Iterator[None]:
    """Turn what the decoders raise into a refusal: on what is no picture they raise whatever comes to them."""
    try:
        yield
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise PictureRefused.because(PictureRefusal.TOO_MANY_PIXELS) from None
    except Exception as error:
        raise PictureRefused.because(PictureRefusal.UNREADABLE) from error


def _opened(file: BinaryIO) -> Image.Image:
    """Read the header."""
    file.seek(0)
    head = file.read(16)
    kind = next((name for name, begins in SIGNATURES.items() if begins.match(head)), None)
    if kind is None:
        raise PictureRefused.because(PictureRefusal.UNKNOWN_TYPE)
    image = Image.open(file, formats=[kind])
    if max(image.width * image.height, *_areas_within(kind, file)) > MAX_PIXELS:
        raise PictureRefused.because(PictureRefusal.TOO_MANY_PIXELS)
    if kind == "JPEG" and _content(file).count(START_OF_SCAN) > MAX_SCANS:
        raise PictureRefused.because(PictureRefusal.UNREADABLE)
    return image


def _areas_within(kind: str, file: BinaryIO) -> list[int]:
    """Give the pixels of all images within a container, which may be more than those that are shown."""
    if kind not in {"HEIF", "AVIF"}:
        return [0]
    sizes = [struct.unpack(">II", found) for found in EXTENT.findall(_content(file))]
    return [0, *(width * height for width, height in sizes)]


def _content(file: BinaryIO) -> bytes:
    """Give all of a file, and leave it where it was."""
    place = file.tell()
    file.seek(0)
    content = file.read()
    file.seek(place)
    return content


def _upright(image: Image.Image) -> Image.Image:
    """Decode the first frame, at the largest size that is kept, with its colours as screens take them."""
    profile = image.info.get("icc_profile")
    image.thumbnail((PictureSize.LARGE, PictureSize.LARGE), Image.Resampling.LANCZOS)
    plain = _in_srgb(ImageOps.exif_transpose(image), profile)
    bare = Image.new("RGB", plain.size)  # another image: one that was read keeps comments and profiles
    bare.paste(plain)
    return bare


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Take the colours into sRGB, on white where the picture lets something through."""
    if image.mode in DEEP:
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        opaque = Image.new("RGB", image.size, "white")
        opaque.paste(image, mask=image.getchannel("A"))
        image = opaque
    if profile and image.mode in {"RGB", "L", "CMYK"}:
        try:
            return _by_profile(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that can't be used: the colours are a little off
    return image.convert("RGB")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    given, wanted = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, given, wanted, outputMode="RGB")
    if converted is None:
        raise ValueError("the profile gives no image")
    return converted


def _written(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
