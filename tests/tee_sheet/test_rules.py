from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tee_sheet.inventory.limits import MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.inventory.prices import price_of
from domain.tee_sheet.inventory.problems import NotOnSale
from domain.tee_sheet.sheets.starts import Start, instant_of, interval_of, local_starts, starts_on
from domain.tee_sheet.sheets.template_rules import check_template
from kit.errors import InvalidInput
from models.clubs.tables import Club
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, Price, StartFormat, Template, same_interval

NEW_YORK = ZoneInfo("America/New_York")
MADRID = ZoneInfo("Europe/Madrid")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
PHOENIX = ZoneInfo("America/Phoenix")
KOLKATA = ZoneInfo("Asia/Kolkata")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
AUCKLAND = ZoneInfo("Pacific/Auckland")
ZONES = [NEW_YORK, MADRID, LORD_HOWE, APIA, PHOENIX, KOLKATA, KATHMANDU, AUCKLAND, ZoneInfo("UTC")]

TEMPLATE = Template(
    first_start=time(8),
    last_start=time(9),
    intervals=same_interval(10),
    group_sizes=frozenset({1, 2, 3, 4}),
    prices=(
        Price(MEMBER, 18, 5_000),
        Price(PUBLIC, 18, 9_000),
        Price(PUBLIC, 9, 5_500),
    ),
)
CLUB = Club(own_price_classes={})
NIGHT = replace(TEMPLATE, first_start=time(0), last_start=time(4), intervals=same_interval(30))


def clock(*texts):
    return [time.fromisoformat(text) for text in texts]


def walls(starts):
    return [start.local_time for start in starts]


def wall_times(template):
    return [at for at, _ in local_starts(template, holes_of_course=18)]


@st.composite
def templates(draw):
    """Templates for a course of 18 holes without a fault, except that they may have too many tee times."""
    minutes = st.integers(0, 24 * 60 - 1)
    first, last = sorted((draw(minutes), draw(minutes)))
    sizes = draw(st.frozensets(st.integers(1, 4), min_size=1))
    intervals = {size: draw(st.integers(1, 60)) for size in sizes}
    return replace(
        TEMPLATE,
        first_start=time(*divmod(first, 60)),
        last_start=time(*divmod(last, 60)),
        group_sizes=sizes,
        intervals=intervals,
        start_format=draw(st.sampled_from(StartFormat)),
        starter_gap_every_minutes=draw(st.none() | st.integers(intervals[max(sizes)], 600)),
    )


def pairs_ascend(values):
    return all(one < next_one for one, next_one in pairwise(values))


unhurried = settings(deadline=None)  # a busy machine is no fault of the rules
days = st.dates(date(2000, 1, 1), date(2037, 12, 31))
zones = st.sampled_from(ZONES)


