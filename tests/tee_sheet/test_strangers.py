"""Who gets no further than the door: no token, the wrong role, another tenant, another club, an id of another kind."""

from dataclasses import replace

import pytest
import pytest_asyncio

from auth.viewer import Role
from kit.ids import new_id, parse_id, public_id
from tests.harness import TEMPLATE, Answer, found_world
from tests.house.inventory import someone_waits
from tests.tee_sheet.board import BOOKING_EVENTS, CLUB_EVENTS, SHEET_EVENTS
from tests.tee_sheet.desk import PAYER, RESULTS, add_player, block, book, done, forbidden, hold, refused

DAY = "2026-05-06"
OTHER_BOOKING = public_id("booking", new_id())
PLAYER = {"firstName": "Eva", "lastName": "Pérez", "priceClass": "MEMBER"}
BALLOT = {"date": DAY, "firstStart": "08:00", "lastStart": "09:00"}
BALLOT |= {"closesAt": "2026-05-05T05:00:00Z", "releasesAt": "2026-05-05T06:00:00Z"}
BY_ID = [
    ("updateClub", "clubId", "club", {"name": "X"}),
    ("createCourse", "clubId", "club", {"name": "Sea", "holes": 9}),
    ("addPlayer", "clubId", "club", PLAYER),
    ("updateCourse", "courseId", "course", {"name": "X"}),
    ("setSheetTemplate", "courseId", "course", TEMPLATE),
    ("generateTeeSheet", "courseId", "course", {"date": DAY}),
    ("holdSlots", "teeTimeId", "tee_time", {"places": 1}),
    ("releaseHold", "holdId", "hold", {}),
    ("bookSlots", "holdId", "hold", {}),
    ("bookSlots", "teeTimeId", "tee_time", {"places": 1, "payer": PAYER}),
    ("cancelBooking", "bookingId", "booking", {}),
    ("checkIn", "bookingId", "booking", {}),
    ("undoCheckIn", "bookingId", "booking", {}),
    ("markNoShow", "bookingId", "booking", {}),
    ("teeOff", "bookingId", "booking", {}),
    ("recordHole", "bookingId", "booking", {"hole": 1}),
    ("undoNoShow", "bookingId", "booking", {}),
    ("undoTeeOff", "bookingId", "booking", {}),
    ("correctHole", "bookingId", "booking", {"hole": 1}),
    ("endRound", "bookingId", "booking", {"hole": 1}),
    ("restoreBooking", "bookingId", "booking", {}),
    ("splitBooking", "bookingId", "booking", {"positions": [1]}),
    ("movePlayers", "bookingId", "booking", {"positions": [1], "otherBookingId": OTHER_BOOKING}),
    ("mergeBookings", "bookingId", "booking", {"otherBookingIds": [OTHER_BOOKING]}),
    ("swapBookings", "bookingId", "booking", {"otherBookingId": OTHER_BOOKING}),
    ("suspendPlay", "courseId", "course", {}),
    ("resumePlay", "courseId", "course", {}),
    ("takeTeeSheetOffline", "courseId", "course", {"date": DAY}),
    ("bringTeeSheetOnline", "courseId", "course", {"date": DAY}),
    ("joinWaitlist", "courseId", "course", {"date": DAY, "partySize": 2} | PAYER),
    ("leaveWaitlist", "entryId", "waitlist_entry", {}),
    ("acceptWaitlistOffer", "offerId", "waitlist_offer", {}),
    ("declineWaitlistOffer", "offerId", "waitlist_offer", {}),
    ("updateBooking", "bookingId", "booking", {"payer": PAYER}),
    ("addBlock", "courseId", "course", {"date": DAY, "kind": "OTHER", "firstStart": "08:00", "lastStart": "09:00"}),
    ("removeBlock", "blockId", "block", {}),
    ("squeezeTeeTime", "courseId", "course", {"date": DAY, "localTime": "08:05"}),
    ("delayTeeTimes", "courseId", "course", {"date": DAY, "firstStart": "08:00", "minutes": 10}),
    ("updateTeeSheet", "courseId", "course", {"date": DAY, "groupSizes": [2]}),
    ("regenerateTeeSheets", "courseId", "course", {"date": DAY}),
    ("setSheetSeason", "courseId", "course", TEMPLATE | {"name": "Summer", "firstDate": DAY}),
    ("addLedgerEntry", "bookingId", "booking", {"kind": "PAYMENT", "amountCents": 100}),
    ("setBookingNote", "bookingId", "booking", {"note": "Late"}),
    ("setTeeTimeNote", "teeTimeId", "tee_time", {"note": "Late"}),
    ("setTeeSheetNote", "courseId", "course", {"date": DAY, "note": "Late"}),
    ("issueRainCheck", "bookingId", "booking", {"holesPlayed": 9}),
    ("announceBallot", "courseId", "course", BALLOT),
    ("redeemRainCheck", "bookingId", "booking", {"code": "ACDEF-34679"}),
]
"""Every mutation that takes an id: its name, the argument, the kind of id, and what else it needs."""
NODE = "query($id: ID!) { node(id: $id) { id } }"
SHEET = f'query($id: ID!) {{ teeSheet(courseId: $id, date: "{DAY}") {{ id }} }}'
WAITLIST = f'query($id: ID!) {{ waitlist(courseId: $id, date: "{DAY}") {{ cursor }} }}'
QUERIES = [
    (NODE, "club"),
    (NODE, "course"),
    (NODE, "player"),
    (NODE, "tee_sheet"),
    (NODE, "tee_time"),
    (NODE, "hold"),
    (NODE, "booking"),
    (NODE, "waitlist_entry"),
    (NODE, "waitlist_offer"),
    (WAITLIST, "course"),
    ("query($id: ID!) { club(id: $id) { id } }", "club"),
    ("query($id: ID!) { course(id: $id) { id } }", "course"),
    ("query($id: ID!) { booking(id: $id) { id } }", "booking"),
    ("query($id: ID!) { sheetTemplate(courseId: $id) { id } }", "course"),
    (SHEET, "course"),
]
SUBSCRIPTIONS = [(CLUB_EVENTS, "club", "club"), (SHEET_EVENTS, "c", "course"), (BOOKING_EVENTS, "b", "booking")]


