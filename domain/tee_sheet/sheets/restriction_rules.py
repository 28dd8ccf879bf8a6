"""What a restriction may say."""

from collections.abc import Iterator

from domain.clubs.price_classes import check_known
from domain.tee_sheet.inventory.limits import LARGEST_GROUP
from kit.errors import InvalidInput
from models.clubs.tables import Club
from models.tee_sheet.values import Restriction

MOST_RESTRICTIONS = 40
HOLES = (9, 18)
MOST_HOLES = 36
Fault = tuple[str, str]
"""The field in which something is wrong, and the sentence that says what to do."""


def check_restrictions(restrictions: tuple[Restriction, ...], *, club: Club, path: tuple[str, ...] = ()) -> None:
    """Refuse restrictions that no sheet may have. Raises InvalidInput for the first fault, with its place."""
    if len(restrictions) > MOST_RESTRICTIONS:
        raise InvalidInput(message=f"Give at most {MOST_RESTRICTIONS} restrictions.", path=(*path, "restrictions"))
    for number, one in enumerate(restrictions):
        where = (*path, "restrictions", str(number))
        for field, sentence in _faults(one):
            raise InvalidInput(message=sentence, path=(*where, *([field] if field else [])))
        check_known(club, one.price_classes or (), path=(*where, "priceClasses"))


def _faults(one: Restriction) -> Iterator[Fault]:
    yield from _range_faults(one)
    if one.price_classes is not None and not one.price_classes:
        yield "priceClasses", "Name price classes, or leave them out for all."
    for name, number in (("fewestPlayers", one.fewest_players), ("mostPlayers", one.most_players)):
        if number is not None and not 1 <= number <= LARGEST_GROUP:
            yield name, f"Choose from 1 to {LARGEST_GROUP} players."
    if (one.fewest_players or 1) > (one.most_players or LARGEST_GROUP):
        yield "mostPlayers", "Choose at least as many players at most as at least."
    if one.holes is not None and one.holes not in HOLES:
        yield "holes", "Choose 9 or 18 holes."
    asks = (one.price_classes, one.fewest_players, one.most_players, one.holes, one.shop_sale, one.opens_day_before)
    if not one.walking_only and all(value is None for value in asks):
        yield "", "Say what is asked: of whom, how many, how they play, or from when on."


def _range_faults(one: Restriction) -> Iterator[Fault]:
    given = {"firstStart": one.first_start, "lastStart": one.last_start, "opensDayBefore": one.opens_day_before}
    for name, at in given.items():
        if at is not None and (at.tzinfo is not None or at.second or at.microsecond):
            yield name, "Give a wall-clock time in whole minutes, without an offset."
    if one.first_start and one.last_start and one.last_start < one.first_start:
        yield "lastStart", "Choose a last start that is not before the first."
    if one.tees is not None and not (one.tees and all(1 <= tee <= MOST_HOLES for tee in one.tees)):
        yield "tees", "Name tees of the course, or leave them out for all."
