"""Guests' codes for the door as pictures: `/qr/{code}.svg`.

No token is needed, and none would help: whoever asks has the code already. The picture says nothing that the address
does not, so whoever has it may keep it for good.
"""

from io import BytesIO
from math import ceil

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.process import process_of
from auth.codes import clean_check_in_code
from auth.limits import Rate
from kit.cache import BoundedCache
from kit.errors import TooManyTries

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
QUIET_ZONE = 4
"""Modules of white around the code, as its standard (ISO/IEC 18004) wants."""

drawn: BoundedCache[bytes] = BoundedCache(entries=4_096, characters=16_000_000)


async def qr_code(request: Request) -> Response:
    """Show the code that the path names. Those that have to be drawn are counted: a millisecond's work for anybody."""
    code = clean_check_in_code(request.path_params["code"])
    if code is None:
        return PlainTextResponse("A code for the door has 16 letters and digits.\n", 404)
    picture = drawn.get(code)
    if picture is None:
        process, address = process_of(request.app), request.client.host if request.client else ""
        now = process.runtime.clock()
        try:
            process.limits.take(Rate.ANONYMOUS_READS, viewer=None, address=address, now=now)
        except TooManyTries as error:
            later = {"Retry-After": str(max(ceil(error.after(now)), 1))}
            return PlainTextResponse(f"{error.message}\n", 429, later)
        picture = draw(code)
        drawn.keep(code, picture, size=len(picture))
    return Response(picture, media_type="image/svg+xml", headers=HEADERS)


def draw(code: str) -> bytes:
    """Draw a code as an SVG that fits wherever it is put: QR version 1 at level Q, black on white."""
    symbol = segno.make_qr(code, version=1, error="q", mode="alphanumeric", boost_error=False)
    picture = BytesIO()
    symbol.save(picture, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, svgclass=None)
    return picture.getvalue()
