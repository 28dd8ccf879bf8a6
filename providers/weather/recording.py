"""A recording, kept on disk and in order while it is replayed: no file is too long for the machine's memory."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Self, TypeVar

from models.course.values import Weather

T = TypeVar("T")
MOST_KEPT = 10
TABLE = """CREATE TABLE hours (
    station TEXT, at TEXT, line INTEGER, wind REAL, gust REAL, rain REAL, temperature REAL, PRIMARY KEY (station, at)
) WITHOUT ROWID"""
ADD = "INSERT OR REPLACE INTO hours VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(slots=True)
class Noted(Generic[T]):
    """Things of a kind, of which there may be many: how many there are, and the first of them."""

    count: int = 0
    first: list[T] = field(default_factory=list)

    def add(self, thing: T) -> None:
        """Note one more."""
        self.count += 1
        if len(self.first) < MOST_KEPT:
            self.first.append(thing)


@dataclass(frozen=True, slots=True)
class Observation:
    """A row that could be read. Whether its weather is plausible is for others to judge."""

    line: int
    station: str
    weather: Weather


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read."""

    line: int
    fault: str
    """Why, in a few words."""


class Recording:
    """A whole file: the weather of each station, an hour once. Close it, or use it as `with`."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("")  # a file without a name, which is gone when it is closed
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute(TABLE)
        self.bad_rows = Noted[BadRow]()
        self.repeated_rows = Noted[int]()
        """Lines whose hour a later line of the same station has again. The later one counts, as a correction does."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._kept.close()

    def take(self, row: Observation | BadRow) -> None:
        """Take a row in."""
        if isinstance(row, BadRow):
            self.bad_rows.add(row)
            return
        seen, key = row.weather, (row.station, row.weather.observed_at.isoformat())
        for (line,) in self._kept.execute("SELECT line FROM hours WHERE station = ? AND at = ?", key):
            self.repeated_rows.add(line)
        values = (seen.wind_kmh, seen.gust_kmh, seen.rain_mm_per_hour, seen.temperature_c)
        self._kept.execute(ADD, (*key, row.line, *values))

    @property
    def stations(self) -> dict[str, int]:
        """How many observations each station has, by its name."""
        return dict(self._kept.execute("SELECT station, count(*) FROM hours GROUP BY station ORDER BY station"))

    def span(self, station: str) -> tuple[datetime, datetime]:
        """Give the first moment and the last of a station that there is."""
        [(first, last)] = self._kept.execute("SELECT min(at), max(at) FROM hours WHERE station = ?", (station,))
        return datetime.fromisoformat(first), datetime.fromisoformat(last)

    def weather(self, station: str) -> Iterator[Weather]:
        """Walk the weather of a station, sorted by time."""
        wanted = "SELECT at, wind, gust, rain, temperature FROM hours WHERE station = ? ORDER BY at"
        for at, wind, gust, rain, temperature in self._kept.execute(wanted, (station,)):
            yield Weather(
                observed_at=datetime.fromisoformat(at),
                wind_kmh=wind,
                gust_kmh=gust,
                rain_mm_per_hour=rain,
                temperature_c=temperature,
            )
