from asyncio import gather
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from api.app import create_app
from api.polling import OVERHEAD, ReadyAnswers, is_known
from auth.viewer import Role
from events.log import Head
from resolvers.root import core
from tests.api.poller import ASK, counted, parameters_of, poll, ready, sheet_of, statements
from tests.harness import MORNING, HeldClock, found_world, serving, settings_for
from tests.house.inventory import one_of_each
from tests.moulds import another_world
from tests.tee_sheet.board import SNAPSHOT
from tests.tee_sheet.desk import book

POLLED = {
    "bookings": "query($club: ID!) { bookings(clubId: $club) { nodes { id } } }",
    "booking": "query($booking: ID!) { booking(id: $booking) { status players { lastName } } }",
    "bookingCaddies": "query($booking: ID!) { bookingCaddies(bookingId: $booking) { name answer } }",
    "headcount": "query($occasion: ID!) { headcount(occasionId: $occasion) { taken } }",
    "seatingChart": "query($occasion: ID!) { seatingChart(occasionId: $occasion) { cursor } }",
    "caddieDraw": "query($club: ID!, $day: Date!) { caddieDraw(clubId: $club, list: 1, week: $day) { seed } }",
    "caddieQueue": "query($club: ID!) { caddieQueue(clubId: $club, list: 1) { cursor } }",
    "caddieReport": "query($club: ID!, $day: Date!) { caddieReport(clubId: $club, date: $day) { first } }",
    "caddieSettings": "query($club: ID!) { caddieSettings(clubId: $club) { listCount } }",
    "caddies": "query($club: ID!) { caddies(clubId: $club) { cursor caddies { name statusLabel } } }",
    "caddiesCsv": "query($club: ID!) { caddiesCsv(clubId: $club) }",
    "club": "query($club: ID!) { club(id: $club) { name courses { name } } }",
    "priceClasses": "query($club: ID!) { priceClasses(clubId: $club) { code name kind } }",
    "clubs": "{ __typename all: clubs { name courses { name } } }",
    "carts": "query($course: ID!) { carts(courseId: $course) { cursor } }",
    "player": "query($player: ID!) { player(id: $player) { phone notes bookings { id } rainChecks { code } } }",
    "playersCsv": "query($club: ID!) { playersCsv(clubId: $club) }",
    "players": "query($club: ID!) { players(clubId: $club) { nodes { lastName } } }",
    "courseConditions": "query($course: ID!) { courseConditions(courseId: $course) { cursor status } }",
    "courseStatusHistory": "query($course: ID!) { courseStatusHistory(courseId: $course) { nodes { newStatus } } }",
    "courseThresholds": "query($course: ID!) { courseThresholds(courseId: $course) { windSevereKmh } }",
    "course": "query($course: ID!) { course(id: $course) { name } }",
    "activity": "query($occasion: ID!) { activity(occasionId: $occasion) { nodes { kind } } }",
    "guestRequests": "query($occasion: ID!) { guestRequests(occasionId: $occasion) { nodes { status } } }",
    "posts": "query($occasion: ID!) { posts(occasionId: $occasion) { nodes { text picture { url } } } }",
    "guests": "query($occasion: ID!) { guests(occasionId: $occasion) { guests { name } } }",
    "household": "query($household: ID!) { household(id: $household) { name } }",
    "occasion": "query($occasion: ID!) { occasion(id: $occasion) { name } }",
    "checkInList": "query($occasion: ID!) { checkInList(occasionId: $occasion) { __typename } }",
    "directory": "query($occasion: ID!) { directory(occasionId: $occasion) { __typename } }",
    "guestsCsv": "query($occasion: ID!) { guestsCsv(occasionId: $occasion) }",
    "mealsCsv": "query($occasion: ID!) { mealsCsv(occasionId: $occasion) }",
    "seatingCsv": "query($occasion: ID!) { seatingCsv(occasionId: $occasion) }",
    "notifications": "{ notifications { cursor edges { node { title } } } }",
    "rainCheck": "query($code: String!) { rainCheck(code: $code) { redeemedAt } }",
    "sheetSeasons": "query($course: ID!) { sheetSeasons(courseId: $course) { name } }",
    "sheetTemplate": "query($course: ID!) { sheetTemplate(courseId: $course) { firstStart } }",
    "teeSheet": "query($course: ID!, $day: Date!) { teeSheet(courseId: $course, date: $day) { cursor } }",
    "bookingGroup": "query($booking_group: ID!) { bookingGroup(id: $booking_group) { name } }",
    "bookingGroups": "query($club: ID!) { bookingGroups(clubId: $club) { nodes { name } } }",
    "standingBookings": "query($club: ID!) { standingBookings(clubId: $club) { nodes { weekday } } }",
    "depositsToGiveBack": "query($club: ID!) { depositsToGiveBack(clubId: $club) { nodes { status } } }",
    "ballot": "query($ballot: ID!) { ballot(id: $ballot) { placesLeft draw { seed results { rank } } } }",
    "ballots": "query($club: ID!) { ballots(clubId: $club) { nodes { status entryCount } } }",
    "ballotEntries": "query($ballot: ID!) { ballotEntries(ballotId: $ballot) { nodes { players { lastName } } } }",
    "ballotCsv": "query($ballot: ID!) { ballotCsv(ballotId: $ballot) }",
    "waitlist": "query($course: ID!, $day: Date!) { waitlist(courseId: $course, date: $day) { entries { place } } }",
    "unreadNotifications": "{ unreadNotifications }",
}
"""The root fields whose answers are kept ready: they change only when a club's or an occasion's stream, or the viewer's
own, moves."""
READ_ANEW = {
    "clubReport": """query($club: ID!, $day: Date!) {
        clubReport(clubId: $club, from: $day, to: $day, by: DAY) { __typename } }""",
    "clubReportCsv": """query($club: ID!, $day: Date!) {
        clubReportCsv(clubId: $club, from: $day, to: $day, by: DAY, part: MONEY) }""",
    "daySheet": "query($course: ID!, $day: Date!) { daySheet(courseId: $course, date: $day, form: STARTER) }",
    "industryRelations": "{ industryRelations { __typename } }",
    "recommendations": "{ recommendations { __typename } }",
    "partners": "query($club: ID!) { partners(clubId: $club) { lastName } }",
    "buddies": "query($club: ID!) { buddies(clubId: $club) { name } }",
    "golfer": "query($golfer: ID!) { golfer(id: $golfer) { name connection } }",
    "hostedTeeTime": "query($hosted_tee_time: ID!) { hostedTeeTime(id: $hosted_tee_time) { status } }",
    "myTeeTimes": "{ myTeeTimes { nodes { placeName } } }",
    "hostedTeeTimes": "{ hostedTeeTimes { isFar nodes { placeName } } }",
    "golfers": "{ golfers { nodes { name } } }",
    "suggestedGolfers": """query($hosted_tee_time: ID!) {
        suggestedGolfers(teeTimeId: $hosted_tee_time) { match { score } }
    }""",
    "connections": "{ connections { nodes { name } } }",
    "connectionRequests": "{ connectionRequests { nodes { name } } }",
    "blockedGolfers": "{ blockedGolfers { name } }",
    "golferExport": "{ golferExport }",
    "golferReports": "{ golferReports { nodes { reason } } }",
    "availableTeeTimes": """query($course: ID!, $day: Date!) {
        availableTeeTimes(courseId: $course, firstDate: $day) { nodes { freePlaces } }
    }""",
    "invitation": "query($invitation_code: String!) { invitation(code: $invitation_code) { __typename } }",
    "occasions": "query($club: ID!) { occasions(clubId: $club) { name } }",
    "node": "query($club: ID!) { node(id: $club) { id } }",
    "realtimeStats": "{ realtimeStats { subscriptions } }",
    "notificationPreferences": "{ notificationPreferences { language } }",
    "pushDevices": "{ pushDevices { name } }",
    "webPushKey": "{ webPushKey }",
    "viewer": "{ viewer { userId expiresAt } }",
}
"""All others. Nothing gets into the first list unless its resolver says what it depends on."""


