"""What staff and devices do to a course's status through the API, what they are refused, and what they can look up."""

from datetime import timedelta

import pytest

from tests.course.screens import conditions
from tests.course.turf import device
from tests.house.statements import listed, statements
from tests.tee_sheet.desk import done, unchanged

COURSE = "course { status statusReason closedUntil conditions { source causes overrideUntil cursor } }"
HISTORY = """query($c: ID!, $date: Date, $first: Int!, $after: String) {
  courseStatusHistory(courseId: $c, date: $date, first: $first, after: $after) {
    nodes {
      id courseId teeSheetId date previousStatus newStatus source causes reason score
      changedById changedByLabel changedAt weather { windKmh }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
THRESHOLDS = """query($c: ID!) { courseThresholds(courseId: $c) {
  windWarningKmh windSevereKmh precipitationWarningMm playabilityWarningThreshold playabilitySevereThreshold
  autoBlockOnSevere
} }"""
USUAL = {
    "windWarningKmh": 40.0,
    "windSevereKmh": 60.0,
    "precipitationWarningMm": 5.0,
    "playabilityWarningThreshold": 50,
    "playabilitySevereThreshold": 20,
    "autoBlockOnSevere": False,
}
ACTS = {
    "setCourseStatus": {"status": "CLOSED", "reason": "Storm"},
    "clearCourseStatusOverride": {},
    "setCourseThresholds": {"windWarningKmh": 30},
    "setPlayingConditions": {"note": "Wet"},
    "reportLightning": {},
}


async def history(world, *, who=None, first=20, **given):
    answer = await world.server.run(HISTORY, who=who or world.staff, c=world.course, first=first, **given)
    return answer.data["courseStatusHistory"]


async def change(world, operation, selection=COURSE, **given):
    return await done(world.server, operation, selection, who=world.staff, courseId=world.course, **given)


async def refused(world, operation, **given):
    """Run a mutation that a rule refuses; give its one problem, once it is sure that nothing has changed."""
    async with unchanged(world):
        payload = await world.server.mutate(operation, "__typename", who=world.staff, courseId=world.course, **given)
    [problem] = payload["problems"]
    return problem


async def forbidden(world, operation, *, who, **given):
    """Run a mutation that is answered by a top-level error; give its code, once it is sure that nothing has changed."""
    kind = operation[0].upper() + operation[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ cursor }} }}"
    async with unchanged(world):
        return (await world.server.run(query, who=who, input={"courseId": world.course} | given)).code


async def test_a_closing_and_its_end_are_answered_with_the_course_as_it_is_then(world):
    closed = await change(world, "setCourseStatus", status="CLOSED", reason="Storm")
    course, midnight = closed["course"], "2026-05-04T22:00:00+00:00"
    assert (course["status"], course["statusReason"], course["closedUntil"]) == ("CLOSED", "Storm", midnight)
    assert course["conditions"]["source"] == "MANUAL"
    assert course["conditions"]["overrideUntil"] == midnight
    opened = await change(world, "clearCourseStatusOverride", reason="It is over")
    assert (opened["course"]["status"], opened["course"]["closedUntil"]) == ("OPEN", None)
    assert opened["course"]["conditions"]["causes"] == ["NO_WEATHER", "OVERRIDE_CLEARED"]
    problem = await refused(world, "clearCourseStatusOverride")
    assert (problem["__typename"], problem["code"]) == ("NoOverride", "NO_OVERRIDE")


async def test_what_can_not_be_is_refused_with_what_can(world, clock):
    past = (clock() - timedelta(minutes=1)).isoformat()
    wishes = [
        ("setCourseStatus", {"status": "CLOSED", "reason": "Storm", "until": past}, "OverrideEndRefused", "until"),
        ("setCourseStatus", {"status": "CLOSED", "reason": "  "}, "InvalidInput", "reason"),
        ("setCourseThresholds", {"windWarningKmh": 20}, "InvalidInput", "windWarningKmh"),
        ("setCourseThresholds", {"playabilityWarningThreshold": 90}, "InvalidInput", "playabilityWarningThreshold"),
        ("setPlayingConditions", {"holesOpen": [19]}, "InvalidInput", "holesOpen"),
        ("setPlayingConditions", {"holesOpen": []}, "InvalidInput", "holesOpen"),
        ("reportLightning", {"distanceKm": 16.1}, "StrikeTooFar", "distanceKm"),
    ]
    for operation, wish, kind, field in wishes:
        problem = await refused(world, operation, **wish)
        assert (problem["__typename"], problem["path"]) == (kind, ["input", field]), (operation, problem)


@pytest.mark.parametrize("operation", ACTS)
async def test_they_are_for_the_staff_and_lightning_for_devices_as_well(world, operation):
    given = ACTS[operation]
    others = [world.player("ana"), world.caddie(1), *([] if operation == "reportLightning" else [device(world)])]
    for who in others:
        assert await forbidden(world, operation, who=who, **given) == "NOT_ALLOWED"
    assert await forbidden(world, operation, who=None, **given) == "UNAUTHENTICATED"
    for query in (HISTORY, THRESHOLDS):
        answer = await world.server.run(query, who=world.player("ana"), c=world.course, first=1)
        assert answer.code == "NOT_ALLOWED"


async def test_a_detector_closes_the_course(world):
    given = {"courseId": world.course, "distanceKm": 12.5}
    payload = await done(world.server, "reportLightning", COURSE, who=device(world), **given)
    assert payload["course"]["status"] == "CLOSED"
    assert payload["course"]["conditions"]["causes"] == ["LIGHTNING"]
    assert (await conditions(world))["lightningUntil"] == "2026-05-04T05:30:00+00:00"


async def test_only_the_thresholds_that_are_given_change(world):
    read = world.server.run
    assert (await read(THRESHOLDS, who=world.staff, c=world.course)).data["courseThresholds"] == USUAL
    wish = {"windWarningKmh": 35.5, "autoBlockOnSevere": True, "windSevereKmh": None}
    payload = await change(world, "setCourseThresholds", "thresholds { windWarningKmh windSevereKmh }", **wish)
    assert payload["thresholds"] == {"windWarningKmh": 35.5, "windSevereKmh": 60.0}
    assert payload["cursor"]
    wanted = USUAL | {"windWarningKmh": 35.5, "autoBlockOnSevere": True}
    assert (await read(THRESHOLDS, who=world.staff, c=world.course)).data["courseThresholds"] == wanted
    again = await change(world, "setCourseThresholds", "thresholds { windWarningKmh windSevereKmh }", **wish)
    assert again["cursor"] is None, "nothing was changed"


async def test_what_is_left_out_of_the_playing_conditions_stays_and_null_opens_all_holes(world):
    await change(world, "setPlayingConditions", cartPolicy="NINETY_DEGREE", holesOpen=[1, 2, 3], note="Wet")
    await change(world, "setPlayingConditions", temporaryGreens=[2])
    told = await conditions(world)
    assert (told["cartPolicy"], told["holesOpen"], told["temporaryGreens"]) == ("NINETY_DEGREE", [1, 2, 3], [2])
    await change(world, "setPlayingConditions", holesOpen=None, note="")
    told = await conditions(world)
    assert (told["cartPolicy"], told["holesOpen"], told["note"]) == ("NINETY_DEGREE", list(range(1, 19)), "")


async def test_the_history_is_paged_newest_first_and_found_by_the_course_s_date(world, clock):
    statuses = ["CLOSED", "CONDITIONAL", "OPEN", "CLOSED"]
    for status in statuses[:3]:
        clock.advance(minutes=1)
        await change(world, "setCourseStatus", status=status, reason=f"It is {status}")
    clock.now = clock.now.replace(hour=22, minute=30)  # the next day in Madrid
    await change(world, "setCourseStatus", status=statuses[3], reason="Night")

    found, after = [], None
    while True:
        page = await history(world, first=3, after=after)
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert [entry["newStatus"] for entry in found] == statuses[::-1]
    newest, oldest = found[0], found[-1]
    assert (newest["date"], newest["teeSheetId"], newest["reason"]) == ("2026-05-05", None, "Night")
    assert (oldest["previousStatus"], oldest["source"], oldest["causes"]) == ("OPEN", "MANUAL", ["OVERRIDE"])
    assert (oldest["changedById"], oldest["changedByLabel"]) == ("staff", "staff")
    assert oldest["teeSheetId"].startswith("tee_sheet_")
    assert (await history(world, date="2026-05-05"))["nodes"] == found[:1]
    assert (await history(world, date="2026-05-04"))["nodes"] == found[1:]
    wrong = await world.server.run(HISTORY, who=world.staff, c=world.course, first=1, after="no cursor")
    assert wrong.code == "INVALID_INPUT"


@pytest.mark.parametrize("courses", [1, 4])
async def test_conditions_cost_the_same_however_many_courses_there_are(world, courses):
    server = world.server
    for number in range(1, courses):
        given = {"who": world.admin, "clubId": world.club, "name": f"Course {number}", "holes": 9}
        await done(server, "createCourse", "course { id }", **given)
    query = "query($c: ID!) { club(id: $c) { courses { status closedUntil conditions { status stale score } } } }"
    with statements(server) as sent:
        answer = await server.run(query, who=world.player("ana"), c=world.club)
    assert len(answer.data["club"]["courses"]) == courses
    assert len(sent) <= 5, listed(sent)
    with statements(server) as sent:
        await history(world, first=100)
    assert len(sent) <= 4, listed(sent)
