"""The refusals of a tee sheet that is not there, or not on sale."""

from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.values import PriceClass


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
