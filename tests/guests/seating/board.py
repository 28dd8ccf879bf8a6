"""The tables of a screen: who sits there follows from what is known of the guests."""

from copy import deepcopy
from typing import Any

SIDES = ("kind", "firstGuestId", "firstHouseholdId", "secondGuestId", "secondHouseholdId")
TABLE = ("partId", "name", "capacity", "shape", "x", "y", "isAccessible", "isVip")


class Chart:
    """The seating of a part, as those who plan the occasion see it, but for what is wrong with it."""

    def __init__(self, snapshot: dict[str, Any] | None) -> None:
        known = deepcopy(snapshot) or {"partId": None, "tables": [], "rules": []}
        self.part_id = known["partId"]
        self.tables: dict[str, dict[str, Any]] = {
            row["id"]: {name: row[name] for name in ("id", *TABLE)} for row in known["tables"]
        }
        self.rules: dict[str, dict[str, Any]] = {row["id"]: row for row in known["rules"]}

    def apply(self, event: dict[str, Any]) -> None:
        """Bring tables and rules up to date with one event."""
        match event["__typename"]:
            case "TableCreated" | "TableUpdated":
                table = {name: event[name] for name in TABLE}
                self.tables[event["tableId"]] = {"id": event["tableId"]} | table
            case "TableDeleted":
                del self.tables[event["tableId"]]
            case "SeatingRuleCreated" | "SeatingRuleUpdated":
                self.rules[event["ruleId"]] = {"id": event["ruleId"]} | {name: event[name] for name in SIDES}
            case "SeatingRuleDeleted":
                del self.rules[event["ruleId"]]

    def shown(self, guests: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Give the chart in the form of the query's answer."""
        sitters = [
            _seat(guest, one)
            for _, guest in sorted(guests.items())
            for one in guest["attendances"]
            if one["partId"] == self.part_id and (one["tableId"] or guest["takesPlace"])
        ]
        at = {
            table: sorted(
                (one for one in sitters if one["tableId"] == table), key=lambda one: (one["seat"] is None, one["seat"])
            )
            for table in self.tables
        }
        tables = {table: row | {"seats": at[table], "seated": len(at[table])} for table, row in self.tables.items()}
        waiting = [one for one in sitters if one["tableId"] is None and one["rsvpStatus"] in ("ACCEPTED", "PENDING")]
        return {"partId": self.part_id, "tables": tables, "unseated": waiting, "rules": self.rules}


def _seat(guest: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    kept = {name: guest[name] for name in ("householdId", "groupName", "isVip")}
    seat = {name: one[name] for name in ("tableId", "seat", "isLocked")}
    return kept | seat | {"guestId": guest["id"], "guestName": guest["name"], "rsvpStatus": one["status"]}
