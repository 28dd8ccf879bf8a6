"""Values of the caddies that tables, rules and the schema share."""

from kit.enums import DescribedEnum


class CaddieStatus(DescribedEnum):
    """What a caddie is doing at the moment."""

    AVAILABLE = "AVAILABLE", "At the club and ready to go."
    IN_PREP = "IN_PREP", "Preparing for a turn."
    IN_FIELD = "IN_FIELD", "Out on a turn."
    LATE = "LATE", "Not at the club yet, and still expected."
    ABSENT = "ABSENT", "Not at the club, and not expected."
    ON_LEAVE = "ON_LEAVE", "Off duty with permission."


class TurnStatus(DescribedEnum):
    """How far a turn has come."""

    ASSIGNED = "ASSIGNED", "Assigned to a booking, and not started yet."
    IN_FIELD = "IN_FIELD", "The caddie is out."
    ENDED = "ENDED", "The caddie is back; the turn counts as a loop."
    SKIPPED = "SKIPPED", "The caddie was passed over, and keeps the place for the next round."
    DECLINED = "DECLINED", "The caddie declined the booking before the turn was started."
    WITHDRAWN = (
        "WITHDRAWN",
        "The assignment ended with its booking, its day or the caddie's absence.",
    )
    UNDONE = "UNDONE", "It was started or skipped by mistake, and counts as if it had not been."


class TurnAct(DescribedEnum):
    """What is done with a turn, and can be taken back."""

    START = "START", "The caddie was sent out."
    END = "END", "The caddie came back."
    SKIP = "SKIP", "The caddie was passed over."


class FeeTier(DescribedEnum):
    """What kind of loop a turn was, which decides its fee."""

    SINGLE = "SINGLE", "One bag."
    DOUBLE = "DOUBLE", "Two bags."
    FORECADDIE = "FORECADDIE", "Ahead of the group, for all of its players, without a bag."


class AssignmentKind(DescribedEnum):
    """Why a turn was assigned to a booking."""

    GROUP = "GROUP", "The group is given a caddie."
    MEMBER_REQUEST = "MEMBER_REQUEST", "A member asked for this caddie."


class AssignmentAnswer(DescribedEnum):
    """What the caddie says to an assignment."""

    PENDING = "PENDING", "The caddie has not answered yet."
    ACCEPTED = "ACCEPTED", "The caddie goes with the booking."
    DECLINED = "DECLINED", "The caddie does not go with the booking."
    WITHDRAWN = "WITHDRAWN", "The assignment ended with the booking, with its day or with the caddie's absence."


class ReportSpan(DescribedEnum):
    """How many days a report adds up."""

    DAY = "DAY", "One day."
    WEEK = "WEEK", "A week from Monday to Sunday."
