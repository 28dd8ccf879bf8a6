"""Values of matching that tables, rules and the schema share."""

from kit.enums import DescribedEnum


class Industry(DescribedEnum):
    """The line of work of a golfer."""

    FINANCE = "FINANCE", "Banks, insurance, asset management."
    PRIVATE_CAPITAL = "PRIVATE_CAPITAL", "Private equity, venture capital, family offices."
    CONSULTING = "CONSULTING", "Advice to companies and the state."
    TECH = "TECH", "Software, hardware, the internet."
    LEGAL = "LEGAL", "Law firms, courts, legal departments."
    REAL_ESTATE = "REAL_ESTATE", "Buying, building, letting and selling property."
    HEALTHCARE = "HEALTHCARE", "Medicine, care, pharmacy."
    EDUCATION = "EDUCATION", "Schools, universities, training."
    MEDIA_ENTERTAINMENT = "MEDIA_ENTERTAINMENT", "Press, film, music, games, advertising."
    OTHER = "OTHER", "Any other line of work."


class RelationStrength(DescribedEnum):
    """How much two lines of work have in common."""

    HIGH = "HIGH", "Much: 25 points."
    MEDIUM = "MEDIUM", "Something: 20 points."
    LOW = "LOW", "A little: 15 points."
    NONE = "NONE", "Nothing."


class SkillLevel(DescribedEnum):
    """How well a golfer plays."""

    BEGINNER = "BEGINNER", "A handicap index of 20 or more."
    INTERMEDIATE = "INTERMEDIATE", "A handicap index from 10 to below 20."
    ADVANCED = "ADVANCED", "A handicap index below 10, plus handicaps included."


class Visibility(DescribedEnum):
    """Who may know of a golfer, beside those who are connected with them or share a tee time."""

    PUBLIC = "PUBLIC", "All golfers of the tenant."
    MEMBERS = "MEMBERS", "Players of a club at which the golfer is a player too."
    PRIVATE = "PRIVATE", "Nobody else."


class ConnectionStatus(DescribedEnum):
    """How two golfers stand to each other."""

    NONE = "NONE", "Neither has asked the other."
    ASKED = "ASKED", "You have asked, and the other has not yet."
    ASKING = "ASKING", "The other has asked you; ask too, and you are connected."
    CONNECTED = "CONNECTED", "Both have asked."


class ReportOutcome(DescribedEnum):
    """What became of a report."""

    DISMISSED = "DISMISSED", "Nothing was wrong."
    SUSPENDED = "SUSPENDED", "The golfer was suspended: nobody else sees them, and they can do nothing here."
    HIDDEN = "HIDDEN", "The message was hidden: nobody reads it any more."


class HostedStatus(DescribedEnum):
    """How a hosted tee time stands."""

    OPEN = "OPEN", "There are places."
    FULL = "FULL", "All places are taken."
    CANCELLED = "CANCELLED", "It does not take place."
    COMPLETED = "COMPLETED", "It was played."


class PartStatus(DescribedEnum):
    """How a golfer and a hosted tee time stand to each other."""

    REQUESTED = "REQUESTED", "Has asked to join, and waits for the host."
    JOINED = "JOINED", "Takes part."
    DECLINED = "DECLINED", "Asked to join, and the host declined."
    WITHDRAWN = "WITHDRAWN", "Asked to join, and took that back."
    LEFT = "LEFT", "Took part, and left."
    REMOVED = "REMOVED", "Took part, and the host took them off."


class MessageStatus(DescribedEnum):
    """How a message in the room of a hosted tee time stands."""

    SHOWN = "SHOWN", "It can be read."
    DELETED = "DELETED", "Who wrote it has deleted it, for good."
    HIDDEN = "HIDDEN", "Those who run the clubs have hidden it."
