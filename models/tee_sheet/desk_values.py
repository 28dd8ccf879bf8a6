"""Values of what the desk does to a tee sheet."""

from kit.enums import DescribedEnum


class BookingChange(DescribedEnum):
    """What of a booking changed."""

    PLAYERS = "PLAYERS", "Who plays, or by which class a player pays."
    PAYER = "PAYER", "Who pays."
    PAID = "PAID", "What has been paid."
    TEE_TIME = "TEE_TIME", "The tee time: the booking went to another one."
    STARTS_AT = "STARTS_AT", "The moment of the start: the tee time itself was shifted, or the booking went to another."
    RAIN_CHECK = "RAIN_CHECK", "A rain check was issued for it."


class BlockKind(DescribedEnum):
    """Why places are taken out of sale."""

    MAINTENANCE = "MAINTENANCE", "Work on the course."
    TOURNAMENT = "TOURNAMENT", "A tournament or a group outing."
    WEATHER = "WEATHER", "Weather, as when a closed course blocks the rest of its day."
    LEAGUE = "LEAGUE", "A league's standing times."
    OTHER = "OTHER", "Anything else; the reason says what."


class SheetChange(DescribedEnum):
    """What happened to the tee times of a sheet."""

    GENERATED = "GENERATED", "The sheet was made, with all its tee times."
    SQUEEZED = "SQUEEZED", "A tee time was added between two others."
    DELAYED = "DELAYED", "Tee times were shifted to later starts."
