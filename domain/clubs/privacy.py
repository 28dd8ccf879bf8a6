"""Whose names a viewer may see, and which player the viewer is."""

from unicodedata import category, normalize
from uuid import UUID

from auth.viewer import Viewer
from models.clubs.values import NamePrivacy


def plays_as(viewer: Viewer, *, player_id: UUID | None, user_id: str | None) -> bool:
    """Tell whether a player whom the club knows, as a user or not, is the viewer.

    A token that names a player stands for that one alone, any other for the players of its user.
    """
    if viewer.player_id is not None:
        return player_id == viewer.player_id
    return player_id is not None and user_id == viewer.user_id


def visible_name(name: str, *, privacy: NamePrivacy, full: bool) -> str:
    """Give a first or a last name as far as the club's privacy lets it be seen.

    `full` is for those who may see every name: staff, and players their own.
    """
    if full or privacy is NamePrivacy.FULL:
        return name
    return _initial(name) if privacy is NamePrivacy.INITIALS else ""


def _initial(name: str) -> str:
    """Give the first letter of a name with its accents and a full stop; nothing for an empty name."""
    text = normalize("NFC", name).strip()
    if not text:
        return ""
    first = next((place for place, sign in enumerate(text) if sign.isalpha()), 0)
    accents = range(first + 1, len(text))
    end = next((place for place in accents if not category(text[place]).startswith("M")), len(text))
    return f"{text[first:end]}."
