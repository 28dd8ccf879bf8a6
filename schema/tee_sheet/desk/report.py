"""The report of a club."""

import datetime as dt
from typing import Self

import strawberry

from domain.journeys.day_sheets import DaySheetForm
from domain.tee_sheet.desk.report import Absence, Ahead, Cents, ClassFigures, Draws, Figures, Pace, Report
from domain.tee_sheet.desk.report_files import ReportPart
from domain.tee_sheet.desk.report_rules import Lead, ReportBy
from kit.ids import public_id
from models.tee_sheet.values import PriceClass, SlotStatus
from models.tee_sheet.waitlist import OfferStatus
from schema.describe import enum, listed, output
from schema.money import Money
from schema.tee_sheet.sheets.types import PlacesByStatus

for kind in (ReportBy, ReportPart, Lead, DaySheetForm):
    enum(kind)


@output
class ReportMoney:
    """Sums of one currency."""

    charged: Money
    """What is asked for the bookings of these days: prices and fees, less discounts; of cancelled ones, fees alone."""
    paid: Money
    """What was paid for them, in money and by rain checks, on whichever day."""
    refunded: Money
    """What of it was given back."""
    open: Money
    """What is still to be paid for them; below 0 where more was paid than is asked."""
    taken: Money
    """What was paid in money on these days, for whichever day."""
    given_back: Money
    """What was given back in money on these days."""

    @classmethod
    def of(cls, sums: Cents, *, currency: str) -> Self:
        """Show sums."""
        return cls(**{name: Money(amount_cents=cents, currency=currency) for name, cents in vars(sums).items()})


@output
class ReportFigures:
    """What happened on some days. Cancelled bookings count as such, and for nothing else but their fees."""

    first: dt.date
    """The first day."""
    last: dt.date
    """The last day, itself included."""
    places: list[PlacesByStatus] = listed(entries=4)
    """Places by status, every status named."""
    utilisation_percent: float
    """Booked places among all that are not blocked, in percent, to one decimal."""
    bookings: int
    """Bookings that were not cancelled."""
    cancelled: int
    """Bookings that were cancelled; not those whose players went over to another one."""
    players: int
    """Players of bookings that were not cancelled."""
    no_shows: int
    """How many of them did not appear."""
    money: list[ReportMoney] = listed(entries=1)
    """What was asked and paid, by currency."""

    @classmethod
    def of(cls, row: Figures) -> Self:
        """Show figures."""
        return cls(
            first=row.first,
            last=row.last,
            places=[PlacesByStatus(status=status, places=row.places.get(status, 0)) for status in SlotStatus],
            utilisation_percent=row.utilisation_percent,
            bookings=row.bookings,
            cancelled=row.cancelled,
            players=row.players,
            no_shows=row.no_shows,
            money=[ReportMoney.of(sums, currency=currency) for currency, sums in sorted(row.money.items())],
        )


@output
class ReportClass:
    """What the players of a price class were."""

    price_class: PriceClass
    """The class."""
    players: int
    """Players of bookings that were not cancelled."""
    no_shows: int
    """How many of them did not appear."""
    revenue: Money
    """Their prices."""

    @classmethod
    def of(cls, row: ClassFigures) -> Self:
        """Show a class."""
        revenue = Money(amount_cents=row.revenue_cents, currency=row.currency)
        return cls(price_class=row.price_class, players=row.players, no_shows=row.no_shows, revenue=revenue)


@output
class ReportNoShow:
    """Somebody who did not appear."""

    player_id: strawberry.ID | None
    """The player, if the club knows them."""
    first_name: str
    """First name; empty for a guest without a name."""
    last_name: str
    """Last name; empty for a guest without a name."""
    times: int
    """How often."""

    @classmethod
    def of(cls, row: Absence) -> Self:
        """Show somebody who did not appear."""
        known = strawberry.ID(public_id("player", row.player_id)) if row.player_id else None
        return cls(player_id=known, first_name=row.first_name, last_name=row.last_name, times=row.times)


