"""Whatever is done among golfers, screens that events alone keep up to date show what a fresh look shows."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from domain.matching.erasing import FORGET, FORMER
from domain.matching.forgetting import FORGET_IN
from domain.matching.hiding import HIDE, HIDE_ALL
from domain.matching.shown import TELL_KNOWN, TELL_SOME
from resolvers.matching.golfers import GolferMutations
from resolvers.matching.hosted import HostedMutations, RoundMutations
from resolvers.matching.messages import MessageMutations
from resolvers.root import core
from tests.harness import MORNING
from tests.matching import test_messages, test_room_state
from tests.matching.crew import work_off
from tests.matching.golf import golfer
from tests.matching.test_hosted import host
from tests.matching.test_live_feed import FEED, SNAPSHOT, Screen
from tests.matching.test_room_state import Shown
from tests.notifications import desk
from tests.patience import PATIENCE

OF_GOLFERS = (GolferMutations, HostedMutations, RoundMutations, MessageMutations)
KNOWN = """{
    connections { nodes { id name } } connectionRequests { nodes { id name } } blockedGolfers { id name }
}"""
STARS = "query($id: ID!) { hostedTeeTime(id: $id) { stars { golferId received } } }"
CONNECTED = """subscription($after: String) { golferEvents(after: $after) {
    ... on StreamEvent { type }
    ... on ConnectionAsked { golferId golferName connection } ... on GolfersConnected { golferId golferName connection }
    ... on GolfersDisconnected { golferId connection } ... on GolferBlocked { golferId golferName }
    ... on GolferUpdated { golferId golferName connection }
    ... on GolferUnblocked { golferId } ... on RatingShown { golferId stars } ... on GolferErased { golferId }
} }"""
ERASED = "... on TeeTimeGolferErased { golferId } ... on TeeTimeGolferUpdated { golferId golferName }"
ROOM_EVENTS = test_room_state.EVENTS.replace("... on StreamEvent { type }", f"... on StreamEvent {{ type }} {ERASED}")
SAID = test_messages.EVENTS.replace("... on SlotLeft", f"{ERASED} ... on SlotLeft")


def renamed(names, event):
    """Give what a golfer was called, and is now, where an event says so."""
    kind = event["type"].removeprefix("tee-time:")
    if kind not in {"golfer-updated", "golfer-erased"}:
        return None
    was = names[event["golferId"]]
    names[event["golferId"]] = FORMER if kind == "golfer-erased" else event["golferName"]
    return was, names[event["golferId"]]


class Feed:
    """Ben's feed."""

    query, given = FEED, {}

    def __init__(self, world, who, _room):
        self.world, self.who = world, who

    async def read(self):
        page = (await self.world.server.run(SNAPSHOT, who=self.who)).data["hostedTeeTimes"]
        return {row["teeTimeId"]: row for row in page["nodes"]}, page["cursor"]

    async def begin(self):
        rows, cursor = await self.read()
        self.screen = Screen({"nodes": list(rows.values())})
        return cursor

    async def apply(self, event):
        if event["type"] == "feed:refresh":
            await self.begin()
        else:
            self.screen.apply(event)

    def shown(self):
        return self.screen.rows


class Room:
    """The room of a round in which Ben takes part."""

    query = ROOM_EVENTS

    def __init__(self, world, who, room):
        self.world, self.who, self.given = world, who, {"id": room}

    async def look(self):
        return (await self.world.server.run(test_room_state.ROOM, who=self.who, **self.given)).data["hostedTeeTime"]

    async def read(self):
        room = await self.look()
        return Shown(room, sees_names=True).without_names(), room["cursor"]

    async def begin(self):
        room = await self.look()
        self.screen = Shown(room, sees_names=True)
        return room["cursor"]

    async def apply(self, event):
        if calls := renamed(self.names, event):
            seats = self.screen.seats
            seats |= {number: (calls[1], came) for number, (name, came) in seats.items() if name == calls[0]}
        else:
            self.screen.apply(event)
        if event["type"] == "tee-time:golfer-erased":  # who hosted it
            self.screen.state["notes"] = ""

    def shown(self):
        return self.screen.without_names()


