import gzip
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain.course.observations import fault_of
from providers.weather.provider import Place, WeatherProvider
from providers.weather.recording import BadRow, Observation
from providers.weather.replay import RecordingUnreadable, ReplayedWeather, read_observations, read_recording
from tests.course.course import NOON, weather

HEAD = "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,time_hour"
NEW_YORK = ZoneInfo("America/New_York")


def row(time="2013-01-01T06:00:00Z", *, station="EWR", temp="32", wind="10", gust="NA", rain="0"):
    return f"{station},2013,1,1,1,{temp},26,59,270,{wind},{gust},{rain},1012,10,{time}"


@pytest.fixture
def written(tmp_path):
    """Give a function that writes a file of these lines."""

    def write(*lines, head=HEAD):
        path = tmp_path / "weather.csv"
        path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        return path

    return write


def test_units_are_converted(written):
    [only] = read_observations(written(row(temp="50", wind="25", gust="100", rain="0.5")))
    assert (only.line, only.station) == (2, "EWR")
    seen = only.weather
    assert seen.observed_at == datetime(2013, 1, 1, 6, tzinfo=UTC)
    assert seen.temperature_c == pytest.approx(10)
    assert seen.wind_kmh == pytest.approx(40.2336)
    assert seen.gust_kmh == pytest.approx(160.9344)
    assert seen.rain_mm_per_hour == pytest.approx(12.7)
    assert seen.weather_code is None


def test_freezing_point_is_exactly_zero(written):
    [only] = read_observations(written(row(temp="32.0")))
    assert only.weather.temperature_c == 0


def test_what_was_not_measured_is_none(written):
    [only] = read_observations(written(row(temp="NA", wind="", gust="NA", rain=" NA ")))
    seen = only.weather
    assert (seen.temperature_c, seen.wind_kmh, seen.gust_kmh, seen.rain_mm_per_hour) == (None, None, None, None)


def test_implausible_values_are_read_and_refused_later(written):
    [only] = read_observations(written(row(wind="1048.36058")))
    assert only.weather.wind_kmh == pytest.approx(1687.17, abs=0.01)
    assert fault_of(only.weather, now=only.weather.observed_at) == "wind of 1687 km/h is not plausible"


def test_rows_that_cannot_be_read_are_told_by_line_and_the_others_read(written):
    path = written(
        row(),
        row(wind="strong"),
        row(wind="nan"),
        row(rain="-inf"),
        row("2013-13-01T00:00:00Z"),
        row("0001-01-01T00:00:00Z"),
        "EWR,2013,1",
        row() + ",more",
        row(station=" "),
        "",
        row("2013-01-01T07:00:00Z"),
    )
    rows = list(read_observations(path))
    assert [line.line for line in rows if isinstance(line, Observation)] == [2, 12]
    assert [line for line in rows if isinstance(line, BadRow)] == [
        BadRow(3, "wind_speed is no number: 'strong'"),
        BadRow(4, "wind_speed is no number: 'nan'"),
        BadRow(5, "precip is no number: '-inf'"),
        BadRow(6, "time_hour is no time: '2013-13-01T00:00:00Z'"),
        BadRow(7, "time_hour is no time of weather: '0001-01-01T00:00:00Z'"),
        BadRow(8, "it has not as many values as there are columns"),
        BadRow(9, "it has not as many values as there are columns"),
        BadRow(10, "origin is empty"),
    ]


def test_stations_are_kept_apart_and_hours_sorted_and_once(written):
    recording = read_recording(
        written(
            row("2013-01-01T08:00:00Z", temp="41"),
            row("2013-01-01T06:00:00Z"),
            row("2013-01-01T06:00:00Z", station="JFK"),
            row("2013-01-01T08:00:00+00:00", temp="50"),
            row("2013-01-01T02:00:00-05:00", temp="59"),
            row("2013-01-01T09:00:00", temp="68"),
        )
    )
    with recording:
        assert recording.stations == {"EWR": 4, "JFK": 1}
        hours = [(seen.observed_at.hour, round(seen.temperature_c)) for seen in recording.weather("EWR")]
    assert hours == [(6, 0), (7, 15), (8, 10), (9, 20)]
    assert recording.repeated_rows.first == [2]
    assert recording.bad_rows.count == 0


