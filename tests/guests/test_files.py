"""Files: guests in, looked at first and then taken in whole or not at all; and what can be read of an occasion."""

import asyncio
import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.guests.files.rows import READ, read_rows
from domain.guests.files.words import AGES, DIETS, HEADINGS, NEEDS, headings_read
from kit.errors import InvalidInput
from kit.spreadsheets import plain, write_sheet
from models.clubs.values import Language
from tests.guests.party import found_party
from tests.thorough import times

IMPORT = """mutation($input: ImportGuestsInput!) { importGuests(input: $input) { cursor
    report { added updated skipped householdsAdded badRows { line column reason fault faultValues } }
    guestImport { id added updated skipped householdsAdded }
    problems { code message ... on ImportRefused { rows { line column reason fault faultValues } }
        ... on InvalidInput { fault faultValues } ... on OccasionFull { present } }
} }"""
GUESTS = """query($id: ID!) { guests(occasionId: $id) { guests { name householdName email ageGroup takesPlace diets
    dietNote needs isPlusOne isVip groupName rsvpStatus } } }"""
CSV = "query($id: ID!, $part: ID) {{ {}(occasionId: $id{}) }}"
FOLLOW = """subscription($id: ID!, $after: String) { occasionEvents(occasionId: $id, after: $after) {
    ... on StreamEvent { type } ... on ActivityCreated { kind count } } }"""
DOOR = "query($id: ID!) { checkInList(occasionId: $id) { guests { tableName } } }"
FILE = """Household;E-mail;First name;Last name;Age;Diet;Plus-one;VIP
Vado;isla@example.com;Isla;Vado;;vegetarian, nut allergy;;x
Vado;;Teo;Vado;child;;;
vado;;;;;;yes;
Lindero;sol@example.com;Sol;Lindero;;;;
"""


async def take(party, text, *, who=None, **given):
    wanted = {"occasionId": party.id, "csv": text} | given
    return (await party.server.run(IMPORT, who=who or party.planner, input=wanted)).data["importGuests"]


async def listed(party):
    return (await party.server.run(GUESTS, who=party.planner, id=party.id)).data["guests"]["guests"]


async def file_of(party, name, part=None):
    query = CSV.format(name, "" if name == "guestsCsv" else ", partId: $part")
    query = query.replace(", $part: ID", "") if name == "guestsCsv" else query
    given = {} if name == "guestsCsv" else {"part": part}
    text = (await party.server.run(query, who=party.planner, id=party.id, **given)).data[name]
    return text, list(csv.DictReader(StringIO(text)))


async def test_a_file_is_looked_at_first_and_nothing_changes(party):
    before = (await party.read())["cursor"]
    looked = await take(party, FILE)
    assert (looked["guestImport"], looked["cursor"], looked["problems"]) == (None, None, [])
    assert looked["report"] == {"added": 4, "updated": 0, "skipped": 0, "householdsAdded": 2, "badRows": []}
    assert (await party.read())["cursor"] == before


async def test_a_file_is_taken_in_and_told_of_row_by_row_with_one_entry_in_the_record(party):
    since = (await party.read())["cursor"]
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=since)
        done = await take(party, FILE, apply=True)
        told = await socket.events(7)
    assert {name: done["guestImport"][name] for name in ("added", "updated", "skipped", "householdsAdded")} == {
        "added": 4,
        "updated": 0,
        "skipped": 0,
        "householdsAdded": 2,
    }
    assert [one["type"] for one in told] == ["household.create"] * 2 + ["guest.create"] * 4 + ["activity.create"]
    assert (told[-1]["kind"], told[-1]["count"]) == ("GUESTS_IMPORTED", 4)
    found = {one["name"]: one for one in await listed(party)}
    assert list(found) == ["Sol Lindero", "Isla Vado", "Teo Vado", ""]
    assert (found["Isla Vado"]["diets"], found["Isla Vado"]["isVip"]) == (["VEGETARIAN", "NUT_ALLERGY"], True)
    assert (found["Teo Vado"]["ageGroup"], found[""]["isPlusOne"]) == ("CHILD", True)
    assert {one["rsvpStatus"] for one in found.values()} == {"PENDING"}
    households = await party.server.run(
        "query($id: ID!) { guests(occasionId: $id) { guests { householdId } } }", who=party.planner, id=party.id
    )
    contact = "query($id: ID!) { household(id: $id) { name email } }"
    ids = {one["householdId"] for one in households.data["guests"]["guests"]}
    contacts = [(await party.server.run(contact, who=party.planner, id=one)).data["household"] for one in ids]
    assert {one["name"]: one["email"] for one in contacts} == {
        "Vado": "isla@example.com",
        "Lindero": "sol@example.com",
    }


