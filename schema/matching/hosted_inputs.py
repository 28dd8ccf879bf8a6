"""Inputs about hosted tee times."""

import datetime as dt
from types import MappingProxyType

import strawberry

from models.matching.values import Industry, SkillLevel
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET
HOSTED = MappingProxyType({"tee_time_id": "hosted_tee_time"})


@input_type
class HostTeeTimeInput(Input):
    """A tee time to be hosted: with a booking of yours, at a course of a club, or elsewhere by name and time zone."""

    places: int
    """Open places beside your own, 1 to 3; with a booking, as many as have no name there at the most."""
    starts_at: dt.datetime | None = None
    """When it starts; still to come, and at most a year ahead. Needed where no booking is named."""
    booking_id: strawberry.ID | None = None
    """A booking of yours, whose places without a name can be taken; it says where and when."""
    course_id: strawberry.ID | None = None
    """The course, which says what it is called, its zone and where it is."""
    place_name: str | None = UNSET
    """What the place is called, at most 200 characters; needed where no course is named."""
    time_zone: str | None = UNSET
    """The IANA zone of the place; needed where no course is named."""
    city: str | None = UNSET
    """The city, at most 100 characters."""
    country: str | None = UNSET
    """Its country, by the two capitals of ISO 3166-1, as in ES."""
    latitude: float | None = UNSET
    """Where it is, in degrees from -90 to 90; with the longitude."""
    longitude: float | None = UNSET
    """Where it is, in degrees from -180 to 180; with the latitude."""
    industries: list[Industry] = strawberry.field(default_factory=list)
    """The lines of work that it is for; all where none is named."""
    skill_level: SkillLevel | None = None
    """The level that it is for; any if left out."""
    needs_approval: bool = False
    """Whether you decide who joins."""
    notes: str = ""
    """What else there is to say, at most 1,000 characters on any number of lines."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdateHostedTeeTimeInput(Input):
    """What changes about a tee time of yours; what is left out stays."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    starts_at: dt.datetime | None = UNSET
    """When it starts; still to come, and at most a year ahead."""
    places: int | None = UNSET
    """Places beside your own, 1 to 3, and as many as have joined at least."""
    industries: list[Industry] | None = UNSET
    """The lines of work that it is for; all where none is named. Who has joined stays."""
    skill_level: SkillLevel | None = UNSET
    """The level that it is for; null is any."""
    needs_approval: bool | None = UNSET
    """Whether you decide who joins; who has asked already goes on to wait for your answer."""
    notes: str | None = UNSET
    """What else there is to say, at most 1,000 characters on any number of lines."""


@input_type
class CancelHostedTeeTimeInput(Input):
    """A tee time of yours that shall not take place."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    reason: str = ""
    """Why, at most 500 characters; who takes part is told."""


@input_type
class JoinTeeTimeInput(Input):
    """A hosted tee time that you would like to take part in."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class LeaveTeeTimeInput(Input):
    """A hosted tee time that you would not like to take part in any more."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""


@input_type
class AnswerJoinRequestInput(Input):
    """Your answer to a golfer who has asked to join."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    golfer_id: strawberry.ID
    """Who has asked."""
    accept: bool
    """Whether they may join."""


@input_type
class WithdrawJoinRequestInput(Input):
    """A hosted tee time that you have asked to join, and would not any more."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""


@input_type
class RecordAttendanceInput(Input):
    """Whether somebody who takes part in a tee time of yours came to play."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    golfer_id: strawberry.ID
    """Who takes part."""
    attended: bool
    """Whether they came."""


@input_type
class RateGolferInput(Input):
    """What you think of somebody with whom you have played."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    golfer_id: strawberry.ID
    """With whom you have played."""
    stars: int
    """From 1 to 5."""


@input_type
class RemoveParticipantInput(Input):
    """Somebody who shall not take part in a tee time of yours any more."""

    kinds = HOSTED
    tee_time_id: strawberry.ID
    """The hosted tee time."""
    golfer_id: strawberry.ID
    """The golfer."""
