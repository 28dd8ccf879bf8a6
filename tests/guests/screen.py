"""Screens that show an occasion, kept up to date by events alone, as a client would write them."""

from copy import deepcopy
from typing import Any

from graphql import get_named_type

from resolvers.root import core
from schema.carried import carried_in
from tests.guests.seating.board import Chart

OCCASION = """query($id: ID!) { occasion(id: $id) {
    id cursor clubId name kind language status rsvpDeadline isSeatingRevealed revealSeatingAt guestCount planners
    questions { questionId text kind choices }
    parts { id name isMain startsAt endsAt place capacity isSeated meals { mealId name } mealsUntil }
} }"""
GUEST = """id householdId householdName firstName lastName name isPlusOne ageGroup takesPlace groupName diets dietNote
    needs needNote email phone answers { questionId answer } isListed isVip rsvpStatus
    checkInCode
    attendances { partId status mealId answeredAt queuePlace tableId seat isLocked arrivedAt declineUntil }"""
GUESTS = f"query($id: ID!) {{ guests(occasionId: $id) {{ guests {{ {GUEST} }} }} }}"
HOUSEHOLD = f"""query($id: ID!) {{ household(id: $id) {{
    id name code language email phone plusOnes invitedAt openedAt parts {{ id }} guests {{ {GUEST} }}
}} }}"""
DIRECTORY = "query($id: ID!) { directory(occasionId: $id) { guests { guestId name groupName householdName } } }"
PAGED = """query($id: ID!, $after: String) {{ {}(occasionId: $id, first: 50, after: $after) {{
    pageInfo {{ hasNextPage endCursor }} nodes {{ {} }}
}} }}"""
ACTIVITY = PAGED.format("activity", "id kind actor count createdAt")
REQUESTS = PAGED.format("guestRequests", "id householdId guestId authorName text status reply createdAt")
POSTS = PAGED.format(
    "posts",
    """id kind status isOwn authorName householdId guestId title artist text votes createdAt
    picture { id width height }""",
)
UNANSWERED = {
    "status": "PENDING",
    "mealId": None,
    "answeredAt": None,
    "queuePlace": None,
    "tableId": None,
    "seat": None,
    "isLocked": False,
    "arrivedAt": None,
    "declineUntil": None,
}
ANSWERED = {"status": "rsvpStatus", "mealId": "mealId", "answeredAt": "answeredAt", "declineUntil": "declineUntil"}
NOT_SEATED = {"tableId": None, "seat": None, "isLocked": False}


UNION: Any = core.type_map["OccasionStreamEvent"]
FACE: Any = core.type_map["StreamEvent"]
KINDS, SHARED = core.get_possible_types(UNION), FACE.fields


def _select(kind: Any) -> str:
    """Select everything of an event that others have not; what other kinds call the same has the kind before it."""
    found = []
    for name, field in kind.fields.items():
        types = {str(other.fields[name].type) for other in KINDS if name in other.fields}
        if name not in SHARED and not carried_in(field):  # what a cache takes by itself is tried elsewhere
            found.append((f"{kind}__{name}: " if len(types) > 1 else "") + name + _below(field))
    return f"... on {kind} {{ {' '.join(found)} }}" if found else ""


def _below(field: Any) -> str:
    fields = getattr(get_named_type(field.type), "fields", {})
    return f" {{ {' '.join(name + _below(one) for name, one in fields.items())} }}" if fields else ""


FOLLOW = f"""subscription($id: ID!, $after: String) {{ occasionEvents(occasionId: $id, after: $after) {{
    __typename ... on StreamEvent {{ {" ".join(SHARED)} }} {" ".join(map(_select, KINDS))}
}} }}"""


def plain(event: dict[str, Any]) -> dict[str, Any]:
    """Take the kinds off the names of an event's fields."""
    return {name if name.startswith("__") else name.split("__")[-1]: value for name, value in event.items()}


def by_id(rows: list[dict[str, Any]], name: str = "id") -> dict[str, dict[str, Any]]:
    return {row[name]: row for row in deepcopy(rows)}


