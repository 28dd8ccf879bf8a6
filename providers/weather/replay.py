"""Weather from a file: hourly observations as the R package `nycflights13` has them in its table `weather`.

A row is a station's hour. These columns are read, and converted to the units of `Weather`:

| column       | holds                                             | becomes                                      |
| ------------ | ------------------------------------------------- | -------------------------------------------- |
| `origin`     | the station, by its code                          | its name                                     |
| `time_hour`  | the hour, in UTC, as `2013-01-01T06:00:00Z`       | when it was observed                         |
| `temp`       | air temperature in °F                             | °C: (F - 32) x 5 / 9                         |
| `wind_speed` | sustained wind in miles per hour                  | km/h: x 1.609344                             |
| `wind_gust`  | gusts in miles per hour                           | km/h: x 1.609344                             |
| `precip`     | precipitation in inches, the sum of the hour      | mm per hour: x 25.4                          |

`NA` or nothing is a value that was not measured. Other columns may be there and are not read: the local date and hour
among them, since they are not the same in every zone and, when clocks go back, name two hours alike.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from kit.clock import Clock
from kit.errors import FairwayError
from models.course.values import Weather
from providers.weather.provider import Place

COLUMNS = ("origin", "time_hour", "temp", "wind_speed", "wind_gust", "precip")
"""The columns that are read."""
NOT_MEASURED = frozenset({"", "NA"})
YEARS = range(1800, 2200)
"""The years in which weather may have been observed, with room for every time zone."""
KM_PER_MILE = 1.609344
MM_PER_INCH = 25.4


class RecordingUnreadable(FairwayError):
    """The file holds no weather that can be read."""

    code: ClassVar[str] = "RECORDING_UNREADABLE"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A whole file."""

    stations: Mapping[str, Sequence[Weather]]
    """The weather of each station, sorted by time, an hour once."""
    bad_rows: Sequence[BadRow]
    repeated_rows: Sequence[int]
    """Lines whose hour a later line of the same station has again. The later one counts, as a correction does."""


@dataclass(slots=True)
class _Rows:
    """What has been read of a file so far."""

    stations: dict[str, dict[datetime, Observation]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)

    def take(self, row: Observation | BadRow) -> None:
        if isinstance(row, BadRow):
            self.bad.append(row)
            return
        hours = self.stations.setdefault(row.station, {})
        if before := hours.get(row.weather.observed_at):
            self.repeated.append(before.line)
        hours[row.weather.observed_at] = row


def read_recording(path: Path) -> Recording:
    """Read a file of observations. Raises RecordingUnreadable."""
    rows = _Rows()
    for row in read_observations(path):
        rows.take(row)
    return Recording(
        stations={
            name: tuple(observation.weather for _, observation in sorted(hours.items()))
            for name, hours in sorted(rows.stations.items())
        },
        bad_rows=rows.bad,
        repeated_rows=rows.repeated,
    )


def read_observations(path: Path) -> Iterator[Observation | BadRow]:
    """Give a file's rows as they come, one by one; those that can't be read are given as such.

    Raises RecordingUnreadable if there is no such file, if it is no CSV file, or if it lacks columns.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            _check_columns(path, reader.fieldnames or ())
            for row in reader:
                yield _read(reader.line_num, row)
    except FileNotFoundError:
        raise RecordingUnreadable(message=f"There is no file {path}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise RecordingUnreadable(message=f"{path} is not a CSV file of text in UTF-8.") from None
    except OSError as error:
        raise RecordingUnreadable(message=f"{path} can't be read: {error.strerror}.") from None


def _check_columns(path: Path, found: Sequence[str]) -> None:
    if missing := [name for name in COLUMNS if name not in found]:
        raise RecordingUnreadable(
            message=f"{path} lacks the columns {', '.join(missing)}. Its first line has to name {', '.join(COLUMNS)}."
        )


def _read(line: int, row: dict[str | Any, str | Any]) -> Observation | BadRow:
    if None in row or None in row.values():
        return BadRow(line, "it has not as many values as there are columns")
    if not row["origin"].strip():
        return BadRow(line, "origin is empty")
    try:
        return Observation(line, row["origin"].strip(), _weather(row))
    except _Unreadable as fault:
        return BadRow(line, str(fault))


def _weather(row: Mapping[str, str]) -> Weather:
    fahrenheit = _number(row, "temp")
    return Weather(
        observed_at=_moment(row, "time_hour"),
        wind_kmh=_times(_number(row, "wind_speed"), KM_PER_MILE),
        gust_kmh=_times(_number(row, "wind_gust"), KM_PER_MILE),
        rain_mm_per_hour=_times(_number(row, "precip"), MM_PER_INCH),
        temperature_c=None if fahrenheit is None else (fahrenheit - 32) * 5 / 9,
    )


class _Unreadable(Exception):
    """A value can't be read."""


def _number(row: Mapping[str, str], name: str) -> float | None:
    text = row[name].strip()
    if text in NOT_MEASURED:
        return None
    try:
        return float(text)
    except ValueError:
        raise _Unreadable(f"{name} is no number: {text[:40]!r}") from None


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _moment(row: Mapping[str, str], name: str) -> datetime:
    text = row[name].strip()
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Unreadable(f"{name} is no time: {text[:40]!r}") from None
    if moment.year not in YEARS:
        raise _Unreadable(f"{name} is no time of weather: {text[:40]!r}")
    return moment


class ReplayedWeather:
    """A weather service that answers from a station's recording, as of the moment that a clock tells.

    Every place has that station's weather: the last that was observed by then. A recording by the hour is therefore
    older than 30 minutes, and of no more use, during the second half of every hour.
    """

    def __init__(self, observations: Sequence[Weather], *, clock: Clock) -> None:
        self._observations = sorted(observations, key=attrgetter("observed_at"))
        self._clock = clock

    async def current(self, places: Sequence[Place]) -> Mapping[UUID, Weather]:
        """Give the last observation for each course; nothing before the first."""
        count = bisect_right(self._observations, self._clock(), key=attrgetter("observed_at"))
        return {place.course_id: self._observations[count - 1] for place in places} if count else {}

    async def close(self) -> None:
        """Do nothing: there is no connection."""
