"""What the staff set on a course, and its thresholds: who may, what is refused, what is told."""

from asyncio import gather

import pytest

from domain.course.conditions import set_playing_conditions
from domain.course.thresholds import find_thresholds, set_thresholds
from kit.errors import InvalidInput, NotAllowed, NotFound
from models.course.tables import CourseConditions, CourseThresholdChange
from models.course.values import CartPolicy, CourseStatus, StatusSource, Thresholds
from tests.course.turf import MARGIN, by, facts, rows, shown
from tests.harness import found_world
from tests.tee_sheet.desk import done, unchanged

ALL = tuple(range(1, 19))


async def test_a_course_that_nobody_has_touched_is_open_and_has_no_row(standing):
    fact = await shown(standing)
    assert (fact.status, fact.holes_open, fact.cart_policy) == (CourseStatus.OPEN, ALL, CartPolicy.NORMAL)
    assert (fact.score, fact.weather, fact.stale, fact.closed_until, fact.note) == (None, None, True, None, "")
    assert await rows(standing, CourseConditions) == []


async def test_what_the_staff_set_is_shown_told_whole_and_kept_beside_what_is_left_out(world, clock):
    clock.advance(minutes=5)
    await by(world, world.staff, set_playing_conditions, cart_policy=CartPolicy.PATH_ONLY, note="  Wet \n bunkers ")
    await by(world, world.staff, set_playing_conditions, holes_open=[9, 2, 2], temporary_greens=[4])
    fact = await shown(world)
    assert (fact.cart_policy, fact.note, fact.holes_open) == (CartPolicy.PATH_ONLY, "Wet bunkers", (2, 9))
    assert fact.temporary_greens == (4,)
    first, last = await facts(world, "course.conditions.changed")
    assert (first["note"], first["holes_open"], last["holes_open"]) == ("Wet bunkers", list(ALL), [2, 9])
    assert last["rooms"] == [f"club:{world.club}", f"course:{world.course}", f"course:{world.course}:desk"]
    await by(world, world.staff, set_playing_conditions, holes_open=None, temporary_greens=[], note="")
    fact = await shown(world)
    assert (fact.holes_open, fact.temporary_greens, fact.note, fact.cart_policy) == (ALL, (), "", CartPolicy.PATH_ONLY)
    [row] = await rows(world, CourseConditions)
    assert (row.source, row.status_since) == (StatusSource.MANUAL, clock.now.replace(minute=0))


async def test_where_nothing_changes_nothing_is_told(world):
    await by(world, world.staff, set_playing_conditions, note="Wet", holes_open=ALL)
    async with unchanged(world):
        await by(world, world.staff, set_playing_conditions, note=" Wet ", holes_open=list(ALL))
        await by(world, world.staff, set_playing_conditions)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"holes_open": []}, "holesOpen"),
        ({"holes_open": [0]}, "holesOpen"),
        ({"holes_open": [1, 19]}, "holesOpen"),
        ({"temporary_greens": [19]}, "temporaryGreens"),
        ({"note": "n" * 501}, "note"),
    ],
)
async def test_what_is_refused_changes_nothing(standing, given, field):
    async with unchanged(standing):
        with pytest.raises(InvalidInput) as caught:
            await by(standing, standing.staff, set_playing_conditions, cart_policy=CartPolicy.NONE, **given)
    assert caught.value.path == ("input", field)


async def test_two_who_change_a_course_for_the_first_time_at_once_both_do(world):
    changes = [{"note": "Wet"}, {"cart_policy": CartPolicy.NONE}, {"holes_open": [1]}, {"temporary_greens": [2]}]
    await gather(*(by(world, world.staff, set_playing_conditions, **change) for change in changes))
    fact = await shown(world)
    assert (fact.note, fact.cart_policy, fact.holes_open) == ("Wet", CartPolicy.NONE, (1,))
    assert (fact.temporary_greens, len(await rows(world, CourseConditions))) == ((2,), 1)


