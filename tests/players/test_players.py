"""Players: added, changed, found, deactivated; and what of it reaches whom."""

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import replace

from sqlalchemy import text

from auth.viewer import Role
from tests.players.book import ANA, EVENTS, LIST, PLAYER, add, code_of, do, names, problem_of, told
from tests.tee_sheet.desk import book, head

ONE = f"query($id: ID!) {{ {PLAYER.replace('player {', 'player(id: $id) {')} }}"
FILE = """query($id: ID!) { player(id: $id) {
  bookings { id status } noShows { id } rainChecks { code bookingId }
} }"""


async def test_a_player_is_kept_as_given_and_told_to_staff(world):
    since = await head(world)
    payload = await do(world, "addPlayer", clubId=world.club, **ANA)
    kept = payload["player"]
    assert kept == ANA | {"id": kept["id"], "hostId": None, "isActive": True}
    [event] = await told(world, after=since, count=1)
    facts = {name: value for name, value in kept.items() if name not in {"id", "userId"}}
    assert event == facts | {
        "type": "player.added",
        "cursor": payload["cursor"],
        "clubId": world.club,
        "playerId": kept["id"],
    }


async def test_a_change_keeps_what_is_left_out_and_removes_what_is_null(world):
    guest = await add(world, "Gus", "Vega", priceClass="GUEST")
    player = (await do(world, "addPlayer", clubId=world.club, **ANA))["player"]
    since = await head(world)
    changed = await do(world, "updatePlayer", playerId=player["id"], lastName="Peña", phone=None, hostId=guest)
    assert changed["player"] == player | {"lastName": "Peña", "phone": None, "hostId": guest}
    [event] = await told(world, after=since, count=1)
    assert (event["type"], event["changes"], event["phone"]) == (
        "player.updated",
        ["lastName", "phone", "hostId"],
        None,
    )
    assert await names(world, "pena") == ["Ana Peña"]
    assert await names(world, "612") == []
    again = await do(world, "updatePlayer", playerId=player["id"], lastName="Peña")
    assert again["cursor"] is None  # nothing has changed, and nothing is told


async def test_somebody_is_found_by_parts_of_names_by_number_and_by_phone(world):
    await do(world, "addPlayer", clubId=world.club, **ANA)
    await add(world, "Álvaro", "Ñíguez", priceClass="PUBLIC", phone="600-111 222", memberNumber="77-88")
    await add(world, "José", "O'Dell", priceClass="GUEST")
    assert await names(world) == ["Álvaro Ñíguez", "Ana Núñez", "José O'Dell"]  # by last name, without accents
    for search, found in {
        "nune": ["Ana Núñez"],
        "NÚÑEZ ana": ["Ana Núñez"],
        "m-017": ["Ana Núñez"],
        "612 345": ["Ana Núñez"],
        "612345678": ["Ana Núñez"],
        "(600) 111": ["Álvaro Ñíguez"],
        "77-88": ["Álvaro Ñíguez"],
        "o'd": ["José O'Dell"],
        "ana ruiz": [],
        "%": [],
    }.items():
        assert await names(world, search) == found, search
    assert await names(world, p="PUBLIC") == ["Álvaro Ñíguez"]


