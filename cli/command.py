"""How commands begin, speak, and fail."""

import sys
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from kit.logs import configure_logs
from kit.settings import Settings, load_settings
from kit.text import printable

console = Console(stderr=True, highlight=False, markup=False, emoji=False)


def settings_of_command(**overrides: object) -> Settings:
    """Load the settings of a command, with what it was given in place of some, and log by them. Raises SetupError."""
    settings = load_settings(**overrides)
    configure_logs(settings)
    return settings


def fail(message: str) -> NoReturn:
    """End the program as failed, with a sentence."""
    lines = "\n".join(map(printable, message.split("\n")))  # what was typed wrongly is said again in it
    console.print(Text(lines, style="red"), soft_wrap=True)
    sys.exit(1)
