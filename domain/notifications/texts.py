"""What notifications say, in English; the language of the club can be chosen here one day, since texts are not kept."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from models.notifications import NotificationKind

START = "{time} on {date} at {course}"
TEXTS: Mapping[NotificationKind, tuple[str, str]] = MappingProxyType(
    {
        NotificationKind.BOOKING_MOVED: ("Your tee time has changed", f"You start at {START} now."),
        NotificationKind.BOOKING_UPDATED: ("Your booking was changed", f"Your booking for {START} was changed."),
        NotificationKind.BOOKING_CANCELLED: ("Your booking was cancelled", f"Your booking for {START} was cancelled."),
        NotificationKind.BOOKING_RESTORED: (
            "Your booking holds again",
            f"Your booking for {START} had been cancelled, and holds again.",
        ),
        NotificationKind.BOOKED_FOR_YOU: ("You were booked", f"You are booked for {START}."),
        NotificationKind.BUDDY_ASKED: (
            "Somebody asks to be your buddy",
            "{name} asks to be your buddy. Once you agree, each of you may book for the other.",
        ),
        NotificationKind.BUDDY_AGREED: ("You have a buddy", "{name} is your buddy now: you may book for each other."),
        NotificationKind.WAITLIST_OFFER: (
            "Your tee time is free",
            f"{{places}} at {START} came free. Accept by {{until}}, or they go to the next in line.",
        ),
        NotificationKind.WAITLIST_OFFER_WITHDRAWN: (
            "Your offer has ended",
            f"The places at {START} were taken out of sale. You keep your place on the waitlist.",
        ),
        NotificationKind.PACE_CRITICAL: (
            "A group is far behind",
            f"The group that started at {START} is {{minutes_behind}} minutes behind its pace.",
        ),
        NotificationKind.TEE_TIMES_DELAYED: ("Your tee time is delayed", f"You start at {START} now."),
        NotificationKind.TEE_TIMES_ADVANCED: ("Your tee time is earlier again", f"You start at {START} now."),
        NotificationKind.BLOCKED: (
            "Your tee time was blocked",
            f"The club has blocked the start at {START}. Your booking was kept; the club will contact you.",
        ),
        NotificationKind.COURSE_CLOSED: (
            "The course is closed",
            f"The course is closed{{because}}. Your booking for {START} was kept; ask the club before you set out.",
        ),
        NotificationKind.COURSE_STATUS_CHANGED: (
            "{course} is {status} now",
            "{course} was {previous_status} and is {status} now{because}.",
        ),
        NotificationKind.WEATHER_STALE: (
            "No weather for {course}",
            "There is no usable weather for {course}. Its status stays as it is; set it by hand if need be.",
        ),
    }
)
"""Title and body of each kind. What stands in braces is taken from the notification's data."""


def text_of(kind: NotificationKind, data: Mapping[str, Any]) -> tuple[str, str]:
    """Write the title and the body of a notification. Raises KeyError when its data lacks what its kind says."""
    title, body = TEXTS[kind]
    values = dict(data)
    if "date" in values:
        day = date.fromisoformat(values["date"])
        values["date"] = f"{day:%A} {day.day} {day:%B}"
    if "places" in values:
        values["places"] = "1 place" if values["places"] == 1 else f"{values['places']} places"
    if "reason" in values:
        reason = values["reason"].rstrip(" .")
        values["because"] = f": {reason}" if reason else ""
    return title.format_map(values), body.format_map(values)
