"""Rules of what a tee sheet shows: the names that a viewer may see, and the figures of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import category, normalize
from uuid import UUID

from auth.viewer import Viewer
from models.clubs.values import NamePrivacy
from models.tee_sheet.values import SlotStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """The figures of one tee sheet: places by status, players, revenue in cents by currency, utilisation in percent."""

    places: Mapping[SlotStatus, int]
    players: int
    checked_in: int
    no_shows: int
    revenue_cents: Mapping[str, int]
    utilisation_percent: float


def plays_as(viewer: Viewer, *, player_id: UUID | None, user_id: str | None) -> bool:
    """Tell whether a player whom the club knows, as a user or not, is the viewer.

    A token that names a player stands for that one alone, any other for the players of its user.
    """
    if viewer.player_id is not None:
        return player_id == viewer.player_id
    return player_id is not None and user_id == viewer.user_id


def visible_name(first: str, last: str, *, privacy: NamePrivacy, full: bool) -> tuple[str, str]:
    """Give first and last name as far as the club's privacy lets them be seen.

    `full` is for those who may see every name: staff, and players their own.
    """
    if full or privacy is NamePrivacy.FULL:
        return first, last
    if privacy is NamePrivacy.INITIALS:
        return _initial(first), _initial(last)
    return "", ""


def _initial(name: str) -> str:
    """Give the first letter of a name with its accents and a full stop; nothing for an empty name."""
    text = normalize("NFC", name).strip()
    if not text:
        return ""
    first = next((place for place, sign in enumerate(text) if sign.isalpha()), 0)
    accents = range(first + 1, len(text))
    end = next((place for place in accents if not category(text[place]).startswith("M")), len(text))
    return f"{text[first:end]}."


def figures(
    *, places: Mapping[SlotStatus, int], players: int, checked_in: int, no_shows: int, revenue_cents: Mapping[str, int]
) -> DayFigures:
    """Put the counts of a tee sheet together: every slot status is named, and currencies are in alphabetical order."""
    return DayFigures(
        places={status: places.get(status, 0) for status in SlotStatus},
        players=players,
        checked_in=checked_in,
        no_shows=no_shows,
        revenue_cents=dict(sorted(revenue_cents.items())),
        utilisation_percent=utilisation_percent(places),
    )


def utilisation_percent(places: Mapping[SlotStatus, int]) -> float:
    """Give the share of booked places among all that are not blocked, in percent, rounded half up to one decimal.

    It is 0 when no place is for sale.
    """
    booked = places.get(SlotStatus.BOOKED, 0)
    for_sale = sum(places.values()) - places.get(SlotStatus.BLOCKED, 0)
    if for_sale == 0:
        return 0.0
    return (2_000 * booked + for_sale) // (2 * for_sale) / 10
