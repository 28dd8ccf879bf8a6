"""Enums whose members are described, since clients read the descriptions."""

from enum import StrEnum
from typing import Self


class DescribedEnum(StrEnum):
    """An enum whose members are written as a value and a description: `OPEN = "OPEN", "Anybody may book."`.

    The member is the value as a string; `OPEN.description` is the sentence for people.
    """

    description: str

    def __new__(cls, value: str, description: str = "") -> Self:
        """Make a member out of its value and its description."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member
