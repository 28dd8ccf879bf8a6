"""What every mutation answers with."""

from typing import ClassVar

from schema.describe import interface, listed
from schema.problems import Problem


@interface
class Payload:
    """The answer of a mutation: its result, or why it was refused."""

    # The fields that hold what was made: a thing with an id, or a list of such. What takes an idempotency key names
    # them, and a repeat shows them again.
    results: ClassVar[tuple[str, ...]] = ()
    problems: list[Problem] = listed(entries=1)
    """Why it was refused; empty when it was done."""
    cursor: str | None = None
    """The place of the change in its stream, so that a client knows its own echo; none when nothing was changed."""
