"""Two entries of one person merged: what follows to the one that stays, and what is refused."""

import asyncio

from jobs import tasks
from tests.players.book import ANA, add, code_of, do, names, problem_of
from tests.tee_sheet.desk import book, head, sheet
from tests.tee_sheet.waiting import offers, waitlist
from tests.thorough import times

EVENTS = """subscription($c: ID!, $a: String) { playerEvents(clubId: $c, after: $a) {
  ... on StreamEvent { type cursor } ... on PlayersMerged { playerId mergedPlayerId changes bookings phone }
} }"""
OF = """query($id: ID!) { player(id: $id) {
  memberNumber phone userId notes isActive hostId bookings { id } noShows { id } rainChecks { bookingId }
} }"""


async def of(world, player):
    return (await world.server.run(OF, who=world.staff, id=player)).data["player"]


async def two(world):
    """Add Ana twice: once with a number, once with a phone, an account and bookings; give both."""
    kept = await add(world, "Ana", "Núñez", memberNumber="M-017", notes="Old friend")
    other = await add(world, "Anna", "Nunez", phone="612 345 678", userId="ana", notes="Called in")
    return kept, other


async def test_all_that_is_the_other_s_follows(world):
    kept, other = await two(world)
    guest = await add(world, "Gus", "Vega", priceClass="GUEST", hostId=other)
    wet = (await book(world, world.staff, 0, players=[{"playerId": other}], paidCents=4000))["booking"]["id"]
    later = (await book(world, world.player("ana"), 5, players=[{"playerId": other}]))["booking"]["id"]
    await do(world, "issueRainCheck", selection="rainCheck { id }", bookingId=wet, holesPlayed=9)
    day = {"courseId": world.course, "date": world.day.isoformat(), "earliest": "08:00", "latest": "12:00"}
    waiting = await do(world, "joinWaitlist", selection="waitlistEntry { id }", playerId=other, partySize=1, **day)
    since = await head(world)
    merged = await do(world, "mergePlayers", playerId=kept, otherPlayerId=other)
    player = merged["player"]
    assert (player["memberNumber"], player["phone"], player["userId"]) == ("M-017", "612 345 678", "ana")
    assert player["notes"] == "Old friend\nCalled in"
    shown = await of(world, kept)
    assert [one["id"] for one in shown["bookings"]] == [later, wet]
    assert [one["bookingId"] for one in shown["rainChecks"]] == [wet]
    gone = await of(world, other)
    assert (gone["isActive"], gone["userId"], gone["bookings"]) == (False, None, [])
    assert (await of(world, guest))["hostId"] == kept
    entry = "query($id: ID!) { node(id: $id) { ... on WaitlistEntry { id } } }"
    found = await world.server.run(entry, who=world.player("ana"), id=waiting["waitlistEntry"]["id"])
    assert found.data["node"] is not None
    booked = {one["id"]: one["players"][0] for one in (await sheet(world))["bookings"]}
    assert (booked[later]["playerId"], booked[later]["firstName"]) == (kept, "Anna")
    async with world.server.socket(world.staff) as socket:
        await socket.subscribe(EVENTS, c=world.club, a=since)
        event = await socket.event()
    assert (event["type"], event["playerId"], event["mergedPlayerId"], event["bookings"]) == (
        "player.merged",
        kept,
        other,
        2,
    )
    assert await names(world, "nunez") == ["Ana Núñez"]


async def test_screens_of_the_sheet_hear_who_plays_now(world):
    kept, other = await two(world)
    booking = (await book(world, world.staff, 5, players=[{"playerId": other}]))["booking"]["id"]
    since = await head(world)
    await do(world, "mergePlayers", playerId=kept, otherPlayerId=other)
    query = """subscription($c: ID!, $a: String) { clubEvents(clubId: $c, after: $a) {
        ... on StreamEvent { type bookingId } ... on BookingUpdated { changed players { playerId } } } }"""
    async with world.server.socket(world.staff) as socket:
        await socket.subscribe(query, c=world.club, a=since)
        told = await socket.events(2)
    assert [(one["type"], one["bookingId"]) for one in told] == [("booking.updated", booking), ("slot.booked", booking)]
    assert (told[0]["changed"], told[0]["players"][0]["playerId"]) == (["PLAYERS"], kept)


