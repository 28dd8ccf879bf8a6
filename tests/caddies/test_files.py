"""Caddies from a file and into one."""

import csv

import pytest
from sqlalchemy import text

from domain.caddies.csv_files import read_rows
from domain.caddies.settings import MOST_CADDIES, Settings
from kit.errors import InvalidInput
from tests.caddies.shack import act, add, assert_followed, board, done, head, heard, read, refused, waiting
from tests.caddies.shack import types as types_of

CSV = "query($c: ID!) { caddiesCsv(clubId: $c) }"
BAD = {
    7: (",1,600 111 222", "name", "Give a name."),
    58: ("Lía Fresno,4,", "list", "Choose a list from 1 to 3."),
    123: ("Teo Fresno,one,", "list", "Choose a list from 1 to 3."),
    200: ("Ana Fresno,2,call me", "phone", "Write a phone number with digits, spaces and + - / ( ) . alone."),
    201: ("Ana Fresno", None, "The row has 1 fields instead of 3."),
    350: ("caddie 12,1,", "name", "“caddie 12” stands in line 14 already."),
    501: ("Iris Known,2,", "name", "“Iris Known” is on list 2 already."),
}


FAULTS = {
    7: ["EMPTY"],
    58: ["NOT_IN_RANGE", "1", "3"],
    123: ["NOT_IN_RANGE", "1", "3"],
    200: ["NOT_A_PHONE"],
    201: ["FIELD_COUNT", "1", "3"],
    350: ["REPEATED", "14"],
    501: ["KNOWN_ALREADY", "2"],
}


def file_of(rows):
    return "\n".join(["name,list,phone", *rows]) + "\n"


def five_hundred():
    return [f"Caddie {number},{number % 3 + 1},+34 600 {number:06}" for number in range(500)]


async def import_file(world, text, *, who=None, **more):
    return await done(world, "importCaddies", who=who or world.admin, clubId=world.club, csv=text, **more)


async def test_five_hundred_rows_with_seven_bad_ones_name_the_seven_and_change_nothing(world):
    await add(world, "Iris Known", 2)
    rows = five_hundred()
    for line, (row, _, _) in BAD.items():
        rows[line - 2] = row
    problem = await refused(world, "importCaddies", who=world.admin, clubId=world.club, csv=file_of(rows))
    assert problem["code"] == "IMPORT_REFUSED"
    assert problem["rows"] == [
        {"line": line, "column": column, "reason": reason, "fault": FAULTS[line][0], "faultValues": FAULTS[line][1:]}
        for line, (_, column, reason) in BAD.items()
    ]


async def test_a_good_file_goes_in_at_once_as_one_batch(world):
    await add(world, "Iris Known", 2)
    before, since = await board(world, 1, 2, 3), await head(world)
    payload = await import_file(world, file_of(five_hundred()))
    assert payload["caddieImport"]["added"] == 500
    assert len((await read(world))["caddies"]) == 501
    assert (await waiting(world, 1))[:3] == ["Caddie 0", "Caddie 3", "Caddie 6"]
    assert (await waiting(world, 2))[:2] == ["Iris Known", "Caddie 1"]
    found = await heard(world, 1, 2, 3, after=since)
    assert types_of(found).count("caddie:added") == 500
    assert types_of(found).count("turn:queue_changed") == 3
    assert found[-1]["cursor"] == payload["cursor"]
    assert len({event["timestamp"] for event in found}) == 1
    assert {event["listNumber"] for event in await heard(world, 2, after=since, who=world.caddie(2))} == {2}
    await assert_followed(world, before, 1, 2, 3)


async def test_what_is_written_out_can_be_read_in(world, server):
    rows = ["name,list,phone", '"O\'Dell, Ray",1,', '"Say ""Hi""",2,600 111 222', "Ñandú Ávila,3,"]
    await import_file(world, "\ufeff" + "\r\n".join(rows))
    text = (await server.run(CSV, who=world.admin, c=world.club)).data["caddiesCsv"]
    assert text.splitlines() == rows
    for row in (await read(world))["caddies"]:
        await done(world, "deleteCaddie", caddieId=row["id"])
    await import_file(world, text)
    assert (await server.run(CSV, who=world.admin, c=world.club)).data["caddiesCsv"] == text


