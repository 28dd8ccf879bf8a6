"""Inputs of files of guests."""

from types import MappingProxyType

import strawberry

from models.guests.values import Duplicates
from schema.describe import input_type
from schema.inputs import Input


@input_type
class ImportGuestsInput(Input):
    """Guests as a file."""

    names = MappingProxyType({"csv": "csv_text"})
    occasion_id: strawberry.ID
    """The occasion."""
    csv: str
    """The file's text: a heading of columns as `guestsCsv` writes them, of which only the household is needed."""
    duplicates: Duplicates = Duplicates.REFUSE
    """What becomes of guests who are on the list already, by name and household or by e-mail."""
    apply: bool = False
    """Whether to take the file in; if not, it is only told what would become of it."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""