class Screen:
    """What somebody knows of an occasion: those who plan it all, a household its own."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.own = snapshot.get("own")
        self.occasion = {name: value for name, value in deepcopy(snapshot["occasion"]).items() if name != "cursor"}
        self.households = by_id(snapshot["households"])
        self.guests = by_id(snapshot["guests"])
        self.directory = by_id(snapshot["directory"], "guestId")
        self.activity = by_id(snapshot.get("activity", []))
        self.requests = by_id(snapshot.get("requests", []))
        self.posts = by_id(snapshot.get("posts", []))
        self.chart = Chart(snapshot.get("chart"))
        self.queues: dict[str, dict[str, int]] = {}
        """By part, the households that wait, with their places."""
        self.anew: set[str] = set()
        """Households and guests whose codes have to be read again: no event tells one."""
        for guest in self.guests.values():
            for one in guest["attendances"]:
                if one["queuePlace"]:
                    self.queues.setdefault(one["partId"], {})[guest["householdId"]] = one["queuePlace"]

    def read_anew(self, snapshot: dict[str, Any]) -> None:
        """Read the codes again of which events said that they are others."""
        fresh = {row["id"]: row for row in (*snapshot["households"], *snapshot["guests"])}
        for row in (*self.households.values(), *self.guests.values()):
            name = "checkInCode" if "checkInCode" in fresh.get(row["id"], {}) else "code"
            if row["id"] in self.anew and row["id"] in fresh:
                row[name] = fresh[row["id"]][name]
        self.anew.clear()

    def shown(self) -> dict[str, Any]:
        """Give the screen in the form of a snapshot, lists by id."""
        for guest in self.guests.values():
            guest["householdName"] = self.households[guest["householdId"]]["name"]
            main = next((part["id"] for part in self.occasion["parts"] if part["isMain"]), None)
            for one in guest["attendances"]:
                queue = self.queues.get(one["partId"], {}) if one["status"] == "WAITLISTED" else {}
                one["queuePlace"] = queue.get(guest["householdId"])
            guest["rsvpStatus"] = next((one["status"] for one in guest["attendances"] if one["partId"] == main), None)
        found: dict[str, Any] = {
            "occasion": self.occasion,
            "households": self.households,
            "guests": self.guests,
            "directory": self.directory,
            "requests": self.requests,
            "posts": self.posts,
        }
        if self.own:
            return found
        self.occasion["guestCount"] = len(self.guests)
        return found | {"activity": self.activity, "chart": self.chart.shown(self.guests)}

    def apply(self, event: dict[str, Any]) -> None:
        """Bring the screen up to date with one event."""
        kind = event["__typename"]
        if "directoryEntry" in event and event.get("isMain", True):
            self._list(event)
        if kind == "OccasionUpdated":
            self._occasion(event)
        elif kind == "QueueUpdated":
            places = {household: place for place, household in enumerate(event["waiting"] or (), start=1)}
            self.queues[event["partId"]] = {self.own: event["queuePlace"]} if self.own else places
        elif kind.startswith(("Household", "GuestCreated", "GuestUpdated", "GuestDeleted", "GuestErased")):
            self._list_of_guests(event)
        elif kind.startswith(("Rsvp", "GuestSeated", "SeatChanged", "GuestUnseated", "GuestChecked", "CheckIn")):
            self._attend(event)
        else:
            self._beside(event)

    def _list_of_guests(self, event: dict[str, Any]) -> None:
        match event["__typename"]:
            case "HouseholdCreated" | "HouseholdUpdated" if self._is_mine(event):
                self._household(event)
            case "HouseholdDeleted":
                self.households.pop(event["householdId"], None)
            case "GuestCreated" | "GuestUpdated":
                self._guest(event)
            case "GuestDeleted":
                self.guests.pop(event["guestId"], None)
            case "GuestErased":
                self.guests.pop(event["guestId"], None)
                self.directory.pop(event["guestId"], None)
                if event["householdErased"]:
                    self.households.pop(event["householdId"], None)

    def _attend(self, event: dict[str, Any]) -> None:
        """Bring what is known of a guest at a part up to date; others' answers tell the directory alone."""
        if not self._is_mine(event):
            return
        mine = self.guests[event["guestId"]]["attendances"]
        attendance = next(one for one in mine if one["partId"] == event["partId"])
        match event["__typename"]:
            case "RsvpUpdated":
                attendance |= {name: event[told] for name, told in ANSWERED.items()}
            case "GuestSeated" | "SeatChanged":
                attendance |= {name: event[name] for name in NOT_SEATED}
            case "GuestUnseated":
                attendance |= NOT_SEATED
            case "GuestCheckedIn" | "CheckInCorrected":
                attendance["arrivedAt"] = event["arrivedAt"]
            case "CheckInUndone":
                attendance["arrivedAt"] = None

    def _is_mine(self, event: dict[str, Any]) -> bool:
        return self.own is None or event["householdId"] == self.own

    def _list(self, event: dict[str, Any]) -> None:
        if event["directoryEntry"] is None:
            self.directory.pop(event["guestId"], None)
        else:
            self.directory[event["guestId"]] = {"guestId": event["guestId"]} | event["directoryEntry"]

    def _occasion(self, event: dict[str, Any]) -> None:
        names = ("name", "kind", "language", "status", "rsvpDeadline", "isSeatingRevealed", "revealSeatingAt")
        self.occasion |= {name: event[name] for name in (*names, "questions")}
        if event["planners"] is not None:
            self.occasion["planners"] = event["planners"]
        if self.own and not event["isSeatingRevealed"]:
            for guest in self.guests.values():
                for one in guest["attendances"]:
                    one.update(NOT_SEATED)
        self._parts(event["parts"])
        left = {part["partId"] for part in event["parts"]}
        for household in self.households.values():
            household["parts"] = [part for part in household["parts"] if part["id"] in left]
        for guest in self.guests.values():
            self._invite(guest)

    def _parts(self, parts: list[dict[str, Any]]) -> None:
        self.occasion["parts"] = [
            {"id": part["partId"]} | {name: value for name, value in part.items() if name != "partId"} for part in parts
        ]

    def _household(self, event: dict[str, Any]) -> None:
        if self.own and event.get("invitedParts") is not None:
            self._parts(event["invitedParts"])
        names = ("name", "language", "email", "phone", "plusOnes", "invitedAt", "openedAt")
        household = {"id": event["householdId"], "parts": [{"id": part} for part in event["partIds"]]}
        household["code"] = self.households.get(event["householdId"], {}).get("code")
        if household["code"] is None or event.get("changesCode"):
            self.anew.add(event["householdId"])
        self.households[event["householdId"]] = household | {name: event[name] for name in names}
        for guest in self.guests.values():
            self._invite(guest)

    def _guest(self, event: dict[str, Any]) -> None:
        guest_id, person = event["guestId"], event["person"]
        if not self._is_mine(event) or person is None:
            self.guests.pop(guest_id, None)
            return
        guest = {"id": guest_id, "householdId": event["householdId"], "isVip": event["isVip"], **person}
        guest["name"] = f"{person['firstName']} {person['lastName']}".strip()
        known = self.guests.get(guest_id, {"attendances": [], "checkInCode": None})
        guest |= {name: known[name] for name in ("attendances", "checkInCode")}
        if guest["checkInCode"] is None or event.get("changesCode"):
            self.anew.add(guest_id)
        if event.get("attendances"):
            seats = {one["partId"]: {name: one[name] for name in NOT_SEATED} for one in guest["attendances"]}
            guest["attendances"] = [
                UNANSWERED
                | {name: one[told] for name, told in ANSWERED.items()}
                | {"arrivedAt": one["arrivedAt"], "partId": one["partId"]}
                | seats.get(one["partId"], {})
                for one in event["attendances"]
            ]
        self.guests[guest_id] = guest
        self._invite(guest)

    def _invite(self, guest: dict[str, Any]) -> None:
        """Ask a guest to the parts that the household is invited to; what was answered for them stays."""
        kept = {one["partId"]: one for one in guest["attendances"]}
        parts = [part["id"] for part in self.households[guest["householdId"]]["parts"]]
        guest["attendances"] = [kept.get(part, {"partId": part} | UNANSWERED) for part in parts]

    def _beside(self, event: dict[str, Any]) -> None:
        kind = event["__typename"]
        if kind == "ActivityCreated":
            entry = {name: event[name] for name in ("kind", "actor", "count")}
            self.activity[event["activityId"]] = entry | {"id": event["activityId"], "createdAt": event["timestamp"]}
        elif kind == "GuestRequestDeleted":
            self.requests.pop(event["guestRequestId"], None)
        elif kind.startswith("GuestRequest"):
            names = ("householdId", "guestId", "authorName", "text", "status", "reply", "createdAt")
            request = {name: event[name] for name in names}
            self.requests[event["guestRequestId"]] = request | {"id": event["guestRequestId"]}
        elif kind.startswith(("Table", "SeatingRule")):
            self.chart.apply(event)
        elif kind.endswith("Deleted"):
            self.posts.pop(event["postId"], None)
        else:
            self._post(event)

    def _post(self, event: dict[str, Any]) -> None:
        kind = event["__typename"].removesuffix("Created").removesuffix("Updated").upper()
        post = self.posts.setdefault(event["postId"], {"id": event["postId"], "kind": kind})
        post |= {"status": event["status"], "votes": event["votes"], "isOwn": event["isOwn"]}
        post |= {"householdId": event["authorHouseholdId"], "guestId": event["authorGuestId"]}
        if event["content"] is not None:
            post |= event["content"]
            if picture := event["content"]["picture"]:
                post["picture"] = {"id": picture["pictureId"], "width": picture["width"], "height": picture["height"]}
        if self.own and event["status"] != "APPROVED" and not event["isOwn"]:
            del self.posts[event["postId"]]