async def test_a_repeat_by_its_key_takes_nothing_in_again(party):
    first = await take(party, FILE, apply=True, idempotencyKey="file 1")
    again = await take(party, FILE, apply=True, idempotencyKey="file 1")
    assert (again["guestImport"], again["cursor"]) == (first["guestImport"], first["cursor"])
    assert len(await listed(party)) == 4


BAD = """Household,First name,Age,Diet,E-mail,VIP
,Isla,,,,
Vado,,,,,
Vado,Teo,old,soup,no address,perhaps
Vado,Mar,,,,,,more
Vado,Luz,,,,
"""


async def test_every_bad_row_is_told_by_line_column_and_reason_and_nothing_is_taken_in(party):
    looked = await take(party, BAD)
    bad = looked["report"]["badRows"]
    assert [(row["line"], row["column"]) for row in bad] == [
        (2, "Household"),
        (3, "First name"),
        (4, "Age"),
        (4, "VIP"),
        (4, "E-mail"),
        (4, "Diet"),
        (5, None),
    ]
    assert bad[2]["reason"] == "“old” is unknown here; write one of adult, child, infant."
    assert [(row["fault"], row["faultValues"]) for row in bad] == [
        ("EMPTY", []),
        ("NAME_MISSING", []),
        ("NOT_A_CHOICE", ["ADULT", "CHILD", "INFANT"]),
        ("NOT_YES_OR_NO", []),
        ("NOT_AN_EMAIL", []),
        ("NOT_A_CHOICE", [diet.name for diet in DIETS]),
        ("FIELD_COUNT", ["8", "6"]),
    ]
    refused = await take(party, BAD, apply=True)
    [problem] = refused["problems"]
    assert (problem["code"], problem["rows"]) == ("IMPORT_REFUSED", bad)
    assert await listed(party) == []


AGAIN = """Household,First name,Last name,E-mail,Diet,Group
Vado,Isla,Vado,,,golfers
Ribera,Noa,Ribera,,vegan,
Elsewhere,Solana,Lindero,SOL@example.com,halal,
"""


@pytest.mark.parametrize(
    ("duplicates", "counts"),
    [
        ("SKIP", {"added": 1, "updated": 0, "skipped": 2, "householdsAdded": 1}),
        ("UPDATE", {"added": 1, "updated": 2, "skipped": 0, "householdsAdded": 2}),
    ],
)
async def test_who_is_on_the_list_already_is_passed_over_or_changed(party, duplicates, counts):
    await take(party, FILE, apply=True)
    looked = await take(party, AGAIN, duplicates=duplicates)
    done = await take(party, AGAIN, duplicates=duplicates, apply=True)
    assert looked["report"] == done["report"] == counts | {"badRows": []}
    found = {one["name"]: one for one in await listed(party)}
    assert found["Noa Ribera"]["diets"] == ["VEGAN"]
    changed = duplicates == "UPDATE"
    assert found["Isla Vado"]["diets"] == ["VEGETARIAN", "NUT_ALLERGY"], "an empty cell changes nothing"
    assert found["Isla Vado"]["groupName"] == ("golfers" if changed else "")
    assert ("Solana Lindero" in found) == changed
    assert not changed or found["Solana Lindero"]["householdName"] == "Elsewhere"
    assert changed or found["Sol Lindero"]["householdName"] == "Lindero"


async def test_who_is_on_the_list_already_is_refused_by_default(party):
    await take(party, FILE, apply=True)
    rows = (await take(party, AGAIN))["report"]["badRows"]
    assert [(row["line"], row["reason"]) for row in rows] == [
        (2, "This guest is on the list already, with “Vado”."),
        (4, "This guest is on the list already, with “Lindero”."),
    ]
    assert [(row["fault"], row["faultValues"]) for row in rows] == [
        ("KNOWN_ALREADY", ["Vado"]),
        ("KNOWN_ALREADY", ["Lindero"]),
    ]


TWICE = "Household,First name,E-mail\nVado,Isla,\nVADO,isla,\nVado,Teo,t@example.com\nRibera,Noa,T@example.com\n"


@pytest.mark.parametrize("duplicates", ["REFUSE", "UPDATE", "SKIP"])
async def test_who_stands_in_the_file_twice(party, duplicates):
    report = (await take(party, TWICE, duplicates=duplicates))["report"]
    lines = [(row["line"], row["reason"]) for row in report["badRows"]]
    if duplicates == "SKIP":
        assert (report["added"], report["skipped"], lines) == (2, 2, [])
    else:
        assert lines == [
            (3, "This guest stands in line 2 already."),
            (5, "This guest stands in line 4 already."),
        ]
        told = [(row["fault"], row["faultValues"]) for row in report["badRows"]]
        assert told == [("REPEATED", ["2"]), ("REPEATED", ["4"])]


