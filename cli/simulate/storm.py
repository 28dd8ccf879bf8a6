"""The thunderstorm of the simulated day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

STORM = timedelta(minutes=25)
"""For how long play is suspended."""


@dataclass(frozen=True)
class Storm:
    """A time in which nobody plays."""

    begins: datetime

    @property
    def ends(self) -> datetime:
        """When play is resumed."""
        return self.begins + STORM

    def after(self, begun: datetime, minutes: float) -> datetime:
        """Give the moment at which so many minutes have been played since a tee-off."""
        since = self.ends if self.begins <= begun < self.ends else begun
        moment = since + timedelta(minutes=minutes)
        return moment + STORM if since < self.begins <= moment else moment
