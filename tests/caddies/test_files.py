"""Caddies from a file and into one."""

import pytest

from tests.caddies.shack import act, add, assert_followed, board, done, head, heard, read, refused, waiting
from tests.caddies.shack import types as types_of

CSV = "query($c: ID!) { caddiesCsv(clubId: $c) }"
BAD = {
    7: (",1,600 111 222", "Give a name."),
    58: ("Lía Fresno,4,", "Choose a list from 1 to 3."),
    123: ("Teo Fresno,one,", "Choose a list from 1 to 3."),
    200: ("Ana Fresno,2,call me", "Write a phone number with digits, spaces and + - / ( ) . alone."),
    201: ("Ana Fresno", "The row has 1 fields instead of 3."),
    350: ("caddie 12,1,", "“caddie 12” stands in line 14 already."),
    501: ("Iris Known,2,", "“Iris Known” is on list 2 already."),
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
    for line, (row, _) in BAD.items():
        rows[line - 2] = row
    problem = await refused(world, "importCaddies", who=world.admin, clubId=world.club, csv=file_of(rows))
    assert problem["code"] == "IMPORT_REFUSED"
    assert problem["rows"] == [{"line": line, "reason": reason} for line, (_, reason) in BAD.items()]


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


async def test_too_many_rows_are_refused(world):
    problem = await refused(
        world, "importCaddies", who=world.admin, clubId=world.club, csv=file_of(f"C{n},1," for n in range(2_001))
    )
    assert problem["path"] == ["input", "csv"]


@pytest.mark.parametrize(("text", "line"), [('name,list\nAna,1\n"Bea,1\n', 3), ('name,list\n"Ana"x,1\n', 2)])
async def test_quotes_that_are_not_right_are_named_with_their_line(world, text, line):
    problem = await refused(world, "importCaddies", who=world.admin, clubId=world.club, csv=text)
    assert [row["line"] for row in problem["rows"]] == [line]
    assert problem["rows"][0]["reason"].startswith("The quotes are not right")


async def test_a_repeated_import_adds_nobody(world):
    first = await import_file(world, "name,list\nAna,1\n", idempotencyKey="once")
    assert await import_file(world, "name,list\nAna,1\n", idempotencyKey="once") == first
    assert await waiting(world) == ["Ana"]