async def test_two_who_take_the_same_file_in_at_once_add_nobody_twice(party):
    named = FILE.replace("vado;;;;;;yes;\n", "")
    done = await asyncio.gather(*(take(party, named, duplicates="SKIP", apply=True) for _ in range(4)))
    assert sorted(one["guestImport"]["added"] for one in done) == [0, 0, 0, 3]
    assert len(await listed(party)) == 3


async def test_plus_ones_without_a_name_are_never_the_same(party):
    text = "Household,First name,Plus-one\nVado,Isla,\nVado,,yes\nVado,,yes\n"
    assert (await take(party, text, apply=True))["guestImport"]["added"] == 3
    again = "Household,First name,Plus-one\nVado,,yes\n"
    assert (await take(party, again, apply=True))["guestImport"]["added"] == 1


async def test_a_child_that_becomes_an_infant_gives_its_place_to_who_waits(world):
    party = await found_party(world, capacity=1)
    await party.invite("Vado", "Isla")
    await party.invite("Lindero", "Sol")
    await party.answer("Vado")
    await party.answer("Lindero")
    text = "Household,First name,Last name,Age\nVado,Isla,Vado,infant\n"
    assert (await take(party, text, duplicates="UPDATE", apply=True))["problems"] == []
    assert await party.statuses("Lindero") == ["ACCEPTED"]


async def test_more_guests_than_an_occasion_may_have_are_refused_beforehand(party):
    await party.invite("Vado", "Isla")
    text = "Household,First name\n" + "".join(f"H{n},Ana\n" for n in range(2_000))
    for apply in (False, True):
        [problem] = (await take(party, text, apply=apply))["problems"]
        assert (problem["code"], problem["present"]) == ("OCCASION_FULL", 1)


async def test_a_thousand_guests_come_by_one_file_and_each_listener_hears_of_each(party):
    text = "Household,First name,Last name\n" + "".join(f"House {n // 3},Ana,Number {n}\n" for n in range(1_000))
    since = (await party.read())["cursor"]
    async with party.server.socket(party.planner) as first, party.server.socket(party.world.admin) as second:
        for socket in (first, second):
            await socket.subscribe(FOLLOW, id=party.id, after=since)
        done = await take(party, text, apply=True)
        told = [[one["type"] for one in await socket.events(1_335)] for socket in (first, second)]
    assert told == [["household.create"] * 334 + ["guest.create"] * 1_000 + ["activity.create"]] * 2
    assert (done["guestImport"]["added"], done["guestImport"]["householdsAdded"]) == (1_000, 334)
    assert (await party.read())["guestCount"] == 1_000


async def test_what_is_written_out_is_read_in_again(world):
    party = await found_party(world, language="ES")
    await party.done(
        "addHousehold",
        "household { id }",
        occasionId=party.id,
        name="=Vado & Cía",
        email="vado@example.com",
        phone="+34 600 100 200",
        language="EN",
        guests=[
            {
                "firstName": "Isla",
                "lastName": "@Vado",
                "ageGroup": "CHILD",
                "diets": ["NUT_ALLERGY", "OTHER"],
                "dietNote": '-nothing, "really"',
                "needs": ["HIGH_CHAIR"],
                "isVip": True,
                "email": "isla@example.com",
                "phone": "600 100 201",
                "groupName": "novia",
            }
        ],
        plusOnes=1,
    )
    text, rows = await file_of(party, "guestsCsv")
    assert list(rows[0])[:5] == ["Familia", "Correo de la familia", "Teléfono de la familia", "Idioma", "Nombre"]
    assert (rows[0]["Familia"], rows[0]["Apellidos"]) == ("'=Vado & Cía", "'@Vado")
    assert (rows[0]["Respuesta Dinner"], rows[0]["Menú Dinner"]) == ("pendiente", "")
    other = await found_party(world, language="EN")
    assert (await take(other, text, apply=True))["problems"] == []
    assert await listed(other) == await listed(party)
    again, _ = await file_of(other, "guestsCsv")
    assert (await take(other, again, duplicates="SKIP"))["report"]["skipped"] == 1, "but for the plus-one"


