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
import gzip
import sqlite3
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from io import TextIOWrapper
from math import inf, isfinite
from operator import attrgetter
from pathlib import Path
from tempfile import gettempdir
from typing import Any, ClassVar, TextIO
from uuid import UUID

from kit.clock import Clock
from kit.errors import FairwayError
from models.course.values import Weather
from providers.weather.provider import Place
from providers.weather.recording import BadRow, Observation, Recording

COLUMNS = ("origin", "time_hour", "temp", "wind_speed", "wind_gust", "precip")
"""The columns that are read."""
NOT_MEASURED = frozenset({"", "NA"})
YEARS = range(1800, 2200)
"""The years in which weather may have been observed, with room for every time zone."""
LONGEST_LINE = 100_000
"""Characters; a line that is longer is taken for several, which no row of weather is."""
GZIP = b"\x1f\x8b"
KM_PER_MILE = 1.609344
MM_PER_INCH = 25.4


class RecordingUnreadable(FairwayError):
    """The file holds no weather that can be read."""

    code: ClassVar[str] = "RECORDING_UNREADABLE"


def read_recording(path: Path) -> Recording:
    """Read a file of observations. Raises RecordingUnreadable."""
    recording = Recording()
    try:
        for row in read_observations(path):
            recording.take(row)
    except BaseException as error:
        recording.__exit__()
        if isinstance(error, sqlite3.Error):
            message = f"{path} finds no room in {gettempdir()}: {error}. Set TMPDIR to a folder that has some."
            raise RecordingUnreadable(message=message) from None
        raise
    return recording


def read_observations(path: Path) -> Iterator[Observation | BadRow]:
    """Give a file's rows as they come, one by one; those that can't be read are given as such.

    The file may be packed by gzip. Raises RecordingUnreadable if there is no such file, if it is no CSV file, or if it
    lacks columns.
    """
    try:
        with _opened(path) as file:
            reader = csv.DictReader(iter(partial(file.readline, LONGEST_LINE), ""))
            _check_columns(path, reader.fieldnames or ())
            for row in reader:
                yield _read(reader.line_num, row)
    except FileNotFoundError:
        raise RecordingUnreadable(message=f"There is no file {path}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise RecordingUnreadable(message=f"{path} is not a CSV file of text in UTF-8.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise RecordingUnreadable(message=f"{path} is damaged: it can't be unpacked. Get the file again.") from None
    except OSError as error:
        raise RecordingUnreadable(message=f"{path} can't be read: {error.strerror}. Name another file.") from None


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == GZIP
        with TextIOWrapper(gzip.GzipFile(fileobj=raw) if packed else raw, "utf-8-sig", newline="") as text:
            yield text


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
        number = float(text)
    except ValueError:
        number = inf
    if not isfinite(number):
        raise _Unreadable(f"{name} is no number: {text[:40]!r}")
    return number


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
