"""Recorded weather through the rules, and `fairway replay-weather` as its users type it."""

import gzip
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.replay.figures import figures, observed, spans
from cli.replay.timeline import Rules, evaluate, invented_strikes
from kit.errors import FairwayError
from models.course.values import StatusCause
from providers.weather.replay import read_recording
from tests.course.course import CLOSED, CONDITIONAL, NOON, OPEN, THRESHOLDS, weather

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "data" / "weather-ewr-2013.csv"
NEW_YORK = ZoneInfo("America/New_York")
RULES = Rules(thresholds=THRESHOLDS, margin=10)
PLAIN = Rules(thresholds=THRESHOLDS, margin=10, hysteresis=False)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def newark():
    """Three weeks of Newark in winter: a storm, a blizzard, and a row of 1,048 miles per hour."""
    with read_recording(FILE) as recording:
        return list(recording.weather("EWR"))


def hourly(*measured, start=NOON):
    return [weather(start + number * HOUR, **values) for number, values in enumerate(measured)]


class TestTheTimeline:
    def test_the_bad_row_changes_nothing(self, newark):
        bad = datetime(2013, 2, 12, 8, tzinfo=UTC)
        for rules in (RULES, PLAIN):
            [one] = [one for one in evaluate(newark, rules=rules) if one.at == bad]
            assert one.weather.wind_kmh > 1000
            assert one.decision.stale
            assert not one.is_change

    def test_three_weeks_of_a_real_winter(self, newark):
        found = figures(evaluate(newark, rules=RULES), zone=NEW_YORK)
        plain = figures(evaluate(newark, rules=PLAIN), zone=NEW_YORK)
        assert found.changes == Counter(
            {
                (OPEN, CONDITIONAL): 8,
                (CONDITIONAL, OPEN): 7,
                (CONDITIONAL, CLOSED): 1,
                (CLOSED, CONDITIONAL): 1,
            }
        )
        assert found.causes[StatusCause.WIND_SEVERE] == 1
        assert (found.lowest_score, found.hours[CLOSED]) == (40, 6)
        assert found.longest_closure.start == datetime(2013, 1, 31, 9, tzinfo=UTC)
        assert found.by_day[date(2013, 1, 31)] == 3
        assert plain.changes.total() == 35
        assert plain.by_day[date(2013, 1, 31)] == 9
        assert sum(found.hours.values()) == sum(plain.hours.values()) == 21 * 24 - 1

    def test_without_hysteresis_a_status_follows_each_observation(self):
        winds = (40, 39, 40, 60, 59, 10)
        seen = hourly(*({"wind": wind} for wind in winds))
        statuses = [one.decision.status for one in evaluate(seen, rules=PLAIN)]
        assert statuses == [CONDITIONAL, OPEN, CONDITIONAL, CLOSED, CONDITIONAL, OPEN]
        statuses = [one.decision.status for one in evaluate(seen, rules=RULES)]
        assert statuses == [CONDITIONAL, CONDITIONAL, CONDITIONAL, CLOSED, CLOSED, CLOSED]

    def test_a_strike_is_evaluated_when_it_falls_and_when_its_time_is_over(self):
        strike = NOON + timedelta(minutes=20)
        strikes = [strike, strike + timedelta(minutes=10)]
        done = list(evaluate(hourly({}, {}, {}), rules=RULES, strikes=strikes))
        changes = [(one.at, one.decision.status) for one in done if one.is_change]
        assert changes == [(strike, CLOSED), (strike + timedelta(minutes=40), OPEN)]
        assert [one.is_observation for one in done].count(True) == 3

    def test_invented_strikes_fall_in_warm_rain_and_are_the_same_again(self):
        seen = hourly({}, {"rain": 3, "temperature": 5}, {"rain": 3}, {"rain": 0, "temperature": 30})
        strikes = invented_strikes(seen, count=20, seed="1 EWR")
        assert len(strikes) == 20
        assert strikes == sorted(strikes) == invented_strikes(seen, count=20, seed="1 EWR")
        assert strikes != invented_strikes(seen, count=20, seed="2 EWR")
        assert all(NOON + 2 * HOUR <= strike < NOON + 3 * HOUR for strike in strikes)

    def test_without_warm_rain_they_fall_at_any_hour_and_without_hours_nowhere(self):
        assert len(invented_strikes(hourly({}, {}), count=5, seed="1")) == 5
        assert invented_strikes(hourly({"wind": 999}), count=5, seed="1") == []


