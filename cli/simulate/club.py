"""The club of the simulated day: invented, and founded through the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cli.simulate.desk import Desk

ZONE = ZoneInfo("Europe/Madrid")
FIRST_START = time(7)
INTERVAL_MINUTES = 10
NINE = (13, 16, 11, 13, 14, 13, 11, 16, 13)
TIME_PAR = NINE * 2
"""Minutes a hole: 120 for each nine, so that they are at the same time what a round is expected to take."""
MEMBERS = tuple(f"member-{number}" for number in range(1, 25))
JUNIORS = tuple(f"junior-{number}" for number in range(1, 5))
SHOP_STARTS = 8
"""The last starts of the day, behind those that are asked for: what the shop does with them is its own business."""
SHOP_ONLY = SHOP_STARTS - 1
"""Which of them the shop alone sells."""
GUESTS = tuple(f"guest-{number}" for number in range(1, 7))
PUBLIC = tuple(f"public-{number}" for number in range(1, 25))
FIRST_NAMES = ("Alba", "Bruno", "Clara", "Diego", "Elena", "Fermín", "Gala", "Hugo")
LAST_NAMES = ("Alondra", "Brezo", "Cierzo", "Duna", "Encina", "Fresno")
PRICES = [
    {"priceClass": price_class, "holes": holes, "amountCents": cents}
    for price_class, holes, cents in (
        ("MEMBER", 18, 4000),
        ("MEMBER", 9, 2500),
        ("GUEST", 18, 6000),
        ("GUEST", 9, 3500),
        ("PUBLIC", 18, 9000),
        ("PUBLIC", 9, 5000),
        ("JUNIOR", 18, 1800),
        ("JUNIOR", 9, 1000),
    )
]
SHEET = """query($course: ID!, $date: Date!) { teeSheet(courseId: $course, date: $date) {
  cursor teeTimes { id startsAt }
  figures { players checkedIn noShows utilisationPercent revenue { amountCents currency } }
} }"""


@dataclass(frozen=True)
class TeeTime:
    """A start of the day."""

    id: str
    starts_at: datetime


@dataclass(frozen=True)
class SimulatedClub:
    """The club, its course, and its starts of the day."""

    id: str
    course: str
    day: date
    cursor: str
    tee_times: Sequence[TeeTime]
    shop_starts: Sequence[TeeTime] = ()

    @property
    def sheet(self) -> dict[str, str]:
        """The arguments that name the sheet of the day."""
        return {"courseId": self.course, "date": self.day.isoformat()}


def local(tee_time: TeeTime) -> str:
    """Write a start as the course's clock shows it."""
    return tee_time.starts_at.astimezone(ZONE).time().isoformat()


def name_of(number: int) -> dict[str, str]:
    """Invent a name."""
    return {
        "firstName": FIRST_NAMES[number % len(FIRST_NAMES)],
        "lastName": LAST_NAMES[number // 3 % len(LAST_NAMES)],
    }


async def found_club(desk: Desk, *, day: date, tee_times: int) -> SimulatedClub:
    """Found the club, with its course, its people, and the sheet of the day."""
    club = await desk.do("owner", "createClub", "club { id }", name="Larkmeadow", timeZone=ZONE.key, currency="EUR")
    given = {"clubId": club["id"], "name": "Meadow", "holes": 18, "timePar": list(TIME_PAR)}
    junior = {"priceClass": "JUNIOR", "name": "Juniors", "kind": "MEMBER"}
    await desk.do("owner", "addPriceClass", "club { id }", clubId=club["id"], **junior)
    course = await desk.do("owner", "createCourse", "course { id }", **given)
    for number, (user, price_class) in enumerate(
        [
            *((user, "MEMBER") for user in MEMBERS),
            *((user, "GUEST") for user in GUESTS),
            *((user, "JUNIOR") for user in JUNIORS),
        ]
    ):
        given = {"clubId": club["id"], "priceClass": price_class, "userId": user, **name_of(number)}
        await desk.do("owner", "addPlayer", "player { id }", **given)
    await _open_sheet(desk, course["id"], day=day, tee_times=tee_times)
    return await read_club(desk, club["id"], course["id"], day)


async def _open_sheet(desk: Desk, course: str, *, day: date, tee_times: int) -> None:
    last = datetime.combine(day, FIRST_START) + timedelta(minutes=INTERVAL_MINUTES * (tee_times + SHOP_STARTS - 1))
    at = last.time().isoformat()
    template: dict[str, Any] = {
        "firstStart": FIRST_START.isoformat(),
        "lastStart": at,
        "intervalMinutes": INTERVAL_MINUTES,
        "prices": PRICES,
        "restrictions": [{"name": "Pro shop", "firstStart": at, "lastStart": at, "shopSale": "TAKEN"}],
    }
    await desk.do("owner", "setSheetTemplate", "template { id }", courseId=course, **template)
    await desk.do("owner", "generateTeeSheet", "teeSheets { id }", courseId=course, date=day.isoformat())


async def read_club(desk: Desk, club: str, course: str, day: date) -> SimulatedClub:
    """Read the sheet of the day."""
    sheet = (await desk.ask("owner", SHEET, course=course, date=day.isoformat()))["teeSheet"]
    starts = [TeeTime(row["id"], datetime.fromisoformat(row["startsAt"])) for row in sheet["teeTimes"]]
    asked, shop = starts[:-SHOP_STARTS], starts[-SHOP_STARTS:]
    return SimulatedClub(club, course, day, sheet["cursor"], asked, shop)


async def read_figures(desk: Desk, club: SimulatedClub) -> tuple[dict[str, Any], str]:
    """Read the day's figures, and the cursor up to which they hold."""
    sheet = (await desk.ask("owner", SHEET, course=club.course, date=club.day.isoformat()))["teeSheet"]
    return sheet["figures"], sheet["cursor"]
