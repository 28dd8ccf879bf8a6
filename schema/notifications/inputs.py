"""Inputs about notifications."""

from typing import Any

import strawberry

from kit.ids import parse_id
from schema.describe import input_type
from schema.inputs import Input


@input_type
class MarkNotificationsReadInput(Input):
    """Notifications that you have read."""

    notification_ids: list[strawberry.ID] | None = None
    """Which, 100 at the most; all of yours if left out."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the notifications' ids, or None for all."""
        if self.notification_ids is None:
            return {"notification_ids": None}
        where = (*path, "notificationIds")
        ids = [parse_id("notification", one, path=(*where, str(n))) for n, one in enumerate(self.notification_ids)]
        return {"notification_ids": ids}
