"""Joining and leaving a waitlist, through the API."""

import pytest

from kit.ids import new_id, parse_id, public_id
from tests.harness import found_world
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import add_player, club_events, done, forbidden, head, refused, types
from tests.tee_sheet.waiting import NAME, join, leave, node, waitlist


def wanted(world, **more):
    return {"courseId": world.course, "date": world.day.isoformat(), "partySize": 2} | NAME | more


async def test_a_player_waits_in_line_by_name_and_price_class(world, clock):
    ana = world.player("ana")
    player = await add_player(world, "Ana", "MEMBER", "ana")
    await join(world, world.player("ben"), 0)
    before = await head(world)
    entry = await join(world, ana, None, 3, earliest="09:00", latest="10:30")
    assert entry == {
        "id": entry["id"],
        "status": "WAITING",
        "place": 2,
        "earliest": "09:00:00",
        "latest": "10:30:00",
        "partySize": 3,
        "priceClass": "MEMBER",
        "playerId": player,
        "name": {"firstName": "Ana", "lastName": "Pérez"},
        "joinedAt": clock().isoformat(),
        "courseId": world.course,
        "date": "2026-05-04",
        "offer": None,
    }
    assert await node(world, entry["id"], ana) == entry
    assert (await waitlist(world, ana))["entries"] == [entry]
    assert [row["place"] for row in (await waitlist(world))["entries"]] == [1, 2]
    [event] = await club_events(world, after=before, upto=await head(world))
    facts = {"type": "waitlist.joined", "entryId": entry["id"], "partySize": 3, "playerId": player, "firstName": "Ana"}
    assert event.items() >= (facts | {"earliest": "09:00:00", "courseId": world.course}).items()


async def test_who_is_not_known_gives_a_name_and_is_of_the_public(world):
    ana = world.player("ana")
    problem = await refused(world, "joinWaitlist", who=ana, **wanted(world, firstName=" ", lastName=""))
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "firstName"])
    entry = await join(world, ana, None)
    assert (entry["priceClass"], entry["playerId"], entry["earliest"]) == ("PUBLIC", None, "00:00:00")
    assert entry["name"] == NAME


async def test_staff_put_players_and_callers_on_the_list_and_players_only_themselves(world):
    player = await add_player(world, "Eva", "GUEST", "eva")
    other = await add_player(world, "Ivo", "GUEST")
    for_eva = await join(world, world.staff, playerId=player)
    assert [row["id"] for row in (await waitlist(world, world.player("eva")))["entries"]] == [for_eva["id"]]
    for name in ("Max", "Moe"):  # callers without an account are not held against each other
        caller = await join(world, world.staff, firstName=name)
        assert caller["name"]["firstName"] == name
    problem = await refused(world, "joinWaitlist", who=world.staff, **wanted(world, firstName="", lastName=""))
    assert problem["path"] == ["input", "playerId"]
    answer = await forbidden(world, "joinWaitlist", who=world.player("eva"), **wanted(world, playerId=other))
    assert answer.code == "NOT_FOUND"


async def test_a_player_of_another_club_is_not_known(world):
    sister = await found_world(world.server, tenant_id=world.tenant_id)
    stranger = await add_player(sister, "Eva", "MEMBER")
    for who in (world.staff, world.admin):
        answers = [
            await forbidden(world, "joinWaitlist", who=who, **wanted(world, playerId=one))
            for one in (stranger, public_id("player", new_id()))
        ]
        assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"partySize": 0}, "INVALID_INPUT", ["input", "partySize"]),
        ({"partySize": 5}, "INVALID_INPUT", ["input", "partySize"]),
        ({"earliest": "10:00", "latest": "09:59"}, "INVALID_INPUT", ["input", "latest"]),
        ({"earliest": "12:01"}, "INVALID_INPUT", ["input", "earliest"]),
        ({"earliest": "09:01", "latest": "09:09"}, "INVALID_INPUT", ["input", "earliest"]),
        ({"date": "2026-05-05"}, "NO_TEE_SHEET", ["input", "date"]),
        ({"lastName": "x" * 101}, "INVALID_INPUT", ["input", "lastName"]),
    ],
)
async def test_what_nobody_can_wait_for_is_refused(standing, given, code, path):
    problem = await refused(standing, "joinWaitlist", who=standing.player("ana"), **wanted(standing, **given))
    assert (problem["code"], problem["path"]) == (code, path)


async def test_nobody_waits_for_starts_that_have_been(world, clock):
    clock.advance(hours=3, minutes=1)  # 10:01 in Madrid
    ana = world.player("ana")
    problem = await refused(world, "joinWaitlist", who=ana, **wanted(world, latest="10:00"))
    assert problem["path"] == ["input", "earliest"]
    assert (await join(world, ana, None, latest="10:10"))["place"] == 1


