"""The demo's caddies: thirty invented people on the three lists of the main club, and the order of their week."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.people import MAIN_CLUB_ID, OWNER, PEOPLE
from domain.caddies.caddies import add_caddie
from domain.caddies.draws import draw_week
from domain.caddies.settings import set_settings
from domain.caddies.statuses import set_status
from models.caddies.tables import Caddie
from models.caddies.values import CaddieStatus, FeeTier

FIRST_ID = UUID("019b76da-a800-7000-8000-000000000701")
LISTS = {
    1: "Alder Finchley,Bryony Thaxter,Corwin Meadows,Delphine Rushmere,Ellery Boscombe,Fenella Drake,Gwilym Ashdown,"
    "Honora Plumley,Idris Copperfield,Juno Wetherby",
    2: "Kerensa Holloway,Lorcan Brightwell,Marguerite Stonecrop,Neville Harebell,Orla Windrush,Percival Lark,"
    "Rowan Figgis,Sabine Otterbourne,Tobias Greenhithe,Ursula Millrace",
    3: "Vaughan Peverell,Winifred Starling,Alaric Hedgerow,Briony Cattermole,Caspian Moorhen,Dulcie Fernhollow,"
    "Emrys Tidewell,Flora Nightjar,Godfrey Brambling,Hester Quillet",
}
STATUSES = {
    4: CaddieStatus.IN_PREP,
    7: CaddieStatus.LATE,
    13: CaddieStatus.ON_LEAVE,
    16: CaddieStatus.IN_PREP,
    24: CaddieStatus.ABSENT,
}
"""What some of them are doing, by their number from 0 on; all others are available."""
FEES = {FeeTier.SINGLE: 6_000, FeeTier.DOUBLE: 11_000, FeeTier.FORECADDIE: 8_000}
"""What a loop costs, in cents of the club's currency."""


async def hire_caddies(session: AsyncSession, *, now: datetime) -> None:
    """Make the caddies, unless the club has some: their lists, their statuses, and a draw of the week for each list."""
    if await session.scalar(select(exists().where(Caddie.club_id == MAIN_CLUB_ID))):
        return
    owner = OWNER.viewer(now=now)
    await set_settings(session, viewer=owner, club_id=MAIN_CLUB_ID, fees=FEES, now=now)
    named = [(number, name) for number, names in LISTS.items() for name in names.split(",")]
    signs_in = next(person.user_id for person in PEOPLE if person.caddie_lists)
    for at, (number, name) in enumerate(named):
        await add_caddie(
            session,
            viewer=owner,
            club_id=MAIN_CLUB_ID,
            caddie_id=UUID(int=FIRST_ID.int + at),
            name=name,
            list_number=number,
            phone_number=f"+1 555 01{at:02}",
            user_id=None if at else signs_in,
            now=now,
        )
        await session.flush()
    for number in LISTS:
        await draw_week(session, viewer=owner, club_id=MAIN_CLUB_ID, list_number=number, seed=f"demo {number}", now=now)
    for at, status in STATUSES.items():
        await set_status(session, viewer=owner, caddie_id=UUID(int=FIRST_ID.int + at), status=status, now=now)