class Messages:
    """What is written there."""

    query = SAID

    def __init__(self, world, who, room):
        self.world, self.who, self.room = world, who, {"id": room}
        self.given = self.room

    async def read(self):
        room = await test_messages.room(self.world, self.who, self.room)
        nodes = room["messages"]["nodes"]
        return {one["number"]: (one["golferName"], one["text"], one["status"]) for one in nodes}, room["cursor"]

    async def begin(self):
        self.said, cursor = await self.read()
        return cursor

    async def apply(self, event):
        if calls := renamed(self.names, event):
            was, is_now = calls
            self.said = {n: (is_now if name == was else name, *more) for n, (name, *more) in self.said.items()}
        self.said = test_messages.apply(self.said, event)

    def shown(self):
        return self.said


class Inbox:
    """What Ben was told."""

    query, given = desk.EVENTS, {}

    def __init__(self, world, who, _room):
        self.world, self.who = world, who

    async def read(self):
        found = await desk.read(self.world, self.who, first=100)
        return desk.Inbox(found).shown(), found["cursor"]

    async def begin(self):
        found = await desk.read(self.world, self.who, first=100)
        self.inbox = desk.Inbox(found)
        return found["cursor"]

    async def apply(self, event):
        self.inbox.apply(event)

    def shown(self):
        return self.inbox.shown()


class Others:
    """How Ben and others stand to each other, and what they gave him."""

    query, given = CONNECTED, {}

    def __init__(self, world, who, room):
        self.world, self.who, self.room = world, who, room

    async def read(self):
        found = (await self.world.server.run(KNOWN, who=self.who)).data
        lists = {"CONNECTED": found["connections"]["nodes"], "ASKING": found["connectionRequests"]["nodes"]}
        lists["BLOCKED"] = found["blockedGolfers"]
        how = {one["id"]: (name, one["name"]) for name, listed in lists.items() for one in listed}
        stars = (await self.world.server.run(STARS, who=self.who, id=self.room)).data["hostedTeeTime"]["stars"]
        got = {one["golferId"]: one["received"] for one in stars if one["received"]}
        return (how, got), (await desk.read(self.world, self.who))["cursor"]

    async def begin(self):
        (self.how, self.got), cursor = await self.read()
        return cursor

    async def apply(self, event):
        kind, other = event["type"].removeprefix("golfer."), event.get("golferId")
        if kind == "rating-shown":
            self.got[other] = event["stars"]
        elif kind == "blocked" or (kind == "updated" and self.how.get(other, ("",))[0] == "BLOCKED"):
            self.how[other] = ("BLOCKED", event["golferName"])
        else:
            self.how.pop(other, None)
            if event.get("connection") in {"CONNECTED", "ASKING"}:
                self.how[other] = (event["connection"], event["golferName"])

    def shown(self):
        return self.how, self.got


@pytest.fixture
async def people(world):
    return {name: await golfer(world, name) for name in ("ana", "ben", "eva")}


