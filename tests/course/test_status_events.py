"""A course's status, live: for screens without a token, for players' phones, for the shop, and for nobody else more."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from auth.viewer import Role
from domain.journeys.course_status import all_clear, evaluate, expire_override
from events.cursor import Cursor
from kit.ids import new_id
from realtime import metrics
from tests.course.screens import EVENTS, Screen, conditions, follow, heard
from tests.course.turf import MARGIN, act, device, weather
from tests.harness import Answer, Who, found_world
from tests.realtime.sockets import close_code, handshake, rename, server_with
from tests.realtime.streams import MULTIPART, SSE, EventStream, Parts, asking
from tests.realtime.support import until
from tests.tee_sheet.board import SHEET_EVENTS
from tests.tee_sheet.desk import done, refused

HOUR = timedelta(hours=1)
STORM = {"status": "CLOSED", "reason": "Storm"}


async def close(world, **more):
    """Let the shop close the course; give the payload."""
    given = {"courseId": world.course} | STORM | more
    return await done(world.server, "setCourseStatus", "course { status }", who=world.staff, **given)


async def set_note(world, note):
    given = {"courseId": world.course, "note": note}
    return await done(world.server, "setPlayingConditions", "course { id }", who=world.staff, **given)


def stranger():
    """Somebody who works at a club of another tenant, and runs all of it."""
    return Who(new_id(), (Role.ADMIN, Role.STAFF, Role.PLAYER), user_id="stranger")


async def test_phone_hall_and_shop_see_a_closing_and_nobody_can_book_after_it(world):
    server = world.server
    async with (
        server.socket(world.player("ana")) as phone,
        server.socket() as hall,
        server.socket(world.staff) as shop,
    ):
        for screen in (phone, hall):
            await follow(screen, world)
        await shop.subscribe(SHEET_EVENTS, c=world.course, d=world.day.isoformat())
        await until(lambda: len(server.process.fanout.census()[f"club:{world.club}"]) == 2)
        payload = await close(world)
        for screen in (phone, hall):
            changed, told = await screen.events(2)
            assert (changed["previousStatus"], changed["newStatus"], changed["source"]) == ("OPEN", "CLOSED", "MANUAL")
            assert (changed["reason"], changed["dates"]) == ("Storm", [world.day.isoformat()])
            assert (told["__typename"], told["status"]) == ("CourseConditionsChanged", "CLOSED")
            assert told["closedUntil"] == "2026-05-04T22:00:00+00:00"
        seen = await shop.event()
        assert (seen["__typename"], seen["newStatus"]) == ("CourseStatusChanged", "CLOSED")
        assert payload["cursor"] in {changed["cursor"], told["cursor"]}
        ana = world.player("ana")
        problem = await refused(world, "bookSlots", who=ana, teeTimeId=world.tee_time(), places=1)
        assert (problem["__typename"], problem["code"]) == ("CourseClosed", "COURSE_CLOSED")


@pytest.mark.parametrize("who", ["nobody", "a player"])
async def test_a_snapshot_and_events_are_a_fresh_snapshot_after_each_change(world, clock, who):
    viewer = None if who == "nobody" else world.player("ana")
    course = {"courseId": world.course}

    async def do(operation, who=world.staff, **given):
        result = "thresholds { windWarningKmh }" if operation == "setCourseThresholds" else "course { id }"
        await done(world.server, operation, result, who=who, **course, **given)

    async def check(**more):
        seen = weather(clock(), **more)
        await act(world, evaluate, weather=seen, margin=MARGIN, alert_cooldown=HOUR)

    async def pass_time(**span):
        clock.advance(**span)
        for task in (expire_override, all_clear):
            await act(world, task, margin=MARGIN)

    changes = [
        lambda: do("setPlayingConditions", cartPolicy="PATH_ONLY"),
        lambda: do("setPlayingConditions", holesOpen=[1, 2], note="Wet"),
        lambda: do("setCourseThresholds", windWarningKmh=30),
        lambda: check(wind_kmh=35.0),
        lambda: close(world),
        lambda: close(world, status="CONDITIONAL", reason="Wet", until=(clock() + 2 * HOUR).isoformat()),
        lambda: do("clearCourseStatusOverride"),
        lambda: do("reportLightning", device(world), distanceKm=5),
        lambda: pass_time(minutes=30),
        lambda: close(world, until=(clock() + HOUR).isoformat()),
        lambda: pass_time(hours=1),
        lambda: act(world, evaluate, weather=None, margin=MARGIN, alert_cooldown=HOUR),
        check,
    ]
    screen, known = Screen(await conditions(world, viewer)), await conditions(world, viewer)
    for number, change in enumerate(changes):
        clock.advance(minutes=1)
        await change()
        last = (await set_note(world, f"Change {number}"))["cursor"]
        for event in await heard(world, after=known["cursor"], upto=last, who=viewer):
            screen.apply(event)
        before, known = known, await conditions(world, viewer)
        assert screen.shown(at=clock()) == known, f"change {number}"
        assert {name for name in known if known[name] != before[name]} >= {"cursor", "note"}


async def test_all_but_the_staff_share_one_execution(world):
    server, people = world.server, [None, None, world.player("ana"), world.caddie(1), device(world), stranger()]
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(server.socket(who)) for who in (*people, world.staff, world.admin)]
        for socket in sockets:
            await follow(socket, world)
        before = metrics.executions._value.get()
        await set_note(world, "Trolleys only")
        told = [await socket.event() for socket in sockets]
        assert told == [told[0]] * len(sockets)
        assert metrics.executions._value.get() == before + 2, "one for everybody, one for the desk"


async def test_the_desk_hears_of_thresholds_and_nobody_else_does(world):
    sister = await found_world(world.server, tenant_id=world.tenant_id)
    others = [None, world.player("ana"), device(world), world.caddie(1), sister.staff, stranger()]
    others.append(replace(stranger(), club_ids=(world.club_id,)))
    async with AsyncExitStack() as stack:
        open_socket = stack.enter_async_context
        desks = [await follow(await open_socket(world.server.socket(who)), world) for who in (world.staff, world.admin)]
        rest = [await follow(await open_socket(world.server.socket(who)), world) for who in others]
        only = {"types": ["COURSE_THRESHOLDS_CHANGED", "COURSE_CONDITIONS_CHANGED"]}
        rest.append(await follow(await open_socket(world.server.socket()), world, **only))
        given = {"who": world.staff, "courseId": world.course, "windWarningKmh": 35}
        await done(world.server, "setCourseThresholds", "thresholds { windWarningKmh }", **given)
        await set_note(world, "The end")
        for desk in desks:
            changed, last = await desk.events(2)
            assert (changed["__typename"], changed["changes"]) == ("CourseThresholdsChanged", ["windWarningKmh"])
            assert last["note"] == "The end"
        for socket in rest:
            assert (await socket.event())["note"] == "The end"


async def test_who_shows_no_token_goes_on_after_a_cursor_by_each_transport(world):
    server, start = world.server, (await conditions(world))["cursor"]
    notes = ["One", "Two", "Three"]
    cursors = [(await set_note(world, note))["cursor"] for note in notes]
    assert [event["note"] for event in await heard(world, after=start, upto=cursors[-1])] == notes
    async with asking(server, EVENTS, accept=SSE, c=world.course, headers={"Last-Event-ID": cursors[0]}) as response:
        told = await (await EventStream(response).opened()).events(2)
        assert [event["note"] for event in told] == notes[1:]
    async with asking(server, EVENTS, accept=MULTIPART, c=world.course, after=cursors[1]) as response:
        assert [event["note"] for event in await (await Parts(response).opened()).events(1)] == notes[2:]


async def test_a_wrong_cursor_is_an_error_and_a_lost_one_a_reset(world):
    stream = f"club:{world.club}"
    other = Cursor(f"club:{(await found_world(world.server)).club}", "e", 1)
    async with world.server.socket() as socket:
        for wrong in ("no cursor", str(other)):
            await socket.subscribe(EVENTS, c=world.course, after=wrong)
            message = await socket.receive()
            assert Answer({"errors": message["payload"]}).code == "INVALID_INPUT"
        await socket.subscribe(EVENTS, c=world.course, after=str(Cursor(stream, "another epoch", 1)))
        reset = await socket.event()
        assert (reset["__typename"], reset["why"]) == ("StreamReset", "EPOCH_CHANGED")
        await set_note(world, "It goes on")
        assert (await socket.event())["note"] == "It goes on"


async def test_a_socket_without_a_token_may_do_nothing_else(world):
    held = "mutation($id: ID!) { holdSlots(input: { teeTimeId: $id, places: 1 }) { cursor } }"
    clubs = "subscription($id: ID!) { clubEvents(clubId: $id) { __typename } }"
    asked = [(held, world.tee_time()), (clubs, world.club), ("subscription { notifications { __typename } }", "")]
    async with world.server.socket() as socket:
        await follow(socket, world)
        for query, given in (*asked, ("{ viewer { userId } }", "")):
            await socket.subscribe(query, id=given)
            message = await socket.receive()
            errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
            assert Answer({"errors": errors}).code == "UNAUTHENTICATED"
            if message["type"] == "next":
                assert (await socket.receive())["type"] == "complete"
        await rename(world, "Other news of the club")
        await set_note(world, "Of the course")
        assert (await socket.event())["note"] == "Of the course"


async def test_sockets_without_a_token_are_limited_by_address_and_outlast_every_token(settings, clock):
    async with server_with(settings, clock, ws_max_connections_per_address=2, ws_max_connections_per_user=1) as server:
        world = await found_world(server)
        brief = replace(world.player("ana"), lifetime=timedelta(seconds=1))
        async with server.socket() as first:
            await follow(first, world)
            async with server.socket(brief) as second, handshake(server) as third:
                assert await close_code(third) == 1013
                assert await close_code(second) == 4403
            async with server.socket() as again:
                await follow(again, world)
                await set_note(world, "Still there")
                for socket in (first, again):
                    assert (await socket.event())["note"] == "Still there"
