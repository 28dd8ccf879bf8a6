"""How commands begin, speak, and fail."""

import sys
from typing import NoReturn

from rich.console import Console

from kit.logs import configure_logs
from kit.settings import Settings, load_settings

console = Console(stderr=True, highlight=False)


def settings_of_command(**overrides: object) -> Settings:
    """Load the settings of a command, with what it was given in place of some, and log by them. Raises SetupError."""
    settings = load_settings(**overrides)
    configure_logs(settings)
    return settings


def fail(message: str) -> NoReturn:
    """End the program as failed, with a sentence."""
    console.print(
        f"[red]{message}[/red]" if sys.stderr.isatty() else message, markup=sys.stderr.isatty(), soft_wrap=True
    )
    sys.exit(1)
