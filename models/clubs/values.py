"""Values of clubs that tables, rules and the schema share."""

from kit.enums import DescribedEnum


class NamePrivacy(DescribedEnum):
    """How much of other players' names a player may see."""

    FULL = "FULL", "First and last names are shown."
    INITIALS = "INITIALS", "Only the initials are shown."
    HIDDEN = "HIDDEN", "No names are shown."


class Language(DescribedEnum):
    """The language in which a club speaks to people."""

    EN = "EN", "English."
    ES = "ES", "Spanish."
