"""Payloads about hosted tee times."""

from schema.describe import output
from schema.matching.hosted_types import HostedTeeTime
from schema.payloads import Payload


@output
class HostTeeTimePayload(Payload):
    """The answer to `hostTeeTime`."""

    results = ("hosted_tee_time",)
    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class UpdateHostedTeeTimePayload(Payload):
    """The answer to `updateHostedTeeTime`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class CancelHostedTeeTimePayload(Payload):
    """The answer to `cancelHostedTeeTime`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class JoinTeeTimePayload(Payload):
    """The answer to `joinTeeTime`."""

    results = ("hosted_tee_time",)
    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class LeaveTeeTimePayload(Payload):
    """The answer to `leaveTeeTime`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class AnswerJoinRequestPayload(Payload):
    """The answer to `answerJoinRequest`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class WithdrawJoinRequestPayload(Payload):
    """The answer to `withdrawJoinRequest`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class RemoveParticipantPayload(Payload):
    """The answer to `removeParticipant`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class RecordAttendancePayload(Payload):
    """The answer to `recordAttendance`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""


@output
class RateGolferPayload(Payload):
    """The answer to `rateGolfer`."""

    hosted_tee_time: HostedTeeTime | None = None
    """The hosted tee time."""
