"""What is wrong with a value, by a code: so that programs can say it in a language of their own."""

from kit.enums import DescribedEnum


class Fault(DescribedEnum):
    """What is wrong with a value that was written by hand; `faultValues` holds what stands in parentheses."""

    EMPTY = "EMPTY", "A name is missing."
    NAME_MISSING = "NAME_MISSING", "A name is missing, which a plus-one alone may lack."
    TOO_LONG = "TOO_LONG", "There are too many characters (how many there may be)."
    UNSEEN = "UNSEEN", "There is a character that nobody can see (the character, as U+200B)."
    ACCENT_FIRST = "ACCENT_FIRST", "It begins with an accent that stands on nothing."
    NOT_PRINTABLE = "NOT_PRINTABLE", "It is empty, too long, or not printable (how many characters there may be)."
    NOT_A_PHONE = "NOT_A_PHONE", "It is no phone number."
    NOT_AN_EMAIL = "NOT_AN_EMAIL", "It is no e-mail address."
    NOT_A_DAY = "NOT_A_DAY", "It is no day as in 1980-02-29."
    NOT_A_BIRTH = "NOT_A_BIRTH", "It is no day on which a player can have been born (the earliest one)."
    NOT_YES_OR_NO = "NOT_YES_OR_NO", "It is neither yes nor no."
    NOT_A_CHOICE = "NOT_A_CHOICE", "It is none of what there is to choose from (each of these)."
    NOT_IN_RANGE = "NOT_IN_RANGE", "It is no number in a range (the lowest, the highest)."
    REPEATED = "REPEATED", "The same stands in an earlier line (that line)."
    KNOWN_ALREADY = "KNOWN_ALREADY", "Whom it names is there already (where: a household, or a list; none for a club)."
    TAKEN = "TAKEN", "Another player has it."
    HOST_UNKNOWN = "HOST_UNKNOWN", "The host's member number is no other player's."
    QUOTES = "QUOTES", "The quotes of the row are not right."
    FIELD_COUNT = "FIELD_COUNT", "It has too few fields, or too many (how many it has, how many columns there are)."
    FILE_TOO_LONG = "FILE_TOO_LONG", "The file has too many characters (how many there may be)."
    ROW_COUNT = "ROW_COUNT", "There are no rows below the heading, or too many (how many there may be)."
    COLUMN_UNKNOWN = "COLUMN_UNKNOWN", "The heading names what is no column (what it names)."
    COLUMN_TWICE = "COLUMN_TWICE", "The heading names a column twice (what it names)."
    COLUMNS_MISSING = "COLUMNS_MISSING", "The heading names too few columns (each that is needed)."