@pytest.mark.parametrize(("day", "hours"), [((2013, 3, 10), 23), ((2013, 11, 3), 25)])
def test_days_on_which_clocks_change_have_their_hours(written, day, hours):
    start = datetime(*day, tzinfo=NEW_YORK).astimezone(UTC)
    times = [start + timedelta(hours=hour) for hour in range(26)]
    recording = read_recording(written(*(row(time.strftime("%Y-%m-%dT%H:%M:%SZ")) for time in times)))
    with recording:
        local = [seen.observed_at.astimezone(NEW_YORK) for seen in recording.weather("EWR")]
    assert len(local) == 26
    assert sum((time.year, time.month, time.day) == day for time in local) == hours


class TestFilesThatAreNone:
    def test_missing(self, tmp_path):
        with pytest.raises(RecordingUnreadable, match=r"There is no file .*none\.csv\.$"):
            list(read_observations(tmp_path / "none.csv"))

    def test_a_folder(self, tmp_path):
        with pytest.raises(RecordingUnreadable, match="can't be read: Is a directory"):
            list(read_observations(tmp_path))

    def test_missing_columns_are_named(self, written):
        with pytest.raises(RecordingUnreadable, match=r"lacks the columns temp, precip\. "):
            list(read_observations(written(head="origin,wind_speed,wind_gust,time_hour")))

    def test_an_empty_file(self, tmp_path):
        path = tmp_path / "empty.csv"
        path.touch()
        with pytest.raises(RecordingUnreadable, match="lacks the columns origin"):
            list(read_observations(path))

    @pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", HEAD.encode() + b"\nEWR,\xff\xfe\n"])
    def test_no_text(self, tmp_path, content):
        path = tmp_path / "weather.csv"
        path.write_bytes(content)
        with pytest.raises(RecordingUnreadable, match="is not a CSV file"):
            list(read_observations(path))

    @pytest.mark.parametrize(
        "content", [gzip.compress(HEAD.encode(), mtime=0)[:-9], b"\x1f\x8b" + b"x" * 30], ids=["cut off", "no gzip"]
    )
    def test_a_damaged_packed_file(self, tmp_path, content):
        path = tmp_path / "weather.csv.gz"
        path.write_bytes(content)
        with pytest.raises(RecordingUnreadable, match="is damaged"):
            list(read_observations(path))

    def test_a_line_without_an_end_is_a_row_that_cannot_be_read(self, written):
        rows = list(read_observations(written("EWR" * 100_000, row())))
        assert [type(one) for one in rows] == [*[BadRow] * (len(rows) - 1), Observation]

    def test_a_byte_order_mark_does_no_harm(self, tmp_path):
        path = tmp_path / "weather.csv"
        path.write_text(f"{HEAD}\n{row()}\n", encoding="utf-8-sig")
        assert len(list(read_observations(path))) == 1


async def test_the_provider_gives_the_last_observation_by_its_clock():
    hour, second = timedelta(hours=1), timedelta(seconds=1)
    moments = [NOON - second, NOON, NOON + hour - second, NOON + hour, NOON + 9 * hour]
    clock = iter(moments)
    provider: WeatherProvider = ReplayedWeather(
        [weather(NOON + hour, wind=2), weather(NOON, wind=1)], clock=lambda: next(clock)
    )
    places = [Place(uuid4(), 40.7, -74.2), Place(uuid4(), 40.6, -73.8)]
    answers = [await provider.current(places) for _ in moments]
    winds = [[answer[place.course_id].wind_kmh for place in places if answer] for answer in answers]
    assert winds == [[], [1, 1], [1, 1], [2, 2], [2, 2]]
    await provider.close()
