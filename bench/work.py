"""The work that servers are given: an event that is made and seen, and lists that are read."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any
from urllib.parse import urlencode

Outcome = dict[str, Any]
"""What was measured."""
STATUSES = ("AVAILABLE", "CHECKED_IN", "ASSIGNED", "ON_COURSE", "RETURNING", "ON_BREAK", "OFF_DUTY")
CADDIE_LISTS = (1, 2, 3)
SELECTION = "%EXTRA%"
"""Where a document takes one more field, so that it differs from others."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is done. Rates are events per second, times are seconds."""

    subscribers: int = 1_000
    warmup: int = 20
    events: int = 50
    rate: float = 5.0
    burst: int = 200
    idle: float = 0.0
    quiet: float = 30.0
    seconds: float = 5.0
    changes: int = 400
    people: int = 500
    timeout: float = 150.0


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A mutation, and the subscription that sees what it does.

    An event is recognised by two fields of its answer; `marks` are the values that they have, event after event. Two
    mutations that follow each other must differ, and where the marks begin anew too.
    """

    mutation: str
    variables: Callable[[str, str], Mapping[str, Any]]
    """The mutation's variables, by the event's mark."""
    marks: Sequence[tuple[str, str]]
    subscription: str
    fields: tuple[str, str] = ("caddieId", "status")
    filtered: str = ""
    """The subscription with a variable that filters, where there is one."""
    filters: Sequence[Mapping[str, Any]] = ()
    """Values of that variable that differ, and let every event pass."""

    def bodies(self) -> list[str]:
        """Give the mutation for each mark, as the body of a POST."""
        return [json.dumps({"query": self.mutation, "variables": self.variables(*mark)}) for mark in self.marks]

    def payloads(self, documents: int = 1) -> list[str]:
        """Give the payload of `subscribe`, in so many documents that select differently."""
        extras = ["", *(f"d{n}: timestamp" for n in range(1, documents))]
        return [json.dumps({"query": self.subscription.replace(SELECTION, extra)}) for extra in extras]

    def filtered_payloads(self, count: int) -> list[str]:
        """Give the payload of `subscribe` with as many different filters, or as many as there are."""
        query = self.filtered.replace(SELECTION, "")
        return [json.dumps({"query": query, "variables": dict(chosen)}) for chosen in self.filters[:count]]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A query that is asked over and over."""

    name: str
    query: str
    expect: str
    """What the answer contains when it is right."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    method: str = "POST"
    unchanged: bool = False
    """Whether the client has the answer, and asks only whether it still holds."""
    changes: Sequence[tuple[str, str]] = ()
    """Mutations that take turns before it is asked each time, as bodies, with what the answer then contains."""

    @property
    def body(self) -> str:
        """The body of a POST."""
        return json.dumps({"query": self.query, "variables": dict(self.variables)})

    @property
    def target(self) -> str:
        """What follows the path of a GET."""
        return "?" + urlencode({"query": self.query, "variables": json.dumps(dict(self.variables))})


CADDIES = Reading(
    name="list of 30, POST", query="{ caddies(list: 1) { id name status listNumber } }", expect='"Caddie 30"'
)

CADDIE_EVENTS = Pair(
    mutation="mutation($id: ID!, $status: CaddieStatus!) { setCaddieStatus(id: $id, status: $status) { id status } }",
    variables=lambda caddie, status: {"id": caddie, "status": status},
    marks=[(str(n), status) for status in STATUSES for n in range(1, 31)],
    subscription="subscription { caddieEvents(list: 1) { __typename caddieId name status listNumber timestamp "
    + SELECTION
    + " } }",
)
"""What the peers do: one caddie's status changes."""


def fairway_pair(ids: Mapping[str, str]) -> Pair:
    """Give what Fairway does: an event of the same size. `ids` are those that `database.py` tells."""
    club_id = ids["club"]
    chosen = "{ __typename ... on ClubUpdated { caddieId: name clubId status: type timestamp " + SELECTION + " } }"
    return Pair(
        mutation="mutation($input: UpdateClubInput!) { updateClub(input: $input) { club { id } problems { code } } }",
        variables=lambda name, _type: {"input": {"clubId": club_id, "name": name}},
        marks=[(f"Links {n}", "club.updated") for n in range(1, 211)],
        subscription=f'subscription {{ clubEvents(clubId: "{club_id}") {chosen} }}',
        filtered="subscription($types: [ClubEventType!]) "
        f'{{ clubEvents(clubId: "{club_id}", types: $types) {chosen} }}',
        filters=[{"types": ["CLUB_UPDATED", *others]} for others in _subsets(OTHER_TYPES)],
    )


OTHER_TYPES = (
    "BOOKING_CANCELLED",
    "BOOKING_CREATED",
    "CLUB_CREATED",
    "COURSE_CREATED",
    "COURSE_UPDATED",
    "SHEET_TEMPLATE_CHANGED",
    "SLOT_AVAILABLE",
    "SLOT_BOOKED",
    "SLOT_HELD",
    "SLOT_RELEASED",
    "TEE_SHEET_CHANGED",
)


