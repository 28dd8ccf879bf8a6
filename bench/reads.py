"""What is read where PostgreSQL is behind all: a list of 30 and a day that is sold out, unchanged and after changes."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.work import CHECK_IN, COURSES, RENAME, UNDO_CHECK_IN, Reading

SOLD_OUT = """query($course: ID!, $day: Date!) { teeSheet(courseId: $course, date: $day) {
  teeTimes { id localTime slots { id number status } }
  bookings { id status players { position firstName lastName checkedInAt } }
} }"""
LIST_OF_POSTGRAPHILE = """query($club: UUID!) {
  clubByRowId(rowId: $club) { coursesByClubId { nodes { rowId name holes timeZone } } }
}"""
SOLD_OUT_OF_POSTGRAPHILE = """query($course: UUID!, $day: Date!) {
  sheetByCourseIdAndDate(courseId: $course, date: $day) { teeTimesBySheetId(orderBy: STARTS_AT_ASC) { nodes {
    rowId localTime slotsByTeeTimeId(orderBy: NUMBER_ASC) { nodes { rowId number status } }
    bookingsByTeeTimeId { nodes {
      rowId status playersByBookingId(orderBy: POSITION_ASC) { nodes { position firstName lastName checkedInAt } }
    } }
  } }
} }"""
RENAME_IN_POSTGRAPHILE = """mutation($course: UUID!, $name: String!) {
  updateCourseByRowId(input: { rowId: $course, coursePatch: { name: $name } }) { clientMutationId }
}"""
ARRIVE_IN_POSTGRAPHILE = """mutation($booking: UUID!, $at: Datetime) { updatePlayerByBookingIdAndPosition(
  input: { bookingId: $booking, position: 1, playerPatch: { checkedInAt: $at } }
) { clientMutationId } }"""
NAMES = ("Course 01", "Course 01 A")
"""What the first course of the list is called in turn."""
ARRIVED = '"checkedInAt":"'
"""What the day contains once somebody has checked in, who may be taken back."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query, and the mutations that change its answer in turn."""

    name: str
    query: str
    variables: Mapping[str, Any]
    expect: str
    changes: Sequence[tuple[str, str]]

    def readings(self) -> Iterator[Reading]:
        """Give it by POST and by GET, unchanged and after a change each time."""
        for method in ("POST", "GET"):
            reading = Reading(
                name=f"{self.name}, {method}",
                query=self.query,
                variables=self.variables,
                expect=self.expect,
                method=method,
            )
            yield reading
            yield replace(reading, name=f"{reading.name}, after a change", changes=self.changes)


def _body(query: str, **variables: Any) -> str:
    return json.dumps({"query": query, "variables": variables})


def readings_alike(ids: Mapping[str, str], id_of: Callable[[str], str]) -> list[Reading]:
    """Give what Fairway and a peer with the same schema are asked; `id_of` gives an id as the server knows it."""
    course, booking = id_of(ids["list_course"]), id_of(ids["full_booking"])
    renamed = [(_body(RENAME, input={"courseId": course, "name": name}), f'"{name}"') for name in reversed(NAMES)]
    arrived = [
        (_body(query, input={"bookingId": booking}), seen) for query, seen in ((CHECK_IN, ARRIVED), (UNDO_CHECK_IN, ""))
    ]
    return _both(
        (COURSES, {"club": id_of(ids["club"])}, renamed),
        (SOLD_OUT, {"course": id_of(ids["full_course"]), "day": ids["play_day"]}, arrived),
    )


def readings_of_postgraphile(ids: Mapping[str, str], id_of: Callable[[str], str]) -> list[Reading]:
    """Give the same as PostGraphile's own schema has it."""
    course, booking = id_of(ids["list_course"]), id_of(ids["full_booking"])
    renamed = [(_body(RENAME_IN_POSTGRAPHILE, course=course, name=name), f'"{name}"') for name in reversed(NAMES)]
    moments = (("2026-01-01T00:00:00Z", ARRIVED), (None, ""))
    arrived = [(_body(ARRIVE_IN_POSTGRAPHILE, booking=booking, at=at), seen) for at, seen in moments]
    return _both(
        (LIST_OF_POSTGRAPHILE, {"club": id_of(ids["club"])}, renamed),
        (SOLD_OUT_OF_POSTGRAPHILE, {"course": id_of(ids["full_course"]), "day": ids["play_day"]}, arrived),
    )


Question = tuple[str, Mapping[str, Any], Sequence[tuple[str, str]]]


def _both(of_list: Question, of_day: Question) -> list[Reading]:
    asked = [
        Asked(name=name, query=query, variables=variables, expect=expect, changes=changes)
        for name, expect, (query, variables, changes) in (
            ("list of 30", '"Course 30"', of_list),
            ("sold-out day", '"Of Group 69"', of_day),
        )
    ]
    return [reading for question in asked for reading in question.readings()]
