"""Wrong values for every option of every command: each ends with a sentence, and none with a traceback."""

import pytest
import typer
from typer.testing import CliRunner

from cli.main import app
from kit.errors import FairwayError

COMMANDS = typer.main.get_command(app).commands
WHOLE = ("x", "", "1.5", "1e3")
NUMBERS = ("x", "", "nan", "inf", "-inf", "1e999")
DAYS = ("x", "", "2026-02-30", "31.12.2026", "\x1b[31m", "10000-01-01")
IDS = ("x", "course_01h455vb4pex5vsknk084sn02q", "\x1b]0;mine\x07", "[red]")
PORTS = (*WHOLE, "-1", "65536")
WRONG = {
    "serve": {
        "host": ("", "..ä", "no such host", "256.1.1.1", "::x", "\x1b[31m"),
        "port": PORTS,
        "workers": (*WHOLE, "0", "65"),
    },
    "worker": {"metrics_port": PORTS},
    "token": {
        "role": ("", "NOBODY", "staff "),
        "user": ("", "x" * 201, "\x1b[31m", "\udcff"),
        "tenant": IDS,
        "club": ("", *IDS),
        "player": IDS,
        "caddie_list": (*WHOLE, "0", "100"),
        "hours": (*NUMBERS, "0", "-1", "8785"),
    },
    "schema": {
        "file": (".", "none/schema.graphql", "\x1b[31m/x"),
        "against": (".", "none/schema.graphql", "\x1b[31m/x"),
    },
    "simulate": {
        "speed": (*NUMBERS, "0", "-1"),
        "tee_times": (*WHOLE, "17", "101"),
        "day": (*DAYS, "0001-01-01", "1989-12-31", "2200-01-01", "9999-12-31"),
        "seed": WHOLE,
        "port": PORTS,
    },
    "replay-weather": {
        "file": ("", ".", "none.csv", "\x1b[31m", "\udcff.csv", "short.csv"),
        "station": ("", "XYZ", "\x1b]0;mine\x07", "[red]"),
        "first": (*DAYS, "2013-01-03", "9999-12-31"),
        "last": (*DAYS, "2012-12-30", "0001-01-01"),
        "zone": ("", "x", "Asia", "../etc", "\x1b[31m", "x" * 5_000),
        "wind_warning": (*NUMBERS, "-1"),
        "wind_severe": (*NUMBERS, "-1"),
        "rain_warning": (*NUMBERS, "0", "-1"),
        "score_warning": (*WHOLE, "-1", "9" * 40),
        "score_severe": (*WHOLE, "-1", "9" * 40),
        "margin": (*WHOLE, "-1", "99"),
        "lightning": (*WHOLE, "-1", "10001"),
        "seed": WHOLE,
        "plot": (*DAYS, "0001-01-01", "9999-12-31"),
        "output": ("", ".", "x.gif", "none/x.png"),
    },
}
"""By command and option, what nobody should give."""
BESIDE = {
    "token": ["--role", "STAFF"],
    "schema": ["--check"],
    "replay-weather": ["weather.csv"],
}
WITHOUT_VALUE = {"help", "demo", "jobs", "check"}
CASES = [
    (command, option, value)
    for command, options in WRONG.items()
    for option, values in options.items()
    for value in values
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with a recording of a few hours, a picture that may be drawn, and nothing that could be started."""
    hours = "".join(f"EWR,2013-01-01T{hour:02}:00:00Z,50,10,NA,0\n" for hour in range(12))
    (tmp_path / "weather.csv").write_text(f"origin,time_hour,temp,wind_speed,wind_gust,precip\n{hours}")
    (tmp_path / "short.csv").write_text("origin,time_hour\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIRWAY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("WEATHER_PROVIDER", "none")
    return tmp_path


def run(command, option, value):
    """Give what the command says to the value, where it refuses it."""
    parameter = next(one for one in COMMANDS[command].params if one.name == option)
    given = [value] if option == "file" and command == "replay-weather" else [parameter.opts[0], value]
    beside = [] if given == [value] else BESIDE.get(command, [])
    if option == "output":
        given += ["--plot", "2013-01-01"]
    return CliRunner().invoke(app, [command, *beside, *given])


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_has_wrong_values(command):
    options = {parameter.name for parameter in COMMANDS[command].params} - WITHOUT_VALUE
    assert options == WRONG.get(command, {}).keys(), "say in WRONG what nobody should give"


@pytest.mark.parametrize(("command", "option", "value"), CASES, ids=[f"{c} {o} {v[:20]!r}" for c, o, v in CASES])
def test_a_wrong_value_ends_with_a_sentence(folder, command, option, value):
    done = run(command, option, value)
    assert done.exit_code != 0, done.output
    if isinstance(done.exception, FairwayError):
        assert done.exception.message.endswith(".")
    else:
        assert isinstance(done.exception, SystemExit), done.exc_info
        assert "Invalid value for" in done.output
    assert not (folder / "data" / "postgres").exists(), "it was found out before anything was started"