async def test_two_who_play_together_are_two_people(world):
    kept, other = await two(world)
    players = [{"playerId": kept}, {"playerId": other}]
    booking = (await book(world, world.staff, 5, places=2, players=players))["booking"]["id"]
    query = """mutation($i: MergePlayersInput!) { mergePlayers(input: $i) {
        problems { code ... on PlayersPlayTogether { bookingIds } } cursor } }"""
    given = {"playerId": kept, "otherPlayerId": other}
    answer = (await world.server.run(query, who=world.staff, i=given)).data["mergePlayers"]
    assert answer == {"problems": [{"code": "PLAYERS_PLAY_TOGETHER", "bookingIds": [booking]}], "cursor": None}
    assert (await of(world, other))["isActive"] is True


async def test_what_cannot_be_merged(world):
    kept, other = await two(world)
    itself = await problem_of(world, "mergePlayers", playerId=kept, otherPlayerId=kept)
    assert (itself["code"], itself["path"]) == ("INVALID_INPUT", ["input", "otherPlayerId"])
    await do(world, "updatePlayer", playerId=kept, userId="anna")
    assert "account" in (await problem_of(world, "mergePlayers", playerId=kept, otherPlayerId=other))["message"]
    await do(world, "updatePlayer", playerId=kept, userId=None)
    assert await code_of(world, "mergePlayers", who=world.player("ana"), playerId=kept, otherPlayerId=other) == (
        "NOT_FOUND"
    )
    await do(world, "mergePlayers", playerId=kept, otherPlayerId=other)
    again = await problem_of(world, "mergePlayers", playerId=kept, otherPlayerId=other)
    assert again["code"] == "PLAYER_MERGED"
    for operation in ("deactivatePlayer", "reactivatePlayer", "updatePlayer"):
        assert (await problem_of(world, operation, playerId=other))["code"] == "PLAYER_MERGED"
    where = {"teeTimeId": world.tee_time(3), "players": [{"playerId": other}]}
    assert (await problem_of(world, "bookSlots", **where))["path"] == ["input", "players", "0", "playerId"]


async def test_who_waits_twice_for_a_day_leaves_once_first(world):
    kept, other = await two(world)
    day = {"courseId": world.course, "date": world.day.isoformat(), "earliest": "08:00", "latest": "12:00"}
    for one in (kept, other):
        await do(world, "joinWaitlist", selection="cursor", playerId=one, partySize=1, **day)
    assert (await problem_of(world, "mergePlayers", playerId=kept, otherPlayerId=other))["code"] == (
        "ALREADY_ON_WAITLIST"
    )


async def test_buddies_follow_and_are_no_buddies_of_themselves(world):
    kept, other = await two(world)
    ben = await add(world, "Ben", "Ruiz", userId="ben", memberNumber="B")
    await do(
        world,
        "askBuddy",
        who=world.player("ana"),
        selection="cursor",
        clubId=world.club,
        memberNumber="B",
        lastName="Ruiz",
    )
    await do(
        world,
        "askBuddy",
        who=world.player("ben"),
        selection="cursor",
        clubId=world.club,
        memberNumber="M-017",
        lastName="Nunez",
    )
    await do(world, "mergePlayers", playerId=kept, otherPlayerId=other)
    query = "query($c: ID!) { buddies(clubId: $c) { name } }"
    assert len((await world.server.run(query, who=world.player("ana"), c=world.club)).data["buddies"]) == 1
    assert (await of(world, ben))["isActive"] is True


async def test_a_booking_meets_a_merger(world):
    kept, other = await two(world)
    given = {"teeTimeId": world.tee_time(5), "players": [{"playerId": other}], "places": 1}
    booked, merged = await asyncio.gather(
        world.server.mutate("bookSlots", "booking { id }", who=world.staff, **given),
        world.server.mutate("mergePlayers", "cursor", who=world.staff, playerId=kept, otherPlayerId=other),
    )
    assert merged["problems"] == []
    assert (await of(world, other))["bookings"] == []
    assert len((await of(world, kept))["bookings"]) == (0 if booked["problems"] else 1)


async def test_who_stays_is_found_by_the_data_of_both(world):
    kept = await add(world, "Ann", "Núñez")
    other = await add(world, **ANA)
    await do(world, "mergePlayers", playerId=kept, otherPlayerId=other)
    assert await names(world, "m-017 612 ann") == ["Ann Núñez"]


