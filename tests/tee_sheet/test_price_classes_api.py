"""Price classes of a club's own: how they are made, what they go by, and where they show."""

import asyncio
from datetime import timedelta

import pytest

from models.clubs.tables import Club
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, PriceClass, PriceClassKind
from tests.harness import found_world
from tests.players.book import add
from tests.tee_sheet.desk import PAYER, add_player, book, club_events, done, head
from tests.tee_sheet.test_price_periods import found
from tests.tee_sheet.test_sheet_changes_api import update
from tests.tee_sheet.waiting import join, offers

CLASSES = "club { priceClasses { code name kind isRetired } }"
JUNIOR = {"priceClass": "JUNIOR", "name": "Juniors", "kind": "MEMBER"}
COME_WITH_IT = ["MEMBER", "GUEST", "PUBLIC"]
PRICED = [("MEMBER", 18, 5000), ("GUEST", 18, 7000), ("PUBLIC", 18, 9000)]
SHOWN = """query($b: ID!) { booking(id: $b) { price { amountCents } players { priceClass price { amountCents } } } }"""


async def change(world, operation, **given):
    return await done(world.server, operation, CLASSES, who=world.admin, clubId=world.club, **given)


async def add_class(world, **given):
    return await change(world, "addPriceClass", **JUNIOR | given)


async def refused_class(world, operation, who=None, **given):
    wanted = {"clubId": world.club} | given
    payload = await world.server.mutate(operation, "cursor", who=who or world.admin, **wanted)
    [problem] = payload["problems"]
    assert payload["cursor"] is None
    return problem["path"], problem["message"]


async def prices(world, *more):
    rows = [*PRICED, *more]
    await update(world, prices=[{"priceClass": c, "holes": h, "amountCents": n} for c, h, n in rows])


async def paid_by(world, booking):
    answer = await world.server.run(SHOWN, who=world.staff, b=booking["booking"]["id"])
    return [(one["priceClass"], one["price"]["amountCents"]) for one in answer.data["booking"]["players"]]


def test_a_class_goes_by_its_own_and_then_by_its_kind():
    club = Club(own_price_classes={"JUNIOR": {"name": "Juniors", "kind": "MEMBER", "is_retired": False}})
    junior = PriceClass("JUNIOR")
    assert club.goes_by(junior) == (junior, MEMBER)
    assert [club.goes_by(one) for one in (MEMBER, GUEST, PUBLIC)] == [(MEMBER,), (GUEST,), (PUBLIC,)]
    assert club.kind_of(junior) is PriceClassKind.MEMBER
    assert club.classes_of(MEMBER) == [MEMBER, junior]
    assert club.classes_of(junior) == [junior]


async def test_classes_are_added_renamed_retired_and_given_back(world):
    since = await head(world)
    shown = (await add_class(world))["club"]["priceClasses"]
    assert [one["code"] for one in shown] == [*COME_WITH_IT, "JUNIOR"]
    assert shown[-1] == {"code": "JUNIOR", "name": "Juniors", "kind": "MEMBER", "isRetired": False}
    await change(world, "updatePriceClass", priceClass="PUBLIC", name="Visitors")
    payload = await change(world, "retirePriceClass", priceClass="JUNIOR")
    told = await club_events(world, after=since, upto=payload["cursor"])
    assert [one["type"] for one in told] == ["price-class.added", "price-class.updated", "price-class.retired"]
    query = "query($c: ID!) { priceClasses(clubId: $c) { code name isRetired } }"
    listed = (await world.server.run(query, who=world.player("ben"), c=world.club)).data["priceClasses"]
    assert listed[2:] == [
        {"code": "PUBLIC", "name": "Visitors", "isRetired": False},
        {"code": "JUNIOR", "name": "Juniors", "isRetired": True},
    ]
    shown = (await add_class(world, name="Young players"))["club"]["priceClasses"]
    assert shown[-1] == {"code": "JUNIOR", "name": "Young players", "kind": "MEMBER", "isRetired": False}