class TestLocalStarts:
    def test_first_and_last_are_starts(self):
        assert local_starts(TEMPLATE, holes_of_course=18) == [
            (at, 1) for at in clock("08:00", "08:10", "08:20", "08:30", "08:40", "08:50", "09:00")
        ]

    def test_the_last_start_is_never_passed(self):
        assert wall_times(replace(TEMPLATE, intervals=same_interval(25))) == clock("08:00", "08:25", "08:50")

    def test_one_start_when_first_is_last(self):
        assert wall_times(replace(TEMPLATE, last_start=time(8))) == [time(8)]

    def test_the_last_minute_of_the_day(self):
        late = replace(TEMPLATE, first_start=time(23, 39), last_start=time(23, 59))
        assert wall_times(late) == clock("23:39", "23:49", "23:59")

    @pytest.mark.parametrize(("sizes", "minutes"), [({2}, 8), ({2, 3}, 10), ({1, 4}, 12), ({1, 2, 3, 4}, 12)])
    def test_the_largest_group_gives_the_interval(self, sizes, minutes):
        template = replace(TEMPLATE, intervals={2: 8, 3: 10, 4: 12}, group_sizes=frozenset(sizes))
        assert interval_of(template) == minutes
        assert wall_times(template)[1] == time(8, minutes)

    def test_no_interval_for_the_largest_group(self):
        with pytest.raises(InvalidInput) as refusal:
            interval_of(replace(TEMPLATE, intervals={2: 8}))
        assert refusal.value.path == ("intervals",)

    def test_starters_gap_every_hour(self):
        template = replace(TEMPLATE, last_start=time(10, 20), starter_gap_every_minutes=60)
        hour = ["08:00", "08:10", "08:20", "08:30", "08:40", "08:50"]
        assert wall_times(template) == clock(*hour, "09:10", "09:20", "09:30", "09:40", "09:50", "10:00", "10:20")

    def test_starters_gap_that_the_interval_does_not_divide(self):
        template = replace(TEMPLATE, intervals=same_interval(8), last_start=time(9, 12), starter_gap_every_minutes=20)
        assert wall_times(template) == clock("08:00", "08:08", "08:16", "08:32", "08:40", "08:48", "09:04", "09:12")

    def test_starters_gap_as_short_as_the_interval(self):
        template = replace(TEMPLATE, starter_gap_every_minutes=10)
        assert wall_times(template) == clock("08:00", "08:20", "08:40", "09:00")

    def test_crossover(self):
        template = replace(TEMPLATE, start_format=StartFormat.CROSSOVER, last_start=time(8, 10))
        starts = [(time(8), 1), (time(8), 10), (time(8, 10), 1), (time(8, 10), 10)]
        assert local_starts(template, holes_of_course=18) == starts
        assert local_starts(template, holes_of_course=27) == starts

    def test_a_crossover_makes_room_for_groups_that_turn(self):
        hourly = replace(TEMPLATE, start_format=StartFormat.CROSSOVER, intervals=same_interval(60), last_start=time(14))
        starts = local_starts(hourly, holes_of_course=18)
        assert [at for at, tee in starts if tee == 10] == clock("08:00", "09:00")
        assert [at for at, tee in starts if tee == 1] == clock("08:00", "09:00", "12:00", "13:00", "14:00")
        starts = local_starts(hourly, holes_of_course=18, turn={1: 121, 10: 119})
        assert [at for at, tee in starts if tee == 10] == clock("08:00", "09:00", "10:00")
        assert [at for at, tee in starts if tee == 1] == clock("08:00", "09:00", "12:00", "13:00", "14:00")

    @unhurried
    @given(templates(), st.integers(45, 200), st.integers(45, 200))
    def test_no_group_of_a_crossover_starts_where_others_turn(self, template, front, back):
        template = replace(template, start_format=StartFormat.CROSSOVER)
        starts = local_starts(template, holes_of_course=18, turn={1: front, 10: back})
        minutes = {tee: {at.hour * 60 + at.minute for at, of in starts if of == tee} for tee in (1, 10)}
        assert not minutes[10] & {at + front for at in minutes[1]}
        assert not minutes[1] & {at + back for at in minutes[10]}
        assert max(minutes[10]) < min(minutes[1]) + front

    def test_crossover_needs_eighteen_holes(self):
        with pytest.raises(InvalidInput) as refusal:
            local_starts(replace(TEMPLATE, start_format=StartFormat.CROSSOVER), holes_of_course=9)
        assert refusal.value.path == ("startFormat",)

    @pytest.mark.parametrize("holes", [9, 18])
    def test_shotgun(self, holes):
        template = replace(TEMPLATE, start_format=StartFormat.SHOTGUN, starter_gap_every_minutes=10)
        assert local_starts(template, holes_of_course=holes) == [(time(8), tee) for tee in range(1, holes + 1)]

    @unhurried
    @given(templates())
    def test_ordered_unique_and_within_the_template(self, template):
        starts = local_starts(template, holes_of_course=18)
        assert pairs_ascend(starts)
        assert all(template.first_start <= at <= template.last_start for at, _ in starts)
        assert starts[0] == (template.first_start, 1)

    @unhurried
    @given(templates(), st.data())
    def test_no_run_is_longer_than_the_gap_allows(self, template, data):
        interval = interval_of(template)
        gap = data.draw(st.integers(interval, 600))
        template = replace(template, start_format=StartFormat.STANDARD, starter_gap_every_minutes=gap)
        minutes = [at.hour * 60 + at.minute for at in wall_times(template)]
        run_began = minutes[0]
        for before, at in pairwise(minutes):
            if at - before == interval:
                assert at - run_began < gap
            else:
                assert at - before == 2 * interval
                assert at - interval - run_began >= gap
                run_began = at


