import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.course.playability import level_of, score_of
from models.course.values import PlayabilityLevel, Thresholds
from tests.course.course import THRESHOLDS, weather, weather_of_score

winds = st.floats(0, 250)
rains = st.floats(0, 300)
temperatures = st.floats(-60, 60)
codes = st.sampled_from([None, 0, 61, 95, 96, 99])


def score(*, strike=False, thresholds=THRESHOLDS, **measured):
    return score_of(weather(**measured), strike=strike, thresholds=thresholds)


@st.composite
def thresholds(draw):
    warning = draw(st.floats(20.01, 200))
    return Thresholds(
        wind_warning_kmh=warning,
        wind_severe_kmh=draw(st.floats(warning + 0.01, 250)),
        precipitation_warning_mm=draw(st.floats(0.01, 300)),
    )


class TestThePoints:
    @pytest.mark.parametrize(
        ("wind", "off"), [(0, 0), (20, 0), (30, 7.5), (40, 15), (50, 22.5), (59, 29.25), (60, 30), (200, 30)]
    )
    def test_wind(self, wind, off):
        assert score(wind=wind) == score(gust=wind) == int(100 - off + 0.5)

    @pytest.mark.parametrize(
        ("rain", "off"), [(0, 0), (2.5, 10), (5, 20), (6.25, 25), (7.5, 30), (10, 40), (10.1, 40), (90, 40)]
    )
    def test_rain(self, rain, off):
        assert score(rain=rain) == 100 - off

    @pytest.mark.parametrize(
        ("temperature", "off"),
        [
            *[(-30, 20), (-5, 20), (-1.5, 16), (2, 12), (6, 6), (10, 0), (20, 0), (30, 0)],
            *[(32.5, 5), (35, 10), (37, 14), (40, 20), (50, 20)],
        ],
    )
    def test_temperature(self, temperature, off):
        assert score(temperature=temperature) == 100 - off

    def test_lightning(self):
        assert [score(code=code) for code in (None, 0, 80, 94, 95, 96, 97, 99)] == [100, 100, 100, 100, 75, 75, 100, 75]
        assert score(strike=True) == score(strike=True, code=95) == 50

    def test_own_thresholds_of_a_course(self):
        own = Thresholds(wind_warning_kmh=30, wind_severe_kmh=40, precipitation_warning_mm=2)
        assert [score(wind=wind, thresholds=own) for wind in (20, 30, 40)] == [100, 85, 70]
        assert [score(rain=rain, thresholds=own) for rain in (1, 2, 4)] == [90, 80, 60]

    def test_the_stronger_of_wind_and_gust_counts(self):
        assert score(wind=40, gust=60) == score(wind=60, gust=40) == score(wind=60) == 70


class TestTheScore:
    def test_example(self):
        assert score(wind=45, rain=3, temperature=8) == 66
        assert level_of(66) is PlayabilityLevel.GOOD

    def test_a_storm_alone_is_still_good(self):
        assert score(wind=80) == 70

    def test_everything_at_once_is_not_below_zero(self):
        assert score(wind=80, rain=20, temperature=-10, strike=True) == 0
        assert score(wind=80, rain=20, temperature=-10) == 10

    def test_halves_are_rounded_up(self):
        assert score(wind=30) == 93  # 92.5
        assert score(wind=30.1) == 92  # 92.425
        tenth = Thresholds(precipitation_warning_mm=0.3)
        assert score(rain=0.1125, thresholds=tenth) == 93  # 0.1125 / 0.3 * 20 is 7.5, though not in floats

    def test_helper_hits_every_score(self):
        for wanted in range(46, 101):
            assert score_of(weather_of_score(wanted), strike=False, thresholds=THRESHOLDS) == wanted

    @pytest.mark.parametrize(
        ("of", "level"),
        [
            *[(100, "EXCELLENT"), (80, "EXCELLENT"), (79, "GOOD"), (60, "GOOD"), (59, "FAIR"), (40, "FAIR")],
            *[(39, "POOR"), (20, "POOR"), (19, "UNPLAYABLE"), (0, "UNPLAYABLE")],
        ],
    )
    def test_levels(self, of, level):
        assert level_of(of) is PlayabilityLevel(level)


class TestAnyWeather:
    @given(winds, st.none() | winds, rains, temperatures, codes, st.booleans(), thresholds())
    def test_lies_between_0_and_100(self, wind, gust, rain, temperature, code, strike, own):
        found = score(
            wind=wind, gust=gust, rain=rain, temperature=temperature, code=code, strike=strike, thresholds=own
        )
        assert isinstance(found, int)
        assert 0 <= found <= 100

    @given(st.tuples(winds, winds), st.none() | winds, rains, temperatures, thresholds())
    def test_more_wind_is_never_better(self, two, gust, rain, temperature, own):
        less, more = sorted(two)
        rest = {"rain": rain, "temperature": temperature, "thresholds": own}
        assert score(wind=more, gust=gust, **rest) <= score(wind=less, gust=gust, **rest)
        assert score(wind=0, gust=more, **rest) <= score(wind=0, gust=less, **rest)

    @given(winds, st.tuples(rains, rains), temperatures, thresholds())
    def test_more_rain_is_never_better(self, wind, two, temperature, own):
        less, more = sorted(two)
        rest = {"wind": wind, "temperature": temperature, "thresholds": own}
        assert score(rain=more, **rest) <= score(rain=less, **rest)

    @given(winds, rains, st.tuples(st.floats(30, 60), st.floats(30, 60)), st.tuples(st.floats(-60, 10), temperatures))
    def test_further_from_mild_is_never_better(self, wind, rain, hot, cold):
        warm, hotter = sorted(hot)
        colder, cool = sorted(min(degrees, 10) for degrees in cold)
        assert score(wind=wind, rain=rain, temperature=hotter) <= score(wind=wind, rain=rain, temperature=warm)
        assert score(wind=wind, rain=rain, temperature=colder) <= score(wind=wind, rain=rain, temperature=cool)

    @given(winds, rains, temperatures)
    def test_a_strike_is_worse_than_a_thunderstorm_and_that_worse_than_none(self, wind, rain, temperature):
        rest = {"wind": wind, "rain": rain, "temperature": temperature}
        assert score(strike=True, **rest) <= score(code=95, **rest) <= score(**rest)
