"""The status machine, its labels, and what each change does to the queue."""

import pytest

from models.caddies.values import CaddieStatus
from tests.caddies.shack import (
    act,
    add,
    add_all,
    assert_followed,
    board,
    done,
    head,
    heard,
    queue,
    refused,
    set_status,
    waiting,
)
from tests.caddies.shack import types as types_of
from tests.harness import found_world

ALLOWED = {
    ("AVAILABLE", "IN_PREP"),
    ("IN_PREP", "AVAILABLE"),
    ("AVAILABLE", "IN_FIELD"),
    ("IN_PREP", "IN_FIELD"),
    ("IN_FIELD", "AVAILABLE"),
    *((before, after) for before in ("AVAILABLE", "IN_PREP") for after in ("LATE", "ABSENT", "ON_LEAVE")),
    *((before, "AVAILABLE") for before in ("LATE", "ABSENT", "ON_LEAVE")),
}
LABELS = {
    "EN": ["Available", "In preparation", "In the field", "Late", "Absent", "On leave"],
    "ES": ["Disponible", "En preparación", "En campo", "Tarde", "Ausente", "De permiso"],
}


@pytest.mark.parametrize("before", [str(status) for status in CaddieStatus])
async def test_only_these_transitions_are_made_and_others_name_the_state(world, before):
    for after in CaddieStatus:
        caddie = await add(world, f"{before} {after}")
        if before != "AVAILABLE":
            await set_status(world, caddie, before, reason="to be there")
        wanted = {"caddieId": caddie, "status": str(after), "reason": "why not"}
        if (before, after) in ALLOWED:
            assert (await done(world, "setCaddieStatus", **wanted))["caddie"]["status"] == after
        else:
            problem = await refused(world, "setCaddieStatus", **wanted)
            assert (problem["code"], problem["status"], problem["wanted"]) == ("CADDIE_STATUS_REFUSED", before, after)
            assert before in problem["message"]


@pytest.mark.parametrize("language", ["EN", "ES"])
async def test_statuses_are_called_as_the_club_speaks(server, language):
    world = await found_world(server, language=language)
    labels = dict(zip(CaddieStatus, LABELS[language], strict=True))
    caddie = await add(world, "Ana")
    since = await head(world)
    for status in (
        "IN_PREP",
        "AVAILABLE",
        "IN_FIELD",
        "AVAILABLE",
        "LATE",
        "AVAILABLE",
        "ABSENT",
        "AVAILABLE",
        "ON_LEAVE",
    ):
        payload = await set_status(world, caddie, status)
        assert payload["caddie"]["statusLabel"] == labels[status]
    told = [e for e in await heard(world, 1, after=since, who=world.caddie(1)) if e["type"] == "caddie:status_changed"]
    assert len(told) == 9
    assert all(event["statusLabel"] == labels[event["status"]] for event in told)
    assert {name for name in told[0] if name not in {"__typename", "cursor", "type", "clubId"}} == {
        "caddieId",
        "name",
        "status",
        "statusLabel",
        "listNumber",
        "timestamp",
    }


async def test_english_is_the_language_unless_another_is_set(world):
    caddie = await add(world, "Ana")
    assert (await set_status(world, caddie, "IN_PREP"))["caddie"]["statusLabel"] == "In preparation"


@pytest.mark.parametrize(
    ("steps", "order"),
    [
        (["IN_PREP"], "Ana Bea Cid"),
        (["IN_PREP", "AVAILABLE"], "Ana Bea Cid"),
        (["LATE"], "Bea Cid Ana"),
        (["LATE", "AVAILABLE"], "Bea Cid Ana"),
        (["ABSENT"], "Bea Cid"),
        (["ON_LEAVE"], "Bea Cid"),
        (["ABSENT", "AVAILABLE"], "Bea Cid Ana"),
        (["IN_FIELD"], "Bea Cid"),
        (["IN_FIELD", "AVAILABLE"], "Bea Cid Ana"),
    ],
)
async def test_the_queue_follows_the_status(world, steps, order):
    ids = await add_all(world, "Ana Bea Cid")
    before = await board(world, 1)
    for step in steps:
        await set_status(world, ids["Ana"], step)
    assert await waiting(world) == order.split()
    await assert_followed(world, before, 1)


async def test_setting_in_field_starts_a_turn_and_available_ends_it(world):
    ids = await add_all(world, "Ana Bea")
    since = await head(world)
    await set_status(world, ids["Ana"], "IN_FIELD")
    [out] = (await queue(world))["inField"]
    assert out["caddie"]["name"] == "Ana"
    await set_status(world, ids["Ana"], "AVAILABLE", feeTier="DOUBLE", tipCents=1500)
    assert (await queue(world))["inField"] == []
    found = await heard(world, 1, after=since, who=world.caddie(1))
    assert types_of(found) == [
        "caddie:status_changed",
        "turn:started",
        "turn:queue_changed",
        "caddie:status_changed",
        "turn:ended",
        "turn:queue_changed",
    ]
    assert found[1]["turnId"] == found[4]["turnId"] == out["id"]
    assert (found[4]["feeTier"], found[4]["tipCents"], found[4]["currency"]) == ("DOUBLE", 1500, "EUR")


async def test_who_is_sent_out_of_turn_by_status_needs_a_reason_as_well(world):
    ids = await add_all(world, "Ana Bea")
    problem = await refused(world, "setCaddieStatus", caddieId=ids["Bea"], status="IN_FIELD")
    assert (problem["code"], problem["nextCaddieId"]) == ("REASON_REQUIRED", ids["Ana"])
    await set_status(world, ids["Bea"], "IN_FIELD", reason="asked for by a guest")
    assert await waiting(world) == ["Ana"]


async def test_a_change_of_place_keeps_nobody_else_from_theirs(world):
    ids = await add_all(world, "Ana Bea Cid Dan")
    await set_status(world, ids["Bea"], "LATE")
    await set_status(world, ids["Ana"], "ABSENT")
    await set_status(world, ids["Cid"], "IN_FIELD")
    await set_status(world, ids["Ana"], "AVAILABLE")
    await set_status(world, ids["Cid"], "AVAILABLE")
    assert await waiting(world) == ["Dan", "Bea", "Ana", "Cid"]
    assert (await act(world, "setCaddieStatus", caddieId=ids["Dan"], status="IN_FIELD"))["problems"] == []


@pytest.mark.parametrize("tip", [-1, 10_000_001])
async def test_a_tip_that_cannot_be_is_refused(world, tip):
    ids = await add_all(world, "Ana")
    await set_status(world, ids["Ana"], "IN_FIELD")
    problem = await refused(world, "setCaddieStatus", caddieId=ids["Ana"], status="AVAILABLE", tipCents=tip)
    assert problem["path"] == ["input", "tipCents"]
