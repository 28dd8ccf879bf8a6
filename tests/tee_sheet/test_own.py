"""What is the viewer's own on a tee sheet: in events and in queries alike, and for nobody else."""

from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from auth.viewer import Role
from domain.clubs.privacy import plays_as
from events.tee_sheet.booking import BookingCreated, SlotBooked
from kit.ids import new_id, parse_id
from schema.events import show_event
from schema.sight import Audience
from schema.tee_sheet.booking.events import own_booking, own_place
from tests.harness import MORNING, Who, found_world
from tests.house.everything import example, told
from tests.tee_sheet.desk import add_player, book, cancel, done, head

NAME = "{ firstName lastName }"
PLACE = f"own {{ isBooker isPlayer payer {NAME} player {NAME} }}"
EVENTS = f"""subscription($c: ID!, $d: Date!, $a: String) {{ teeSheetEvents(courseId: $c, date: $d, after: $a) {{
    ... on StreamEvent {{ slotId }}
    ... on SlotBooked {{ payerLastName {PLACE} }}
    ... on BookingCreated {{
        ownBooking: own {{ isBooker position payer {NAME} players {{ position playerId slotId firstName lastName }} }}
    }}
}} }}"""
SHEET = f"query($c: ID!, $d: Date!) {{ teeSheet(courseId: $c, date: $d) {{ teeTimes {{ slots {{ id {PLACE} }} }} }} }}"
ANA = {"firstName": "Ana", "lastName": "García"}
BEN = {"firstName": "Ben", "lastName": "Pérez"}
GUEST = {"firstName": "", "lastName": ""}


async def own_places(world, who):
    """Ask which places are the viewer's own; give them by their ids."""
    answer = await world.server.run(SHEET, who=who, c=world.course, d=world.day.isoformat())
    slots = [slot for tee_time in answer.data["teeSheet"]["teeTimes"] for slot in tee_time["slots"]]
    return {slot["id"]: slot["own"] for slot in slots if slot["own"]}