async def things_of(world):
    """Make one thing of each kind in a world; give their ids by kind."""
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { id } }"
    answer = await world.server.run(query, who=world.staff, c=world.course, d=world.day.isoformat())
    return {
        "club": world.club,
        "course": world.course,
        "player": await add_player(world, "Eva", "MEMBER"),
        "tee_sheet": answer.data["teeSheet"]["id"],
        "tee_time": world.tee_time(),
        "hold": (await hold(world, world.player("ana")))["hold"]["id"],
        "booking": (await book(world, world.player("ana")))["booking"]["id"],
        **await someone_waits(world),
        "block": (await block(world, 0))["block"]["id"],
    }


@pytest_asyncio.fixture(scope="module")
async def elsewhere(shared_server):
    """A tenant with one thing of each kind, which the tests' own tenants are not to know of."""
    return await things_of(await found_world(shared_server))


def masters(world):
    """The two who may do everything: the admin of the tenant, and the staff of the club."""
    return {"updateClub", "createCourse", "updateCourse"}, world.admin, world.staff


@pytest.mark.parametrize(("operation", "argument", "kind", "more"), BY_ID)
async def test_another_tenant_s_id_answers_like_an_unknown_one(standing, elsewhere, operation, argument, kind, more):
    for_admins, admin, staff = masters(standing)
    who = admin if operation in for_admins else staff
    unknown = await forbidden(standing, operation, who=who, **{argument: public_id(kind, new_id())}, **more)
    foreign = await forbidden(standing, operation, who=who, **{argument: elsewhere[kind]}, **more)
    assert unknown == foreign
    assert unknown.code == "NOT_FOUND"
    assert unknown.message.startswith("There is no such")