class TestTheFigures:
    def test_a_status_holds_until_the_next_evaluation_over_missing_hours_too(self):
        seen = [weather(NOON, wind=60), weather(NOON + 5 * HOUR, wind=0), weather(NOON + 6 * HOUR, wind=0)]
        done = list(evaluate(seen, rules=RULES))
        assert [(span.status, span.hours) for span in spans(done)] == [(CLOSED, 6), (OPEN, 1)]
        found = figures(done, zone=NEW_YORK)
        assert dict(found.hours) == {OPEN: 1, CONDITIONAL: 0, CLOSED: 6}
        assert observed(seen, zone=NEW_YORK).missing == 4 * HOUR

    def test_refused_observations_are_named_and_missing(self):
        told = observed(hourly({}, {"wind": 999}, {"rain": None}, {}), zone=NEW_YORK)
        assert told.refused.first == [
            (NOON + HOUR, "wind of 999 km/h is not plausible"),
            (NOON + 2 * HOUR, "rain not measured"),
        ]
        assert (told.count, told.missing) == (4, 2 * HOUR)

    def test_changes_belong_to_the_local_day(self):
        late = datetime(2013, 3, 10, 3, 30, tzinfo=UTC)  # 22:30 on the 9th, before clocks go forward
        done = evaluate(hourly({}, {"wind": 40}, start=late - HOUR), rules=RULES)
        assert figures(done, zone=NEW_YORK).by_day == {date(2013, 3, 9): 1}

    def test_the_longest_closure_is_the_longest(self):
        closed, calm = {"wind": 70}, {"wind": 0}
        done = evaluate(hourly(closed, calm, calm, *[closed] * 4, *[calm] * 5), rules=RULES)
        longest = figures(done, zone=NEW_YORK).longest_closure
        assert (longest.start, longest.hours) == (NOON + 3 * HOUR, 5)


def memory_for(path, hours):
    """Give the bytes of Python's that a replay takes at the most."""
    rows = (f"EWR,{(NOON + number * HOUR).isoformat()},50,10,NA,0" for number in range(hours))
    path.write_text("\n".join(("origin,time_hour,temp,wind_speed,wind_gust,precip", *rows)))
    tracemalloc.start()
    try:
        assert run(path).exit_code == 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def run(*given):
    return CliRunner().invoke(app, ["replay-weather", *map(str, given)])


