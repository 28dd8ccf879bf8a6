"""The refusals of templates and whole sheets."""

from typing import ClassVar

from kit.errors import Problem


class NoTemplate(Problem):
    """The course has no template for its tee sheets; set one first."""

    code: ClassVar[str] = "NO_TEMPLATE"


class SheetAlreadyOffline(Problem):
    """The tee sheet of this date is offline already; bring it online if it shall be booked."""

    code: ClassVar[str] = "SHEET_ALREADY_OFFLINE"


class SheetAlreadyOnline(Problem):
    """The tee sheet of this date is online already; take it offline if it shall not be booked."""

    code: ClassVar[str] = "SHEET_ALREADY_ONLINE"
