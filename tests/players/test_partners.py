"""Whom a player may name by id: the household, buddies who have both agreed, and nobody else."""

import asyncio

from kit.ids import new_id, public_id
from tests.notifications.desk import told
from tests.players.book import add, code_of, do, problem_of
from tests.tee_sheet.desk import book

PARTNERS = "query($c: ID!) { partners(clubId: $c) { playerId firstName isHousehold } }"
BUDDIES = "query($c: ID!) { buddies(clubId: $c) { id name playerId askedByViewer agreedAt } }"
WITH_PLAYERS = "booking { id players { playerId priceClass } }"


async def people(world):
    """Add Ana and Ben, who have accounts and nothing in common; give their ids."""
    return [await add(world, name, "Ruiz", userId=name.lower(), memberNumber=name) for name in ("Ana", "Ben")]


async def ask(world, who, number, last="ruiz"):
    return await do(
        world,
        "askBuddy",
        who=world.player(who),
        selection="buddy { id name playerId agreedAt }",
        clubId=world.club,
        memberNumber=number,
        lastName=last,
    )


async def partners(world, who):
    found = (await world.server.run(PARTNERS, who=world.player(who), c=world.club)).data["partners"]
    return [(one["playerId"], one["isHousehold"]) for one in found]


async def naming(world, who, *ids, number=0):
    """Try to book for players; give the payload."""
    given = {"teeTimeId": world.tee_time(number), "players": [{"playerId": one} for one in ids]}
    return await world.server.mutate("bookSlots", WITH_PLAYERS, who=world.player(who), **given)


async def test_somebody_else_s_id_is_answered_like_one_that_does_not_exist(world):
    _, ben = await people(world)
    unknown = await naming(world, "ana", public_id("player", new_id()))
    assert (await naming(world, "ana", ben))["problems"] == unknown["problems"] != []
    assert await partners(world, "ana") == []


async def test_a_household_books_for_each_other_at_their_own_classes(world):
    ana, ben = await people(world)
    for one in (ana, ben):
        await do(world, "updatePlayer", playerId=one, household="Ruiz, North Road")
    await do(world, "updatePlayer", playerId=ben, priceClass="PUBLIC")
    assert await partners(world, "ana") == [(ben, True)]
    payload = await naming(world, "ana", ana, ben)
    shown = [(one["playerId"], one["priceClass"]) for one in payload["booking"]["players"]]
    assert shown == [(ana, "MEMBER"), (ben, "PUBLIC")]
    await do(world, "updatePlayer", playerId=ben, household=None)
    assert (await naming(world, "ana", ben, number=1))["problems"] != []
    changed = [{"position": 2, "playerId": ben}]  # who is on the booking already stays
    await do(
        world,
        "updateBooking",
        who=world.player("ana"),
        selection=WITH_PLAYERS,
        bookingId=payload["booking"]["id"],
        players=changed,
    )


async def test_buddies_have_both_agreed(world):
    ana, ben = await people(world)
    asked = (await ask(world, "ana", "Ben"))["buddy"]
    assert asked == {"id": asked["id"], "name": "Ruiz", "playerId": None, "agreedAt": None}
    assert (await naming(world, "ana", ben))["problems"] != []
    assert (await naming(world, "ben", ana))["problems"] != []
    assert [row["kind"] for row in await told(world, world.player("ben"))] == ["BUDDY_ASKED"]
    [seen] = (await world.server.run(BUDDIES, who=world.player("ben"), c=world.club)).data["buddies"]
    assert (seen["name"], seen["askedByViewer"], seen["playerId"]) == ("Ana Ruiz", False, None)
    given = {"buddyId": asked["id"], "accept": True, "selection": "buddy { playerId }"}
    assert (
        await code_of(world, "answerBuddy", who=world.player("ana"), buddyId=asked["id"], accept=True) == "NOT_ALLOWED"
    )
    agreed = await do(world, "answerBuddy", who=world.player("ben"), **given)
    assert agreed["buddy"]["playerId"] == ana
    assert [row["kind"] for row in await told(world, world.player("ana"))] == ["BUDDY_AGREED"]
    assert (await partners(world, "ana"), await partners(world, "ben")) == ([(ben, False)], [(ana, False)])
    assert (await naming(world, "ana", ana, ben))["problems"] == []
    ended = await do(world, "removeBuddy", who=world.player("ana"), selection="buddyId", buddyId=asked["id"])
    assert ended["buddyId"] == asked["id"]
    assert (await naming(world, "ben", ana, number=1))["problems"] != []


async def test_a_request_that_is_declined_is_gone(world):
    await people(world)
    asked = (await ask(world, "ana", "Ben"))["buddy"]["id"]
    given = {"buddyId": asked, "accept": False, "selection": "buddy { id }"}
    assert (await do(world, "answerBuddy", who=world.player("ben"), **given))["buddy"] is None
    assert (await world.server.run(BUDDIES, who=world.player("ana"), c=world.club)).data["buddies"] == []
    assert await code_of(world, "answerBuddy", who=world.player("ben"), buddyId=asked, accept=True) == "NOT_FOUND"


async def test_two_who_ask_each_other_at_once_have_agreed(world):
    ana, ben = await people(world)
    await asyncio.gather(ask(world, "ana", "Ben"), ask(world, "ben", "Ana"))
    assert (await partners(world, "ana"), await partners(world, "ben")) == ([(ben, False)], [(ana, False)])