@pytest.mark.parametrize(("operation", "argument", "kind", "more"), BY_ID)
async def test_an_id_of_another_kind_is_refused_by_name(standing, operation, argument, kind, more):
    given = {argument: public_id("caddie", new_id())} | more
    problem = await refused(standing, operation, who=standing.admin, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", argument])
    wanted = kind.replace("_", " ")
    assert problem["message"] == f"This is the id of a caddie; give the id of a {wanted}."
    problem = await refused(standing, operation, who=standing.admin, **given | {argument: "17"})
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", argument])
    assert "17" in problem["message"]


async def test_players_of_another_tenant_are_unknown(standing, elsewhere):
    given = {"teeTimeId": standing.tee_time(), "places": 1, "payer": PAYER}
    problems = [
        await refused(standing, "bookSlots", who=standing.staff, players=[{"playerId": player_id}], **given)
        for player_id in (elsewhere["player"], public_id("player", new_id()))
    ]
    assert problems[0] == problems[1]
    assert problems[0]["path"] == ["input", "players", "0", "playerId"]
    problem = await refused(
        standing, "bookSlots", who=standing.staff, players=[{"playerId": elsewhere["club"]}], **given
    )
    assert problem["message"] == "This is the id of a club; give the id of a player."


@pytest.mark.parametrize(("query", "kind"), QUERIES)
async def test_queries_know_nothing_of_another_tenant(standing, elsewhere, query, kind):
    for who in (standing.admin, standing.staff, standing.player("ana")):
        answers = [
            await standing.server.run(query, who=who, id=thing)
            for thing in (elsewhere[kind], public_id(kind, new_id()))
        ]
        assert answers[0] == answers[1]
        assert answers[0].code == "NOT_FOUND"


@pytest.mark.parametrize(("query", "argument", "kind"), SUBSCRIPTIONS)
async def test_subscriptions_know_nothing_of_another_tenant(standing, elsewhere, query, argument, kind):
    day = {"d": DAY} if kind == "course" else {}
    async with standing.server.socket(standing.admin) as socket:
        answers = []
        for thing in (elsewhere[kind], public_id(kind, new_id())):
            operation = await socket.subscribe(query, **{argument: thing}, **day)
            message = await socket.receive()
            assert (message["type"], message.pop("id")) == ("error", operation)
            answers.append(message)
    assert answers[0] == answers[1]
    assert Answer({"errors": answers[0]["payload"]}).code == "NOT_FOUND"


async def test_a_club_that_the_token_does_not_name_is_as_good_as_none(world):
    things = await things_of(world)
    given = {"name": "B", "timeZone": "Europe/Madrid", "currency": "EUR"}
    other = (await done(world.server, "createClub", "club { id }", who=world.admin, **given))["club"]["id"]
    only_other = (parse_id("club", other),)
    for role in (Role.ADMIN, Role.STAFF, Role.PLAYER):
        who = replace(world.player("ana"), roles=(role,), club_ids=only_other)
        for operation, argument, kind, more in BY_ID:
            answer = await forbidden(world, operation, who=who, **{argument: things[kind]}, **more)
            assert answer.code == "NOT_FOUND", (operation, argument, role)
        for query, kind in QUERIES:
            answer = await world.server.run(query, who=who, id=things[kind])
            assert answer.code == "NOT_FOUND", (query, kind, role)


@pytest.mark.parametrize("roles", [(), (Role.GUEST,), (Role.PLANNER,)])
async def test_who_is_nobody_at_the_sheet_hears_nothing_of_it(world, roles):
    things, who = await things_of(world), replace(world.player("ana"), roles=roles)
    async with world.server.socket(who) as socket:
        for query, argument, kind in SUBSCRIPTIONS:
            await socket.subscribe(query, **{argument: things[kind]}, **({"d": DAY} if kind == "course" else {}))
            message = await socket.receive()
            assert message["type"] == "error", query
            assert Answer({"errors": message["payload"]}).code in {"NOT_FOUND", "NOT_ALLOWED"}


async def test_without_a_token_nothing_is_done(world):
    things = await things_of(world)
    for operation, argument, kind, more in BY_ID:
        answer = await forbidden(world, operation, who=None, **{argument: things[kind]}, **more)
        assert answer.code == "UNAUTHENTICATED", operation
    given = {"name": "B", "timeZone": "Europe/Madrid", "currency": "EUR"}
    assert (await forbidden(world, "createClub", who=None, **given)).code == "UNAUTHENTICATED"
    for query, kind in QUERIES:
        assert (await world.server.run(query, id=things[kind])).code == "UNAUTHENTICATED", (query, kind)
    async with world.server.socket() as socket:
        for query, argument, kind in SUBSCRIPTIONS:
            await socket.subscribe(query, **{argument: things[kind]}, **({"d": DAY} if kind == "course" else {}))
            message = await socket.receive()
            assert message["type"] == "error"
            assert Answer({"errors": message["payload"]}).code == "UNAUTHENTICATED"


OF_EVERYBODY = {"markNotificationsRead"}
"""What anybody with a token may do."""
OF_GROUPS = {"bookGroup", "updateBookingGroup", "cancelBookingGroup", "setStandingBooking", "endStandingBooking"}
OF_GROUPS |= {"updateBallot", "cancelBallot", "drawBallot", "enterBallot", "updateBallotEntry"}
OF_GROUPS |= {"withdrawBallotEntry", "leaveBallotEntry"}
"""What is tried in the tests of groups, standing bookings and ballots, and with every role by those of the house."""
OWNED = {"hold", "booking", "waitlist_entry", "waitlist_offer"}
OF_OWNERS = {operation for operation, _, kind, _ in BY_ID if kind in OWNED} - {"bookSlots"} | {
    "moveBooking",
    "removeSheetSeason",
}
"""What is done to a thing that is found by those alone whose it is, whatever their role."""
REFUSED = {
    Role.STAFF: {"createClub", "updateClub", "createCourse", "updateCourse"},
    Role.STARTER: {"createClub", "updateClub", "createCourse", "updateCourse"},
    Role.PLAYER: set(RESULTS) - {"holdSlots", "bookSlots", "joinWaitlist"} - OF_OWNERS - OF_EVERYBODY,
} | {role: set(RESULTS) - OF_OWNERS - OF_EVERYBODY for role in (Role.CADDIE, Role.PLANNER, Role.GUEST, Role.DEVICE)}
"""What each role may not do."""
AWAY_FROM_SHEETS = {Role.PLANNER, Role.GUEST, Role.DEVICE}
OF_SHEETS = {"teeTimeId", "blockId"}
"""What those who may not see tee sheets do not know of at all."""


@pytest.mark.parametrize("role", REFUSED)
async def test_the_wrong_role_is_told_so(standing, role):
    who = replace(standing.player("somebody"), roles=(role,))
    things = {"club": standing.club, "course": standing.course, "tee_time": standing.tee_time()}
    things["block"] = (await block(standing, 0))["block"]["id"]
    cases = [
        (operation, {argument: things[kind]} | more) for operation, argument, kind, more in BY_ID if kind in things
    ]
    cases.append(("createClub", {"name": "B", "timeZone": "Europe/Madrid", "currency": "EUR"}))
    asked = {operation for operation, given in cases if operation in REFUSED[role]}
    assert asked == REFUSED[role] - OF_GROUPS
    for operation, given in cases:
        if operation in REFUSED[role]:
            answer = await forbidden(standing, operation, who=who, **given)
            unseen = role in AWAY_FROM_SHEETS and not OF_SHEETS.isdisjoint(given)
            assert answer.code == ("NOT_FOUND" if unseen else "NOT_ALLOWED"), operation
            assert answer.message.startswith("There is no such " if unseen else "Only "), operation


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STAFF, Role.STARTER])
async def test_the_club_s_people_may_do_what_a_desk_does(world, role):
    who = replace(world.staff, roles=(role,))
    held = await hold(world, world.player("ana"), 0)
    await done(world.server, "releaseHold", "hold { id }", who=who, holdId=held["hold"]["id"])
    booked = await book(world, who, holdId=(await hold(world, who, 1))["hold"]["id"])
    await done(world.server, "cancelBooking", "booking { id }", who=who, bookingId=booked["booking"]["id"])
    await done(world.server, "setSheetTemplate", "template { id }", who=who, courseId=world.course, **TEMPLATE)
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=who, courseId=world.course, date=DAY)