async def test_pages_of_players_hold_each_one_once(world):
    for number in range(7):
        await add(world, f"P{number % 3}", "Same" if number < 5 else "Other")
    found, after = [], None
    while True:
        page = (await world.server.run(LIST, who=world.staff, c=world.club, f=2, after=after)).data["players"]
        found += [one["id"] for one in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    whole = (await world.server.run(LIST, who=world.staff, c=world.club)).data["players"]["nodes"]
    assert found == [one["id"] for one in whole]
    assert len(set(found)) == 7


async def test_a_cursor_that_is_made_up_is_refused(world):
    for place in ('["players", "a\\u0000", "x"]', '["players", "\\ud800", "0"]', '["players", 1, 2]', "[]"):
        given = urlsafe_b64encode(place.encode()).decode()
        answer = await world.server.run(LIST, who=world.staff, c=world.club, after=given)
        assert answer.code == "INVALID_INPUT"


async def test_numbers_and_users_are_one_player_s(world):
    await do(world, "addPlayer", clubId=world.club, **ANA)
    ben = await add(world, memberNumber="M-018")
    for field, value in (("memberNumber", "M-017"), ("userId", "ana")):
        problem = await problem_of(world, "updatePlayer", playerId=ben, **{field: value})
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", field])
    await do(world, "updatePlayer", playerId=ben, memberNumber="M-018", userId="ben")  # one's own is no other's


async def test_of_two_who_take_one_number_at_once_one_gets_it(world):
    players = [await add(world, f"P{number}") for number in range(4)]
    given = [
        world.server.mutate("updatePlayer", "cursor", who=world.staff, playerId=one, memberNumber="1")
        for one in players
    ]
    answers = await asyncio.gather(*given)
    assert sorted(len(answer["problems"]) for answer in answers) == [0, 1, 1, 1]


async def test_what_cannot_be_is_refused_by_its_place(world):
    player = await add(world)
    for field, value in {
        "phone": "call me",
        "email": "nobody",
        "birthDate": "2026-05-05",
        "memberNumber": "x" * 41,
        "household": "x" * 61,
        "notes": "x" * 2001,
        "hostId": player,
    }.items():
        problem = await problem_of(world, "updatePlayer", playerId=player, **{field: value})
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", field]), field
        assert str(value) not in problem["message"]
    assert (await problem_of(world, "updatePlayer", playerId=player, firstName=" "))["path"] == ["input", "firstName"]


async def test_who_was_deactivated_is_named_in_no_booking_and_books_as_the_public(world):
    ana = (await do(world, "addPlayer", clubId=world.club, **ANA))["player"]["id"]
    kept = await book(world, world.player("ana"), 0)
    since = await head(world)
    await do(world, "deactivatePlayer", playerId=ana)
    [event] = await told(world, after=since, count=1)
    assert (event["type"], event["isActive"], event["changes"]) == ("player.updated", False, ["isActive"])
    problem = await problem_of(world, "bookSlots", teeTimeId=world.tee_time(1), players=[{"playerId": ana}])
    assert problem["path"] == ["input", "players", "0", "playerId"]
    day = world.day.isoformat()
    window = {"earliest": "08:00", "latest": "12:00", "partySize": 1}
    problem = await problem_of(world, "joinWaitlist", courseId=world.course, date=day, playerId=ana, **window)
    assert problem["path"] == ["input", "playerId"]
    booked = await book(world, world.player("ana"), 2)
    assert [one["priceClass"] for one in booked["booking"]["players"]] == ["PUBLIC"]
    seen = (await world.server.run(FILE, who=world.player("ana"), id=ana)).data["player"]["bookings"]
    assert [one["id"] for one in seen] == [kept["booking"]["id"]]
    assert (await names(world, "ana", a=True), await names(world, "ana", a=False)) == ([], ["Ana Núñez"])
    await do(world, "reactivatePlayer", playerId=ana)
    await book(world, world.staff, 3, players=[{"playerId": ana}])


async def test_a_player_is_shown_with_bookings_no_shows_and_rain_checks(world):
    ana = await add(world, **ANA)
    later = await book(world, world.staff, 2, players=[{"playerId": ana}])
    first = await book(world, world.staff, 0, players=[{"playerId": ana}], paidCents=4000)
    wet = first["booking"]["id"]
    await do(world, "issueRainCheck", selection="rainCheck { id }", bookingId=wet, holesPlayed=9)
    world.server.clock.advance(hours=2)
    await do(world, "markNoShow", selection="booking { id }", bookingId=wet)
    shown = (await world.server.run(FILE, who=world.staff, id=ana)).data["player"]
    assert [one["id"] for one in shown["bookings"]] == [later["booking"]["id"], wet]
    assert [one["id"] for one in shown["noShows"]] == [wet]
    assert [one["bookingId"] for one in shown["rainChecks"]] == [wet]
    own = (await world.server.run(FILE, who=world.player("ana"), id=ana)).data["player"]
    assert own == shown | {"rainChecks": []}  # a code is for who made the booking, which were the staff


async def test_contact_data_reach_staff_and_the_player_alone(world, server):
    ana = (await do(world, "addPlayer", clubId=world.club, **ANA))["player"]["id"]
    own = (await server.run(ONE, who=world.player("ana"), id=ana)).data["player"]
    assert own == ANA | {"id": ana, "hostId": None, "isActive": True, "notes": None}
    others = [world.player("ben"), world.caddie(1)]
    others += [replace(world.staff, roles=(role,)) for role in (Role.GUEST, Role.DEVICE, Role.PLANNER)]
    for who in (*others, replace(world.staff, club_ids=(world.course_id,))):
        assert (await server.run(ONE, who=who, id=ana)).code == "NOT_FOUND"
        node = "query($id: ID!) { node(id: $id) { ... on Player { phone } } }"
        assert (await server.run(node, who=who, id=ana)).code == "NOT_FOUND"
        assert (await server.run(LIST, who=who, c=world.club)).code in {"NOT_ALLOWED", "NOT_FOUND"}
        assert await code_of(world, "updatePlayer", who=who, playerId=ana, phone="600 000 000") == "NOT_FOUND"
        assert await code_of(world, "deactivatePlayer", who=who, playerId=ana) == "NOT_FOUND"
        async with server.socket(who) as socket:
            await socket.subscribe(EVENTS, c=world.club)
            assert (await socket.receive())["type"] == "error"


async def test_no_player_hears_contact_data_in_the_club_s_rooms(world, server):
    since = await head(world)
    ana = (await do(world, "addPlayer", clubId=world.club, **ANA))["player"]["id"]
    await do(world, "updatePlayer", playerId=ana, phone="699 999 999")
    await book(world, world.staff, 0, players=[{"playerId": ana}])
    club = "subscription($c: ID!, $a: String) { clubEvents(clubId: $c, after: $a) { ... on StreamEvent { type } } }"
    async with server.socket(world.player("ben")) as socket:
        await socket.subscribe(club, c=world.club, a=since)
        assert (await socket.event())["type"] == "booking.created"


MANY = text("""INSERT INTO players (id, tenant_id, club_id, first_name, last_name, price_class, sort_name, search_text,
        phone, created_at)
    SELECT gen_random_uuid(), :tenant, :club, 'First' || n, 'Last' || n, 'MEMBER', 'last' || n || ' first' || n,
        'first' || n || ' last' || n || ' 34600' || lpad(n::text, 6, '0'), '+34 600 ' || n, now()
    FROM generate_series(1, 5000) n""")


async def test_five_thousand_players_are_searched_by_one_statement_of_few_rows(world, server):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        await session.execute(MANY, {"tenant": world.tenant_id, "club": world.club_id})
        await session.commit()
    assert await names(world, "ast4711 600 004711") == ["First4711 Last4711"]
    assert len(await names(world, "last47")) == 20
