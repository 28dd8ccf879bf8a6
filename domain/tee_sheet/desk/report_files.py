"""A report as files for spreadsheets, one for each of its parts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from domain.tee_sheet.desk.report import Figures, Report
from kit.enums import DescribedEnum
from kit.ids import public_id
from kit.spreadsheets import write_sheet
from models.tee_sheet.values import SlotStatus

Row = Sequence[object]


class ReportPart(DescribedEnum):
    """A part of a report."""

    PERIODS = "PERIODS", "Places, players and bookings by period, with the total last."
    MONEY = "MONEY", "What was charged, paid, refunded and taken by period and currency, with the total last."
    CLASSES = "CLASSES", "Players and revenue by price class."
    NO_SHOWS = "NO_SHOWS", "Who did not appear, and how often."
    LEAD_TIMES = "LEAD_TIMES", "How long before the start bookings were made and cancelled."
    WAITLIST = "WAITLIST", "What became of offers to the waitlist."
    BALLOTS = "BALLOTS", "What the draws of ballots gave."
    PACE = "PACE", "How long rounds took."


def written(report: Report, part: ReportPart) -> str:
    """Write a part of a report as CSV with a heading; sums are in units of their currency's cents."""
    heading, rows = PARTS[part]
    return write_sheet(heading, rows(report))


def _all(report: Report) -> Iterator[Figures]:
    yield from report.periods
    yield report.total


def _periods(report: Report) -> Iterator[Row]:
    for row in _all(report):
        places = [row.places.get(status, 0) for status in SlotStatus]
        yield [row.first, row.last, *places, row.utilisation_percent, row.bookings, row.cancelled, row.players,
               row.no_shows]  # fmt: skip


def _money(report: Report) -> Iterator[Row]:
    for row in _all(report):
        for currency, sums in sorted(row.money.items()):
            yield [row.first, row.last, currency, *vars(sums).values()]


def _classes(report: Report) -> Iterator[Row]:
    for row in report.classes:
        yield [row.price_class, row.currency, row.players, row.no_shows, row.revenue_cents]


def _no_shows(report: Report) -> Iterator[Row]:
    for row in report.no_shows:
        yield [public_id("player", row.player_id) if row.player_id else "", row.first_name, row.last_name, row.times]


def _leads(report: Report) -> Iterator[Row]:
    for lead, count in report.booked_ahead.counts.items():
        yield [lead.value, count, report.cancelled_ahead.counts[lead]]


def _waitlist(report: Report) -> Iterator[Row]:
    for status, count in report.offers.items():
        yield [status.value, count]


def _ballots(report: Report) -> Iterator[Row]:
    row = report.draws
    yield [row.ballots, row.entries, row.served, row.first_wish, row.places_wanted, row.places_given, row.places_left]


def _pace(report: Report) -> Iterator[Row]:
    for row in report.pace:
        yield [row.holes, row.rounds, row.mean_minutes, row.mean_minutes_behind]


DAYS = ("first day", "last day")
PARTS: Mapping[ReportPart, tuple[Sequence[str], Callable[[Report], Iterable[Row]]]] = {
    ReportPart.PERIODS: (
        (
            *DAYS,
            *(status.value.lower() for status in SlotStatus),
            "utilisation percent",
            "bookings",
            "cancelled",
            "players",
            "no-shows",
        ),
        _periods,
    ),
    ReportPart.MONEY: (
        (*DAYS, "currency", "charged", "paid", "refunded", "open", "taken", "given back"),
        _money,
    ),
    ReportPart.CLASSES: (("class", "currency", "players", "no-shows", "revenue"), _classes),
    ReportPart.NO_SHOWS: (("player", "first name", "last name", "times"), _no_shows),
    ReportPart.LEAD_TIMES: (("before the start", "bookings", "cancellations"), _leads),
    ReportPart.WAITLIST: (("offer", "times"), _waitlist),
    ReportPart.BALLOTS: (
        ("ballots", "entries", "served", "first wish", "places wanted", "places given", "places left over"),
        _ballots,
    ),
    ReportPart.PACE: (("holes", "rounds", "mean minutes", "mean minutes behind"), _pace),
}