async def test_what_no_class_can_be_is_refused_with_what_to_do(world):
    await add_class(world)
    path, message = await refused_class(world, "addPriceClass", **JUNIOR)
    assert (path, "updatePriceClass" in message) == (["input", "priceClass"], True)
    await change(world, "retirePriceClass", priceClass="JUNIOR")
    path, message = await refused_class(world, "addPriceClass", **JUNIOR | {"kind": "PUBLIC"})
    assert (path, "MEMBER" in message) == (["input", "kind"], True)
    assert "stay" in (await refused_class(world, "retirePriceClass", priceClass="GUEST"))[1]
    assert "retired already" in (await refused_class(world, "retirePriceClass", priceClass="JUNIOR"))[1]
    unknown = await refused_class(world, "updatePriceClass", priceClass="SENIOR", name="Seniors")
    assert "MEMBER, GUEST or PUBLIC" in unknown[1]
    person = {"firstName": "Ana", "lastName": "Ruiz", "priceClass": "JUNIOR"}
    path, message = await refused_class(world, "addPlayer", who=world.staff, **person)
    assert (path, "add it anew" in message) == (["input", "priceClass"], True)
    for operation in ("addPriceClass", "updatePriceClass", "retirePriceClass"):
        kind = operation[0].upper() + operation[1:]
        document = f"mutation($i: {kind}Input!) {{ {operation}(input: $i) {{ cursor }} }}"
        left_out = {"addPriceClass": (), "updatePriceClass": ("kind",), "retirePriceClass": ("kind", "name")}[operation]
        given = {"clubId": world.club} | {key: value for key, value in JUNIOR.items() if key not in left_out}
        for who in (world.staff, world.player("ben")):
            assert (await world.server.run(document, who=who, i=given)).code == "NOT_ALLOWED"


@pytest.mark.parametrize("code", ["junior", "1ST", "", "É", "A" * 33])
async def test_a_code_is_written_in_one_way(world, code):
    document = "mutation($i: AddPriceClassInput!) { addPriceClass(input: $i) { cursor } }"
    answer = await world.server.run(document, who=world.admin, i=JUNIOR | {"clubId": world.club, "priceClass": code})
    assert "as in MEMBER or JUNIOR" in answer["errors"][0]["message"]


@pytest.mark.parametrize("written", ["JUNIOR", '"JUNIOR"'])
async def test_a_document_names_a_class_with_quotation_marks_or_without(world, written):
    await add_class(world)
    await add(world, "Ana", "Ruiz", priceClass="JUNIOR")
    query = f"query($c: ID!) {{ players(clubId: $c, priceClass: {written}) {{ nodes {{ firstName priceClass }} }} }}"
    answer = await world.server.run(query, who=world.staff, c=world.club)
    assert answer.data["players"]["nodes"] == [{"firstName": "Ana", "priceClass": "JUNIOR"}]


async def test_two_admins_who_add_classes_at_once_lose_none(world):
    await asyncio.gather(*(add_class(world, priceClass=f"CLASS_{n}", name=f"Class {n}") for n in range(6)))
    query = "query($c: ID!) { priceClasses(clubId: $c) { code } }"
    listed = (await world.server.run(query, who=world.admin, c=world.club)).data["priceClasses"]
    assert {one["code"] for one in listed[3:]} == {f"CLASS_{n}" for n in range(6)}


async def test_a_class_pays_what_its_kind_pays_until_it_has_a_price_of_its_own(world):
    await add_class(world)
    await prices(world)
    await add_player(world, "Ana", "JUNIOR", user_id="ana")
    first = await book(world, world.player("ana"), 0, places=2)
    assert await paid_by(world, first) == [("JUNIOR", 5000), ("GUEST", 7000)]
    await prices(world, ("JUNIOR", 18, 1500))
    second = await book(world, world.player("ana"), 1)
    assert await paid_by(world, second) == [("JUNIOR", 1500)]
    assert await paid_by(world, first) == [("JUNIOR", 5000), ("GUEST", 7000)]
    assert set((await found(world, high=1500)).values()) == {1500}
    assert await found(world, low=1501) == {}


async def test_an_unknown_class_is_refused_wherever_it_is_named(world):
    row = {"priceClass": "SENIOR", "holes": 18, "amountCents": 1}
    sheet = {"courseId": world.course, "date": world.day.isoformat()}
    for path, given in {
        ("prices", "0", "priceClass"): {"prices": [row]},
        ("restrictions", "0", "priceClasses"): {"restrictions": [{"priceClasses": ["MEMBER", "SENIOR"]}]},
    }.items():
        payload = await world.server.mutate("updateTeeSheet", "cursor", who=world.staff, **sheet | given)
        assert payload["problems"][0]["path"] == ["input", *path]
    wanted = {"teeTimeId": world.tee_time(0), "places": 1, "players": [{"firstName": "Ana", "priceClass": "SENIOR"}]}
    payload = await world.server.mutate("bookSlots", "cursor", who=world.staff, payer=PAYER, **wanted)
    assert payload["problems"][0]["path"] == ["input", "players", "0", "priceClass"]
    assert (await refused_class(world, "setBookingLimits", priceClass="SENIOR"))[0] == ["input", "priceClass"]


