"""Files of players: out and in again, looked at first, with every fault of every bad row."""

import asyncio

import pytest

from tests.players.book import ANA, add, do, names, told
from tests.tee_sheet.desk import head

CSV = "query($c: ID!) { playersCsv(clubId: $c) }"
HEADING = "first name,last name,class,member number,phone,email,birth date,household,host,user,active,notes"
REPORT = """report { added updated skipped badRows { line column reason fault faultValues } }
  playerImport { id added updated skipped }"""


def file_of(*rows, heading=HEADING):
    return "\n".join([heading, *rows]) + "\n"


async def send(world, text, **more):
    return await do(world, "importPlayers", selection=REPORT, clubId=world.club, csv=text, **more)


async def written(world):
    return (await world.server.run(CSV, who=world.staff, c=world.club)).data["playersCsv"]


async def test_what_is_written_out_can_be_read_in_at_another_club(world, server):
    host = await add(world, **ANA)
    await add(world, "=Gus", "O'Dell, Ray", priceClass="GUEST", hostId=host, phone="+34 600 1", notes="One\nTwo")
    gone = await add(world, "Álvaro", "Ñíguez", memberNumber="007")
    await do(world, "deactivatePlayer", playerId=gone)
    text = await written(world)
    assert text.splitlines()[0] == HEADING
    made = await server.mutate(
        "createClub", "club { id }", who=world.admin, name="Other", timeZone="Europe/Madrid", currency="EUR"
    )
    other = made["club"]["id"]
    given = {"who": world.admin, "clubId": other, "csv": text, "apply": True}
    payload = await do(world, "importPlayers", selection=REPORT, **given)
    assert payload["report"] == {"added": 3, "updated": 0, "skipped": 0, "badRows": []}
    assert (await server.run(CSV, who=world.admin, c=other)).data["playersCsv"] == text


async def test_a_file_is_looked_at_first_and_changes_nothing(world):
    since = await head(world)
    looked = await send(world, file_of("Ana,Núñez,MEMBER,1,,,,,,,,"))
    assert looked["report"] == {"added": 1, "updated": 0, "skipped": 0, "badRows": []}
    assert (looked["playerImport"], looked["cursor"]) == (None, None)
    assert (await names(world), await head(world)) == ([], since)


BAD = {
    2: (",Ruiz,MEMBER,,,,,,,,,", "first name", "Give a name."),
    3: ("Ben,Ruiz,JUNIOR,,,,,,,,,", "class", "Choose a class: MEMBER, GUEST or PUBLIC."),
    4: ("Cid,Ruiz,GUEST,,call,,,,,,,", "phone", "Write a phone number with digits, spaces and + - / ( ) . alone."),
    5: ("Dan,Ruiz,GUEST,,,,1980-02-30,,,,,", "birth date", "Write a day as in 1980-02-29."),
    6: ("Eva,Ruiz,GUEST,,,,,,M-9,,,", "host", "No other player of the club, or of the file, has this member number."),
    7: ("Fin,Ruiz,GUEST,,,,,,,,maybe,", "active", "Write yes or no."),
    8: ("Gus,Ruiz,GUEST", None, "The row has 3 fields instead of 12."),
    9: ("Ana,Núñez,MEMBER,M-017,,,,,,,,", "first name", "“Ana Núñez” is a player of the club already."),
    10: ("Hal,Ruiz,MEMBER,5,,,,,,,,", None, None),
    11: ("Iva,Ruiz,MEMBER,5,,,,,,,,", "first name", "“Iva Ruiz” stands in line 10 already."),
    12: ("Jon,Ruiz,MEMBER,6,,,,,,ana,,", "user", "Another player has this already."),
}


FAULTS = {
    2: ["EMPTY"],
    3: ["NOT_A_CHOICE", "MEMBER", "GUEST", "PUBLIC"],
    4: ["NOT_A_PHONE"],
    5: ["NOT_A_DAY"],
    6: ["HOST_UNKNOWN"],
    7: ["NOT_YES_OR_NO"],
    8: ["FIELD_COUNT", "3", "12"],
    9: ["KNOWN_ALREADY"],
    11: ["REPEATED", "10"],
    12: ["TAKEN"],
}