@pytest_asyncio.fixture(scope="module")
async def quiet(settings):
    """A server whose sweep does not look at the log, so that each statement is a request's."""
    clock = HeldClock()
    still = settings_for(settings, sweep_interval_degraded_ms=3_600_000)
    async with serving(create_app(still, with_jobs=False, clock=clock), clock) as running:
        yield running


@pytest_asyncio.fixture
async def club(quiet):
    """A club on the quiet server."""
    return await another_world(quiet)


@pytest_asyncio.fixture(scope="module")
async def stocked(quiet):
    """A club with something of each kind, for those who only look, and what is to be asked for there."""
    club = await another_world(quiet)
    known = await one_of_each(club) | {"day": club.day.isoformat()}
    query = """query($rain_check: ID!, $household: ID!) {
        check: node(id: $rain_check) { ... on RainCheck { code } }
        invited: node(id: $household) { ... on Household { code } }
    }"""
    asked = {"rain_check": known["rain_check"], "household": known["household"]}
    codes = (await quiet.run(query, who=club.staff, **asked)).data
    return club, known | {"code": codes["check"]["code"], "invitation_code": codes["invited"]["code"]}


async def test_who_has_the_answer_is_told_so_without_a_single_statement(quiet, club):
    first = await ready(quiet, club.staff, **sheet_of(club))
    assert first.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in first.headers["vary"]
    assert first.headers["etag"].startswith('W/"')
    before = await counted(quiet)
    with statements(quiet) as sent:
        again = await poll(quiet, club.staff, tag=first.headers["etag"], **sheet_of(club))
        whole = await poll(quiet, club.staff, tag='"another"', **sheet_of(club))
    assert sent == []
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert again.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in again.headers["vary"]
    assert (whole.status_code, whole.content) == (200, first.content)
    assert await counted(quiet) - before == {"not_modified": 1, "hit": 1}


