"""The command line: `fairway serve`, and what belongs to it.

Each command loads what it needs when it runs: the whole API takes a second to load, and neither help nor a wrong
setting should.
"""

import sys

import typer

from cli import printing, running, trying
from cli.command import fail
from kit.errors import FairwayError
from kit.garbage import seldom_look_for_garbage
from kit.signals import end_when_hung_up, end_when_told

app = typer.Typer(
    name="fairway",
    help="The realtime GraphQL API of a golf club.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (running, printing, trying):
    app.add_typer(part.commands)


def main() -> None:
    """Run the command line; what is wrong with the setup ends it with one clear sentence."""
    end_when_told()
    end_when_hung_up()
    seldom_look_for_garbage()  # there is none while the program is loaded
    try:
        app()
    except FairwayError as error:
        fail(error.message)
    except KeyboardInterrupt:
        sys.exit(130)