async def test_nobody_learns_by_asking_who_has_which_number(world):
    await people(world)
    where = {"who": world.player("ana"), "clubId": world.club}
    right_number = await problem_of(world, "askBuddy", memberNumber="Ben", lastName="Vega", **where)
    assert await problem_of(world, "askBuddy", memberNumber="None", lastName="Ruiz", **where) == right_number
    assert await problem_of(world, "askBuddy", memberNumber="Ana", lastName="Ruiz", **where) == right_number
    answer = await code_of(
        world, "askBuddy", who=world.player("eva"), clubId=world.club, memberNumber="Ben", lastName="Ruiz"
    )
    assert answer == "NOT_ALLOWED"  # whom the club does not know


async def test_others_learn_nothing_of_a_pair(world):
    await people(world)
    await add(world, "Eva", userId="eva")
    asked = (await ask(world, "ana", "Ben"))["buddy"]["id"]
    for who in (world.player("eva"), world.staff, world.caddie(1)):
        assert await code_of(world, "answerBuddy", who=who, buddyId=asked, accept=True) == "NOT_FOUND"
        assert await code_of(world, "removeBuddy", who=who, buddyId=asked) == "NOT_FOUND"


async def test_who_was_booked_by_staff_is_told_sees_it_and_may_leave(world):
    ana, ben = await people(world)
    booked = await book(world, world.staff, 6, places=2, players=[{"playerId": ana}, {"playerId": ben}], payer=None)
    booking = booked["booking"]["id"]
    assert [row["kind"] for row in await told(world, world.player("ana"))] == ["BOOKED_FOR_YOU"]
    query = "query($id: ID!) { booking(id: $id) { status isBooker isPayer players { playerId } } }"
    shown = (await world.server.run(query, who=world.player("ben"), id=booking)).data["booking"]
    assert (shown["isBooker"], shown["isPayer"]) == (False, False)
    assert (await world.server.run(query, who=world.player("ana"), id=booking)).data["booking"]["isPayer"] is True
    assert await code_of(world, "cancelBooking", who=world.player("ben"), bookingId=booking) == "NOT_ALLOWED"
    world.server.clock.advance(minutes=11)  # who has just been booked may leave without notice
    assert (await problem_of(world, "leaveBooking", who=world.player("ben"), bookingId=booking))["code"] == (
        "CHANGE_TOO_LATE"
    )
    await do(world, "updateClub", who=world.admin, selection="club { id }", clubId=world.club, **SHORT_NOTICE)
    wanted = "booking { status players { playerId } }"
    left = await do(world, "leaveBooking", who=world.player("ben"), selection=wanted, bookingId=booking)
    assert left["booking"] == {"status": "CONFIRMED", "players": [{"playerId": ana}]}
    assert await code_of(world, "leaveBooking", who=world.player("ben"), bookingId=booking) == "NOT_FOUND"
    assert [row["kind"] for row in await told(world, world.player("ana"))] == ["BOOKING_UPDATED", "BOOKED_FOR_YOU"]
    assert [row["kind"] for row in await told(world, world.staff)] == ["BOOKING_UPDATED"]
    gone = await do(world, "leaveBooking", who=world.player("ana"), selection=wanted, bookingId=booking)
    assert gone["booking"]["status"] == "CANCELLED"


SHORT_NOTICE = {"cancellationNoticeHours": 0}


async def test_who_pays_may_cancel_what_others_booked(world):
    ana, _ = await people(world)
    await do(world, "updateClub", who=world.admin, selection="club { id }", clubId=world.club, **SHORT_NOTICE)
    booked = await book(world, world.staff, 6, places=2, players=[{"playerId": ana}], payer=None)
    booking = booked["booking"]["id"]
    done = await do(world, "cancelBooking", who=world.player("ana"), selection="booking { status }", bookingId=booking)
    assert done["booking"]["status"] == "CANCELLED"


async def test_of_two_who_leave_at_once_the_last_one_cancels(world):
    ana, ben = await people(world)
    await do(world, "updateClub", who=world.admin, selection="club { id }", clubId=world.club, **SHORT_NOTICE)
    booked = await book(world, world.staff, 6, places=2, players=[{"playerId": ana}, {"playerId": ben}])
    given = {"selection": "booking { status }", "bookingId": booked["booking"]["id"]}
    left = await asyncio.gather(*(do(world, "leaveBooking", who=world.player(one), **given) for one in ("ana", "ben")))
    assert sorted(one["booking"]["status"] for one in left) == ["CANCELLED", "CONFIRMED"]


async def test_who_is_put_on_a_booking_later_is_told_that_and_nothing_else(world):
    ana, ben = await people(world)
    booked = await book(world, world.staff, 6, places=2, players=[{"playerId": ana}])
    players = [{"position": 2, "playerId": ben}]
    await do(world, "updateBooking", selection="booking { id }", bookingId=booked["booking"]["id"], players=players)
    assert [row["kind"] for row in await told(world, world.player("ben"))] == ["BOOKED_FOR_YOU"]
    assert [row["kind"] for row in await told(world, world.player("ana"))] == ["BOOKING_UPDATED", "BOOKED_FOR_YOU"]