def _subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)))


COURSES = "query($club: ID!) { club(id: $club) { courses { id name holes timeZone } } }"
SHEET = """query($course: ID!, $day: Date!) {
  teeSheet(courseId: $course, date: $day) { cursor teeTimes { id localTime slots { id number status } } }
}"""


def fairway_readings(ids: Mapping[str, str]) -> list[Reading]:
    """Give what is read from Fairway alone: today's tee sheet in three ways, and the list of 30 by its tag."""
    unchanged = {"method": "GET", "unchanged": True}
    ways: list[tuple[str, dict[str, Any]]] = [
        ("POST", {}),
        ("GET", {"method": "GET"}),
        ("GET, unchanged (304)", unchanged),
    ]
    club, sheet = {"club": ids["club"]}, {"course": ids["course"], "day": ids["day"]}
    listed = {"query": COURSES, "variables": club, "expect": '"Course 30"'}
    return [
        Reading(name="list of 30, GET, unchanged (304)", **listed, **unchanged),
        *(
            Reading(name=f"today's tee sheet, {way}", query=SHEET, variables=sheet, expect='"teeTimes":[{', **more)
            for way, more in ways
        ),
    ]


MARKED_CADDIES = """subscription($c: ID!) { caddieEvents(clubId: $c, types: [CADDIE_STATUS_CHANGED]) {
  ... on StreamEvent { type cursor timestamp }
  ... on CaddieStatusChanged { caddieId name status statusLabel listNumber }
} }"""
POLLED_CADDIES = "query($c: ID!) { caddies(clubId: $c) { cursor caddies { id name status statusLabel listNumber } } }"
MARK_CADDIE = """mutation($input: SetCaddieStatusInput!) {
  setCaddieStatus(input: $input) { caddie { id status } problems { code message } }
}"""


def caddie_lists(ids: Mapping[str, str]) -> dict[int, list[str]]:
    """Give the club's caddies by list. `ids` are those that `database.py` tells."""
    return {number: ids[f"caddies_{number}"].split() for number in CADDIE_LISTS}


HOLD = "mutation($input: HoldSlotsInput!) { holdSlots(input: $input) { hold { id } problems { code } } }"
RELEASE = "mutation($input: ReleaseHoldInput!) { releaseHold(input: $input) { hold { id } problems { code } } }"
BOOK = "mutation($input: BookSlotsInput!) { bookSlots(input: $input) { booking { id } problems { code } } }"
CANCEL = "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) { booking { id } problems { code } } }"
CHECK_IN = "mutation($input: CheckInInput!) { checkIn(input: $input) { booking { id } problems { code } } }"
UNDO_CHECK_IN = (
    "mutation($input: UndoCheckInInput!) { undoCheckIn(input: $input) { booking { id } problems { code } } }"
)
MARK = "mutation($input: SetCaddieStatusInput!) { setCaddieStatus(input: $input) { caddie { id } problems { code } } }"
RENAME = "mutation($input: UpdateCourseInput!) { updateCourse(input: $input) { course { id } problems { code } } }"
CREATE_CLUB = (
    "mutation($input: CreateClubInput!) { createClub(input: $input) { club { id } problems { code message } } }"
)
CREATE_COURSE = """mutation($input: CreateCourseInput!) {
  createCourse(input: $input) { course { id } problems { code message } }
}"""
SET_TEMPLATE = (
    "mutation($input: SetSheetTemplateInput!) { setSheetTemplate(input: $input) { problems { code message } } }"
)
GENERATE = "mutation($input: GenerateTeeSheetInput!) { generateTeeSheet(input: $input) { problems { code message } } }"
SEE_STARTS = "query($course: ID!, $day: Date!) { teeSheet(courseId: $course, date: $day) { teeTimes { id } } }"
SEE_CADDIES = "query($club: ID!) { caddies(clubId: $club) { caddies { id } } }"
FOLLOW_SHEET = """subscription($course: ID!, $day: Date!) {
  teeSheetEvents(courseId: $course, date: $day) { ... on StreamEvent { type cursor timestamp clubId } }
}"""
UPDATE_CLUB = "mutation($input: UpdateClubInput!) { updateClub(input: $input) { cursor problems { code } } }"
FOLLOW_CLUB = """subscription($club: ID!, $after: String) {
  clubEvents(clubId: $club, after: $after) { ... on StreamEvent { type cursor timestamp clubId } }
}"""
FOLLOW_CADDIES = """subscription($club: ID!) {
  caddieEvents(clubId: $club) { ... on StreamEvent { type cursor timestamp clubId } }
}"""
"""What Fairway and the peers that keep to PostgreSQL are asked alike."""
