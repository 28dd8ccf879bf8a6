"""The acts of those who wait, through the API, and a screen's copy of a waitlist."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from jobs import tasks
from tests.harness import Server, Who, World, found_world
from tests.tee_sheet.desk import book, cancel, club_events, done, head, sheet

MINUTES = 15
"""For how long an offer holds, unless a club says otherwise."""

ENTRY = """id status place earliest latest partySize priceClass playerId name { firstName lastName } joinedAt
  courseId date
  offer { id entryId status places createdAt expiresAt teeTimeId bookingId }"""
LINE = (
    f"query($c: ID!, $d: Date!) {{ waitlist(courseId: $c, date: $d) {{ cursor courseId date entries {{ {ENTRY} }} }} }}"
)
NODE = f"""query($id: ID!) {{ node(id: $id) {{
  ... on WaitlistEntry {{ {ENTRY} }}
  ... on WaitlistOffer {{ offerStatus: status bookingId teeTime {{ localTime }} }}
}} }}"""
NAME = {"firstName": "Eva", "lastName": "Ruiz"}


async def join(world: World, who: Who, number: int | None = -1, size: int = 1, **more: Any) -> Any:
    """Wait for what comes free of a tee time of the world, or of any if its number is None; give the entry."""
    given = {"courseId": world.course, "date": world.day.isoformat(), "partySize": size, "offerNow": False, **NAME}
    if number is not None:
        at = world.tee_times[number]["localTime"]
        given |= {"earliest": at, "latest": at}
    return (await done(world.server, "joinWaitlist", f"waitlistEntry {{ {ENTRY} }}", who=who, **given | more))[
        "waitlistEntry"
    ]


async def waitlist(world: World, who: Who | None = None) -> Any:
    """Read the waitlist of the world's day, as staff unless somebody else is named."""
    answer = await world.server.run(LINE, who=who or world.staff, c=world.course, d=world.day.isoformat())
    return answer.data["waitlist"]


async def offers(world: World, who: Who | None = None) -> list[Any]:
    """Give the live offers, in line."""
    return [entry["offer"] for entry in (await waitlist(world, who))["entries"] if entry["offer"]]


async def node(world: World, thing: str, who: Who | None = None) -> Any:
    """Read an entry or an offer by its id."""
    return (await world.server.run(NODE, who=who or world.staff, id=thing)).data["node"]


async def fill(world: World, number: int = -1, places: int = 4) -> str:
    """Sell places of a tee time to the staff; give the booking."""
    return str((await book(world, world.staff, number, places=places))["booking"]["id"])


async def free(world: World, booking: str) -> Any:
    """Cancel what was sold; give the payload."""
    return await cancel(world, world.staff, booking)


async def accept(world: World, who: Who, offer: str, **more: Any) -> Any:
    """Accept an offer; give the payload."""
    wanted = "booking { id status price { amountCents } payer { firstName lastName } players { firstName priceClass } }"
    return await done(world.server, "acceptWaitlistOffer", wanted, who=who, offerId=offer, **more)


async def decline(world: World, who: Who, offer: str) -> Any:
    """Decline an offer; give the payload."""
    return await done(world.server, "declineWaitlistOffer", "waitlistOffer { id status }", who=who, offerId=offer)


async def leave(world: World, who: Who, entry: str) -> Any:
    """Take an entry off the waitlist; give the payload."""
    return await done(world.server, "leaveWaitlist", "waitlistEntry { id status place }", who=who, entryId=entry)


async def found_ahead(server: Server, days: int, **club: Any) -> World:
    """Found a club, and look at its sheet of a day to come."""
    world = await found_world(server, days=[0, days], **club)
    world.day += timedelta(days=days)
    await world.read()
    return world


class Line:
    """A screen's copy of a waitlist, kept up to date by events alone, as a client of the staff's would write it."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.entries: dict[str, dict[str, Any]] = {row["id"]: row for row in deepcopy(snapshot["entries"])}

    def shown(self) -> list[dict[str, Any]]:
        """Give the entries in line, in the form of the query's answer."""
        return [self.entries[key] | {"place": place} for place, key in enumerate(sorted(self.entries), 1)]

    def apply(self, event: dict[str, Any]) -> None:
        """Bring the line up to date with one event."""
        match event["__typename"]:
            case "WaitlistJoined":
                self.entries[event["entryId"]] = _entry(event)
            case "WaitlistLeft" | "WaitlistOfferAccepted":
                del self.entries[event["entryId"]]
            case "WaitlistOfferCreated":
                self.entries[event["entryId"]]["offer"] = _offer(event)
            case "WaitlistOfferDeclined" | "WaitlistOfferExpired":
                if event["entryId"] in self.entries:  # who left is told of first
                    self.entries[event["entryId"]]["offer"] = None


def _entry(event: dict[str, Any]) -> dict[str, Any]:
    kept = ("earliest", "latest", "partySize", "priceClass", "playerId", "courseId", "date")
    name = {"firstName": event["firstName"], "lastName": event["lastName"]}
    more = {"id": event["entryId"], "status": "WAITING", "joinedAt": event["timestamp"], "offer": None, "name": name}
    return {key: event[key] for key in kept} | more


def _offer(event: dict[str, Any]) -> dict[str, Any]:
    kept = ("entryId", "places", "expiresAt", "teeTimeId")
    more = {"id": event["offerId"], "status": "PENDING", "createdAt": event["timestamp"], "bookingId": None}
    return {key: event[key] for key in kept} | more


async def freed(world: World, number: int = -1, places: int = 4) -> list[Any]:
    """Have places of a start that is full otherwise sold and given back; give the events that come of it."""
    if others := (await statuses(world, number)).count("AVAILABLE") - places:
        await fill(world, number, others)
    booking = await fill(world, number, places)
    before = await head(world)
    payload = await free(world, booking)
    return await club_events(world, after=before, upto=payload["cursor"])


async def expire(world: World, minutes: int = MINUTES) -> list[Any]:
    """Let time pass, and the worker look; give the events that come of it."""
    before = await head(world)
    world.server.clock.advance(minutes=minutes)
    await tasks.sweep_holds(world.server.runtime)
    return await club_events(world, after=before, upto=await head(world))


async def statuses(world: World, number: int = -1) -> list[str]:
    return [slot["status"] for slot in (await sheet(world))["teeTimes"][number]["slots"]]
