"""What guests tell reaches their household and those who plan the occasion, and nobody else, by whatever way.

Every field of every operation is asked for, also one that somebody adds later, with the tokens of people who may not
know: what must not be told has unmistakable values, and is looked for in everything that is answered.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest_asyncio
from graphql import get_named_type, is_abstract_type, is_composite_type, is_required_argument
from structlog.testing import capture_logs

from api.app import create_app
from auth.viewer import Role
from kit.ids import parse_id, public_id
from kit.settings import Settings
from resolvers.root import core
from schema.carried import carried_in
from tests.harness import HeldClock, Server, Who, found_world, serving, settings_for
from tests.house.inventory import one_of_each
from tests.house.walk import filled, roots
from tests.patience import PATIENCE
from tests.providers.picture_files import telling
from tests.realtime.support import until

PRIVATE = {
    "firstName": "Quirinella",
    "dietNote": "Erdnussallergikerin",
    "needNote": "Rollstuhlrampe",
    "email": "geheim@quistelbrook.example",
    "phone": "+34 611 222 333",
}
TABLE = "Unter der Linde"
"""The table at which it sits: for planners alone, until tables are shown."""
ANSWER, REQUEST, POST = "Mitternachtswalzer", "Ein Kissen bitte", "Noch nicht freigegeben"
HOME = {"email": "haushalt@quistelbrook.example", "phone": "+34 644 555 666"}
UNBOUNDED: dict[str, Any] = {name: 1_000_000 for name in Settings.model_fields if name.startswith("graphql_max_")}
WORDS = [TABLE, *PRIVATE.values(), *HOME.values(), ANSWER, REQUEST, POST]


@dataclass(frozen=True)
class Told:
    """A household that has told much, who may know of it, and who may not."""

    server: Server
    planner: Who
    household: Who
    strangers: dict[str, Who | None]
    own: dict[str, str]


def whole(kind: Any, *, depth: int = 6, within: Any = None) -> str:
    """Select all that can be asked of a type, whoever asks."""
    if kind.name == "Problem":  # a hundred types that share these; all of them at once are too long for any document
        return "{ __typename code message path }"
    parts = []
    for name, field in getattr(kind, "fields", {}).items():
        below = get_named_type(field.type)
        if any(is_required_argument(one) for one in field.args.values()) or (within is not None and name not in within):
            continue
        carried = carried_in(field)
        inner = carried.told if carried else (within or {}).get(name)
        if not is_composite_type(below):
            parts.append(f"{kind.name}__{name}: {name}")
        elif depth > 1:
            parts.append(f"{kind.name}__{name}: {name} {whole(below, depth=depth - 1, within=inner)}")
    if is_abstract_type(kind):
        parts += [f"... on {one} {whole(one, depth=depth, within=within)}" for one in core.get_possible_types(kind)]
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
        assert (await server.mutate("updateTable", "table { id }", who=planner, tableId=ids["table"], name=TABLE))[
            "problems"
        ] == []
        own_picture = await send_picture(server, own, ids)
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
        query = "query($id: ID!) { occasion(id: $id) { parts { id isMain } } }"
        parts = (await server.run(query, who=planner, id=ids["occasion"])).data["occasion"]["parts"]
        [main] = [one["id"] for one in parts if one["isMain"]]
        yield Told(server, planner, own, strangers, ids | {"picture": own_picture, "main": main})


async def send_picture(server: Server, who: Who, ids: dict[str, str]) -> str:
    """Send a picture, and post it: nobody has looked at it yet. Gives its id."""
    expected = await server.mutate("uploadPicture", "pictureId url", who=who, occasionId=ids["occasion"])
    sent = await server.http.put(server.url + urlsplit(expected["url"]).path, content=telling())
    assert sent.status_code == 201, sent.text
    given = {"kind": "GALLERY", "pictureId": expected["pictureId"]}
    assert (await server.mutate("addPost", "post { id }", who=who, occasionId=ids["occasion"], **given))[
        "problems"
    ] == []
    return str(expected["pictureId"])


def named_in(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


async def codes_of(told: Told) -> list[str]:
    """Give the codes of the invitation and for the door, and the addresses of the picture."""
    query = "query($id: ID!) { household(id: $id) { code guests { checkInCode } } }"
    home = (await told.server.run(query, who=told.planner, id=told.own["household"])).data["household"]
    query = "query($id: ID!) { node(id: $id) { ... on Picture { url smallUrl } } }"
    urls = (await told.server.run(query, who=told.planner, id=told.own["picture"])).data["node"].values()
    assert len(set(urls)) == 2
    return [home["code"], home["guests"][0]["checkInCode"], *(urlsplit(url).query for url in urls)]


async def test_no_operation_tells_others_what_a_household_told(told):
    seat = {TABLE, told.own["table"]}
    secrets = [*WORDS, *await codes_of(told), told.own["picture"], told.own["table"]]
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
    assert seen["own"] == set(secrets) - seat, "its seat it sees when tables are shown"
    lines = repr(logs)
    assert [word for word in secrets if word in lines] == []


async def test_once_tables_are_shown_a_household_sees_its_own_and_nobody_else_s(told):
    given = {"who": told.planner, "occasionId": told.own["occasion"]}
    assert (await told.server.mutate("revealSeating", "occasion { id }", **given))["problems"] == []
    try:
        people = {"own": told.household, **told.strangers}
        seen: dict[str, set[str]] = {name: set() for name in people}
        for spot in roots():
            if spot.root is not core.query_type:
                continue
            variables = filled(spot, spot.root.fields[spot.field].args, told.own.get(spot.kind), told.own)
            query = await asked(told, spot.root, spot.field, variables)
            for name, who in people.items():
                text = json.dumps(await told.server.run(query, who=who, **variables))
                seen[name] |= {word for word in (TABLE, told.own["table"]) if word in text}
        assert {name for name, found in seen.items() if found} == {"own"}
        assert len(seen["own"]) == 2
    finally:
        await told.server.mutate("revealSeating", "occasion { id }", reveal=False, **given)


async def test_a_household_is_told_nothing_of_a_part_that_it_is_not_invited_to(told):
    by_planner, place = {"who": told.planner}, "Geheimer Saal"
    home = {"householdId": public_id("household", told.strangers["another household"].household_id)}
    narrowed = {"partIds": [told.own["part"]]}
    for operation, given in (
        ("updatePart", {"partId": told.own["main"], "place": place}),
        ("updateHousehold", home | narrowed),
    ):
        assert (await told.server.mutate(operation, "cursor", **given, **by_planner))["problems"] == []
    try:
        seen: dict[str, set[str]] = {"own": set(), "another household": set()}
        for spot in roots():
            if spot.root is not core.query_type:
                continue
            variables = filled(spot, spot.root.fields[spot.field].args, told.own.get(spot.kind), told.own)
            query = await asked(told, spot.root, spot.field, variables)
            for name, who in (("own", told.household), ("another household", told.strangers["another household"])):
                if told.own["main"] in variables.values():
                    continue  # what is named comes back in what is refused
                text = json.dumps(await told.server.run(query, who=who, **variables))
                seen[name] |= {word for word in (place, told.own["main"]) if word in text}
        assert seen == {"own": {place, told.own["main"]}, "another household": set()}
    finally:
        await told.server.mutate("updateHousehold", "cursor", partIds=None, **home, **by_planner)


async def everything_happens(told: Told) -> None:
    """Change all that a household has told, and all that becomes of it."""
    mutate, ids = told.server.mutate, told.own
    by_planner: dict[str, Any] = {"who": told.planner}
    by_itself: dict[str, Any] = {"who": told.household}
    here = {"occasionId": ids["occasion"]}
    guest, home = {"guestId": ids["guest"]}, {"householdId": ids["household"]}
    yes = [{**guest, "status": "ACCEPTED", "mealId": "m1"}]
    for note in ("again", "and again"):
        await mutate("updateGuests", "cursor", guests=[{**guest, **PRIVATE, "groupName": note}], **by_planner)
        await mutate("updateHousehold", "cursor", **home, **HOME, name=f"Vado {note}", **by_planner)
    for operation, given in (
        ("updatePart", {"partId": ids["main"], "capacity": 9, **by_planner}),
        ("submitRsvp", {"guests": yes, **by_itself}),
        ("unseatGuests", {"guestIds": [ids["guest"]], **by_planner}),
        ("seatGuests", {"tableId": ids["table"], "guests": [guest], "force": True, **by_planner}),
        ("updateTable", {"tableId": ids["table"], "name": f"{TABLE} II", **by_planner}),
        ("addPost", {"kind": "TRIBUTE", "text": POST, **here, **guest, **by_itself}),
        ("createGuestRequest", {"text": REQUEST, **here, **guest, **by_itself}),
        ("rotateCheckInCode", {**guest, **by_itself}),
        ("checkInGuest", {**here, **guest, **by_planner}),
        ("undoGuestCheckIn", {**guest, **by_planner}),
        ("setRsvpOnBehalf", {**home, "guests": [{**guest, "status": "PENDING"}], **by_planner}),
        ("autoSeat", {**here, "apply": True, **by_planner}),
        ("updateOccasion", {**here, "name": "The End", **by_planner}),
    ):
        done = await mutate(operation, "cursor", **given)
        assert done["problems"] == [], (operation, done)


async def test_no_event_tells_others_what_a_household_tells(told):
    """While everything changes: what is private comes to planners, and to nobody else who may listen."""
    field = core.subscription_type.fields["occasionEvents"]
    shown = whole(get_named_type(field.type))
    query = f"subscription($id: ID!, $after: String) {{ occasionEvents(occasionId: $id, after: $after) {shown} }}"
    read = "query($id: ID!) { occasion(id: $id) { cursor } }"
    since = (await told.server.run(read, who=told.planner, id=told.own["occasion"])).data["occasion"]["cursor"]
    listeners = {"planner": told.planner, "another household": told.strangers["another household"]}
    for name, who in told.strangers.items():
        if name not in listeners and who is not None:  # nobody has no socket
            async with told.server.socket(who) as socket:
                await socket.subscribe(query, id=told.own["occasion"])
                assert (await socket.receive())["type"] == "error", name
    heard: dict[str, list[str]] = {name: [] for name in listeners}

    async def listen(name: str) -> None:
        async with told.server.socket(listeners[name]) as socket:
            await socket.subscribe(query, id=told.own["occasion"], after=since)
            while True:
                heard[name].append(json.dumps(await socket.receive()))

    tasks = [asyncio.create_task(listen(name)) for name in listeners]
    try:
        async with asyncio.timeout(PATIENCE):
            await everything_happens(told)
            await until(lambda: all("The End" in "".join(said) for said in heard.values()))
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    assert {*PRIVATE.values(), *HOME.values(), TABLE, REQUEST, POST} <= set(named_in("".join(heard["planner"])))
    assert named_in("".join(heard["another household"])) == []
    assert told.own["table"] not in "".join(heard["another household"])
