"""What anybody may ask of a course's conditions, what it costs, and for how long an answer holds."""

from asyncio import gather
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event

from domain.journeys.course_status import evaluate
from kit.ids import new_id, public_id
from tests.api.poller import ASK, parameters_of, statements
from tests.course.screens import CONDITIONS, ask, conditions
from tests.course.turf import MARGIN, act, weather
from tests.harness import Answer, found_world
from tests.realtime.support import until

HOUR = timedelta(hours=1)
ALL = "{ course(id: %r) { status statusReason closedUntil conditions { status score stale cursor note } } }"


async def observe(world, **more):
    """Let the scheduled check read weather, as of now."""
    seen = weather(world.server.clock(), **more)
    return await act(world, evaluate, weather=seen, margin=MARGIN, alert_cooldown=HOUR)


@contextmanager
def lookups(server):
    """Note what is sent meanwhile by the role that looks across tenants, about courses."""
    sent, engine = [], server.runtime.database.system.sync_engine

    def note(_connection, _cursor, statement, *_more):
        if "FROM courses" in statement:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def poll(world, *, tag=None, who=None) -> httpx.Response:
    headers = dict(ASK) | ({"If-None-Match": tag} if tag else {})
    if who:
        headers["Authorization"] = f"Bearer {who.token(world.server.clock())}"
    given = parameters_of(CONDITIONS, {"c": world.course})
    return await world.server.http.get(f"{world.server.url}/graphql", params=given, headers=headers)


async def ready(world, who=None) -> httpx.Response:
    """Poll until the answer comes from what is ready."""
    sent = ["first of all"]
    while sent:
        with statements(world.server) as sent:
            answer = await poll(world, who=who)
    return answer


async def test_everybody_is_told_the_same_by_get_by_post_and_by_socket(world):
    await observe(world, wind_kmh=45.0)
    told = await conditions(world)
    assert (told["courseId"], told["name"], told["timeZone"]) == (world.course, "Old", "Europe/Madrid")
    assert (told["status"], told["source"], told["causes"]) == ("CONDITIONAL", "AUTO_WEATHER", ["WIND_WARNING"])
    assert (told["score"], told["level"], told["stale"], told["closedUntil"]) == (81, "EXCELLENT", False, None)
    assert (told["weather"]["windKmh"], told["weather"]["attribution"]) == (45.0, "")
    assert told["holesOpen"] == list(range(1, 19))
    stranger = replace(world.player("ana"), tenant_id=new_id(), club_ids=())
    for who in (world.admin, world.staff, world.player("ana"), world.caddie(1), stranger):
        assert await conditions(world, who) == told
    assert (await poll(world)).json()["data"]["courseConditions"] == told
    async with world.server.socket() as socket:
        await socket.subscribe(CONDITIONS, c=world.course)
        assert await socket.event() == told


async def test_who_sees_the_course_sees_the_same_there(world):
    await observe(world, wind_kmh=45.0)
    told = await conditions(world)
    course = (await world.server.run(ALL.replace("%r", f'"{world.course}"'), who=world.player("ana"))).data["course"]
    assert (course["status"], course["statusReason"], course["closedUntil"]) == ("CONDITIONAL", "", None)
    assert course["conditions"] == {name: told[name] for name in ("status", "score", "stale", "cursor", "note")}


async def test_old_weather_is_stale_though_nobody_has_looked(world, clock):
    assert (await conditions(world))["stale"]
    await observe(world)
    clock.advance(minutes=30)
    assert not (await conditions(world))["stale"]
    clock.advance(seconds=1)
    told = await conditions(world)
    assert (told["stale"], told["score"]) == (True, 100)


@pytest.mark.parametrize("who", [None, "a player", "the staff"])
async def test_what_does_not_exist_is_answered_alike(world, who):
    viewer = {None: None, "a player": world.player("ana"), "the staff": world.staff}[who]
    answer = await ask(world.server, public_id("course", new_id()), viewer)
    assert (answer.code, answer.message) == ("NOT_FOUND", "There is no such course.")
    assert (await ask(world.server, world.club, viewer)).code == "INVALID_INPUT"


async def test_a_flood_of_unknown_ids_costs_one_statement_at_a_time(world):
    server = world.server
    with lookups(server) as sent:
        answers = await gather(*(ask(server, public_id("course", new_id())) for _ in range(200)))
        assert {answer.code for answer in answers} == {"NOT_FOUND"}
        assert 0 < len(sent) <= 100
    fresh = await found_world(server)
    with lookups(server) as sent:
        await gather(*(conditions(fresh) for _ in range(50)))
        await conditions(fresh)
        assert len(sent) == 1, "where a course belongs never changes"