async def test_staff_read_and_write_files_without_phone_numbers(world, server):
    await add(world, "Ana", phoneNumber="600 111 222")
    assert (await server.run(CSV, who=world.staff, c=world.club)).data["caddiesCsv"] == "name,list\r\nAna,1\r\n"
    await import_file(world, "list,name\n2,Bea\n", who=world.staff)
    query = "mutation($i: ImportCaddiesInput!) { importCaddies(input: $i) { cursor } }"
    given = {"clubId": world.club, "csv": "name,list,phone\nCid,1,600 111 222\n"}
    assert (await server.run(query, who=world.staff, i=given)).code == "NOT_ALLOWED"
    for who in (world.caddie(1), world.player("eva")):
        assert (await server.run(query, who=who, i=given)).code == "NOT_ALLOWED"
        assert (await server.run(CSV, who=who, c=world.club)).code == "NOT_ALLOWED"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "name,list",
        "name,list\n\n",
        "name\nAna\n",
        "name,list,size\nAna,1,2\n",
        "name,name,list\nA,B,1\n",
        "x" * 1_000_001,
    ],
)
async def test_a_file_that_is_none_is_refused(world, text):
    payload = await act(world, "importCaddies", who=world.admin, clubId=world.club, csv=text)
    [problem] = payload["problems"]
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "csv"])


@pytest.mark.parametrize(("text", "line"), [('name,list\nAna,1\n"Bea,1\n', 3), ('name,list\n"Ana"x,1\n', 2)])
async def test_quotes_that_are_not_right_are_named_with_their_line(world, text, line):
    problem = await refused(world, "importCaddies", who=world.admin, clubId=world.club, csv=text)
    assert [row["line"] for row in problem["rows"]] == [line]
    assert problem["rows"][0]["reason"].startswith("The quotes are not right")
    assert problem["rows"][0]["fault"] == "QUOTES"


async def test_a_repeated_import_adds_nobody(world):
    first = await import_file(world, "name,list\nAna,1\n", idempotencyKey="once")
    assert await import_file(world, "name,list\nAna,1\n", idempotencyKey="once") == first
    assert await waiting(world) == ["Ana"]


SPANISH = "\ufeffNombre;Lista;Teléfono;;\r\nÁlvaro Ñíguez;1;+34 600 111 222;;\r\nBea;2;;;\r\n"


@pytest.mark.parametrize(
    "given", [SPANISH, SPANISH.replace(";;", "").replace(";", "\t"), SPANISH.replace(";;", "").replace(";", ",")]
)
async def test_files_of_spreadsheets_in_spanish_are_understood(world, server, given):
    await import_file(world, given)
    written = (await server.run(CSV, who=world.admin, c=world.club)).data["caddiesCsv"]
    assert written == "name,list,phone\r\nÁlvaro Ñíguez,1,'+34 600 111 222\r\nBea,2,\r\n"


@pytest.mark.parametrize(
    ("heading", "message", "fault"),
    [
        ("name;list;size", "“size” is no column. ", ["COLUMN_UNKNOWN", "size"]),
        ("nombre,Name,list", "“Name” stands there twice. ", ["COLUMN_TWICE", "Name"]),
        ("name", "", ["COLUMNS_MISSING", "name", "list"]),
    ],
)
async def test_a_heading_that_is_wrong_says_how(world, heading, message, fault):
    problem = await refused(world, "importCaddies", who=world.admin, clubId=world.club, csv=f"{heading}\nAna;1;2\n")
    assert problem["message"].startswith(
        f"{message}Begin with a heading of the columns name and list and, if you like, phone and namesake."
    )
    assert [problem["fault"], *problem["faultValues"]] == fault


async def test_a_wrong_quote_hides_no_other_row(world):
    rows = ["nombre;lista;móvil", 'Ana;1;"600 1', '"Bea"x;1;', "Cid;9;call me", '"Dan;1;', "Eva;1;", ";2;600 111 222"]
    problem = await refused(world, "importCaddies", who=world.admin, clubId=world.club, csv="\n".join(rows))
    quotes = "The quotes are not right"
    assert [(row["line"], row["column"], row["reason"].partition(":")[0]) for row in problem["rows"]] == [
        (2, None, quotes),
        (3, None, quotes),
        (4, "lista", "Choose a list from 1 to 3."),
        (4, "móvil", "Write a phone number with digits, spaces and + - / ( ) . alone."),
        (5, None, quotes),
        (7, "nombre", "Give a name."),
    ]


