from datetime import UTC, datetime

import pytest
import pytest_asyncio
from graphql import GraphQLError

from resolvers.root import core
from tests.harness import TEMPLATE, found_world

MOMENT, TIME = core.type_map["DateTime"], core.type_map["Time"]


@pytest_asyncio.fixture(scope="module")
async def place(site):
    return await found_world(site)


@pytest.mark.parametrize("text", ["2026-05-04T08:00:00+02:00", "2026-05-04T06:00:00Z", "2026-05-04T06:00+00:00"])
def test_a_moment_is_read_in_its_zone_and_kept_in_utc(text):
    moment = MOMENT.parse_value(text)
    assert moment == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert moment.tzinfo is UTC
    assert MOMENT.serialize(moment) == "2026-05-04T06:00:00+00:00"


@pytest.mark.parametrize("text", ["2026-05-04T06:00:00", "2026-05-04", "", "now", 7, None, "0001-01-01T00:00:00+14:00"])
def test_a_moment_without_a_zone_is_none(text):
    with pytest.raises(GraphQLError):
        MOMENT.parse_value(text)


@pytest.mark.parametrize("text", ["08:00+02:00", "08:00Z", "24:00:01", "8", "", "eight", 8, None])
async def test_a_time_of_day_has_no_zone(place, text):
    with pytest.raises(GraphQLError):
        TIME.parse_value(text)
    query = "mutation($i: SetSheetTemplateInput!) { setSheetTemplate(input: $i) { cursor } }"
    given = TEMPLATE | {"courseId": place.course, "firstStart": text}
    assert (await place.server.run(query, who=place.staff, i=given)).code == "INVALID_INPUT"


@pytest.mark.parametrize("text", ["2026-02-30", "04.05.2026", "", "today", 20260504, None])
async def test_a_day_that_is_none_is_refused(place, text):
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { id } }"
    assert (await place.server.run(query, who=place.staff, c=place.course, d=text)).code == "INVALID_INPUT"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_the_ends_of_the_calendar_are_days_without_a_sheet(place, day):
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { id } }"
    answer = await place.server.run(query, who=place.staff, c=place.course, d=day)
    assert answer.data == {"teeSheet": None}
    for until in (None, "9999-12-31"):
        payload = await place.server.mutate(
            "generateTeeSheet", "teeSheets { id }", who=place.staff, courseId=place.course, date=day, until=until
        )
        assert [problem["code"] for problem in payload["problems"]] == ["INVALID_INPUT"]
