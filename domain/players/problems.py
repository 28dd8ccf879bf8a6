"""The refusals of what is done with players."""

from typing import ClassVar

from kit.errors import Problem


class PlayerMerged(Problem):
    """The player was merged into another one; use that one instead."""

    code: ClassVar[str] = "PLAYER_MERGED"

    player_id: str
    """The player that holds both by now."""
