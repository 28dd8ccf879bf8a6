"""The refusals of a tee sheet that is not there, or not on sale."""

from datetime import datetime, time
from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.values import PriceClass, RestrictionRule


class SheetOffline(Problem):
    """The tee sheet of this date is offline; please call the club."""

    code: ClassVar[str] = "SHEET_OFFLINE"


class NoTeeSheet(Problem):
    """The course has no tee sheet on this date yet; ask the staff to generate it."""

    code: ClassVar[str] = "NO_TEE_SHEET"


class NotOnSale(Problem):
    """A round of this many holes is not sold to this price class then; choose other holes, or another start."""

    code: ClassVar[str] = "NOT_ON_SALE"

    price_class: PriceClass
    """The price class that was asked for."""
    holes: int
    """The number of holes that was asked for."""


class StartRestricted(Problem):
    """The club asks more of who wants this start; choose what it allows, another start, or call the club."""

    code: ClassVar[str] = "START_RESTRICTED"

    rule: RestrictionRule
    """What is asked."""
    restriction_name: str
    """What the club calls it; empty if it has no name."""
    first_start: time | None
    """The first start that it holds for, on the course's clock; none for the beginning of the day."""
    last_start: time | None
    """The last start that it holds for, itself included; none for the end of the day."""
    price_classes: list[PriceClass]
    """The price classes that may book and play, where it is about these."""
    allowed: int | None
    """How many players or holes, where it is about these."""
    opens_at: datetime | None
    """From when on it is sold, in UTC, where it is about that."""