async def heard(world, people, act):
    """Let people follow the sheet while something is done; give what each is told, up to the booking's last place."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in people]
        since = await head(world)
        for socket in sockets:
            await socket.subscribe(EVENTS, c=world.course, d=world.day.isoformat(), a=since)
        await act()
        told = [await socket.events(3) for socket in sockets]
        return len(world.server.process.fanout._groups), told


@pytest.mark.parametrize("privacy", ["INITIALS", "HIDDEN"])
async def test_bookers_and_players_are_told_what_is_theirs_and_nobody_else_is(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    ben_id = await add_player(world, "Ben", "MEMBER", user_id="ben")
    ana, ben, cleo = world.player("ana"), world.player("ben"), world.player("cleo")
    by_player_id = world.player("somebody", player_id=parse_id("player", ben_id))
    people = [ana, ben, by_player_id, cleo, world.staff]

    async def act():
        await book(world, world.clerk("ana"), places=2, players=[{"playerId": ben_id}], payer=ANA)

    groups, told = await heard(world, [*people, ana], act)
    assert groups == len(people)
    assert told[0] == told[-1]
    first, second = (event["slotId"] for event in told[0][1:])
    players = [
        {"position": 1, "playerId": ben_id, "slotId": first, **BEN},
        {"position": 2, "playerId": None, "slotId": second, **GUEST},
    ]
    whole = {"payer": ANA, "players": players}
    for events, who in zip(told[:-1], people, strict=True):
        created, *places = events
        is_booker, is_player = who is ana, who in (ben, by_player_id)
        mine = {"isBooker": is_booker, "position": 1 if is_player else None, **whole}
        assert created["ownBooking"] == (mine if is_booker or is_player else None)
        on_first = {"isBooker": is_booker, "isPlayer": is_player, "payer": ANA, "player": BEN}
        on_second = {"isBooker": True, "isPlayer": False, "payer": ANA, "player": GUEST}
        expected = [on_first if is_booker or is_player else None, on_second if is_booker else None]
        assert [place["own"] for place in places] == expected
        known = {place["slotId"]: place["own"] for place in places if place["own"]}
        assert await own_places(world, who) == known
        assert (places[0]["payerLastName"] == ANA["lastName"]) == (who is world.staff)


CHANGED = f"""subscription($c: ID!, $d: Date!, $a: String) {{ teeSheetEvents(courseId: $c, date: $d, after: $a) {{
    ... on SlotBooked {{ slotId {PLACE} }}
    ... on BookingUpdated {{ ownBooking: own {{ isBooker position players {{ firstName }} }} }}
}} }}"""


async def test_a_place_that_changes_hands_is_the_new_player_s_own(world):
    players = {name: await add_player(world, name, "MEMBER", user_id=name.lower()) for name in ("Ben", "Cleo")}
    booked = await book(world, world.staff, players=[{"playerId": players["Ben"]}], payer=ANA)
    people = [world.player("ben"), world.player("cleo"), world.player("ana"), world.staff]
    given = {"bookingId": booked["booking"]["id"], "players": [{"position": 1, "playerId": players["Cleo"]}]}
    async with AsyncExitStack() as stack:
        since = await head(world)
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in people]
        for socket in sockets:
            await socket.subscribe(CHANGED, c=world.course, d=world.day.isoformat(), a=since)
        await done(world.server, "updateBooking", "booking { id }", who=world.staff, **given)
        for who, socket in zip(people, sockets, strict=True):
            updated, place = await socket.events(2)
            mine, is_booker = who is people[1], who is world.staff
            own = {"isBooker": is_booker, "position": 1 if mine else None, "players": [{"firstName": "Cleo"}]}
            assert updated["ownBooking"] == (own if mine or is_booker else None)
            assert (place["own"] is not None) == (mine or is_booker)
            assert await own_places(world, who) == ({place["slotId"]: place["own"]} if place["own"] else {})


async def test_a_cancelled_place_is_nobody_s_own(world):
    ana = world.player("ana")
    booked = await book(world, ana, places=2, payer=ANA)
    assert len(await own_places(world, ana)) == 2
    await cancel(world, world.staff, booked["booking"]["id"])
    assert await own_places(world, ana) == {}


async def test_a_booking_says_whether_the_viewer_made_it(world):
    query = "query($id: ID!) { booking(id: $id) { isBooker } }"
    ana = world.player("ana")
    booked = await book(world, ana, payer=ANA)
    for who, expected in [(ana, True), (world.staff, False)]:
        answer = await world.server.run(query, who=who, id=booked["booking"]["id"])
        assert answer.data["booking"]["isBooker"] is expected


NAMED, OTHER = new_id(), new_id()


@pytest.mark.parametrize(
    ("token_names", "player_id", "user_id", "plays"),
    [
        (None, NAMED, "ana", True),
        (None, NAMED, "ben", False),
        (None, NAMED, None, False),
        (None, None, None, False),
        (NAMED, NAMED, None, True),
        (NAMED, NAMED, "ben", True),
        (NAMED, OTHER, "ana", False),
        (NAMED, None, None, False),
    ],
)
def test_a_token_that_names_a_player_stands_for_that_one_alone(token_names, player_id, user_id, plays):
    who = Who(new_id(), (Role.PLAYER,), user_id="ana")
    viewer = replace(who, player_id=token_names).viewer(MORNING)
    assert plays_as(viewer, player_id=player_id, user_id=user_id) is plays


ADDED = {SlotBooked: {"booked_by", "player", "user_id"}, BookingCreated: {"booked_by", "user_ids"}}
"""Fields that facts have got since the log began to be kept."""


@pytest.mark.parametrize("kind", ADDED)
async def test_what_was_logged_before_it_was_noted_whose_it_is_can_still_be_told(kind):
    logged = told(example(kind), stream="club:1", tenant_id=new_id())
    old = replace(logged, data={name: value for name, value in logged.data.items() if name not in ADDED[kind]})
    assert len(old.data) == len(logged.data) - len(ADDED[kind])
    shown = show_event(old, Audience(staff=True))
    assert shown.booking_id == logged.data["booking_id"]
    own = own_place if kind is SlotBooked else own_booking
    assert own(old.event, Who(new_id(), (Role.PLAYER,), user_id="ana").viewer(MORNING)) is None