async def test_every_bad_row_is_named_by_line_column_and_reason_and_nothing_is_taken_in(world, server):
    await add(world, **ANA)
    text = file_of(*(row for row, _, _ in BAD.values()))
    wanted = [
        {"line": line, "column": column, "reason": reason, "fault": FAULTS[line][0], "faultValues": FAULTS[line][1:]}
        for line, (_, column, reason) in BAD.items()
        if reason
    ]
    assert (await send(world, text))["report"]["badRows"] == wanted
    query = """mutation($i: ImportPlayersInput!) { importPlayers(input: $i) {
        problems { code ... on ImportRefused { rows { line column reason fault faultValues } } } cursor } }"""
    given = {"clubId": world.club, "csv": text, "apply": True}
    refused = (await server.run(query, who=world.staff, i=given)).data["importPlayers"]
    assert refused == {"problems": [{"code": "IMPORT_REFUSED", "rows": wanted}], "cursor": None}
    assert await names(world) == ["Ana Núñez"]


@pytest.mark.parametrize(("duplicates", "phone"), [("SKIP", "+34 612 345 678"), ("UPDATE", "699 000 000")])
async def test_who_is_known_already_is_passed_over_or_changed(world, duplicates, phone):
    await add(world, **ANA)
    since = await head(world)
    text = file_of("Ana,Peña,MEMBER,M-017,699 000 000,,,,,,,", "Ben,Ruiz,GUEST,,,,,,M-017,,,")
    payload = await send(world, text, duplicates=duplicates, apply=True)
    changed = int(duplicates == "UPDATE")
    counts = {"added": 1, "updated": changed, "skipped": 1 - changed}
    assert payload["playerImport"] == counts | {"id": payload["playerImport"]["id"]}
    events = await told(world, after=since, count=1 + changed)
    assert [event["type"] for event in events] == ["player.added", "player.updated"][: 1 + changed]
    assert events[0]["hostId"] is not None
    found = await world.server.run(
        'query($c: ID!) { players(clubId: $c, search: "M-017") { nodes { phone email } } }',
        who=world.staff,
        c=world.club,
    )
    assert found.data["players"]["nodes"] == [{"phone": phone, "email": "ana@example.com"}]


async def test_two_thousand_rows_go_in_at_once(world):
    rows = [f"First{n},Last{n},MEMBER,{n},600 {n:06},,,,{n - 1 if n else ''},,," for n in range(2000)]
    payload = await send(world, file_of(*rows), apply=True)
    assert payload["report"]["added"] == 2000
    assert await names(world, "last1999") == ["First1999 Last1999"]


async def test_the_same_file_twice_at_once_goes_in_once(world):
    text = file_of("Ana,Núñez,MEMBER,1,,,,,,,,")
    given = {"clubId": world.club, "csv": text, "apply": True}
    both = [world.server.mutate("importPlayers", "cursor", who=world.staff, **given) for _ in range(2)]
    answers = await asyncio.gather(*both)
    assert sorted(len(answer["problems"]) for answer in answers) == [0, 1]
    assert await names(world) == ["Ana Núñez"]


async def test_files_of_spreadsheets_in_spanish_are_understood(world):
    text = "\ufeffNombre;Apellidos;Clase;Número de socio;Móvil;Activo\r\nÁlvaro;Ñíguez;Socio;7;600 111 222;sí\r\n"
    await send(world, text, apply=True)
    assert await names(world, "niguez") == ["Álvaro Ñíguez"]


async def test_files_are_for_staff(world, server):
    query = "mutation($i: ImportPlayersInput!) { importPlayers(input: $i) { cursor } }"
    given = {"clubId": world.club, "csv": file_of("Ana,Núñez,MEMBER,1,,,,,,,,")}
    for who in (world.player("ana"), world.caddie(1)):
        assert (await server.run(query, who=who, i=given)).code == "NOT_ALLOWED"
        assert (await server.run(CSV, who=who, c=world.club)).code == "NOT_ALLOWED"