async def test_after_each_mutation_of_golfers_every_screen_shows_what_a_fresh_look_shows(world, clock, people):
    (ana, ben, eva), (_, ben_id, eva_id) = zip(*people.values(), strict=True)
    ana_id = people["ana"][1]
    known, done = {}, set()
    known["played"] = (await host(world, ana))["id"]

    async def act(operation, who, selection="cursor", /, **given):
        payload = await world.server.mutate(operation, selection, who=who, **given)
        assert payload["problems"] == [], (operation, payload)
        done.add(operation)
        return payload

    played = {"teeTimeId": known["played"]}
    await act("joinTeeTime", ben, **played)
    async with AsyncExitStack() as stack:
        screens = []
        for kind in (Feed, Room, Messages, Inbox, Others):
            screen = kind(world, ben, known["played"])
            screen.names = {key: name.title() for name, (_, key) in people.items()}
            cursor = await screen.begin()
            screen.socket = await stack.enter_async_context(world.server.socket(ben))
            await screen.socket.subscribe(screen.query, after=cursor, **screen.given)
            screens.append(screen)

        async def step(operation, who, selection="cursor", /, **given):
            payload = await act(operation, who, selection, **given)
            await work_off(world, TELL_KNOWN, TELL_SOME)
            for screen in screens:
                async with asyncio.timeout(PATIENCE):
                    while (await screen.read())[0] != screen.shown():
                        await screen.apply(await screen.socket.event())
            return payload

        await step("updateGolfer", ben, city="Málaga", country="ES")
        wish = {"courseId": world.course, "places": 2, "startsAt": (MORNING + timedelta(days=9)).isoformat()}
        made = await step("hostTeeTime", ana, "hostedTeeTime { id }", **wish)
        offered = {"teeTimeId": made["hostedTeeTime"]["id"]}
        await step("updateHostedTeeTime", ana, **offered, notes="Walking")
        await step("joinTeeTime", eva, **offered)
        await step("leaveTeeTime", eva, **offered)
        await step("updateHostedTeeTime", ana, **played, needsApproval=True, notes="Carts")
        await step("joinTeeTime", eva, **played)
        await step("withdrawJoinRequest", eva, **played)
        await step("joinTeeTime", eva, **played)
        await step("answerJoinRequest", ana, **played, golferId=eva_id, accept=True)
        await step("removeParticipant", ana, **played, golferId=eva_id)
        said = [await step("sendMessage", ana, "message { id }", **played, text=f"Number {n}") for n in range(3)]
        ids = [one["message"]["id"] for one in said]
        await step("markMessagesRead", ben, messageId=ids[1])
        await step("deleteMessage", ana, messageId=ids[0])
        await step("reportMessage", ben, messageId=ids[1], reason="Rude")
        for hide in (True, False):
            await step("moderateMessage", world.admin, messageId=ids[1], hide=hide)
        await step("updateGolfer", ana, name="Anna")
        await step("connectGolfers", ana, golferId=ben_id)
        await step("connectGolfers", ben, golferId=ana_id)
        await step("updateGolfer", ana, name="Anne")
        await step("disconnectGolfers", ben, golferId=ana_id)
        await step("connectGolfers", ana, golferId=ben_id)
        await step("updateGolfer", ana, name="Ana", headline="Early")
        await step("blockGolfer", ben, golferId=eva_id)
        await step("updateGolfer", eva, name="Eve")
        await step("unblockGolfer", ben, golferId=eva_id)
        await step("connectGolfers", eva, golferId=ben_id)
        reported = await step("reportGolfer", ben, "report { id }", golferId=eva_id, reason="Rude")
        answer = {"reportId": reported["report"]["id"], "outcome": "SUSPENDED"}
        await step("answerGolferReport", world.admin, **answer)
        await step("reinstateGolfer", world.admin, golferId=eva_id)
        related = {"industry": "FINANCE", "otherIndustry": "LEGAL", "strength": "LOW"}
        await step("setIndustryRelation", world.admin, "relations { strength }", **related)
        await step("cancelHostedTeeTime", ana, **offered, reason="Rain")
        clock.advance(days=4)
        await step("recordAttendance", ana, **played, golferId=ben_id, attended=True)
        for who, other in ((ben, ana_id), (ana, ben_id)):
            await step("rateGolfer", who, **played, golferId=other, stars=4)
        await step("markNotificationsRead", ben, "unread")
        await act("eraseGolfer", ana)
        await work_off(world, FORGET, FORGET_IN, HIDE_ALL, HIDE)
        await step("sendMessage", ben, **played, text="Who was that?")
    fields = {one.name for kind in OF_GOLFERS for one in kind.__strawberry_definition__.fields}
    of_golfers = {name for name in core.mutation_type.fields if snake(name) in fields}
    assert done - {"markNotificationsRead"} == of_golfers


def snake(name):
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)
