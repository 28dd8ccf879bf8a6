"""Events of the desk."""

from events.tee_sheet.desk import BlockAdded, BlockRemoved
from schema.events import shows

FACTS = (BlockAdded, BlockRemoved)

shows(*FACTS)
