"""Payloads of files of guests."""

from schema.describe import output
from schema.guests.files.types import GuestImport, GuestImportReport
from schema.payloads import Payload


@output
class ImportGuestsPayload(Payload):
    """The answer to `importGuests`."""

    results = ("guest_import",)
    report: GuestImportReport | None = None
    """What became of the file, or would; none in the answer to a repeat."""
    guest_import: GuestImport | None = None
    """What was taken in; none where it was only looked at."""
