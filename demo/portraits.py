"""Photos of some of the demo's golfers, drawn here: nobody is to be seen in them."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import exists, select

from demo.golfers import people
from demo.people import TENANT_ID
from domain.matching.golfers import update_golfer
from domain.matching.photos import begin_photo
from domain.pictures import Sent, note_sent
from events.work import UnitOfWork
from models.matching.golfers import Golfer
from providers.album import Album
from providers.pictures import prepare

EVERY = 5
"""One golfer of so many has a photo, from the first one on."""
SIDE = 480
SKIES = ((126, 176, 208), (214, 164, 120), (150, 190, 150), (178, 156, 200))
SHIRTS = ((32, 84, 60), (120, 40, 52), (36, 60, 110), (70, 70, 76))
FACES = ((238, 205, 170), (198, 150, 110), (140, 96, 66), (96, 64, 46))
HAS_PHOTO = select(exists().where(Golfer.picture_id.is_not(None)))


async def show_photos(work: UnitOfWork, album: Album, *, now: datetime) -> None:
    """Let some golfers show a photo, unless any does already."""
    async with work.change(TENANT_ID) as change:
        session = change.session
        if await session.scalar(HAS_PHOTO):
            return
        for number, person in list(enumerate(people()))[::EVERY]:
            viewer, content = person.viewer(now=now), portrait(number)
            picture = await begin_photo(session, viewer=viewer, now=now)
            made = prepare(BytesIO(content))
            await album.keep(picture.id, made)
            sent = Sent(digest=sha256(content).hexdigest(), width=made.width, height=made.height)
            note_sent(picture, sent, now=now)
            await session.flush()
            await update_golfer(session, viewer=viewer, now=now, picture_id=picture.id)
            await session.flush()


def portrait(number: int) -> bytes:
    """Draw a figure with a cap before a green, the same for the same number, as PNG."""
    sky, shirt, face = SKIES[number % 4], SHIRTS[number // 4 % 4], FACES[number // 2 % 4]
    image = Image.new("RGB", (SIDE, SIDE), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, SIDE * 2 // 3, SIDE, SIDE), fill=(92, 140, 72))
    draw.ellipse((90, 300, 390, 640), fill=shirt)
    draw.ellipse((160, 120, 320, 320), fill=face)
    draw.pieslice((150, 96, 330, 296), 180, 360, fill=shirt)
    draw.rounded_rectangle((230, 180, 370, 202), 10, fill=shirt)
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
