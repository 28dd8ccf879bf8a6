"""What guests tell reaches their household and those who plan the occasion, and nobody else, by whatever way.

Every field of every operation is asked for, also one that somebody adds later, with the tokens of people who may not
know: what must not be told has unmistakable values, and is looked for in everything that is answered.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest_asyncio
from graphql import get_named_type, is_abstract_type, is_composite_type, is_required_argument
from structlog.testing import capture_logs

from api.app import create_app
from auth.viewer import Role
from kit.ids import parse_id
from kit.settings import Settings
from resolvers.root import core
from tests.harness import HeldClock, Server, Who, found_world, serving, settings_for
from tests.house.inventory import one_of_each
from tests.house.walk import filled, roots
from tests.patience import PATIENCE
from tests.realtime.support import until

PRIVATE = {
    "dietNote": "Erdnussallergikerin",
    "needNote": "Rollstuhlrampe",
    "email": "geheim@quistelbrook.example",
    "phone": "+34 611 222 333",
}
ANSWER, REQUEST, POST = "Mitternachtswalzer", "Ein Kissen bitte", "Noch nicht freigegeben"
HOME = {"email": "haushalt@quistelbrook.example", "phone": "+34 644 555 666"}
UNBOUNDED: dict[str, Any] = {name: 1_000_000 for name in Settings.model_fields if name.startswith("graphql_max_")}
WORDS = [*PRIVATE.values(), *HOME.values(), ANSWER, REQUEST, POST]


@dataclass(frozen=True)
class Told:
    """A household that has told much, who may know of it, and who may not."""

    server: Server
    planner: Who
    household: Who
    strangers: dict[str, Who | None]
    own: dict[str, str]


def whole(kind: Any, *, depth: int = 6) -> str:
    """Select all that can be asked of a type, whoever asks."""
    if kind.name == "Problem":  # a hundred types that share these; all of them at once are too long for any document
        return "{ __typename code message path }"
    parts = []
    for name, field in getattr(kind, "fields", {}).items():
        below = get_named_type(field.type)
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        if not is_composite_type(below):
            parts.append(f"{kind.name}__{name}: {name}")
        elif depth > 1:
            parts.append(f"{kind.name}__{name}: {name} {whole(below, depth=depth - 1)}")
    if is_abstract_type(kind):
        parts += [f"... on {one} {whole(one, depth=depth)}" for one in core.get_possible_types(kind)]
    return "{ __typename " + " ".join(parts) + " }"


async def asked(told: Told, root: Any, name: str, variables: dict[str, Any]) -> str:
    """Write an operation that asks for everything, as deep as one document may."""
    for depth in (6, 5, 4, 3, 2):
        query = written(root, name, variables, depth)
        answer = await told.server.run(query, **variables)
        if "GRAPHQL_LIMIT_EXCEEDED" not in {one["extensions"]["code"] for one in answer.get("errors", ())}:
            return query
    raise AssertionError(f"{name} cannot be asked for its lists")


def written(root: Any, name: str, variables: dict[str, Any], depth: int) -> str:
    field = root.fields[name]
    shown = get_named_type(field.type)
    selection = whole(shown, depth=depth) if is_composite_type(shown) else ""
    declared = ", ".join(f"${one}: {argument.type}" for one, argument in field.args.items() if one in variables)
    passed = ", ".join(f"{one}: ${one}" for one in variables)
    begin = f"{root.name.lower()}({declared}) {{ {name}({passed})" if variables else f"{root.name.lower()} {{ {name}"
    return f"{begin} {selection} }}"


@pytest_asyncio.fixture(scope="module")
async def told(settings):
    """A club with one of each kind, where a household has told what is nobody else's business."""
    clock = HeldClock()
    app = create_app(settings_for(settings, **UNBOUNDED), with_jobs=False, clock=clock)
    async with serving(app, clock) as server:
        world = await found_world(server)
        ids = await one_of_each(world)
        planner = world.staff
        own = Who(world.tenant_id, (Role.GUEST,), "own", household_id=parse_id("household", ids["household"]))
        questions = [{"text": "What do you dance?", "kind": "TEXT"}]
        chosen = "occasion { questions { questionId } }"
        made = await server.mutate(
            "updateOccasion", chosen, who=planner, occasionId=ids["occasion"], questions=questions
        )
        question = made["occasion"]["questions"][0]["questionId"]
        guest = {"guestId": ids["guest"], **PRIVATE, "answers": [{"questionId": question, "answer": ANSWER}]}
        for operation, selection, given in (
            ("updateGuests", "guests { id }", {"guests": [guest | {"diets": ["HALAL"], "needs": ["WHEELCHAIR"]}]}),
            ("updateHousehold", "household { id }", {"householdId": ids["household"], **HOME}),
        ):
            assert (await server.mutate(operation, selection, who=planner, **given))["problems"] == []
        here = {"who": own, "occasionId": ids["occasion"], "guestId": ids["guest"]}
        assert (await server.mutate("createGuestRequest", "guestRequest { id }", text=REQUEST, **here))[
            "problems"
        ] == []
        assert (await server.mutate("addPost", "post { id }", kind="GUESTBOOK", text=POST, **here))["problems"] == []
        neighbours = await server.mutate(
            "addHousehold",
            "household { id }",
            who=planner,
            occasionId=ids["occasion"],
            name="Neighbours",
            guests=[{"firstName": "Nea"}],
        )
        other = replace(own, user_id="other", household_id=parse_id("household", neighbours["household"]["id"]))
        begins = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
        elsewhere = replace(world.staff, roles=(Role.PLANNER,), user_id="plans elsewhere")
        await server.mutate(
            "createOccasion",
            "occasion { id }",
            who=elsewhere,
            clubId=world.club,
            name="Elsewhere",
            kind="PARTY",
            rsvpDeadline=begins["startsAt"],
            part={"name": "Lunch", **begins},
        )
        strangers = {
            "another household": other,
            "who plans another occasion": elsewhere,
            "staff": world.clerk("clerk"),
            "a starter": replace(world.staff, roles=(Role.STARTER,), user_id="starter"),
            "a caddie": world.caddie(1),
            "a device": replace(world.staff, roles=(Role.DEVICE,), user_id="tablet"),
            "a player": world.player("ana"),
            "no role": replace(world.staff, roles=(), user_id="nobody"),
            "nobody": None,
        }
        yield Told(server, planner, own, strangers, ids)