async def test_merging_never_deadlocks_with_those_who_wait_and_book(world):
    """Deadlocks are tried again at the edge, so they are looked for where PostgreSQL counts them."""
    before = await deadlocks(world)
    day = {"courseId": world.course, "date": world.day.isoformat(), "earliest": "08:00", "latest": "08:00"}
    for number in range(times(12, usually=6)):
        kept, other = await add(world, "Ana", f"Gil {number}"), await add(world, "Anna", f"Gil {number}")
        full = (await book(world, world.staff, 0, places=4))["booking"]["id"]
        mine = (await book(world, world.staff, 1, players=[{"playerId": other}]))["booking"]["id"]
        waiting = {"playerId": other, "partySize": 1, "offerNow": False}
        await do(world, "joinWaitlist", selection="waitlistEntry { id }", **day | waiting)
        await do(world, "cancelBooking", selection="booking { id }", bookingId=full)
        [offer] = await offers(world)
        acts = {
            "mergePlayers": {"playerId": kept, "otherPlayerId": other},
            "acceptWaitlistOffer": {"offerId": offer["id"], "players": [{"playerId": other}]},
            "moveBooking": {"bookingId": mine, "teeTimeId": world.tee_time(2)},
            "updateBooking": {"bookingId": mine, "players": [{"firstName": "Guest"}]},
        }
        await asyncio.gather(
            *(world.server.mutate(name, "cursor", who=world.staff, **given) for name, given in acts.items())
        )
        assert (await of(world, other))["bookings"] == []
        assert (await of(world, other))["isActive"] is False
        for entry in (await waitlist(world))["entries"]:
            await do(world, "leaveWaitlist", selection="waitlistEntry { id }", entryId=entry["id"])
        for row in (await sheet(world))["bookings"]:
            if row["status"] != "CANCELLED":
                await do(world, "cancelBooking", selection="booking { id }", bookingId=row["id"])
    assert await deadlocks(world) == before


async def test_merging_never_deadlocks_with_what_is_booked_every_week(world):
    """Those who merge, set, end and deactivate, and two workers who book at the same time, for one start each."""
    before, weekday = await deadlocks(world), world.day.strftime("%A").upper()
    for number in range(times(10, usually=4)):
        people = [(await add(world, "Ana", f"Ros {n}"), await add(world, "Anna", f"Ros {n}")) for n in range(4)]
        week = {"courseId": world.course, "weekday": weekday, "until": world.day.isoformat(), "places": 1}
        week |= {"localTime": world.tee_times[number]["localTime"]}
        rows = []
        for _, other in people:
            given = week | {"players": [{"playerId": other}]}
            rows.append(await do(world, "setStandingBooking", selection="standingBooking { id }", **given))
        extra = {"players": [{"playerId": people[0][1]}]}
        acts = [("mergePlayers", {"playerId": kept, "otherPlayerId": other}) for kept, other in people]
        acts += [("setStandingBooking", week | extra), ("deactivatePlayer", {"playerId": people[1][0]})]
        acts += [("endStandingBooking", {"standingBookingId": rows[-1]["standingBooking"]["id"]})]
        answers, *_ = await asyncio.gather(
            asyncio.gather(
                *(world.server.mutate(name, "cursor", who=world.staff, **given) for name, given in acts),
            ),
            *(tasks.make_standing_bookings(world.server.runtime) for _ in range(2)),
        )
        merged = [answer["problems"] for answer in answers[: len(people)]]
        assert [one for one in merged if one] == []
        await tasks.make_standing_bookings(world.server.runtime)
        gone, kept = {other for _, other in people}, {kept for kept, _ in people}
        start = world.tee_time(number)
        booked = [row for row in (await sheet(world))["bookings"] if row["teeTime"]["id"] == start]
        assert len(booked) in {2, 3, 4}, "all but two that were ended in time, where there is room for four"
        named = {one["playerId"] for row in booked for one in row["players"]} - {None}
        assert named <= kept, "whoever is booked every week is booked as the one who stays"
        query = """query($c: ID!) { standingBookings(clubId: $c, ended: true, first: 100) {
            edges { node { endReason players { playerId } } } } }"""
        found = (await world.server.run(query, who=world.staff, c=world.club)).data["standingBookings"]["edges"]
        assert not gone & {
            one["playerId"] for row in found if not row["node"]["endReason"] for one in row["node"]["players"]
        }
    assert await deadlocks(world) == before


async def deadlocks(world):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return (await (await session.connection()).exec_driver_sql(counted)).scalar_one()
