"""What a user's screens ask about notifications."""

from typing import Any

from tests.harness import Who, World
from tests.tee_sheet.desk import PAYER, book, cancel

READ = """query($first: Int! = 20, $after: String, $unreadOnly: Boolean! = false) {
  unreadNotifications
  notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    cursor
    pageInfo { hasNextPage endCursor }
    edges { cursor node {
      id kind title body createdAt readAt clubId courseId date bookingId teeTimeId offerId
    } }
  }
}"""
EVENTS = """subscription($after: String, $types: [NotificationEventType!]) {
  notifications(after: $after, types: $types) {
    __typename
    ... on StreamEvent { cursor type timestamp clubId courseId date bookingId teeTimeId }
    ... on NotificationCreated { notificationId kind title body offerId }
    ... on NotificationsRead { notificationIds readAt }
    ... on NotificationsRemoved { createdBefore readBefore }
    ... on StreamReset { reason cursor }
  }
}"""


async def read(world: World, who: Who, **given: Any) -> Any:
    """Read a user's notifications; give the connection, with the number of unread ones in `unread`."""
    data = (await world.server.run(READ, who=who, **given)).data
    return data["notifications"] | {"unread": data["unreadNotifications"]}


async def told(world: World, who: Who, **given: Any) -> list[Any]:
    """Give what a user was told, the newest first."""
    return [edge["node"] for edge in (await read(world, who, **given))["edges"]]


async def tell(world: World, who: Who, times: int = 1) -> list[str]:
    """Have the staff cancel bookings of somebody's; give the bookings' ids."""
    ids = []
    for _ in range(times):
        booked = await book(world, who, payer=PAYER)
        await cancel(world, world.staff, booked["booking"]["id"])
        ids.append(booked["booking"]["id"])
    return ids


async def mark(world: World, who: Who, *ids: str) -> Any:
    """Mark notifications as read, all of them if none is named; give the payload."""
    given = {"notificationIds": list(ids)} if ids else {}
    return await world.server.mutate("markNotificationsRead", "unread", who=who, **given)


class Inbox:
    """A screen's copy of a user's notifications, kept up to date by events alone, as a client would write it."""

    def __init__(self, snapshot: Any) -> None:
        self.rows: dict[str, Any] = {edge["node"]["id"]: dict(edge["node"]) for edge in snapshot["edges"]}

    def shown(self) -> list[Any]:
        """Give the notifications, the newest first."""
        return [self.rows[key] for key in sorted(self.rows, reverse=True)]

    def apply(self, event: Any) -> None:
        """Bring the inbox up to date with one event."""
        match event["__typename"]:
            case "NotificationCreated":
                kept = ("kind", "title", "body", "clubId", "courseId", "date", "bookingId", "teeTimeId", "offerId")
                more = {"id": event["notificationId"], "createdAt": event["timestamp"], "readAt": None}
                self.rows[event["notificationId"]] = {name: event[name] for name in kept} | more
            case "NotificationsRead":
                for one in event["notificationIds"]:
                    self.rows[one]["readAt"] = event["readAt"]
            case "NotificationsRemoved":
                old = [
                    key
                    for key, row in self.rows.items()
                    if row["createdAt"] < event["createdBefore"] or (row["readAt"] or "~") < event["readBefore"]
                ]
                for key in old:
                    del self.rows[key]
            case other:
                raise AssertionError(f"a user's stream brought {other}")