def named_in(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


async def code_of(told: Told) -> str:
    query = "query($id: ID!) { household(id: $id) { code } }"
    return (await told.server.run(query, who=told.planner, id=told.own["household"])).data["household"]["code"]


async def test_no_operation_tells_others_what_a_household_told(told):
    secrets = [*WORDS, await code_of(told)]
    seen: dict[str, set[str]] = {"planner": set(), "own": set()}
    with capture_logs() as logs:
        for spot in roots():
            if spot.root is core.subscription_type:
                continue
            variables = filled(spot, spot.root.fields[spot.field].args, told.own.get(spot.kind), told.own)
            query = await asked(told, spot.root, spot.field, variables)
            people = list(told.strangers.items())
            if spot.root is core.query_type:
                people += [("planner", told.planner), ("own", told.household)]
            for name, who in people:
                answer = await told.server.run(query, who=who, **variables)
                codes = {one["extensions"]["code"] for one in answer.get("errors", ())}
                unread = [code for code in codes if code.startswith("GRAPHQL")]
                assert not unread, (spot.field, name, "a document that is refused as it stands shows nothing")
                text = json.dumps(answer)
                found = {word for word in secrets if word in text}
                if name in seen:
                    seen[name] |= found
                else:
                    assert not found, (spot.field, name, found)
    assert seen["planner"] == set(secrets), "this shows nothing unless all of it can be seen"
    assert seen["own"] == set(secrets)
    lines = repr(logs)
    assert [word for word in secrets if word in lines] == []


async def test_no_event_tells_others_what_a_household_tells(told):
    """While everything changes: what is private comes to planners, and to nobody else who may listen."""
    field = core.subscription_type.fields["occasionEvents"]
    query = f"subscription($id: ID!) {{ occasionEvents(occasionId: $id) {whole(get_named_type(field.type))} }}"
    listeners = {"planner": told.planner, "another household": told.strangers["another household"]}
    heard: dict[str, list[str]] = {name: [] for name in listeners}

    async def listen(name: str, ready: asyncio.Event) -> None:
        async with told.server.socket(listeners[name]) as socket:
            await socket.subscribe(query, id=told.own["occasion"])
            ready.set()
            while True:
                heard[name].append(json.dumps(await socket.receive()))

    begun = {name: asyncio.Event() for name in listeners}
    tasks = [asyncio.create_task(listen(name, begun[name])) for name in listeners]
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one.wait() for one in begun.values()))
            await asyncio.sleep(0.2)  # a subscription says nothing before its first event
            for note in ("again", "and again"):
                guest = {"guestId": told.own["guest"], **PRIVATE, "groupName": note}
                await told.server.mutate("updateGuests", "guests { id }", who=told.planner, guests=[guest])
                given = {"householdId": told.own["household"], **HOME, "name": f"Vado {note}"}
                await told.server.mutate("updateHousehold", "household { id }", who=told.planner, **given)
            given = {"occasionId": told.own["occasion"], "name": "The End"}
            await told.server.mutate("updateOccasion", "occasion { id }", who=told.planner, **given)
            await until(lambda: all("The End" in "".join(said) for said in heard.values()))
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    assert set(PRIVATE.values()) | set(HOME.values()) <= set(named_in("".join(heard["planner"])))
    assert named_in("".join(heard["another household"])) == []