async def test_after_a_booking_the_old_tag_brings_the_new_answer_at_once(quiet, club):
    for number in range(5):
        old = await ready(quiet, club.staff, **sheet_of(club))
        booked = await book(club, club.staff, number)
        new = await poll(quiet, club.staff, tag=old.headers["etag"], **sheet_of(club))
        assert new.status_code == 200
        assert new.headers["etag"] != old.headers["etag"]
        assert new.json()["data"]["teeSheet"]["cursor"] == booked["cursor"]


async def test_bookings_at_the_same_time_are_all_seen_by_who_made_them(quiet, club):
    await ready(quiet, club.staff, **sheet_of(club))

    async def book_and_look(number):
        made = (await book(club, club.staff, number))["booking"]["id"]
        shown = (await poll(quiet, club.staff, **sheet_of(club))).json()["data"]["teeSheet"]["bookings"]
        assert made in {row["id"] for row in shown}

    await gather(*(book_and_look(number) for number in range(20)))


async def test_each_user_has_tags_of_their_own(quiet, club):
    people = [club.player("ann"), club.player("bob"), club.staff, replace(club.staff, club_ids=(club.club_id,) * 2)]
    answers = [await ready(quiet, who, **sheet_of(club)) for who in people]
    tags = [answer.headers["etag"] for answer in answers]
    assert len(set(tags)) == 3
    assert tags[2] == tags[3], "the same claims, however they are written"
    for who, tag in zip(people[:3], (tags[1], tags[2], tags[0]), strict=True):
        assert (await poll(quiet, who, tag=tag, **sheet_of(club))).status_code == 200