async def test_only_the_clubs_staff_may(standing, server):
    stranger = await found_world(server)
    acts = [(set_playing_conditions, {"note": "x"}), (set_thresholds, {"margin": MARGIN, "wind_warning_kmh": 30})]
    async with unchanged(standing):
        for function, given in acts:
            with pytest.raises(NotAllowed):
                await by(standing, standing.player("ana"), function, **given)
            with pytest.raises(NotFound):
                await by(stranger, stranger.staff, function, **given, course_id=standing.course_id)
    viewer = standing.player("ana").viewer(server.clock())
    async with server.runtime.database.snapshot(standing.tenant_id) as session:
        with pytest.raises(NotAllowed):
            await find_thresholds(session, viewer=viewer, course_id=standing.course_id)


async def thresholds(world):
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        viewer = world.staff.viewer(world.server.clock())
        return await find_thresholds(session, viewer=viewer, course_id=world.course_id)


async def test_thresholds_are_the_usual_ones_until_they_are_set_and_changes_are_kept_for_good(world, clock):
    assert await thresholds(world) == Thresholds()
    changes = {"wind_warning_kmh": 35, "auto_block_on_severe": True, "wind_severe_kmh": None}
    after = await by(world, world.staff, set_thresholds, margin=MARGIN, **changes)
    assert after == await thresholds(world) == Thresholds(wind_warning_kmh=35, auto_block_on_severe=True)
    await by(world, world.staff, set_thresholds, margin=MARGIN, playability_warning_threshold=60)
    first, second = await rows(world, CourseThresholdChange)
    assert (first.before["wind_warning_kmh"], first.after["wind_warning_kmh"], first.changed_by) == (40, 35, "staff")
    assert (second.before, second.after["playability_warning_threshold"]) == (first.after, 60)
    told = await facts(world, "course.thresholds.changed")
    assert [fact["changes"] for fact in told] == [
        ["windWarningKmh", "autoBlockOnSevere"],
        ["playabilityWarningThreshold"],
    ]
    assert told[0]["rooms"] == [f"course:{world.course}:desk"]
    async with unchanged(world):
        await by(world, world.staff, set_thresholds, margin=MARGIN, wind_warning_kmh=35.0)


async def test_thresholds_by_which_a_course_would_never_open_again_are_refused_with_their_place(standing):
    async with unchanged(standing):
        for given, field in (
            ({"playability_warning_threshold": 90}, "playabilityWarningThreshold"),
            ({"wind_warning_kmh": 70}, "windWarningKmh"),
            ({"wind_severe_kmh": 30}, "windSevereKmh"),
            ({"wind_warning_kmh": 70, "wind_severe_kmh": 65}, "windSevereKmh"),
            ({"playability_warning_threshold": 20}, "playabilityWarningThreshold"),
            ({"precipitation_warning_mm": 0}, "precipitationWarningMm"),
        ):
            with pytest.raises(InvalidInput) as caught:
                await by(standing, standing.staff, set_thresholds, margin=MARGIN, **given)
            assert caught.value.path == ("input", field)


async def test_many_who_set_thresholds_at_once_lose_none_of_them(world):
    given = [{"wind_warning_kmh": 30}, {"wind_severe_kmh": 90}, {"precipitation_warning_mm": 4}]
    await gather(*(by(world, world.staff, set_thresholds, margin=MARGIN, **one) for one in given))
    assert await thresholds(world) == Thresholds(wind_warning_kmh=30, wind_severe_kmh=90, precipitation_warning_mm=4)
    assert len(await rows(world, CourseThresholdChange)) == 3


async def test_a_club_says_whether_it_tells_of_closures(world):
    async def told(operation, **given):
        payload = await done(world.server, operation, "club { tellsOfClosures }", who=world.admin, **given)
        return payload["club"]["tellsOfClosures"]

    assert await told("updateClub", clubId=world.club, tellsOfClosures=False) is False
    assert await told("updateClub", clubId=world.club) is False
    assert await told("createClub", name="Second", timeZone="Asia/Tokyo", currency="JPY") is True