@output
class LeadCount:
    """How often something was done so long before the start."""

    lead: Lead
    """How long before."""
    times: int
    """How often."""


@output
class LeadTimes:
    """How long before the start something was done."""

    counts: list[LeadCount] = listed(entries=7)
    """How often within each lead, every lead named."""
    median_hours: float | None
    """The median in hours, to one decimal, below 0 behind the start; none where nothing was done."""

    @classmethod
    def of(cls, row: Ahead) -> Self:
        """Show lead times."""
        return cls(
            counts=[LeadCount(lead=lead, times=row.counts[lead]) for lead in Lead], median_hours=row.median_hours
        )


@output
class OfferCount:
    """How many offers to the waitlist came to something."""

    status: OfferStatus
    """What became of them."""
    times: int
    """How many."""


@output
class ReportBallots:
    """What the draws of ballots gave, as they were made: what was cancelled or sold since changes nothing."""

    ballots: int
    """How many ballots were drawn."""
    entries: int
    """How many entries were in their draws."""
    served: int
    """How many of these got one of their choices."""
    first_wish: int
    """How many got their first choice."""
    places_wanted: int
    """How many places the entries wanted."""
    places_given: int
    """How many they got."""
    places_left: int
    """How many of the places that could be given were left over for the open sale."""

    @classmethod
    def of(cls, row: Draws) -> Self:
        """Show what draws gave."""
        return cls(
            ballots=row.ballots,
            entries=row.entries,
            served=row.served,
            first_wish=row.first_wish,
            places_wanted=row.places_wanted,
            places_given=row.places_given,
            places_left=row.places_left,
        )


@output
class ReportPace:
    """How rounds of so many holes went that were played to their last hole."""

    holes: int
    """9 or 18."""
    rounds: int
    """How many."""
    mean_minutes: float
    """Mean minutes from tee-off to the last hole, to one decimal."""
    mean_minutes_behind: float
    """Mean minutes behind the expected pace at the end, to one decimal."""

    @classmethod
    def of(cls, row: Pace) -> Self:
        """Show how rounds went."""
        return cls(
            holes=row.holes,
            rounds=row.rounds,
            mean_minutes=row.mean_minutes,
            mean_minutes_behind=row.mean_minutes_behind,
        )


@output
class ClubReport:
    """What happened at a club over some days, by the sheets of these days."""

    total: ReportFigures
    """All days together."""
    periods: list[ReportFigures] = listed(entries=31)
    """Period by period."""
    classes: list[ReportClass] = listed(entries=4)
    """By price class."""
    no_shows: list[ReportNoShow] = listed(entries=20)
    """Who did not appear, those first who did so most often; at most 100."""
    booked_ahead: LeadTimes
    """How long before the start bookings were made."""
    cancelled_ahead: LeadTimes
    """How long before the start bookings were cancelled."""
    offers: list[OfferCount] = listed(entries=5)
    """What became of offers to the waitlist, every status named."""
    ballots: ReportBallots
    """What the draws of these days' ballots gave."""
    pace: list[ReportPace] = listed(entries=2)
    """How rounds went, by their holes."""

    @classmethod
    def of(cls, report: Report) -> Self:
        """Show a report."""
        return cls(
            total=ReportFigures.of(report.total),
            periods=[ReportFigures.of(row) for row in report.periods],
            classes=[ReportClass.of(row) for row in report.classes],
            no_shows=[ReportNoShow.of(row) for row in report.no_shows],
            booked_ahead=LeadTimes.of(report.booked_ahead),
            cancelled_ahead=LeadTimes.of(report.cancelled_ahead),
            offers=[OfferCount(status=status, times=count) for status, count in report.offers.items()],
            ballots=ReportBallots.of(report.draws),
            pace=[ReportPace.of(row) for row in report.pace],
        )
