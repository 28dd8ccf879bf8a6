"""Whether somebody may have a start of which the club asks more than a free place."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auth.viewer import Viewer
from domain.tee_sheet.inventory.problems import StartRestricted
from domain.tee_sheet.inventory.restrictions import restrictions_of
from domain.tee_sheet.inventory.slots import LockedStart
from domain.tee_sheet.offers.rules import window_opens_at
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import PriceClass, Restriction, RestrictionRule

NUMBERS = frozenset({RestrictionRule.FEWEST_PLAYERS, RestrictionRule.MOST_PLAYERS, RestrictionRule.HOLES})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants of a start; what is None is not known yet, or not asked."""

    classes: Collection[Sequence[PriceClass]] = ()
    """Those of who books and of who plays: for each what it goes by (`Club.goes_by`)."""
    players: int | None = None
    holes: int | None = None
    is_new: bool = True
    """Whether places are wanted that they do not have yet."""


def opens_at(restriction: Restriction, *, day: date, zone: ZoneInfo) -> datetime | None:
    """Give the moment, in UTC, from which the starts of a restriction are sold; None if it says nothing of that."""
    at = restriction.opens_day_before
    return None if at is None else window_opens_at(day, days_ahead=1, zone=zone, at=at)


def broken_rules(
    restriction: Restriction, wanted: Wanted, *, day: date, zone: ZoneInfo, now: datetime
) -> Iterator[tuple[RestrictionRule, str]]:
    """Give what a restriction asks and is not so, with a sentence that says what to do."""
    what = restriction.name or "This start"
    if restriction.shop_sale and wanted.is_new:
        message = f"{what} is sold by the club's shop alone; call it, or choose another start."
        yield RestrictionRule.SHOP_ONLY, message
    opening = opens_at(restriction, day=day, zone=zone)
    if opening is not None and now < opening and wanted.is_new:
        at = opening.astimezone(zone)
        yield RestrictionRule.OPENS, f"{what} is sold from {at:%H:%M} on {at:%Y-%m-%d} on; wait until then."
    if restriction.price_classes is not None and any(map(set(restriction.price_classes).isdisjoint, wanted.classes)):
        names = " or ".join(restriction.price_classes)
        yield RestrictionRule.PRICE_CLASSES, f"{what} is for {names}; choose another start."
    if restriction.fewest_players and wanted.players is not None and wanted.players < restriction.fewest_players:
        message = f"{what} is for at least {restriction.fewest_players} players; bring more, or choose another start."
        yield RestrictionRule.FEWEST_PLAYERS, message
    if restriction.most_players and wanted.players is not None and wanted.players > restriction.most_players:
        message = f"{what} is for at most {restriction.most_players} players; bring fewer, or choose another start."
        yield RestrictionRule.MOST_PLAYERS, message
    if restriction.holes and wanted.holes is not None and wanted.holes != restriction.holes:
        message = f"{what} is for rounds of {restriction.holes} holes; choose these, or another start."
        yield RestrictionRule.HOLES, message


def check_restrictions(
    viewer: Viewer, start: LockedStart, wanted: Wanted, *, now: datetime, path: tuple[str, ...] = ()
) -> None:
    """Refuse what a restriction of a start does not allow; staff sell it to anybody. Raises StartRestricted."""
    if viewer.is_staff_of(start.sheet.club_id):
        return
    zone = ZoneInfo(start.sheet.time_zone)
    for restriction in restrictions_of(start.sheet, start.tee_time):
        for rule, message in broken_rules(restriction, wanted, day=start.sheet.date, zone=zone, now=now):
            raise refusal(restriction, rule, message, day=start.sheet.date, zone=zone, path=path)


def refusal(
    restriction: Restriction,
    rule: RestrictionRule,
    message: str,
    *,
    day: date,
    zone: ZoneInfo,
    path: tuple[str, ...] = (),
) -> StartRestricted:
    """Make the refusal that says which restriction it is, what it asks, and when it holds."""
    return StartRestricted(
        message=message,
        rule=rule,
        restriction_name=restriction.name,
        first_start=restriction.first_start,
        last_start=restriction.last_start,
        price_classes=list(restriction.price_classes or ()) if rule is RestrictionRule.PRICE_CLASSES else [],
        allowed=getattr(restriction, rule.lower()) if rule in NUMBERS else None,
        opens_at=opens_at(restriction, day=day, zone=zone) if rule is RestrictionRule.OPENS else None,
        path=path,
    )


def refusing(
    sheet: TeeSheet, restrictions: Iterable[Restriction], wanted: Wanted, *, now: datetime
) -> list[Restriction]:
    """Give those of a sheet's restrictions that do not allow what is wanted."""
    zone = ZoneInfo(sheet.time_zone)
    return [one for one in restrictions if any(broken_rules(one, wanted, day=sheet.date, zone=zone, now=now))]


def is_open_to(start: LockedStart, wanted: Wanted, *, now: datetime) -> bool:
    """Tell whether no restriction of a start refuses what is wanted."""
    return not refusing(start.sheet, restrictions_of(start.sheet, start.tee_time), wanted, now=now)


def refuse_riding(start: LockedStart) -> None:
    """Refuse a cart for players of a start who walk. Raises StartRestricted."""
    zone = ZoneInfo(start.sheet.time_zone)
    for restriction in restrictions_of(start.sheet, start.tee_time):
        if restriction.walking_only:
            what = restriction.name or "This start"
            message = f"{what} is for players who walk; book another start, or say that they ride all the same."
            raise refusal(restriction, RestrictionRule.WALKING_ONLY, message, day=start.sheet.date, zone=zone)