@pytest.mark.parametrize("stranger", ["of another club", "of another tenant"])
async def test_who_may_not_see_a_club_gets_an_error_and_never_a_304(quiet, club, stranger):
    known = (await ready(quiet, club.staff, **sheet_of(club))).headers["etag"]
    other = await found_world(quiet, tenant_id=club.tenant_id if stranger == "of another club" else None)
    who = replace(other.staff, user_id=club.staff.user_id)
    for tag in (known, "*", known):
        answer = await poll(quiet, who, tag=tag, **sheet_of(club))
        assert answer.status_code == 200
        assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert "etag" not in answer.headers


async def test_a_token_that_has_expired_is_refused_before_anything_else(quiet, club):
    known = (await ready(quiet, club.staff, **sheet_of(club))).headers["etag"]
    headers = ASK | {"Authorization": f"Bearer {club.staff.token(quiet.clock() - timedelta(days=401))}"}
    parameters = parameters_of(SNAPSHOT, sheet_of(club))
    for more in ({"If-None-Match": known}, {"If-None-Match": "*"}):
        answer = await quiet.http.get(f"{quiet.url}/graphql", params=parameters, headers=headers | more)
        assert answer.status_code == 401
        assert "etag" not in answer.headers


async def test_an_error_is_never_kept(quiet, club):
    query = "query($c: ID!, $d: Date!, $id: ID!) { teeSheet(courseId: $c, date: $d) { id } booking(id: $id) { id } }"
    nobody = club.course.replace("course_", "booking_")
    for _ in range(3):
        with statements(quiet) as sent:
            answer = await poll(quiet, club.staff, query, tag="*", id=nobody, **sheet_of(club))
        assert answer.status_code == 200
        assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert "etag" not in answer.headers
        assert sent


async def test_the_order_of_variables_and_what_is_accepted_do_not_matter(quiet, club):
    one = await ready(quiet, club.staff, c=club.course, d=club.day.isoformat())
    with statements(quiet) as sent:
        other = await poll(quiet, club.staff, d=club.day.isoformat(), c=club.course)
        typed = ASK | {"Accept": "application/graphql-response+json"}
        third = await poll(quiet, club.staff, headers=typed, **sheet_of(club))
    assert sent == []
    assert one.headers["etag"] == other.headers["etag"] == third.headers["etag"]
    assert third.headers["content-type"] == typed["Accept"]
    assert "Accept" in third.headers["vary"].split(", ")


async def test_the_tag_holds_with_compression_and_without(quiet, club):
    plain = await ready(quiet, club.staff, headers={**ASK, "Accept-Encoding": "identity"}, **sheet_of(club))
    packed = await ready(quiet, club.staff, headers={**ASK, "Accept-Encoding": "gzip"}, **sheet_of(club))
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert (packed.content, packed.headers["etag"]) == (plain.content, plain.headers["etag"])
    given = ASK | {"Accept-Encoding": "gzip"}
    assert (await poll(quiet, club.staff, tag=plain.headers["etag"], headers=given, **sheet_of(club))).content == b""


async def test_a_sheet_that_is_not_made_yet_is_polled_until_it_is(quiet, club):
    day = (club.day + timedelta(days=1)).isoformat()
    none = await ready(quiet, club.staff, c=club.course, d=day)
    assert none.json() == {"data": {"teeSheet": None}}
    await quiet.mutate("generateTeeSheet", "teeSheets { id }", who=club.staff, courseId=club.course, date=day)
    made = await poll(quiet, club.staff, tag=none.headers["etag"], c=club.course, d=day)
    assert len(made.json()["data"]["teeSheet"]["teeTimes"]) == 25


def test_each_root_field_is_listed_as_kept_ready_or_read_anew():
    assert set(POLLED) | set(READ_ANEW) == set(core.query_type.fields)
    assert set(POLLED).isdisjoint(READ_ANEW)