async def test_the_kitchen_is_told_who_eats_what(party):
    guests = [
        {"firstName": "Isla", "lastName": "Vado", "diets": ["VEGAN"], "dietNote": "no honey"},
        {"firstName": "Teo", "lastName": "Vado", "ageGroup": "CHILD"},
        {"firstName": "Mar", "lastName": "Vado"},
    ]
    given = {"occasionId": party.id, "name": "Vado", "guests": guests}
    made = await party.done("addHousehold", "household { id guests { id } }", **given)
    party.households["Vado"] = made["household"]
    meals = [meal["mealId"] for meal in (await party.read())["parts"][0]["meals"]]
    answers = [
        {"guestId": one["id"], "status": "ACCEPTED", "mealId": meal}
        for one, meal in zip(made["household"]["guests"][:2], reversed(meals), strict=True)
    ]
    await party.done("submitRsvp", "household { id }", who=party.guest("Vado"), guests=answers)
    _, rows = await file_of(party, "mealsCsv")
    assert [list(row.values()) for row in rows] == [
        ["Fish", "Teo Vado", "child", "", "", "", ""],
        ["Risotto", "Isla Vado", "adult", "vegan", "no honey", "", ""],
    ]
    _, rows = await file_of(party, "seatingCsv", party.main)
    assert [(row["Table"], row["Guest"], row["RSVP"]) for row in rows] == [
        ("no table", "Isla Vado", "accepted"),
        ("no table", "Teo Vado", "accepted"),
    ]


async def test_who_sits_where_is_written_by_table_as_people_count(party):
    await party.invite("Vado", "Isla", "Teo", "Mar")
    await party.answer("Vado")
    guests = [one["id"] for one in party.households["Vado"]["guests"]]
    tables = {}
    for name in ("Table 10", "Table 2"):
        made = await party.done("addTable", "table { id }", occasionId=party.id, name=name, capacity=2)
        tables[name] = made["table"]["id"]
    seated = [{"guestId": guests[0], "seat": 2}, {"guestId": guests[1], "seat": 1}]
    await party.done("seatGuests", "cursor", tableId=tables["Table 2"], guests=seated)
    await party.done("seatGuests", "cursor", tableId=tables["Table 10"], guests=[{"guestId": guests[2]}])
    _, rows = await file_of(party, "seatingCsv")
    assert [(row["Table"], row["Seat"], row["Guest"]) for row in rows] == [
        ("Table 2", "1", "Teo Vado"),
        ("Table 2", "2", "Isla Vado"),
        ("Table 10", "", "Mar Vado"),
    ]
    _, rows = await file_of(party, "mealsCsv")
    assert [(row["Table"], row["Seat"]) for row in rows] == [("Table 2", "1"), ("Table 2", "2"), ("Table 10", "")]
    found = (await party.server.run(DOOR, who=party.planner, id=party.id)).data["checkInList"]["guests"]
    assert [one["tableName"] for one in found] == ["Table 2", "Table 2", "Table 10"]


@pytest.mark.parametrize("name", ["guestsCsv", "seatingCsv", "mealsCsv"])
async def test_files_are_the_planners_alone(party, world, name):
    await party.invite("Vado", "Isla")
    query = f"query($id: ID!) {{ {name}(occasionId: $id) }}"
    for who in (party.guest("Vado"), world.staff):
        assert (await world.server.run(query, who=who, id=party.id)).code == "NOT_ALLOWED"
    assert "errors" not in await world.server.run(query, who=world.admin, id=party.id)


async def test_a_file_is_taken_in_by_planners_alone_and_not_once_all_is_over(party, world):
    for apply in (False, True):
        wanted = {"occasionId": party.id, "csv": FILE, "apply": apply}
        answer = await world.server.run(IMPORT, who=world.staff, input=wanted)
        assert answer.code == "NOT_ALLOWED"
    await party.done("closeOccasion", "occasion { id }", occasionId=party.id)
    assert (await take(party, FILE, apply=True))["problems"][0]["code"] == "OCCASION_NOT_OPEN"


words = [words[language] for words in HEADINGS.values() for language in Language]
cells = st.text(max_size=12) | st.sampled_from(
    [word for known in (AGES, DIETS, NEEDS) for both in known.values() for word in both.values()]
)


def test_each_heading_means_one_column():
    read = headings_read()
    assert read.keys() == HEADINGS.keys() == READ.keys()
    called = [name for names in read.values() for name in names]
    assert len(called) == len(set(called))
    assert all(name == plain(name) for name in called)


@settings(max_examples=times(200, usually=60))
@given(
    heading=st.lists(st.sampled_from(words) | st.text(max_size=8), min_size=1, max_size=6),
    rows=st.lists(st.lists(cells, min_size=1, max_size=6), max_size=5),
)
def test_whatever_stands_in_a_file_is_read_or_refused(heading, rows):
    try:
        sheet, found = read_rows(write_sheet(["Household", *heading], rows))
    except InvalidInput:
        return
    assert {row.line for row in found}.isdisjoint({row.line for row in sheet.bad})
    assert all(row.household for row in found)