async def test_limits_and_restrictions_of_members_are_those_of_juniors_until_these_have_their_own(server):
    world = await found_world(server, days=(0,))
    await add_class(world)
    await add_player(world, "Ana", "JUNIOR", user_id="ana")
    await add_player(world, "Mia", "MEMBER", user_id="mia")
    await update(world, restrictions=[{"priceClasses": ["MEMBER"]}])
    limits = "club { bookingLimits { priceClass bookingsADay } }"
    given = {"who": world.admin, "clubId": world.club}
    await done(server, "setBookingLimits", limits, **given, priceClass="MEMBER", bookingsADay=1)
    await book(world, world.player("ana"), 0)
    again = {"teeTimeId": world.tee_time(5), "places": 1}
    payload = await server.mutate("bookSlots", "cursor", who=world.player("ana"), **again)
    assert payload["problems"][0]["code"] == "BOOKING_LIMIT_REACHED"
    shown = await done(server, "setBookingLimits", limits, **given, priceClass="JUNIOR", bookingsADay=2)
    assert {one["priceClass"]: one["bookingsADay"] for one in shown["club"]["bookingLimits"]} == {
        "MEMBER": 1,
        "GUEST": None,
        "PUBLIC": None,
        "JUNIOR": 2,
    }
    await book(world, world.player("ana"), 5)
    for more, path in (
        ({"priceClass": "MEMBER"}, "asItsKind"),
        ({"priceClass": "JUNIOR", "bookingsADay": 3}, "asItsKind"),
    ):
        bad = await server.mutate("setBookingLimits", limits, **given, **more, asItsKind=True)
        assert bad["problems"][0]["path"] == ["input", path]
    for cursor in (True, False):  # the second time there is nothing left to take back
        back = await done(server, "setBookingLimits", limits + " cursor", **given, priceClass="JUNIOR", asItsKind=True)
        assert (back["club"]["bookingLimits"][-1]["bookingsADay"], bool(back["cursor"])) == (1, cursor)
    await done(server, "setBookingLimits", limits, **given, priceClass="MEMBER", bookingsADay=3)
    await book(world, world.player("ana"), 6)
    await update(world, restrictions=[{"priceClasses": ["JUNIOR"]}])
    payload = await server.mutate("bookSlots", "cursor", who=world.player("mia"), **again)
    assert payload["problems"][0]["code"] == "START_RESTRICTED"


async def test_a_junior_waits_in_line_as_a_member_does(world):
    await add_class(world)
    await add_player(world, "Ana", "JUNIOR", user_id="ana")
    await update(world, restrictions=[{"priceClasses": ["MEMBER"]}])
    booked = await book(world, world.staff, 0, places=4)
    entry = await join(world, world.player("ana"), 0)
    await done(world.server, "cancelBooking", "booking { id }", who=world.staff, bookingId=booked["booking"]["id"])
    assert [one["entryId"] for one in await offers(world)] == [entry["id"]]


async def test_windows_go_by_the_kind(server):
    world = await found_world(server, days=(0, 9))
    world.day += timedelta(days=9)
    await world.read()
    await add_class(world, priceClass="LOCAL", name="Locals", kind="PUBLIC")
    await add_class(world)
    rules = {"memberWindowDays": 10, "guestWindowDays": 10, "publicWindowDays": 7}
    await done(server, "updateClub", "club { id }", who=world.admin, clubId=world.club, **rules)
    for name, price_class in (("Ana", "JUNIOR"), ("Leo", "LOCAL")):
        await add_player(world, name, price_class, user_id=name.lower())
    wanted = {"teeTimeId": world.tee_time(0), "places": 1}
    payload = await server.mutate("bookSlots", "cursor", who=world.player("leo"), **wanted)
    assert payload["problems"][0]["code"] == "BOOKING_WINDOW_CLOSED"
    await book(world, world.player("ana"), 0)


async def test_a_file_names_classes_by_code_or_name_and_gives_no_retired_one(world):
    await add_class(world)
    report = "report { added updated badRows { line column reason } }"
    csv = "first name,last name,class\nAna,Ruiz,juniors\nBen,Vega,JUNIOR\nCara,Gil,SENIOR\n"
    given = {"who": world.staff, "clubId": world.club}
    looked = await done(world.server, "importPlayers", report, **given, csv=csv)
    [bad] = looked["report"]["badRows"]
    assert (looked["report"]["added"], bad["line"], bad["column"], "JUNIOR" in bad["reason"]) == (2, 4, "class", True)
    await done(world.server, "importPlayers", report, **given, csv=csv.replace("SENIOR", "MEMBER"), apply=True)
    await change(world, "retirePriceClass", priceClass="JUNIOR")
    written = await world.server.run("query($c: ID!) { playersCsv(clubId: $c) }", who=world.staff, c=world.club)
    again = {"csv": written.data["playersCsv"], "duplicates": "UPDATE", "apply": True}
    kept = await done(world.server, "importPlayers", report, **given, **again)
    assert kept["report"]["badRows"] == []  # who has a retired class keeps it
    new = await done(world.server, "importPlayers", report, **given, csv=csv.replace("Ana", "Dora"))
    assert new["report"]["badRows"][0]["line"] == 2