async def test_who_is_sold_nothing_waits_for_nothing(world):
    given = {"firstStart": "08:00", "lastStart": "09:00", "intervalMinutes": 10, "groupSizes": [2, 3]}
    prices = [{"priceClass": "MEMBER", "holes": 18, "amountCents": 4000}]
    at = {"who": world.staff, "courseId": world.course}
    await done(world.server, "setSheetTemplate", "template { id }", **at, **given, prices=prices)
    await done(world.server, "generateTeeSheet", "teeSheets { id }", **at, date="2026-05-05")
    ana, tomorrow = world.player("ana"), {"date": "2026-05-05"}
    problem = await refused(world, "joinWaitlist", who=ana, **wanted(world, **tomorrow))
    assert problem.items() >= {"code": "NOT_ON_SALE", "priceClass": "PUBLIC"}.items()
    problem = await refused(world, "joinWaitlist", who=ana, **wanted(world, **tomorrow, partySize=4))
    assert problem.items() >= {"code": "GROUP_SIZE_NOT_ALLOWED", "allowed": [2, 3]}.items()


async def test_nobody_waits_twice_for_one_day(world):
    player = await add_player(world, "Ana", "MEMBER", "ana")
    entry = await join(world, world.player("ana"), 0)
    again = await refused(world, "joinWaitlist", who=world.player("ana"), **wanted(world))
    assert again.items() >= {"code": "ALREADY_ON_WAITLIST", "entryId": entry["id"]}.items()
    by_staff = await refused(world, "joinWaitlist", who=world.staff, **wanted(world, playerId=player))
    assert by_staff["entryId"] == entry["id"]
    await leave(world, world.player("ana"), entry["id"])
    assert (await join(world, world.player("ana")))["id"] != entry["id"]


async def test_who_asks_ten_times_at_once_waits_once(world):
    payloads = await at_once(world, "joinWaitlist", [world.player("ana")] * 10, **wanted(world))
    made = [payload["waitlistEntry"]["id"] for payload in payloads if payload["waitlistEntry"]]
    assert len(made) == 1
    problems = [payload["problems"][0] for payload in payloads if payload["problems"]]
    assert {(problem["code"], problem["entryId"]) for problem in problems} == {("ALREADY_ON_WAITLIST", made[0])}
    assert len(problems) == 9


async def test_a_key_is_used_once(world):
    given = wanted(world, idempotencyKey="once")
    first, again = [
        await done(world.server, "joinWaitlist", "waitlistEntry { id place }", who=world.player("ana"), **given)
        for _ in range(2)
    ]
    assert first == again


async def test_who_leaves_waits_no_longer_and_others_move_up(world):
    ana, ben = world.player("ana"), world.player("ben")
    first, second = await join(world, ana), await join(world, ben)
    before = await head(world)
    left = await leave(world, ana, first["id"])
    assert left["waitlistEntry"] == {"id": first["id"], "status": "LEFT", "place": None}
    assert [(row["id"], row["place"]) for row in (await waitlist(world, ben))["entries"]] == [(second["id"], 1)]
    assert types(await club_events(world, after=before, upto=left["cursor"])) == ["waitlist.left"]
    problem = await refused(world, "leaveWaitlist", who=ana, entryId=first["id"])
    assert problem.items() >= {"code": "WAITLIST_ENTRY_ENDED", "entryStatus": "LEFT"}.items()
    payloads = await at_once(world, "leaveWaitlist", [ben, world.staff] * 4, entryId=second["id"])
    assert sorted(len(payload["problems"]) for payload in payloads) == [0] + [1] * 7


async def test_an_entry_is_its_owner_s_and_the_staff_s_alone(world):
    entry = await join(world, world.player("ana"))
    for who in (world.player("ben"), world.player("eva")):
        assert (await waitlist(world, who))["entries"] == []
        answer = await forbidden(world, "leaveWaitlist", who=who, entryId=entry["id"])
        assert answer.code == "NOT_FOUND"
    await leave(world, world.staff, entry["id"])


async def test_a_token_that_names_the_player_is_as_good_as_the_account(world):
    player = await add_player(world, "Eva", "MEMBER")
    entry = await join(world, world.staff, playerId=player)
    eva = world.player("eva's phone", player_id=parse_id("player", player))
    assert [row["id"] for row in (await waitlist(world, eva))["entries"]] == [entry["id"]]
    problem = await refused(world, "joinWaitlist", who=eva, **wanted(world))
    assert problem["entryId"] == entry["id"]


@pytest.mark.parametrize("privacy", ["FULL", "INITIALS", "HIDDEN"])
async def test_players_are_told_that_somebody_waits_and_not_who(server, privacy):
    world = await found_world(server, namePrivacy=privacy)
    await add_player(world, "Ana", "MEMBER", "ana")
    before = await head(world)
    await join(world, world.player("ana"))
    upto = await head(world)
    [for_staff] = await club_events(world, after=before, upto=upto)
    [for_ben] = await club_events(world, after=before, upto=upto, who=world.player("ben"))
    assert (for_staff["firstName"], for_staff["lastName"]) == ("Ana", "Pérez")
    hidden = {"firstName": "", "lastName": "", "playerId": None, "priceClass": None}
    assert for_ben == for_staff | hidden


async def test_a_day_without_a_sheet_has_no_waitlist(standing):
    query = 'query($c: ID!) { waitlist(courseId: $c, date: "2026-05-09") { cursor } }'
    answer = await standing.server.run(query, who=standing.staff, c=standing.course)
    assert answer.data == {"waitlist": None}
