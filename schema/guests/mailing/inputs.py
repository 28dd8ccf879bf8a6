"""Inputs of letters to households."""

from typing import Any

import strawberry

from kit.ids import parse_id
from models.guests.values import LetterKind
from schema.describe import input_type
from schema.inputs import Input


@input_type
class SendInvitationsInput(Input):
    """Households to be written to."""

    occasion_id: strawberry.ID
    """The occasion."""
    kind: LetterKind = LetterKind.INVITATION
    """INVITATION or RSVP_REMINDER; all else is written by itself."""
    household_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The households; if left out, all that were not invited yet, or that have not answered."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer, and writes to nobody once more."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the occasion and the households."""
        here = (*path, "householdIds")
        ids = [parse_id("household", one, path=(*here, str(number))) for number, one in enumerate(self.household_ids)]
        return super().as_kwargs(path) | {"household_ids": ids}
