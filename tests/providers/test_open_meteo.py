"""Open-Meteo, asked over real HTTP: a service on loopback that has good days and bad ones."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import pytest_asyncio
from pydantic import SecretStr
from structlog.testing import capture_logs

from kit.errors import SetupError
from kit.ids import new_id
from kit.settings import Settings, load_settings
from models.course.values import Weather
from providers.weather.fixed import FixedWeather, NoWeather
from providers.weather.open_meteo import FREE_URL, MOST_BYTES, PAID_URL, OpenMeteo, Patience
from providers.weather.provider import Place, WeatherUnavailable
from tests.harness import HeldClock
from tests.providers.forecast_server import Reply, entry, forecast_server, refusal, said, snapped

MADRID = Place(new_id(), 40.4168, -3.7038)
RIGHT = Weather(
    observed_at=datetime(2026, 5, 4, 5, tzinfo=UTC),
    wind_kmh=23.4,
    gust_kmh=41.0,
    rain_mm_per_hour=2.0,
    temperature_c=40.4168,
    weather_code=61,
    attribution="Weather data by Open-Meteo.com (CC BY 4.0)",
)
KEY = "a-key-that-nobody-may-see"


class Asking:
    """Somebody who asks the service, and notes how long they would have waited between tries."""

    def __init__(self, url: str, clock: HeldClock) -> None:
        self.url, self.clock = url, clock
        self.waits: list[float] = []
        self.opened: list[OpenMeteo] = []

    def provider(self, **given) -> OpenMeteo:
        given = {"patience": Patience(one_try=5), "chance": lambda: 0.0} | given
        provider = OpenMeteo(self.url, clock=self.clock, sleep=self.wait, **given)
        self.opened.append(provider)
        return provider

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.advance(seconds=seconds)

    async def current(self, *places: Place, **given):
        return await self.provider(**given).current(places)


@pytest_asyncio.fixture
async def service():
    async with forecast_server() as running:
        yield running


@pytest_asyncio.fixture
async def asking(service, clock):
    asking = Asking(service.url, clock)
    yield asking
    for provider in asking.opened:
        await provider.close()


def lying_along(count: int) -> list[Place]:
    return [Place(new_id(), float(number), 10.0) for number in range(count)]


async def test_the_weather_over_one_course(service, asking):
    assert await asking.current(MADRID) == {MADRID.course_id: RIGHT}
    [asked] = service.asked
    assert asked == {
        "latitude": "40.4168",
        "longitude": "-3.7038",
        "current": "temperature_2m,wind_speed_10m,wind_gusts_10m,precipitation,weather_code",
        "temperature_unit": "celsius",
        "wind_speed_unit": "kmh",
        "precipitation_unit": "mm",
        "timezone": "UTC",
        "timeformat": "iso8601",
    }
    assert service.agents == {"fairway"}


async def test_many_courses_are_asked_for_at_once_and_each_gets_its_own(service, asking):
    places = lying_along(250)
    weather = await asking.current(*places)
    assert {course_id: w.temperature_c for course_id, w in weather.items()} == {
        place.course_id: place.latitude for place in places
    }
    assert [asked["latitude"].count(",") + 1 for asked in service.asked] == [100, 100, 50]
    assert await asking.current() == {}
    assert len(service.asked) == 3


async def test_courses_at_the_same_place_are_asked_for_once(service, asking):
    beside = Place(new_id(), MADRID.latitude + 0.00001, MADRID.longitude)
    assert await asking.current(MADRID, beside) == {MADRID.course_id: RIGHT, beside.course_id: RIGHT}
    assert service.asked[0]["latitude"] == "40.4168"


@pytest.mark.parametrize("passing", [
    Reply(drops=True),
    Reply(500),
    Reply(503, b"<html>"),
    Reply(body=b""),
    Reply(body=b'{"latitude":40.4,"current":{"time":"2026-05-0Unexpected error while streaming data: timeout'),
    Reply(body=b"[" * 100_000),
    Reply(body=b"[]"),
    said(entry(), entry(1)),
    refusal(429, "Minutely API request limit exceeded. Please try again in one minute."),
    Reply(body=b"{", headers={"Content-Encoding": "gzip"}),
])  # fmt: skip
async def test_what_may_pass_is_tried_again_after_a_while(service, asking, passing):
    service.replies = [passing, replace(passing), replace(passing)]
    assert await asking.current(MADRID) == {MADRID.course_id: RIGHT}
    assert asking.waits == [1.0, 2.0, 4.0]
    service.replies = [passing] * 4
    with pytest.raises(WeatherUnavailable, match=r"^Open-Meteo gives no weather: .+[^.]\.$"):
        await asking.current(MADRID)
    assert len(service.asked) == 8


async def test_up_to_half_of_a_wait_is_left_to_chance(service, asking):
    service.replies = [Reply(500)] * 3
    await asking.current(MADRID, chance=lambda: 0.5)
    assert asking.waits == [0.75, 1.5, 3.0]


async def test_a_service_that_takes_too_long_is_not_waited_for(service, asking):
    service.replies = [Reply(hangs=True)]
    assert await asking.current(MADRID, patience=Patience(one_try=0.1)) == {MADRID.course_id: RIGHT}
    assert asking.waits == [1.0]
    service.replies = [Reply(hangs=True)] * 9
    with pytest.raises(WeatherUnavailable, match=r"did not answer in time"):
        await asking.current(MADRID, patience=Patience(one_try=0.05))
    service.replies = [Reply(hangs=True)]
    with pytest.raises(WeatherUnavailable, match=r"longer than 0.1 seconds"):
        await asking.current(MADRID, patience=Patience(one_try=5, all_tries=0.1))


async def test_a_service_that_can_not_be_reached_is_named(asking):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listened to
        asking.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(WeatherUnavailable, match=r"can't be reached"):
            await asking.current(MADRID)
    assert len(asking.waits) == 3


@pytest.mark.parametrize("as_date", [False, True])
async def test_who_is_asked_to_come_back_later_does_so(service, asking, clock, as_date):
    later = format_datetime(clock() + timedelta(seconds=20), usegmt=True) if as_date else "20"
    service.replies = [refusal(429, "Minutely API request limit exceeded.", Retry_After=later)]
    assert await asking.current(MADRID) == {MADRID.course_id: RIGHT}
    assert asking.waits == [20.0]


async def test_who_is_asked_to_stay_away_for_longer_than_there_is_time_leaves_it_for_another_look(
    service, asking, clock
):
    provider = asking.provider()
    service.replies = [refusal(429, "Daily API request limit exceeded.", Retry_After="99999999999999")]
    with pytest.raises(WeatherUnavailable, match=r"status 429: Daily API request limit exceeded\.$"):
        await provider.current([MADRID])
    clock.advance(minutes=59)
    with pytest.raises(WeatherUnavailable, match="left alone until 2026-05-04 06:00:00 UTC"):
        await provider.current([MADRID])
    assert (len(service.asked), asking.waits) == (1, [])
    clock.advance(minutes=1)
    assert await provider.current([MADRID]) == {MADRID.course_id: RIGHT}


@pytest.mark.parametrize("later", ["soon", "-5", "0", "Mon, 99 Foo 2026 05:00:00 GMT", "Sun, 03 May 2026 05:00:00 GMT"])
async def test_a_wish_that_makes_no_sense_is_none(service, asking, later):
    service.replies = [refusal(503, "Overloaded", Retry_After=later)]
    assert await asking.current(MADRID) == {MADRID.course_id: RIGHT}
    assert asking.waits == [1.0]


@pytest.mark.parametrize(("reply", "sentence"), [
    (refusal(400, "Latitude must be in range of -90 to 90°.  Given: 91.0."),
     "Open-Meteo refused the request with status 400: Latitude must be in range of -90 to 90°. Given: 91.0."),
    (Reply(400, b'{"error":true,"reason":7}'), "Open-Meteo refused the request with status 400."),
    (Reply(400, b"\xff"), "Open-Meteo refused the request with status 400."),
    (Reply(301, b"", {"Location": "/elsewhere"}), "Open-Meteo refused the request with status 301."),
    (Reply(body=b" " * (MOST_BYTES + 1)), "Open-Meteo's answer has more than 1,000,000 bytes."),
])  # fmt: skip
async def test_what_would_not_pass_is_not_tried_again(service, asking, reply, sentence):
    service.replies = [reply]
    with pytest.raises(WeatherUnavailable) as refused:
        await asking.current(MADRID)
    assert (refused.value.message, len(service.asked)) == (sentence, 1)


async def test_what_fails_for_some_does_not_cost_the_others_theirs_and_is_told_once(service, asking):
    places, provider = lying_along(6), asking.provider(places_a_request=2)
    for _ in range(2):
        service.replies = [Reply(), refusal(400, "Not there."), said(entry(at=(4.0, 10.0)), None)]
        with capture_logs() as logs:
            weather = await provider.current(places)
        assert list(weather) == [places[number].course_id for number in (0, 1, 4)]
        service.asked.clear()
    assert logs == []
    assert len(await provider.current(places)) == 6
    service.replies = [Reply(), refusal(400, "Not there.")]
    with capture_logs() as logs:
        await provider.current(places)
    assert [(line["log_level"], line["courses"]) for line in logs] == [("warning", 2)]
    assert "Not there" in logs[0]["reason"]


@pytest.mark.parametrize(("current", "units", "wanted"), [
    ({"wind_speed_10m": None}, {}, {"wind_kmh": None}),
    ({"wind_speed_10m": "23.4"}, {}, {"wind_kmh": None}),
    ({"wind_speed_10m": True}, {}, {"wind_kmh": None}),
    ({"wind_speed_10m": float("nan")}, {}, {"wind_kmh": None}),
    ({"wind_gusts_10m": float("inf")}, {}, {"gust_kmh": None}),
    ({"wind_gusts_10m": 10**400}, {}, {"gust_kmh": None}),
    ({"wind_gusts_10m": [41.0]}, {}, {"gust_kmh": None}),
    ({"wind_speed_10m": 1687.0}, {}, {"wind_kmh": 1687.0}),
    ({"temperature_2m": -300}, {}, {"temperature_c": -300.0}),
    ({"precipitation": -0.1, "interval": 3600}, {}, {"rain_mm_per_hour": -0.1}),
    ({"interval": 3600}, {}, {"rain_mm_per_hour": 0.5}),
    ({"interval": 0}, {}, {"rain_mm_per_hour": None}),
    ({"interval": None}, {}, {"rain_mm_per_hour": None}),
    ({}, {"interval": "minutes"}, {"rain_mm_per_hour": None}),
    ({}, {"precipitation": "inch"}, {"rain_mm_per_hour": None}),
    ({}, {"wind_speed_10m": "m/s", "wind_gusts_10m": ""}, {"wind_kmh": None, "gust_kmh": None}),
    ({}, {"temperature_2m": "°F"}, {"temperature_c": None}),
    ({"weather_code": 95.0}, {}, {"weather_code": 95}),
    ({"weather_code": 95.5}, {}, {"weather_code": None}),
    ({"weather_code": "95"}, {}, {"weather_code": None}),
    ({"time": "2026-05-04T07:15:00+02:00"}, {}, {"observed_at": datetime(2026, 5, 4, 5, 15, tzinfo=UTC)}),
])  # fmt: skip
async def test_a_value_that_is_none_is_not_taken_for_one_and_an_odd_one_is_passed_on(
    service, asking, current, units, wanted
):
    service.replies = [said(entry(units=units, **({"temperature_2m": 40.4168} | current)))]
    assert await asking.current(MADRID) == {MADRID.course_id: replace(RIGHT, **wanted)}


NOTHING = {"temperature_2m": None, "wind_speed_10m": None, "wind_gusts_10m": None, "interval": 0, "weather_code": None}


@pytest.mark.parametrize("useless", [
    None, 7, [], {}, {"current": 7}, entry() | {"current_units": None}, entry(time=None), entry(time=1777870800),
    entry(time="yesterday"), entry(time="0001-01-01T00:00+14:00"), entry() | {"utc_offset_seconds": 7200},
    entry(**NOTHING),
])  # fmt: skip
async def test_a_place_of_which_nothing_is_said_is_missing(service, asking, useless):
    other = Place(new_id(), 1.0, 1.0)
    service.replies = [said(useless, entry(1, at=(1.0, 1.0), temperature_2m=40.4168)), said(useless, None)]
    assert await asking.current(MADRID, other) == {other.course_id: RIGHT}
    with pytest.raises(WeatherUnavailable, match="knows nothing"):
        await asking.current(MADRID, other)


NEAR = Place(new_id(), 40.53, -3.64)
"""Another course, 14 km north of the first."""
FAR = Place(new_id(), -41.28, 174.77)


@pytest.mark.parametrize("with_numbers", [True, False])
@pytest.mark.parametrize("other", [NEAR, FAR])
async def test_an_answer_in_another_order_gives_each_course_its_own(service, asking, other, with_numbers):
    points = enumerate((snapped((place.latitude, place.longitude)), place) for place in (MADRID, other))
    first, second = (entry(n * with_numbers, at=at, temperature_2m=place.latitude) for n, (at, place) in points)
    service.replies = [said(second, first)]
    weather = await asking.current(MADRID, other)
    assert {place: weather[place.course_id].temperature_c for place in (MADRID, other)} == {
        MADRID: MADRID.latitude,
        other: other.latitude,
    }


@pytest.mark.parametrize("elsewhere", [
    said(entry(at=(-3.7, 40.42)), entry(1, at=(-41.25, 174.75))),
    said(entry(), entry(1)),
    said(entry(), entry(1, at=(40.42, 174.75))),
    said(entry(at=(-41.25, 174.75)), entry(1, at=(-41.25, 174.75))),
    said(entry(), entry(1, at=(-41.25, -174.75))),
])  # fmt: skip
async def test_an_answer_for_other_places_is_refused(service, asking, elsewhere):
    service.replies = [elsewhere] * 4
    with pytest.raises(WeatherUnavailable, match="answered for a place that it was not asked for"):
        await asking.current(MADRID, FAR)


async def test_an_unusable_entry_is_not_filled_with_the_weather_of_the_course_beside_it(service, asking):
    mute = entry() | {"current": None}
    service.replies = [said(entry(1, at=(40.5, -3.625)), mute), said(entry() | {"latitude": "40.42"}, mute)]
    assert list(await asking.current(MADRID, NEAR)) == [NEAR.course_id]
    with pytest.raises(WeatherUnavailable, match="knows nothing"):
        await asking.current(MADRID, NEAR)


async def test_a_cell_across_the_date_line_is_near(service, asking):
    taveuni = Place(new_id(), -16.85, 179.99)
    service.replies = [said(entry(at=(-16.875, -179.875)))]
    assert list(await asking.current(taveuni)) == [taveuni.course_id]


async def test_a_key_is_sent_and_never_shown(service, asking):
    for reply in (refusal(400, f"The supplied API key {KEY} is invalid."), refusal(500, f"No {KEY}")):
        service.replies = [reply] * 4
        with pytest.raises(WeatherUnavailable) as refused:
            await asking.current(MADRID, api_key=SecretStr(KEY))
        assert KEY not in f"{refused.value!r} {refused.value} {refused.value.__cause__!r}"
    assert {asked["apikey"] for asked in service.asked} == {KEY}
    settings = Settings(_env_file=None, open_meteo_api_key=KEY)
    assert KEY not in f"{settings!r} {settings}"


async def test_a_key_belongs_to_the_paid_plan():
    for key, url in {"": FREE_URL, KEY: PAID_URL}.items():
        provider = OpenMeteo(api_key=SecretStr(key))
        assert provider._url == f"{url}/v1/forecast"
        await provider.close()


async def test_a_provider_for_tests_gives_what_it_was_given(clock):
    other = Place(new_id(), 1.0, 1.0)
    fixed = FixedWeather({MADRID.course_id: RIGHT}, clock=clock)
    clock.advance(hours=1)
    assert await fixed.current([MADRID, other]) == {MADRID.course_id: replace(RIGHT, observed_at=clock())}
    fixed.failing = "It rains into the server."
    for provider in (fixed, NoWeather()):
        with pytest.raises(WeatherUnavailable):
            await provider.current([MADRID])
        await provider.close()


@pytest.mark.parametrize("wrong", [
    {"weather_provider": "a frog"}, {"weather_check_interval_ms": 59_999}, {"weather_check_interval_ms": 21_600_001},
    {"course_status_hysteresis": -1}, {"course_status_hysteresis": 41}, {"weather_alert_cooldown_ms": -1},
    {"open_meteo_url": "api.open-meteo.com"}, {"open_meteo_url": "ftp://a"}, {"open_meteo_url": "https://a/?apikey=b"},
    {"open_meteo_url": "http://a:b"}, {"open_meteo_url": "http://[a"},
])  # fmt: skip
def test_a_wrong_setting_is_named(wrong):
    [name] = wrong
    with pytest.raises(SetupError, match=name.upper()):
        load_settings(_env_file=None, **wrong)
