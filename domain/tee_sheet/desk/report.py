"""The report of a club over a span of days: what was sold, played, paid, cancelled and waited for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, refuse_unless_staff
from domain.tee_sheet.desk.report_rules import Lead, ReportBy, spans_of
from domain.tee_sheet.desk.report_statements import (
    BALLOTS,
    BOOKINGS,
    CANCELLED_AHEAD,
    MADE_AHEAD,
    MEDIANS,
    MONEY,
    NO_SHOWS,
    OFFERS,
    PLACES,
    PLAYERS,
    ROUNDS,
    TAKINGS,
)
from domain.tee_sheet.sheets.figures import utilisation_percent
from kit.errors import InvalidInput
from models.tee_sheet.values import PriceClass, SlotStatus
from models.tee_sheet.waitlist import OfferStatus

MOST_DAYS = 400
MOST_PEOPLE = 100
"""How many of those who did not appear are named at the most, those first who did so most often."""
TO = ("to",)


@dataclass
class Cents:
    """Sums of one currency, in cents: of the bookings of a span, and what came in and went out on its days."""

    charged: int = 0
    paid: int = 0
    refunded: int = 0
    open: int = 0
    taken: int = 0
    given_back: int = 0


@dataclass
class ClassFigures:
    """What the players of one price class were, in one currency."""

    price_class: PriceClass
    currency: str
    players: int = 0
    no_shows: int = 0
    revenue_cents: int = 0


@dataclass
class Figures:
    """The figures of some days, both ends included. Cancelled bookings count as such, and for nothing else."""

    first: date
    last: date
    places: dict[SlotStatus, int] = field(default_factory=dict)
    bookings: int = 0
    cancelled: int = 0
    players: int = 0
    no_shows: int = 0
    money: dict[str, Cents] = field(default_factory=dict)

    @property
    def utilisation_percent(self) -> float:
        """The share of booked places among all that are not blocked."""
        return utilisation_percent(self.places)

    def cents(self, currency: str) -> Cents:
        """Give the sums of a currency."""
        return self.money.setdefault(currency, Cents())


@dataclass(frozen=True)
class Absence:
    """Somebody who did not appear, by what the club knows them as, or by name alone, and how often."""

    player_id: UUID | None
    first_name: str
    last_name: str
    times: int


@dataclass(frozen=True)
class Ahead:
    """How long before the start something was done: how often within each lead, and the median in hours."""

    counts: Mapping[Lead, int]
    median_hours: float | None


@dataclass(frozen=True)
class Pace:
    """How rounds of so many holes went: minutes from tee-off to the last hole, and minutes behind at the end."""

    holes: int
    rounds: int
    mean_minutes: float
    mean_minutes_behind: float


@dataclass(frozen=True)
class Draws:
    """What the draws of ballots gave: how many entries and places there were, and how many got what they wanted."""

    ballots: int
    entries: int
    served: int
    first_wish: int
    places_wanted: int
    places_given: int
    places: int

    @property
    def places_left(self) -> int:
        """How many places were left over for the open sale."""
        return self.places - self.places_given


@dataclass(frozen=True)
class Report:
    """The report of a club."""

    total: Figures
    periods: list[Figures]
    classes: list[ClassFigures]
    no_shows: list[Absence]
    booked_ahead: Ahead
    cancelled_ahead: Ahead
    offers: Mapping[OfferStatus, int]
    draws: Draws
    pace: list[Pace]


async def club_report(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, first: date, last: date, by: ReportBy
) -> Report:
    """Report on a club's sheets of some days, at most 400, both ends included, for its staff.

    It takes a dozen statements, however many days there are. What is open of days to come counts as well.
    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    if last < first:
        raise InvalidInput(message="Give a last day that is not before the first one.", path=TO)
    if last - first >= timedelta(days=MOST_DAYS):
        raise InvalidInput(message=f"Give at most {MOST_DAYS} days.", path=TO)
    wanted = {"club_id": club.id, "first": first, "last": last}
    sold = (await session.execute(PLAYERS, wanted)).all()
    days = await _days(session, wanted, sold, zone=club.time_zone)
    periods = [_sum(days.values(), first=begins, last=ends) for begins, ends in spans_of(first, last, by=by)]
    people = await session.execute(NO_SHOWS, wanted | {"most": MOST_PEOPLE})
    found = await session.execute(OFFERS, wanted)
    offers = dict.fromkeys(OfferStatus, 0) | {OfferStatus(status): count for status, count in found}
    return Report(
        total=_sum(days.values(), first=first, last=last),
        periods=periods,
        classes=_classes(sold),
        no_shows=[Absence(*row) for row in people],
        booked_ahead=await _ahead(session, wanted, MADE_AHEAD, cancelled=False),
        cancelled_ahead=await _ahead(session, wanted, CANCELLED_AHEAD, cancelled=True),
        offers=offers,
        draws=Draws(*map(int, (await session.execute(BALLOTS, wanted)).one())),
        pace=[Pace(*row) for row in await session.execute(ROUNDS, wanted)],
    )


async def _days(
    session: AsyncSession, wanted: dict[str, Any], sold: Iterable[Row[Any]], *, zone: str
) -> dict[date, Figures]:
    days: dict[date, Figures] = {}

    def of(day: date) -> Figures:
        return days.setdefault(day, Figures(first=day, last=day))

    for day, status, count in await session.execute(PLACES, wanted):
        of(day).places[SlotStatus(status)] = count
    for day, bookings, cancelled in await session.execute(BOOKINGS, wanted):
        of(day).bookings, of(day).cancelled = bookings, cancelled
    for row in sold:
        of(row.date).players += row.players
        of(row.date).no_shows += row.no_shows
    for row in await session.execute(MONEY, wanted):
        sums = of(row.date).cents(row.currency)
        sums.charged, sums.paid, sums.refunded = int(row.charged), int(row.paid), int(row.refunded)
        sums.open = sums.charged - sums.paid + sums.refunded
    for row in await session.execute(TAKINGS, wanted | {"zone": zone}):
        sums = of(row.date).cents(row.currency)
        sums.taken, sums.given_back = int(row.taken), int(row.given_back)
    return days


def _sum(days: Iterable[Figures], *, first: date, last: date) -> Figures:
    total = Figures(first=first, last=last)
    for day in days:
        if not first <= day.first <= last:
            continue
        for status, count in day.places.items():
            total.places[status] = total.places.get(status, 0) + count
        for name in ("bookings", "cancelled", "players", "no_shows"):
            setattr(total, name, getattr(total, name) + getattr(day, name))
        for currency, sums in day.money.items():
            for name, cents in vars(sums).items():
                setattr(total.cents(currency), name, getattr(total.cents(currency), name) + cents)
    return total


def _classes(sold: Iterable[Row[Any]]) -> list[ClassFigures]:
    found: dict[tuple[str, str], ClassFigures] = {}
    for row in sold:
        key = (row.price_class, row.currency)
        figures = found.setdefault(key, ClassFigures(row.price_class, row.currency))
        figures.players += row.players
        figures.no_shows += row.no_shows
        figures.revenue_cents += int(row.cents)
    return [found[key] for key in sorted(found)]


async def _ahead(session: AsyncSession, wanted: dict[str, Any], statement: Any, *, cancelled: bool) -> Ahead:
    counts = {Lead(lead): count for lead, count in await session.execute(statement, wanted)}
    median = await session.scalar(MEDIANS[cancelled], wanted)
    return Ahead(dict.fromkeys(Lead, 0) | counts, None if median is None else round(float(median), 1))
