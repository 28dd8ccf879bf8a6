"""The room of a tee time and the events after it are what the room is then: for its host, participants and others."""

from contextlib import AsyncExitStack
from datetime import timedelta

from tests.harness import MORNING
from tests.matching.golf import do, golfer
from tests.matching.test_hosted import act, host
from tests.matching.test_live_feed import all_follow

STATE = "startsAt places openPlaces industries skillLevel needsApproval notes status"
ROOM = f"""query($id: ID!) {{ hostedTeeTime(id: $id) {{
    cursor cancelReason {STATE} requests {{ golfer {{ name }} }}
    slots {{ slotNumber isOpen golfer {{ name }} attended }}
}} }}"""
ASKED = " ".join(f"... on {kind} {{ golferName }}" for kind in ("JoinRequested", "JoinWithdrawn", "JoinAnswered"))
EVENTS = f"""subscription($id: ID!, $after: String) {{ hostedTeeTimeEvents(teeTimeId: $id, after: $after) {{
    ... on StreamEvent {{ type }} {ASKED}
    ... on SlotJoined {{ slotNumber openPlaces hostedStatus golferName }}
    ... on SlotLeft {{ slotNumber openPlaces hostedStatus }}
    ... on HostedTeeTimeUpdated {{ changes hostedStatus {STATE.removesuffix(" status")} }}
    ... on HostedTeeTimeCancelled {{ reason }}
    ... on AttendanceRecorded {{ golferName attended }}
}} }}"""


class Shown:
    """What somebody's screen shows of a room."""

    def __init__(self, room, *, sees_names):
        self.sees_names = sees_names
        self.state = {name: room[name] for name in (*STATE.split(), "cancelReason")}
        self.seats = {
            one["slotNumber"]: (one["golfer"] and one["golfer"]["name"], one["attended"])
            for one in room["slots"]
            if not one["isOpen"]
        }
        self.requests = {one["golfer"]["name"] for one in room["requests"]} if room["requests"] is not None else None

    def apply(self, event):
        kind = event["type"].removeprefix("tee-time:")
        if "hostedStatus" in event:
            self.state["status"] = event["hostedStatus"]
        self.state |= {name: event[name] for name in STATE.split() if name in event}
        if kind == "slot-joined":
            self.seats[event["slotNumber"]] = (event["golferName"], None)
        elif kind == "slot-left":
            del self.seats[event["slotNumber"]]
        elif kind == "cancelled":
            self.state |= {"status": "CANCELLED", "cancelReason": event["reason"]}
        elif kind == "join-requested":
            self.requests |= {event["golferName"]}
        elif kind in {"join-withdrawn", "join-answered"}:
            self.requests -= {event["golferName"]}
        elif kind == "attendance":
            [number] = [number for number, (name, _) in self.seats.items() if name == event["golferName"]]
            self.seats[number] = (event["golferName"], event["attended"])

    def without_names(self):
        """Give it as far as those know it who may not know who takes part: by events, they are told of places alone."""
        seats = self.seats if self.sees_names else set(self.seats)
        return self.state, seats, self.requests


async def test_what_each_sees_of_a_room_follows_from_its_events(world, clock):
    people = {name: await golfer(world, name) for name in ("ana", "ben", "eva", "noa")}
    (ana, ben, eva, noa), ids = [who for who, _ in people.values()], {name: key for name, (_, key) in people.items()}
    made = await host(world, ana, places=2)
    one = {"teeTimeId": made["id"]}
    await act(world, "joinTeeTime", who=ben, **one)

    async def room(who):
        return (await world.server.run(ROOM, who=who, id=made["id"])).data["hostedTeeTime"]

    later = (MORNING + timedelta(days=4)).isoformat()
    steps = [
        (eva, "joinTeeTime", {}, (1, 1, 1)),
        (eva, "leaveTeeTime", {}, (1, 1, 1)),
        (ana, "updateHostedTeeTime", {"needsApproval": True, "notes": "Walking", "startsAt": later}, (1, 1, 1)),
        (eva, "joinTeeTime", {}, (1, 0, 0)),
        (eva, "withdrawJoinRequest", {}, (1, 0, 0)),
        (eva, "joinTeeTime", {}, (1, 0, 0)),
        (ana, "answerJoinRequest", {"golferId": ids["eva"], "accept": False}, (1, 0, 0)),
        (eva, "joinTeeTime", {}, (1, 0, 0)),
        (ana, "answerJoinRequest", {"golferId": ids["eva"], "accept": True}, (2, 1, 1)),
        (ana, "removeParticipant", {"golferId": ids["eva"]}, (1, 1, 1)),
        (ana, "updateHostedTeeTime", {"places": 3, "industries": ["TECH"], "skillLevel": "ADVANCED"}, (1, 1, 1)),
    ]
    async with AsyncExitStack() as stack:
        screens = []
        for who in (ana, ben, noa):
            seen = await room(who)
            socket = await stack.enter_async_context(world.server.socket(who))
            await socket.subscribe(EVENTS, id=made["id"], after=seen["cursor"])
            screens.append((who, socket, Shown(seen, sees_names=who is not noa)))
        await all_follow(world.server, 3)

        async def compare(operation, counts):
            for (who, socket, shown), count in zip(screens, counts, strict=True):
                for event in await socket.events(count):
                    shown.apply(event)
                fresh = Shown(await room(who), sees_names=shown.sees_names)
                assert shown.without_names() == fresh.without_names(), operation

        for who, operation, given, counts in steps:
            await do(world, operation, who=who, selection="hostedTeeTime { id }", **one, **given)
            await compare(operation, counts)
        clock.advance(days=5)
        attended = {"golferId": ids["ben"], "attended": True}
        await do(world, "recordAttendance", who=ana, selection="hostedTeeTime { id }", **one, **attended)
        await compare("recordAttendance", (1, 1, 0))
    other = await host(world, ana, startsAt=(MORNING + timedelta(days=9)).isoformat())
    async with world.server.socket(noa) as socket:
        seen = (await world.server.run(ROOM, who=noa, id=other["id"])).data["hostedTeeTime"]
        await socket.subscribe(EVENTS, id=other["id"], after=seen["cursor"])
        shown = Shown(seen, sees_names=False)
        await do(world, "cancelHostedTeeTime", who=ana, selection="cursor", teeTimeId=other["id"], reason="Rain")
        shown.apply(await socket.event())
        fresh = (await world.server.run(ROOM, who=noa, id=other["id"])).data["hostedTeeTime"]
        assert shown.without_names() == Shown(fresh, sees_names=False).without_names()
