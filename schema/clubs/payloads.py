"""Payloads about clubs and courses."""

from schema.clubs.types import Club
from schema.course.courses import Course
from schema.describe import output
from schema.payloads import Payload


@output
class CreateClubPayload(Payload):
    """The answer to `createClub`."""

    results = ("club",)
    club: Club | None = None
    """The club."""


@output
class UpdateClubPayload(Payload):
    """The answer to `updateClub`."""

    club: Club | None = None
    """The club."""


@output
class CreateCoursePayload(Payload):
    """The answer to `createCourse`."""

    results = ("course",)
    course: Course | None = None
    """The course."""


@output
class UpdateCoursePayload(Payload):
    """The answer to `updateCourse`."""

    course: Course | None = None
    """The course."""


@output
class SetBookingLimitsPayload(Payload):
    """The answer to `setBookingLimits`."""

    club: Club | None = None
    """The club, with its limits."""


@output
class AddPriceClassPayload(Payload):
    """The answer to `addPriceClass`."""

    results = ("club",)
    club: Club | None = None
    """The club, with its price classes."""


@output
class UpdatePriceClassPayload(Payload):
    """The answer to `updatePriceClass`."""

    club: Club | None = None
    """The club, with its price classes."""


@output
class RetirePriceClassPayload(Payload):
    """The answer to `retirePriceClass`."""

    club: Club | None = None
    """The club, with its price classes."""


@output
class SetDepositPolicyPayload(Payload):
    """The answer to `setDepositPolicy`."""

    club: Club | None = None
    """The club, with its policy."""