@pytest.mark.parametrize("name", sorted(POLLED | READ_ANEW))
async def test_only_fields_that_say_what_they_depend_on_have_tags(quiet, stocked, name):
    club, known = stocked
    anybody = replace(club.staff, roles=(*club.staff.roles, Role.ADMIN))
    answer = await poll(quiet, anybody, (POLLED | READ_ANEW)[name], **known)
    assert "errors" not in answer.json(), answer.json()
    assert answer.headers["cache-control"] == "private, no-cache"
    assert ("etag" in answer.headers) == (name in POLLED)
    if name in POLLED:
        both = POLLED[name].rstrip()[:-1] + "more: viewer { expiresAt } }"
        assert "etag" not in (await poll(quiet, anybody, both, **known)).headers


async def test_an_answer_that_depends_on_the_clock_is_never_kept(quiet, club):
    context = quiet.process.engine._make_context(club.staff.viewer(quiet.clock()))
    context.depends_on("teeSheet", f"club:{club.club}")
    assert set(await context.heads(["teeSheet"])) == {f"club:{club.club}"}
    assert context.now == quiet.clock()
    assert await context.heads(["teeSheet"]) is None
    await context.forget()


async def test_who_sees_every_club_of_the_tenant_sees_a_new_one(quiet, club):
    both = "query($c: ID!) { club(id: $c) { name } clubs { name } }"
    for query in ("{ clubs { name } }", both, both):
        assert "etag" not in (await poll(quiet, club.admin, query, c=club.club)).headers
    await quiet.mutate(
        "createClub", "club { id }", who=club.admin, name="New Club", timeZone="Europe/Madrid", currency="EUR"
    )
    assert len((await poll(quiet, club.admin, "{ clubs { name } }")).json()["data"]["clubs"]) == 2


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (['W/"a"'], True),
        (['"a"'], True),
        (['"b", W/"a"'], True),
        (['"b"', 'W/"a"'], True),
        (["*"], True),
        ([" * "], True),
        (['"b"'], False),
        (['W/"aa"'], False),
        (['"b,W/"a'], False),
        (["a"], False),
        ([], False),
        ([""], False),
    ],
)
def test_tags_are_compared_weakly(given, known):
    assert is_known('W/"a"', given) is known


def test_memory_is_bounded_and_what_was_used_last_stays():
    heads = {"club:a": Head("e", 1)}
    answers = ReadyAnswers(heads.get, capacity=3 * (100 + OVERHEAD))
    for asked in (b"1", b"2", b"3"):
        answers.keep(asked, b"x" * 100, heads.copy())
    assert answers.find(b"1", now=MORNING)
    answers.keep(b"4", b"x" * 100, heads.copy())
    assert [bool(answers.find(asked, now=MORNING)) for asked in (b"1", b"2", b"3", b"4")] == [True, False, True, True]
    answers.keep(b"5", b"x" * 5_000, heads.copy())
    assert not any(answers.find(asked, now=MORNING) for asked in (b"1", b"3", b"4", b"5"))
    answers.keep(b"1", b"x" * 100, heads.copy())
    assert answers.find(b"1", now=MORNING)
    heads["club:a"] = Head("f", 1)
    assert answers.find(b"1", now=MORNING) is None


def test_what_changes_by_itself_holds_until_then():
    heads = {"club:a": Head("e", 1)}
    answers = ReadyAnswers(heads.get)
    answers.keep(b"1", b"x", heads.copy(), until=MORNING)
    assert answers.find(b"1", now=MORNING - timedelta(seconds=1))
    assert answers.find(b"1", now=MORNING) is None
    assert answers.find(b"1", now=MORNING - timedelta(seconds=1)) is None, "it is forgotten"


async def test_a_page_of_another_origin_may_read_the_tag(settings, clock):
    open_to = settings_for(settings, allowed_origins=("https://club.example",))
    async with serving(create_app(open_to, with_jobs=False, clock=clock), clock) as server:
        world = await found_world(server)
        answer = await poll(server, world.staff, headers=ASK | {"Origin": "https://club.example"}, **sheet_of(world))
    assert answer.headers["etag"]
    assert answer.headers["access-control-expose-headers"] == "ETag"