FORMULAS = ["=1+1", "+Ana", "-Bea", "@Cid", "'=Dan", "''+Eva", "'Fin", "\uff1dGus", "Hal;=1+1", 'Iva "=1"', "Jo\u0303e"]


async def test_what_a_spreadsheet_would_calculate_is_defused_and_comes_back(world, server):
    for name in FORMULAS:
        await add(world, name)
    await add(world, "Zoe", phoneNumber="+34 600 111 222")
    before = {(row["name"], row["phoneNumber"]) for row in (await read(world, who=world.admin))["caddies"]}
    text = (await server.run(CSV, who=world.admin, c=world.club)).data["caddiesCsv"]
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))]
    assert {"'=1+1", "'+Ana", "''=Dan", "'''+Eva", "'Fin", "'+34 600 111 222"} <= set(cells)
    assert '"Hal;=1+1",1,' in text  # in quotes, or a spreadsheet that parts by semicolons begins a cell there
    for row in (await read(world))["caddies"]:
        await done(world, "deleteCaddie", caddieId=row["id"])
    await import_file(world, text)
    assert {(row["name"], row["phoneNumber"]) for row in (await read(world, who=world.admin))["caddies"]} == before


async def test_people_of_one_name_are_told_apart_and_counted(world, server):
    for name, number in (("Ana", 1), ("Ana", 1), ("Ana", 2), ("Bea", 1)):
        await add(world, name, number)
    text = (await server.run(CSV, who=world.staff, c=world.club)).data["caddiesCsv"]
    assert text.splitlines() == ["name,list,namesake", "Ana,1,1", "Ana,1,2", "Bea,1,1", "Ana,2,1"]
    problem = await refused(world, "importCaddies", who=world.staff, clubId=world.club, csv=text)
    assert [row["line"] for row in problem["rows"]] == [2, 3, 4, 5]  # all of them are there
    for row in (await read(world))["caddies"]:
        await done(world, "deleteCaddie", caddieId=row["id"])
    await import_file(world, text, who=world.staff)
    assert (await server.run(CSV, who=world.staff, c=world.club)).data["caddiesCsv"] == text
    await import_file(world, "Nombre;Lista;Homónimo\nAna;1;3\nAna;2;2\n", who=world.staff)
    assert len((await read(world))["caddies"]) == 6
    problem = await refused(
        world, "importCaddies", who=world.staff, clubId=world.club, csv="name,list,namesake\nDan,1,x\nDan,2,\nDan,2,1\n"
    )
    assert [(row["line"], row["column"]) for row in problem["rows"]] == [(2, "namesake"), (4, "name")]


CROWD = text("""INSERT INTO caddies (id, tenant_id, club_id, name, list_number, status, is_active, queue_round,
    created_at, updated_at)
    SELECT gen_random_uuid(), :tenant, :club, 'C' || n % 3000, 1 + n % 3, 'ABSENT', true, 1, now(), now()
    FROM generate_series(1, :count) n""")


async def test_a_club_has_no_more_caddies_than_a_file_may_bring(world, server):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        given = {"tenant": world.tenant_id, "club": world.club_id, "count": MOST_CADDIES - 1}
        await session.execute(CROWD, given)
        await session.commit()
    given = {"who": world.admin, "clubId": world.club, "csv": "name,list\nAna,1\nBea,1\n"}
    [problem] = (await act(world, "importCaddies", **given))["problems"]
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "csv"])
    await add(world, "Ana")
    [problem] = (await act(world, "addCaddie", clubId=world.club, name="Bea", listNumber=1))["problems"]
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "clubId"])
    written = (await server.run(CSV, who=world.admin, c=world.club)).data["caddiesCsv"]
    sheet, rows = read_rows(written, settings=Settings())
    assert (sheet.bad, len(rows)) == ([], MOST_CADDIES)
    assert len({(row.key, row.namesake) for row in rows}) == MOST_CADDIES
    with pytest.raises(InvalidInput):
        read_rows(written + "Cid,1,,1\n", settings=Settings())
