"""Facts of what the desk does to a tee sheet."""

from events.base import event
from events.seen import ForAll, ForStaff
from events.tee_sheet.base import SheetEvent
from models.tee_sheet.desk import BlockKind


@event("block.added")
class BlockAdded(SheetEvent):
    """Places were taken out of sale. Those that were free or held are told as blocked, one by one, behind this."""

    block_id: ForAll[str]
    """The block."""
    kind: ForAll[BlockKind]
    """Why, in a word."""
    reason: ForStaff[str]
    """Why, in the words of the club; for staff only, empty for others."""
    slot_ids: ForAll[tuple[str, ...]]
    """The places that it covers, those of bookings that were kept included."""

    @property
    def kept_for(self) -> str | None:
        """The block."""
        return self.block_id


@event("block.removed")
class BlockRemoved(SheetEvent):
    """A block was lifted. Places that no other block covers are told as available, one by one, behind this."""

    block_id: ForAll[str]
    """The block."""

    @property
    def kept_for(self) -> str | None:
        """The block."""
        return self.block_id
