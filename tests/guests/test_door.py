"""The door: one use of a code, whole households, what is taken back, and scanners that had no network."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.crockford import ALPHABET
from kit.ids import new_id
from tests.api.poller import poll
from tests.guests.party import found_party
from tests.harness import MORNING
from tests.thorough import times

PEOPLE = "guests { id name attendances { partId status arrivedAt } }"
LIST = """query($id: ID!, $part: ID) { checkInList(occasionId: $id, partId: $part) { cursor partId guests {
    guestId name householdName rsvpStatus needs isVip tableName arrivedAt code } } }"""
FOLLOW = """subscription($id: ID!, $after: String) { occasionEvents(
    occasionId: $id, after: $after, types: [CHECK_IN_CREATE, CHECK_IN_UPDATE, CHECK_IN_DELETE]) {
    ... on StreamEvent { type } ... on GuestCheckedIn { guestId guestName partId arrivedAt arrivedBy }
    ... on CheckInCorrected { guestId arrivedAt previousArrivedAt } ... on CheckInUndone { guestId } } }"""
PROBLEM = """problems { __typename code message path
    ... on AlreadyCheckedIn { checkedInAt } ... on NotComing { rsvpStatus } }"""
DINNER = MORNING + timedelta(days=30)


async def codes(party, **more):
    """Give the codes of all who are invited, by name."""
    found = (await party.server.run(LIST, who=party.planner, id=party.id, **more)).data["checkInList"]
    return {one["name"]: one["code"] for one in found["guests"]}


async def check_in(party, **given):
    document = f"mutation($input: CheckInGuestInput!) {{ checkInGuest(input: $input) {{ {PEOPLE} cursor {PROBLEM} }} }}"
    answer = await party.server.run(document, who=party.planner, input={"occasionId": party.id} | given)
    return answer.data["checkInGuest"]


async def undo(party, guest, **given):
    return await party.mutate("undoGuestCheckIn", "guest { id }", guestId=guest, **given)


async def arrivals(party):
    found = (await party.server.run(LIST, who=party.planner, id=party.id)).data["checkInList"]
    return {one["name"]: one["arrivedAt"] for one in found["guests"]}


def refusal(payload):
    [problem] = payload["problems"]
    return problem["code"]


async def test_a_code_lets_in_once(party, clock):
    await party.invite("Vado", "Isla", "Teo")
    await party.answer("Vado")
    code = (await codes(party))["Isla Vado"]
    since = (await party.read())["cursor"]
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=since)
        done = await check_in(party, code=f"{code[:8]}-{code[8:]}".lower())
        told = await socket.event()
    isla = party.households["Vado"]["guests"][0]["id"]
    assert [one["name"] for one in done["guests"]] == ["Isla Vado"]
    assert told == {
        "type": "check-in.create",
        "guestId": isla,
        "guestName": "Isla Vado",
        "partId": party.main,
        "arrivedAt": MORNING.isoformat(),
        "arrivedBy": "planner",
    }
    clock.advance(minutes=5)
    [problem] = (await check_in(party, code=code))["problems"]
    assert (problem["code"], problem["checkedInAt"]) == ("ALREADY_CHECKED_IN", MORNING.isoformat())
    assert await arrivals(party) == {"Isla Vado": MORNING.isoformat(), "Teo Vado": None}


async def test_a_check_in_is_taken_back_and_the_code_is_good_again(party):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    [isla] = [one["id"] for one in party.households["Vado"]["guests"]]
    code = (await codes(party))["Isla Vado"]
    assert refusal(await undo(party, isla)) == "NOT_ARRIVED"
    await check_in(party, code=code)
    assert refusal(await party.answer("Vado", "DECLINED")) == "ALREADY_CHECKED_IN"
    since = (await party.read())["cursor"]
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=since)
        assert (await undo(party, isla))["problems"] == []
        assert await socket.event() == {"type": "check-in.delete", "guestId": isla}
    assert (await check_in(party, code=code))["problems"] == []


async def test_a_whole_household_comes_by_one_scan(party):
    await party.invite("Vado", "Isla", "Teo", "Mar", "Luz")
    await party.answer("Vado")
    await party.answer("Vado", "DECLINED", only=1)
    there = await codes(party)
    first = await check_in(party, code=there["Mar Vado"])
    assert [one["name"] for one in first["guests"]] == ["Mar Vado"]
    assert refusal(await check_in(party, code=there["Mar Vado"], wholeHousehold=True)) == "ALREADY_CHECKED_IN"
    done = await check_in(party, code=there["Teo Vado"], wholeHousehold=True)
    assert [one["name"] for one in done["guests"]] == ["Teo Vado", "Luz Vado"]
    assert [name for name, at in (await arrivals(party)).items() if at is None] == ["Isla Vado"]


async def test_the_rest_of_a_household_comes_by_the_list(party):
    await party.invite("Vado", "Isla", "Teo")
    await party.answer("Vado")
    isla = party.households["Vado"]["guests"][0]["id"]
    await check_in(party, guestId=isla)
    done = await check_in(party, guestId=isla, wholeHousehold=True)
    assert [one["name"] for one in done["guests"]] == ["Teo Vado"]
    assert refusal(await check_in(party, guestId=isla, wholeHousehold=True)) == "ALREADY_CHECKED_IN"


async def test_who_has_not_accepted_comes_in_if_the_door_accepts_and_there_is_a_place(world):
    party = await found_party(world, capacity=2)
    await party.invite("Vado", "Isla")
    await party.invite("Lindero", "Sol", "Mar")
    await party.answer("Vado", "DECLINED")
    there = await codes(party)
    [problem] = (await check_in(party, code=there["Isla Vado"]))["problems"]
    assert (problem["code"], problem["rsvpStatus"]) == ("NOT_COMING", "DECLINED")
    done = await check_in(party, code=there["Isla Vado"], accept=True)
    assert done["guests"][0]["attendances"] == [
        {"partId": party.main, "status": "ACCEPTED", "arrivedAt": MORNING.isoformat()}
    ]
    assert refusal(await check_in(party, code=there["Sol Lindero"], accept=True, wholeHousehold=True)) == (
        "CAPACITY_REACHED"
    )
    assert (await check_in(party, code=there["Sol Lindero"], accept=True))["problems"] == []
    assert refusal(await check_in(party, code=there["Mar Lindero"], accept=True)) == "CAPACITY_REACHED"
    assert await party.statuses("Lindero") == ["ACCEPTED", "PENDING"]


async def test_each_part_has_a_door_of_its_own(party):
    span = {"startsAt": (DINNER + timedelta(days=1)).isoformat(), "endsAt": (DINNER + timedelta(days=2)).isoformat()}
    brunch = await party.done("addPart", "part { id }", occasionId=party.id, part={"name": "Brunch", **span})
    brunch = brunch["part"]["id"]
    await party.invite("Vado", "Isla")
    await party.invite("Lindero", "Sol", partIds=[party.main])
    await party.answer("Vado")
    there = await codes(party)
    await check_in(party, code=there["Isla Vado"])
    assert refusal(await check_in(party, code=there["Isla Vado"], partId=brunch)) == "NOT_COMING"
    done = await check_in(party, code=there["Isla Vado"], partId=brunch, accept=True)
    assert [one["status"] for one in done["guests"][0]["attendances"]] == ["ACCEPTED", "ACCEPTED"]
    assert refusal(await check_in(party, code=there["Sol Lindero"], partId=brunch)) == "NOT_INVITED"
    assert list(await codes(party, part=brunch)) == ["Isla Vado"]


@pytest.mark.parametrize("earlier_first", [True, False])
async def test_of_two_scanners_without_a_network_the_earlier_one_counts(party, clock, earlier_first):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    code = (await codes(party))["Isla Vado"]
    clock.now = DINNER + timedelta(hours=2)
    times_ = [(DINNER + timedelta(minutes=minutes)).isoformat() for minutes in (5, 9)]
    scans = [{"code": code, "scannedAt": at, "idempotencyKey": f"scan {at}"} for at in times_]
    since = (await party.read())["cursor"]
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=since)
        answers = [await check_in(party, **scan) for scan in (scans if earlier_first else reversed(scans))]
        assert (await socket.event())["arrivedAt"] == times_[0 if earlier_first else 1]
        if earlier_first:
            [problem] = answers[1]["problems"]
            assert (problem["code"], problem["checkedInAt"]) == ("ALREADY_CHECKED_IN", times_[0])
        else:
            told = await socket.event()
            assert (told["type"], told["arrivedAt"], told["previousArrivedAt"]) == ("check-in.update", *times_)
            assert answers[1]["problems"] == []
        repeated = await check_in(party, **scans[0])
    assert repeated["problems"] == []
    assert await arrivals(party) == {"Isla Vado": times_[0]}


@pytest.mark.parametrize(
    ("scanned", "counts"),
    [
        (timedelta(hours=2, minutes=3), timedelta(hours=2)),
        (timedelta(hours=2, minutes=6), None),
        (timedelta(hours=-23), timedelta(hours=-23)),
        (timedelta(hours=-25), None),
    ],
)
async def test_a_scanner_whose_clock_is_wrong_is_told_so(party, clock, scanned, counts):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    code = (await codes(party))["Isla Vado"]
    clock.now = DINNER + timedelta(hours=2)
    done = await check_in(party, code=code, scannedAt=(DINNER + scanned).isoformat())
    if counts is None:
        assert (done["problems"][0]["code"], done["problems"][0]["path"]) == ("INVALID_INPUT", ["input", "scannedAt"])
    assert await arrivals(party) == {"Isla Vado": (DINNER + counts).isoformat() if counts is not None else None}


async def test_every_other_code_is_unknown(party, world):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    other = await found_party(world)
    await other.invite("Vado", "Isla")
    code = (await codes(party))["Isla Vado"]
    changed = [code[:at] + ALPHABET[ALPHABET.index(code[at]) - 1] + code[at + 1 :] for at in range(16)]
    for wrong in (*changed, (await codes(other))["Isla Vado"], party.households["Vado"]["code"], "", "?" * 16):
        assert refusal(await check_in(party, code=wrong)) == "CODE_UNKNOWN", wrong
    assert (await check_in(party, code=code))["problems"] == []


async def test_a_new_code_ends_the_old_one(party):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    [isla] = [one["id"] for one in party.households["Vado"]["guests"]]
    old = (await codes(party))["Isla Vado"]
    own = await party.done("rotateCheckInCode", "guest { checkInCode }", who=party.guest("Vado"), guestId=isla)
    assert refusal(await check_in(party, code=old)) == "CODE_UNKNOWN"
    by_planner = await party.done("rotateCheckInCode", "guest { checkInCode }", guestId=isla)
    assert refusal(await check_in(party, code=own["guest"]["checkInCode"])) == "CODE_UNKNOWN"
    assert (await check_in(party, code=by_planner["guest"]["checkInCode"]))["problems"] == []


async def test_a_scan_names_a_code_or_a_guest_of_the_occasion(party, world):
    await party.invite("Vado", "Isla")
    other = await found_party(world)
    theirs = (await other.invite("Lindero", "Sol"))["guests"][0]["id"]
    isla = party.households["Vado"]["guests"][0]["id"]
    assert refusal(await check_in(party)) == "INVALID_INPUT"
    assert refusal(await check_in(party, code="x", guestId=isla)) == "INVALID_INPUT"
    assert refusal(await check_in(party, guestId=theirs)) == "INVALID_INPUT"


async def test_the_list_says_all_that_a_scanner_needs(party):
    guest = {"firstName": "Isla", "lastName": "Vado", "needs": ["WHEELCHAIR"], "isVip": True}
    await party.done("addHousehold", "household { id }", occasionId=party.id, name="Vado", guests=[guest], plusOnes=1)
    found = (await party.server.run(LIST, who=party.planner, id=party.id)).data["checkInList"]
    first, plus_one = found["guests"]
    assert len({first.pop("code"), plus_one["code"]}) == 2
    assert first == {
        "guestId": first["guestId"],
        "name": "Isla Vado",
        "householdName": "Vado",
        "rsvpStatus": "PENDING",
        "needs": ["WHEELCHAIR"],
        "isVip": True,
        "tableName": None,
        "arrivedAt": None,
    }
    assert plus_one["name"] == ""


@pytest.mark.parametrize("number", range(times(4, usually=1)))
async def test_fifty_scans_of_a_code_at_once_let_one_in(party, number):
    await party.invite("Vado", "Isla", "Teo")
    await party.answer("Vado")
    code = (await codes(party))["Isla Vado"]
    answers = await asyncio.gather(*(check_in(party, code=code, wholeHousehold=bool(n % 2)) for n in range(50)))
    assert sum(not answer["problems"] for answer in answers) == 1
    assert {refusal(answer) for answer in answers if answer["problems"]} == {"ALREADY_CHECKED_IN"}


async def test_who_declines_and_who_is_scanned_at_once_is_either_here_or_away(party):
    names = [f"Household {number}" for number in range(20)]
    for name in names:
        await party.invite(name, "Ana")
        await party.answer(name)
    there = await codes(party)
    done = await asyncio.gather(
        *(check_in(party, code=there[f"Ana {name}"]) for name in names),
        *(party.answer(name, "DECLINED") for name in names),
    )
    for name, scanned, declined in zip(names, done[:20], done[20:], strict=True):
        assert sorted([len(scanned["problems"]), len(declined["problems"])]) == [0, 1]
        assert await party.statuses(name) == ["DECLINED" if scanned["problems"] else "ACCEPTED"]


@pytest.mark.parametrize(
    ("operation", "by_guest", "own"),
    [
        ("checkInGuest", False, "NOT_ALLOWED"),
        ("undoGuestCheckIn", True, "NOT_ALLOWED"),
        ("rotateCheckInCode", True, None),
    ],
)
async def test_the_door_is_the_planners_alone(party, world, operation, by_guest, own):
    for name in ("Vado", "Lindero"):
        await party.invite(name, "Ana")
    given = {"guestId": party.households["Vado"]["guests"][0]["id"]}
    given |= {} if by_guest else {"occasionId": party.id}
    document = f"mutation($i: {operation[0].upper()}{operation[1:]}Input!) {{ {operation}(input: $i) {{ cursor }} }}"
    not_theirs = "NOT_FOUND" if by_guest else "NOT_ALLOWED"
    stranger = replace(party.guest("Vado"), tenant_id=new_id())
    for who, code in (
        (party.guest("Vado"), own),
        (world.staff, not_theirs),
        (party.guest("Lindero"), not_theirs),
        (stranger, "NOT_FOUND"),
    ):
        answer = await world.server.run(document, who=who, i=given)
        assert (answer.code if "errors" in answer else None) == code, who


async def test_the_list_is_the_planners_alone(party, world):
    await party.invite("Vado", "Isla")
    for who, code in (
        (party.guest("Vado"), "NOT_ALLOWED"),
        (world.staff, "NOT_ALLOWED"),
        (replace(party.planner, tenant_id=new_id()), "NOT_FOUND"),
        (replace(party.planner, user_id="another planner"), "NOT_FOUND"),
    ):
        assert (await world.server.run(LIST, who=who, id=party.id)).code == code, who


async def test_a_household_hears_of_its_own_arrivals_and_of_no_others(party):
    for name in ("Vado", "Lindero"):
        await party.invite(name, "Ana")
        await party.answer(name)
    there = await codes(party)
    since = (await party.read())["cursor"]
    async with party.server.socket(party.guest("Vado")) as own, party.server.socket(party.guest("Lindero")) as other:
        for socket in (own, other):
            await socket.subscribe(FOLLOW, id=party.id, after=since)
        for name in ("Ana Vado", "Ana Lindero"):
            await check_in(party, code=there[name])
        told = [await socket.event() for socket in (own, other)]
    guests = [party.households[name]["guests"][0]["id"] for name in ("Vado", "Lindero")]
    assert [(one["guestId"], one["arrivedBy"]) for one in told] == [(guests[0], ""), (guests[1], "")]


async def test_who_polls_the_list_is_told_of_what_has_changed_and_of_nothing_else(party):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    [isla] = [one["id"] for one in party.households["Vado"]["guests"]]
    changes = (
        ("checkInGuest", "cursor", {"occasionId": party.id, "guestId": isla}),
        ("undoGuestCheckIn", "cursor", {"guestId": isla}),
        ("rotateCheckInCode", "cursor", {"guestId": isla}),
    )
    first = await poll(party.server, party.planner, LIST, id=party.id)
    for operation, chosen, given in changes:
        tag = first.headers["ETag"]
        assert (await poll(party.server, party.planner, LIST, tag=tag, id=party.id)).status_code == 304
        await party.done(operation, chosen, **given)
        then = await poll(party.server, party.planner, LIST, tag=tag, id=party.id)
        assert (then.status_code, then.json() != first.json()) == (200, True), operation
        first = then


async def test_a_closed_occasion_has_no_door(party):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    code = (await codes(party))["Isla Vado"]
    await party.done("closeOccasion", "occasion { id }", occasionId=party.id)
    assert refusal(await check_in(party, code=code)) == "OCCASION_NOT_OPEN"