class TestTheCommand:
    def test_it_tells_both_sides(self):
        told = run(FILE)
        assert told.exit_code == 0, told.exception
        assert "Read weather-ewr-2013.csv" in told.output
        assert "2013-02-12 03:00: wind of 1687 km/h is not plausible" in told.output
        assert re.search(r"in service +without hysteresis", told.output)
        assert re.search(r"Changes of status +17 +35", told.output)
        assert re.search(r"conditional → closed +1 +2", told.output)
        assert re.search(r"WIND_SEVERE +1 +3", told.output)
        assert re.search(r"Hours closed +6 \(1\.2%\) +3 \(0\.6%\)", told.output)
        assert re.search(r"2013-02-08: 4 +2013-01-31: 9", told.output)
        assert "SYNTHETIC" not in told.output

    def test_days_and_thresholds_can_be_chosen(self):
        told = run(FILE, "--from", "2013-01-30", "--to", "2013-01-31", "--wind-severe", 100, "--margin", 5)
        assert "48 observations from 2013-01-30 00:00 to 2013-01-31 23:00" in told.output
        assert "wind 40 and 100 km/h" in told.output
        assert "margin 5." in told.output
        assert re.search(r"Hours closed +0 ", told.output)

    def test_local_dates_are_those_of_the_zone(self):
        told = run(FILE, "--from", "2013-02-01", "--to", "2013-02-01", "--zone", "UTC")
        assert "24 observations from 2013-02-01 00:00 to 2013-02-01 23:00 (UTC)" in told.output

    def test_bad_rows_are_told_by_line(self, tmp_path):
        lines = FILE.read_text().splitlines()
        path = tmp_path / "weather.csv"
        path.write_text("\n".join([*lines[:30], *["EWR,1"] * 12, lines[29]]))
        told = run(path)
        assert "Rows that can't be read: 12\n  line 31: it has not as many values as there are columns" in told.output
        assert "  and 2 more" in told.output
        assert "Rows whose hour comes again further down, where it counts: 1\n  line 30" in told.output

    def test_invented_lightning_is_called_that_in_the_report_and_in_the_picture(self, tmp_path):
        path = tmp_path / "week.svg"
        told = run(FILE, "--lightning", 30, "--plot", "2013-01-28", "--output", path)
        assert told.exit_code == 0, told.exception
        assert "with 30 SYNTHETIC strikes (seed 1)" in told.output
        assert re.search(r"LIGHTNING \(synthetic\) +\d+", told.output)
        picture = path.read_text()
        assert "EWR, week from 2013-01-28, with SYNTHETIC lightning" in picture
        for text in (
            "SYNTHETIC strike",
            "playability score",
            "warning: score 50, wind 40 km/h",
            "rain, mm/h",
            "closed",
        ):
            assert text in picture
        assert "local time, America/New_York" in picture

    def test_a_packed_file_is_read(self, tmp_path):
        path = tmp_path / "weather.csv.gz"
        path.write_bytes(gzip.compress(FILE.read_bytes()))
        told = run(path)
        assert told.exit_code == 0, told.exception
        assert re.search(r"Changes of status +17 +35", told.output)

    def test_what_a_station_is_called_does_nothing_to_a_terminal_or_a_picture(self, tmp_path):
        path = tmp_path / "weather.csv"
        path.write_text(FILE.read_text().replace("EWR", "\x1b]0;mine\x07[red]$\\frac$:smile:\u202e"))
        told = run(path, "--plot", "2013-01-28", "--output", tmp_path / "week.svg")
        assert told.exit_code == 0, told.exception
        assert "\\x1b]0;mine\\x07[red]$\\frac$:smile:\\u202e: 503 observations" in told.output
        assert told.output.replace("\n", "").isprintable()

    def test_memory_does_not_grow_with_the_file(self, tmp_path):
        few, many = (memory_for(tmp_path / f"{hours}.csv", hours) for hours in (300, 2_000))
        assert many < few + 250_000

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (["none.csv"], "There is no file none.csv."),
            ([ROOT / "LICENSE"], "lacks the columns origin"),
            ([ROOT / "docs/guides/replaying-weather.png"], "is not a CSV file"),
            ([FILE, "--station", "XYZ"], "There is no station XYZ in the file. It has EWR."),
            ([FILE, "--from", "2013-02-02", "--to", "2013-02-01"], "--from 2013-02-02 is later than --to 2013-02-01."),
            ([FILE, "--from", "2014-01-01"], "It has some from 2013-01-28 to 2013-02-17."),
            ([FILE, "--zone", "America/Atlantis"], "America/Atlantis is no time zone."),
            ([FILE, "--zone", "../etc"], "../etc is no time zone."),
            ([FILE, "--wind-warning", "70"], "--wind-warning: Severe wind, 60 km/h, must be stronger"),
            ([FILE, "--rain-warning", "nan"], "--rain-warning: Give more than 0"),
            ([FILE, "--margin", "60"], "--score-warning: Give at most 39"),
            ([FILE, "--output", "a.png"], "--output names the file of a picture: give --plot"),
            ([FILE, "--plot", "2013-01-28", "--output", "a.gif"], "must end in .png, .svg, .pdf: a.gif does not."),
            ([FILE, "--plot", "2013-01-28", "--output", "none/a.png"], "There is no folder"),
            ([FILE, "--plot", "2013-03-01"], "There are no observations in the week from 2013-03-01."),
            ([FILE, "--plot", "9999-12-31"], "There are no observations in the week from 9999-12-31."),
        ],
    )
    def test_wrong_input_ends_with_a_clear_sentence(self, given, sentence):
        told = run(*given)
        assert isinstance(told.exception, FairwayError)
        assert sentence in told.exception.message
        assert told.exception.message.endswith(".")

    def test_a_picture_shows_one_station(self, tmp_path):
        path = tmp_path / "weather.csv"
        rows = FILE.read_text()
        path.write_text(rows + rows.split("\n")[1].replace("EWR", "JFK") + "\n")
        told = run(path, "--plot", "2013-01-28", "--output", tmp_path / "a.png")
        assert told.exception.message == "A picture shows one station: choose by --station, of EWR, JFK."

    def test_a_file_without_rows(self, tmp_path):
        path = tmp_path / "weather.csv"
        path.write_text(FILE.read_text().split("\n")[0])
        assert run(path).exception.message == (
            "There are no observations in the file. It holds no rows that could be read."
        )

    def test_without_matplotlib_it_says_how_to_get_it(self):
        program = (
            "import sys; sys.modules['matplotlib'] = None; "
            f"sys.argv = ['fairway', 'replay-weather', {str(FILE)!r}, '--plot', '2013-01-28']; "
            "from cli.main import main; main()"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "Install it with `pip install 'fairway[plot]'`" in done.stderr
        assert "Traceback" not in done.stderr
