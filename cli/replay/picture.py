"""A week of a replay as a picture: score, status with and without hysteresis, wind, rain and temperature.

Matplotlib draws it. It is not among the program's own dependencies, and is loaded here only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cli.replay.figures import spans
from cli.replay.timeline import Evaluation
from domain.course.observations import is_usable
from kit.errors import InvalidInput, SetupError
from kit.text import printable
from models.course.values import CourseStatus, Thresholds, Weather

Axes = Any
"""Matplotlib's own types know numbers on an axis, but no times."""
FORMATS = (".png", ".svg", ".pdf")
INCHES = (12.0, 8.2)
DOTS_PER_INCH = 110
BLUE, SKY, AMBER, DARK, PINK, VERMILLION = "#0072B2", "#56B4E9", "#F5C55B", "#5A4A66", "#CC79A7", "#D55E00"
"""Colours that differ in lightness too, so that nobody has to tell red from green."""
BANDS: dict[CourseStatus, dict[str, Any]] = {
    CourseStatus.OPEN: {"facecolor": "#FFFFFF", "edgecolor": "#BBBBBB", "linewidth": 0.5},
    CourseStatus.CONDITIONAL: {"facecolor": AMBER, "edgecolor": "none", "linewidth": 0},
    CourseStatus.CLOSED: {"facecolor": DARK, "edgecolor": "#FFFFFF", "hatch": "////", "linewidth": 0},
}
"""How each status is painted. A closure is hatched as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What is drawn."""

    station: str
    start: date
    zone: ZoneInfo
    thresholds: Thresholds
    margin: int
    evaluations: Sequence[Evaluation]
    without: Sequence[Evaluation]
    """The same, evaluated without hysteresis."""
    strikes: Sequence[datetime]

    @property
    def begin(self) -> datetime:
        """The local midnight at which the week begins."""
        return datetime.combine(self.start, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The local midnight at which it ends."""
        return datetime.combine(self.start + timedelta(days=7), time(), self.zone)

    @property
    def seen(self) -> list[Evaluation]:
        """The observations of the week."""
        return [one for one in self.evaluations if one.is_observation and self.begin <= one.at < self.end]

    @property
    def usable(self) -> list[Weather]:
        """The observations of the week on which decisions rest."""
        return [one.weather for one in self.seen if one.weather and is_usable(one.weather, now=one.at)]


def around_week(evaluations: Iterable[Evaluation], *, start: date, zone: ZoneInfo) -> list[Evaluation]:
    """Keep the evaluations of a week, the last one before it and the first one after it."""
    begin = datetime.combine(start, time(), zone)
    end = datetime.combine(start + timedelta(days=7), time(), zone)
    kept: list[Evaluation] = []
    for one in evaluations:
        if kept and kept[-1].at < begin and one.at <= begin:
            kept.pop()
        kept.append(one)
        if one.at >= end:
            break
    return kept


def check_drawable(output: Path) -> None:
    """Refuse a picture that can't be drawn. Raises SetupError without matplotlib, InvalidInput for the file."""
    if find_spec("matplotlib") is None:
        raise SetupError(
            message="Pictures need matplotlib. Install it with `pip install 'fairway[plot]'`, "
            "or `uv sync --extra plot` in a clone."
        )
    if output.suffix.lower() not in FORMATS:
        raise InvalidInput(message=f"The picture's file must end in {', '.join(FORMATS)}: {output} does not.")
    if not output.absolute().parent.is_dir():
        raise InvalidInput(message=f"There is no folder {output.absolute().parent} for the picture.")


def draw(week: Week, output: Path) -> None:
    """Draw a week into a file. Raises InvalidInput if it can't be written."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, layout="constrained")
    score, service, plain, wind, warmth = figure.subplots(5, 1, sharex=True, height_ratios=(5, 0.45, 0.45, 4, 1.6))
    _draw_score(score, week)
    _draw_statuses(service, week, week.evaluations, "in service")
    _draw_statuses(plain, week, week.without, "without hysteresis")
    rain = _draw_weather(wind, week)
    _draw_temperature(warmth, week)
    _name_hours(warmth, week)
    _name_all(figure, (score, wind, rain, warmth), week)
    try:
        figure.savefig(output, dpi=DOTS_PER_INCH)
    except OSError as error:
        raise InvalidInput(message=f"{output} can't be written: {error.strerror}.") from None


def _draw_score(axes: Axes, week: Week) -> None:
    scored = [one for one in week.seen if one.decision.score is not None]
    axes.step(
        [one.at for one in scored],
        [one.decision.score or 0 for one in scored],
        where="post",
        color=BLUE,
        linewidth=1.6,
        label="playability score",
        zorder=3,
    )
    refused = [one.at for one in week.seen if one.decision.score is None]
    if refused:
        axes.plot(refused, [4] * len(refused), "x", color="black", label="observation not used", zorder=4)
    for number, strike in enumerate(strike for strike in week.strikes if week.begin <= strike < week.end):
        axes.axvline(
            strike, color=VERMILLION, linewidth=1, label=None if number else "SYNTHETIC strike (invented)", zorder=2
        )
    _draw_thresholds(axes, week)
    _paint(axes, week, week.evaluations, alpha=0.35)
    axes.set_ylim(0, 104)
    axes.set_ylabel("score, 0 to 100")


def _draw_thresholds(axes: Axes, week: Week) -> None:
    thresholds = week.thresholds
    for score, wind, name, style in (
        (thresholds.playability_warning_threshold, thresholds.wind_warning_kmh, "warning", "--"),
        (thresholds.playability_severe_threshold, thresholds.wind_severe_kmh, "severe", ":"),
    ):
        label = f"{name}: score {score}, wind {wind:g} km/h"
        axes.axhline(score, color="black", linestyle=style, linewidth=1.1, label=label)


def _draw_statuses(axes: Axes, week: Week, evaluations: Sequence[Evaluation], name: str) -> None:
    _paint(axes, week, evaluations, alpha=1)
    axes.set_yticks([])
    axes.set_ylabel(name, rotation=0, horizontalalignment="right", verticalalignment="center")


def _paint(axes: Axes, week: Week, evaluations: Sequence[Evaluation], *, alpha: float) -> None:
    for span in spans(evaluations):
        start, end = max(span.start, week.begin), min(span.end, week.end)
        if start < end:
            axes.axvspan(start, end, alpha=alpha, zorder=0, **BANDS[span.status])


def _draw_weather(axes: Axes, week: Week) -> Axes:
    """Draw wind, and rain on an axis of its own to the right, which is given."""
    seen = week.usable
    moments = [weather.observed_at for weather in seen]
    axes.plot(moments, [weather.wind_kmh for weather in seen], color=BLUE, linewidth=1.3, label="sustained wind")
    gusts = [(weather.observed_at, weather.gust_kmh) for weather in seen if weather.gust_kmh is not None]
    if gusts:
        axes.plot(*zip(*gusts, strict=True), "^", color="black", markersize=4, label="gusts")
    axes.axhline(week.thresholds.wind_warning_kmh, color="black", linestyle="--", linewidth=0.9)
    axes.axhline(week.thresholds.wind_severe_kmh, color="black", linestyle=":", linewidth=0.9)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("wind, km/h")
    rain = axes.twinx()
    amounts = [weather.rain_mm_per_hour or 0 for weather in seen]
    rain.bar(moments, amounts, width=1 / 24, align="edge", color=SKY, label="rain (right)")
    rain.set_ylim(0, max(4 * week.thresholds.precipitation_warning_mm, *amounts, 1))
    rain.set_ylabel("rain, mm/h")
    axes.set_zorder(rain.get_zorder() + 1)
    axes.patch.set_visible(False)
    return rain


def _draw_temperature(axes: Axes, week: Week) -> None:
    seen = week.usable
    degrees = [weather.temperature_c for weather in seen]
    axes.plot([weather.observed_at for weather in seen], degrees, color=PINK, linewidth=1.3, label="temperature")
    axes.axhline(0, color="black", linewidth=0.7)
    axes.set_ylabel("°C")


def _name_hours(axes: Axes, week: Week) -> None:
    from matplotlib.dates import DateFormatter, DayLocator, HourLocator

    axes.set_xlim(week.begin, week.end)
    axes.xaxis.set_major_locator(DayLocator(tz=week.zone))
    axes.xaxis.set_minor_locator(HourLocator(byhour=(6, 12, 18), tz=week.zone))
    axes.xaxis.set_major_formatter(DateFormatter("%a %d %b", tz=week.zone))
    axes.set_xlabel(f"local time, {week.zone.key}; days begin at midnight, small ticks every 6 hours")


def _name_all(figure: Any, axes: Sequence[Axes], week: Week) -> None:
    from matplotlib.patches import Patch

    bands = [Patch(label=status.value.lower(), **paint) for status, paint in BANDS.items()]
    lines = [line for one in axes for line in one.get_legend_handles_labels()[0]]
    figure.legend(handles=[*bands, *lines], loc="outside lower center", ncols=4, frameon=False)
    strikes = ", with SYNTHETIC lightning" if week.strikes else ""
    title = f"Course status by the weather at {printable(week.station)}, week from {week.start}{strikes}"
    figure.suptitle(title, parse_math=False)
