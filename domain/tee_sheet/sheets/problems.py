"""The refusals of templates and whole sheets."""

from typing import ClassVar

from kit.errors import Problem


class NoTemplate(Problem):
    """The course has no template for its tee sheets; set one first."""

    code: ClassVar[str] = "NO_TEMPLATE"


class SeasonExists(Problem):
    """The course has a season of this name already; choose another name, or change that one."""

    code: ClassVar[str] = "SEASON_EXISTS"

    season_id: str
    """Public id of that season."""


class SheetAlreadyOffline(Problem):
    """The tee sheet of this date is offline already; bring it online if it shall be booked."""

    code: ClassVar[str] = "SHEET_ALREADY_OFFLINE"


class SheetAlreadyOnline(Problem):
    """The tee sheet of this date is online already; take it offline if it shall not be booked."""

    code: ClassVar[str] = "SHEET_ALREADY_ONLINE"


class StartsInUse(Problem):
    """Starts that are booked, held or blocked, or were once sold, stay; leave them out, or add a block."""

    code: ClassVar[str] = "STARTS_IN_USE"

    tee_time_ids: list[str]
    """Public ids of the tee times that cannot be removed."""


class TurnsInTheWay(Problem):
    """Groups that come by again would be in the way; choose another time, or say that they shall wait."""

    code: ClassVar[str] = "TURNS_IN_THE_WAY"

    booking_ids: list[str]
    """Public ids of bookings that turn where the starts are shifted, and do not start there."""
    tee_time_ids: list[str]
    """Public ids of tee times at which groups from the other tee would turn; new ones are not among them."""
