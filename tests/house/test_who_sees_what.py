"""Walks over every operation with every role, and compares what is answered with what the guide says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from auth.viewer import Role
from resolvers.root import core
from tests.house.walk import Spot, operations, spots

GUIDE = Path(__file__).resolve().parents[2] / "docs/guides/who-sees-what.md"
COLUMNS = ["ADMIN", "STAFF, STARTER", "PLAYER", "CADDIE", "DEVICE", "PLANNER", "GUEST", "no role", "no token"]
CELLS = {"yes", "own", "no"}
LISTS = {
    "bookings",
    "waitlist",
    "ballotEntries",
    "viewer",
    "notifications",
    "unreadNotifications",
    "markNotificationsRead",
} | {
    *("notificationPreferences", "pushDevices", "webPushKey", "setNotificationPreferences", "registerPushDevice"),
    *("caddies", "caddieQueue", "caddieDraw", "caddieReport", "caddieEvents", "occasions"),
}
"""What is asked for without saying whose it is, so that a stranger is answered with what is theirs, however little."""
CODES = {"rainCheck": "rain_check", "invitation": "household"}
"""What is asked for by a code, and whose it is."""
SHUT = {"NOT_ALLOWED", "NOT_FOUND", "UNAUTHENTICATED"}
LEAST_FIRST = [*reversed(COLUMNS)]


def rows():
    """Read the guide's tables: operations, and a cell for each column."""
    for line in GUIDE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == len(COLUMNS) + 1 and set(cells[1:]) <= CELLS:
            yield cells[0], dict(zip(COLUMNS, cells[1:], strict=True))


def said():
    """Give what the guide says of each operation; the last row of the mutations is for all others."""
    told = {name: cells for names, cells in rows() for name in re.findall(r"`(\w+)`", names)}
    [others] = [cells for names, cells in rows() if names == "all others"]
    return dict.fromkeys(core.mutation_type.fields, others) | told


SAID = said()
ELSEWHERE = {"markNotificationsRead(input.notificationIds)", "bookSlots(input.holdId)", "updateGolfer(input.pictureId)"}
PLACES = {spot.field: spot for spot in reversed(list(spots())) if str(spot) not in ELSEWHERE}
"""The first id that an operation takes, but for those that it can do without."""


def people(house, column):
    """Give people of a column: a stranger, and one with the user id of who made all there is."""
    if column == "no token":
        return [None]
    roles = [()] if column == "no role" else [(Role(name),) for name in column.split(", ")]
    club_ids = () if column == "ADMIN" else house.viewer.club_ids
    whole = [replace(house.viewer, roles=role, club_ids=club_ids, caddie_lists=(1, 2)) for role in roles]
    return [replace(who, user_id=name) for who in whole for name in ("a stranger", "staff")]


def test_the_guide_names_every_operation_once():
    named = [name for names, _ in rows() for name in re.findall(r"`(\w+)`", names)]
    assert sorted(named) == sorted(set(named) | ({"notifications"} & set(named)))
    queries = set(core.query_type.fields) | set(core.subscription_type.fields)
    assert queries - {"node"} <= set(named) <= queries | set(core.mutation_type.fields)


@pytest.mark.parametrize("name", [name for _, name, _ in operations() if name != "node"])
async def test_an_operation_is_open_to_those_whom_the_guide_names(house, name):
    root = next(root for root, one, _ in operations() if one == name)
    spot = PLACES.get(name) or Spot(root, name, ("code",) if name in CODES else (), "")
    for column in LEAST_FIRST:
        for number in range(len(people(house, column))):
            await house.mend()  # what one has deleted, the next one would not find
            who = people(house, column)[number]
            target = await code_in(house, CODES[name]) if name in CODES else house.own.get(spot.kind)
            cell, answer = SAID[name][column], await house.ask(spot, target, who)
            if cell == "own" and name not in LISTS:
                cell = "no" if who.user_id == "a stranger" else "own or no"  # which is told by the tests of each
            assert cell == "own or no" or is_open(name, answer) == (cell != "no"), (column, who, answer)


async def code_in(house, kind):
    """Give the code of the house's rain check, or of its household."""
    query = "query($id: ID!) { node(id: $id) { ... on RainCheck { code } ... on Household { code } } }"
    return (await house.server.run(query, who=house.viewer, id=house.own[kind])).data["node"]["code"]


def is_open(name, answer):
    """Tell whether something was answered, or refused by a rule alone: not by who asks."""
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
    if codes or name != "clubs":
        return codes.isdisjoint(SHUT)
    return answer["data"]["clubs"] != []