async def test_who_shows_no_token_takes_no_connection_of_those_who_do(world):
    database = world.server.runtime.database
    for crowded, still in ((database.app, conditions(world)), (database.public, world.read())):
        async with AsyncExitStack() as held:
            for _ in range(crowded.pool.size()):
                await held.enter_async_context(crowded.connect())
            await still


async def test_it_costs_few_statements(world):
    await observe(world)
    await conditions(world)
    with statements(world.server) as sent:
        await conditions(world)
    assert len(sent) <= 4, sent


async def test_who_polls_without_a_token_costs_nothing_until_something_happens(world, clock):
    await observe(world)
    first = await ready(world)
    tag = first.headers["etag"]
    assert (first.headers["cache-control"], "Authorization" in first.headers["vary"]) == ("private, no-cache", True)
    with statements(world.server) as sent:
        again = await poll(world, tag=tag)
    assert (again.status_code, again.content, sent) == (304, b"", [])

    given = {"courseId": world.course, "note": "Trolleys only"}
    payload = await world.server.mutate("setPlayingConditions", "course { id }", who=world.staff, **given)
    changed = await poll(world, tag=tag)
    assert changed.status_code == 200
    assert changed.json()["data"]["courseConditions"]["note"] == "Trolleys only"
    assert changed.json()["data"]["courseConditions"]["cursor"] == payload["cursor"]


async def test_a_ready_answer_ends_at_the_moment_at_which_the_weather_is_too_old(world, clock):
    await observe(world)
    tag = (await ready(world)).headers["etag"]
    clock.advance(minutes=30)
    assert (await poll(world, tag=tag)).status_code == 304
    clock.advance(seconds=1)
    stale = await poll(world, tag=tag)
    assert (stale.status_code, stale.json()["data"]["courseConditions"]["stale"]) == (200, True)
    clock.advance(days=3)
    assert (await poll(world, tag=stale.headers["etag"])).status_code == 304, "it stays stale until something happens"


async def test_a_closure_by_the_weather_reaches_to_the_next_midnight_from_day_to_day(world, clock):
    await observe(world, wind_kmh=70.0)
    closed = await ready(world)
    assert closed.json()["data"]["courseConditions"]["closedUntil"] == "2026-05-04T22:00:00+00:00"
    clock.advance(days=1)
    next_day = await poll(world, tag=closed.headers["etag"])
    assert next_day.json()["data"]["courseConditions"]["closedUntil"] == "2026-05-05T22:00:00+00:00"
    assert (await poll(world, tag=next_day.headers["etag"])).status_code == 304


async def test_answers_with_and_without_a_token_have_tags_of_their_own(world):
    anybody, player = await ready(world), await ready(world, who=world.player("ana"))
    assert anybody.json() == player.json()
    assert anybody.headers["etag"] != player.headers["etag"]
    assert (await poll(world, tag=player.headers["etag"])).status_code == 200


async def test_a_document_that_asks_for_more_gets_that_refused_and_no_tag(world):
    query = CONDITIONS.rstrip()[:-1] + " clubs { id } }"
    given = parameters_of(query, {"c": world.course})
    answer = await world.server.http.get(f"{world.server.url}/graphql", params=given, headers=ASK)
    assert "etag" not in answer.headers
    assert Answer(answer.json()).code == "UNAUTHENTICATED"
    own = await world.server.http.get(
        f"{world.server.url}/graphql",
        params=given,
        headers=ASK | {"Authorization": f"Bearer {world.staff.token(world.server.clock())}"},
    )
    assert own.json()["data"]["clubs"] == [{"id": world.club}]
    assert own.headers["etag"]


async def test_two_snapshots_of_one_document_that_differ_are_not_kept(world):
    context = world.server.process.engine._make_context(world.staff.viewer(world.server.clock()))
    stream = f"club:{world.club}"
    context.depends_on("club", stream)
    [(_, head)] = (await context.heads(["club"])).items()
    context.depends_on_public("courseConditions", stream, head)
    assert await context.heads(["club", "courseConditions"]) == {stream: head}
    context.depends_on_public("courseConditions", stream, replace(head, position=head.position + 1))
    assert await context.heads(["club", "courseConditions"]) is None
    await context.forget()


async def test_nothing_stays_open_after_a_public_question(world):
    await conditions(world)
    pools = [world.server.runtime.database.public.pool, world.server.runtime.database.system.pool]
    await until(lambda: [pool.checkedout() for pool in pools] == [0, 0])
