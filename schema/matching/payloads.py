"""Payloads about golfers."""

import strawberry

from schema.describe import listed, output
from schema.matching.types import Golfer, GolferReport, IndustryRelation
from schema.payloads import Payload


@output
class UpdateGolferPayload(Payload):
    """The answer to `updateGolfer`."""

    golfer: Golfer | None = None
    """You, as you are now."""


@output
class ConnectGolfersPayload(Payload):
    """The answer to `connectGolfers`."""

    golfer: Golfer | None = None
    """The other golfer; connected where they have asked before."""


@output
class DisconnectGolfersPayload(Payload):
    """The answer to `disconnectGolfers`."""

    golfer: Golfer | None = None
    """The other golfer."""


@output
class BlockGolferPayload(Payload):
    """The answer to `blockGolfer`."""

    golfer: Golfer | None = None
    """The other golfer, who is not told."""


@output
class UnblockGolferPayload(Payload):
    """The answer to `unblockGolfer`."""

    golfer: Golfer | None = None
    """The other golfer; a connection of before is not made again."""


@output
class ReportGolferPayload(Payload):
    """The answer to `reportGolfer`."""

    results = ("report",)
    report: GolferReport | None = None
    """The report."""


@output
class AnswerGolferReportPayload(Payload):
    """The answer to `answerGolferReport`."""

    report: GolferReport | None = None
    """The report."""


@output
class ReinstateGolferPayload(Payload):
    """The answer to `reinstateGolfer`."""

    golfer: Golfer | None = None
    """The golfer."""


@output
class SetIndustryRelationPayload(Payload):
    """The answer to `setIndustryRelation`."""

    relations: list[IndustryRelation] | None = listed(entries=45, default=None)
    """All lines of work that are related by now, each two once."""


@output
class EraseGolferPayload(Payload):
    """The answer to `eraseGolfer`."""

    golfer_id: strawberry.ID | None = None
    """The golfer of whom nothing is kept any more."""