class TestStartsOn:
    def test_a_plain_day(self):
        starts = starts_on(
            replace(TEMPLATE, last_start=time(8)), day=date(2026, 6, 1), zone=NEW_YORK, holes_of_course=18
        )
        assert starts == [Start(datetime(2026, 6, 1, 12, tzinfo=UTC), time(8), 1)]

    def test_the_tees_of_a_crossover_share_their_instants(self):
        template = replace(TEMPLATE, start_format=StartFormat.CROSSOVER, last_start=time(8))
        starts = starts_on(template, day=date(2026, 6, 1), zone=MADRID, holes_of_course=18)
        assert [(start.starts_at.hour, start.tee) for start in starts] == [(6, 1), (6, 10)]

    @pytest.mark.parametrize(
        ("zone", "day", "missing"),
        [
            (NEW_YORK, date(2026, 3, 8), ["02:00", "02:30"]),
            (MADRID, date(2026, 3, 29), ["02:00", "02:30"]),
            (LORD_HOWE, date(2026, 10, 4), ["02:00"]),
            (PHOENIX, date(2026, 3, 8), []),
            (KOLKATA, date(2026, 3, 29), []),
        ],
    )
    def test_a_start_that_does_not_exist_is_skipped(self, zone, day, missing):
        starts = starts_on(NIGHT, day=day, zone=zone, holes_of_course=18)
        assert walls(starts) == [at for at in wall_times(NIGHT) if at not in clock(*missing)]

    @pytest.mark.parametrize(
        ("zone", "day", "twice", "first_time", "then", "after"),
        [
            (NEW_YORK, date(2026, 11, 1), "01:30", "05:30", "02:00", "07:00"),
            (MADRID, date(2026, 10, 25), "02:30", "00:30", "03:00", "02:00"),
            (LORD_HOWE, date(2026, 4, 5), "01:30", "14:30", "02:00", "15:30"),
        ],
    )
    def test_a_start_that_exists_twice_is_made_once_the_first_time(self, zone, day, twice, first_time, then, after):
        starts = starts_on(NIGHT, day=day, zone=zone, holes_of_course=18)
        assert walls(starts) == wall_times(NIGHT)
        instants = {start.local_time: start.starts_at.time() for start in starts}
        assert instants[time.fromisoformat(twice)] == time.fromisoformat(first_time)
        assert instants[time.fromisoformat(then)] == time.fromisoformat(after)

    def test_a_date_that_does_not_exist_has_no_starts(self):
        whole_day = replace(TEMPLATE, first_start=time(0), last_start=time(23, 50))
        assert starts_on(whole_day, day=date(2011, 12, 30), zone=APIA, holes_of_course=18) == []
        for day in (date(2011, 12, 29), date(2011, 12, 31)):
            assert len(starts_on(whole_day, day=day, zone=APIA, holes_of_course=18)) == 24 * 6

    def test_one_local_date_lies_on_two_dates_of_utc(self):
        early, late = (
            replace(TEMPLATE, first_start=time(6), last_start=time(6)),
            replace(TEMPLATE, first_start=time(21)),
        )
        late = replace(late, last_start=time(21))
        day = date(2026, 7, 10)
        assert [s.starts_at for s in starts_on(early, day=day, zone=AUCKLAND, holes_of_course=18)] == [
            datetime(2026, 7, 9, 18, tzinfo=UTC)
        ]
        assert [s.starts_at for s in starts_on(late, day=day, zone=NEW_YORK, holes_of_course=18)] == [
            datetime(2026, 7, 11, 1, tzinfo=UTC)
        ]

    def test_zones_beside_the_full_hour(self):
        day = date(2026, 1, 15)
        assert instant_of(day, time(8), zone=KOLKATA) == datetime(2026, 1, 15, 2, 30, tzinfo=UTC)
        assert instant_of(day, time(8), zone=KATHMANDU) == datetime(2026, 1, 15, 2, 15, tzinfo=UTC)

    def test_the_second_of_two_is_never_meant(self):
        wall = time(1, 30, fold=1)
        assert instant_of(date(2026, 11, 1), wall, zone=NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    @unhurried
    @given(templates(), days, zones)
    def test_the_wall_clock_shows_the_time_of_the_template(self, template, day, zone):
        starts = starts_on(template, day=day, zone=zone, holes_of_course=18)
        wanted = local_starts(template, holes_of_course=18)
        for start in starts:
            local = start.starts_at.astimezone(zone)
            assert (local.date(), local.time()) == (day, start.local_time)
            assert start.starts_at.utcoffset() == timedelta(0)
            assert (start.local_time, start.tee) in wanted

    @unhurried
    @given(templates(), days, zones)
    def test_strictly_ordered_by_instant_and_tee(self, template, day, zone):
        keys = [(s.starts_at, s.tee) for s in starts_on(template, day=day, zone=zone, holes_of_course=18)]
        assert pairs_ascend(keys)

    @unhurried
    @given(templates(), days, zones)
    def test_only_what_the_clock_jumps_over_is_missing(self, template, day, zone):
        made = {(start.local_time, start.tee) for start in starts_on(template, day=day, zone=zone, holes_of_course=18)}
        for at, tee in local_starts(template, holes_of_course=18):
            wall = datetime.combine(day, at, tzinfo=zone)
            # Only in a gap has the later reading of a wall time the larger offset.
            in_gap = wall.replace(fold=1).utcoffset() > wall.utcoffset()
            assert ((at, tee) in made) is not in_gap


class TestCheckTemplate:
    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"last_start": time(7, 59)}, ("lastStart",)),
            ({"first_start": time(8, 0, 30)}, ("firstStart",)),
            ({"last_start": time(9, 0, 0, 1)}, ("lastStart",)),
            ({"first_start": time(8, tzinfo=UTC)}, ("firstStart",)),
            ({"intervals": same_interval(0)}, ("intervals",)),
            ({"intervals": same_interval(61)}, ("intervals",)),
            ({"intervals": {4: 10, 2: 0}}, ("intervals",)),
            ({"intervals": {4: 10, 5: 10}}, ("intervals",)),
            ({"intervals": {}}, ("intervals",)),
            ({"intervals": {1: 8, 2: 8, 3: 10}}, ("intervals",)),
            ({"group_sizes": frozenset()}, ("groupSizes",)),
            ({"group_sizes": frozenset({0, 4})}, ("groupSizes",)),
            ({"group_sizes": frozenset({4, 5})}, ("groupSizes",)),
            ({"prices": ()}, ("prices",)),
            ({"prices": (Price(MEMBER, 18, -1),)}, ("prices", "0", "amountCents")),
            ({"prices": (*TEMPLATE.prices, Price(GUEST, 18, 10_000_001))}, ("prices", "3", "amountCents")),
            ({"prices": (Price(MEMBER, 12, 1),)}, ("prices", "0", "holes")),
            ({"prices": (*TEMPLATE.prices, Price(MEMBER, 18, 1))}, ("prices", "3")),
            ({"starter_gap_every_minutes": 0}, ("starterGapEveryMinutes",)),
            ({"starter_gap_every_minutes": 9}, ("starterGapEveryMinutes",)),
            ({"starter_gap_every_minutes": 601}, ("starterGapEveryMinutes",)),
            ({"start_format": StartFormat.CROSSOVER}, ("startFormat",)),
            ({"first_start": time(0), "last_start": time(5), "intervals": same_interval(1)}, ("intervals",)),
        ],
    )
    def test_faults(self, changes, path):
        with pytest.raises(InvalidInput) as refusal:
            check_template(replace(TEMPLATE, **changes), club=CLUB, holes_of_course=9)
        assert refusal.value.path == path
        assert refusal.value.message.endswith(".")

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"last_start": time(8)},
            {"last_start": time(8, 59), "intervals": same_interval(1)},
            {"intervals": same_interval(60)},
            {"intervals": {4: 10}},
            {"group_sizes": frozenset({2}), "intervals": {2: 8, 4: 12}},
            {"prices": (Price(MEMBER, 9, 0), Price(MEMBER, 18, 10_000_000))},
            {"starter_gap_every_minutes": 10},
            {"starter_gap_every_minutes": 600},
            {"start_format": StartFormat.SHOTGUN},
            {"first_start": time(0), "last_start": time(4, 59), "intervals": same_interval(1)},
        ],
    )
    def test_what_is_allowed(self, changes):
        check_template(replace(TEMPLATE, **changes), club=CLUB, holes_of_course=9)

    def test_crossover_on_eighteen_holes(self):
        check_template(replace(TEMPLATE, start_format=StartFormat.CROSSOVER), club=CLUB, holes_of_course=18)

    def test_both_tees_of_a_crossover_count(self):
        hours = {"first_start": time(0), "intervals": same_interval(1), "start_format": StartFormat.CROSSOVER}
        check_template(replace(TEMPLATE, **hours, last_start=time(4, 59)), club=CLUB, holes_of_course=18)
        with pytest.raises(InvalidInput, match="301"):
            check_template(replace(TEMPLATE, **hours, last_start=time(5)), club=CLUB, holes_of_course=18)

    @unhurried
    @given(templates())
    def test_never_more_than_the_bound(self, template):
        too_many = len(local_starts(template, holes_of_course=18)) > MOST_TEE_TIMES_A_DAY
        with pytest.raises(InvalidInput, match="longer intervals") if too_many else nullcontext():
            check_template(template, club=CLUB, holes_of_course=18)

    def test_the_path_begins_where_the_template_lies(self):
        with pytest.raises(InvalidInput) as refusal:
            check_template(replace(TEMPLATE, prices=()), club=CLUB, holes_of_course=9, path=("template",))
        assert refusal.value.path == ("template", "prices")


class TestPriceOf:
    def test_by_class_and_holes(self):
        assert price_of(TEMPLATE.prices, goes_by=(PUBLIC,), holes=9, at=time(9)).cents == 5_500
        assert price_of(TEMPLATE.prices, goes_by=(PUBLIC,), holes=18, at=time(9)).cents == 9_000

    @pytest.mark.parametrize(("price_class", "holes"), [(GUEST, 18), (MEMBER, 9)])
    def test_not_on_sale(self, price_class, holes):
        with pytest.raises(NotOnSale) as refusal:
            price_of(TEMPLATE.prices, goes_by=(price_class,), holes=holes, at=time(9))
        assert (refusal.value.price_class, refusal.value.holes) == (price_class, holes)
