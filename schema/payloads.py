"""What every mutation answers with."""

from schema.describe import interface
from schema.problems import Problem


@interface
class Payload:
    """The answer of a mutation: its result, or why it was refused."""

    problems: list[Problem]
    """Why it was refused; empty when it was done."""
    cursor: str | None = None
    """The place of the change in its stream, so that a client knows its own echo; none when nothing was changed."""
