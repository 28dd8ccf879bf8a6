"""A screen's copy of a tee sheet, kept up to date by events alone, as a client would write it."""

from copy import deepcopy
from typing import Any

SNAPSHOT = """
fragment Amount on Money { amountCents currency }
fragment Sold on ClassPrice { priceClass holes firstStart lastStart price { ...Amount } }
fragment Asked on StartRestriction {
  name firstStart lastStart tees priceClasses fewestPlayers mostPlayers holes walkingOnly shopSale opensDayBefore
}
query($c: ID!, $d: Date!) {
  teeSheet(courseId: $c, date: $d) {
    cursor isOnline note staffNote groupSizes hasOwnPrices hasOwnGroupSizes hasOwnRestrictions prices { ...Sold }
    restrictions { ...Asked }
    teeTimes {
      id startsAt localTime plannedTime tee note staffNote
      slots { id number status price { ...Amount } heldUntil isHeldBack bookingId payer { firstName lastName } }
    }
    bookings {
      id status holes price { ...Amount } paid { ...Amount } payer { firstName lastName }
      createdAt cancelledAt courseId groupId turnTeeTimeId teeTime { id } note staffNote
      players {
        position playerId slotId firstName lastName priceClass price { ...Amount } checkedInAt noShowAt
      }
      pace {
        teedOffAt startHole expectedMinutes holesCompleted lastHole lastCompletedAt minutesBehind gapMinutes level
        completedAt
      }
    }
    blocks { id kind reason courseId createdAt removedAt slotIds }
    figures {
      places { status places } players checkedIn noShows revenue { ...Amount } utilisationPercent
    }
  }
}
"""

FACTS = """
fragment Party on BookedPlayer {
  playerId slotId position firstName lastName priceClass priceCents checkedInAt noShowAt
}
fragment Facts on StreamEvent {
  __typename id cursor type timestamp tenantId clubId courseId date bookingId slotId teeTimeId
  ... on SlotAvailable { slotNumber slotStatus: status priceCents currency }
  ... on SlotReleased { slotNumber slotStatus: status priceCents currency }
  ... on SlotHeld { slotNumber slotStatus: status priceCents currency heldUntil isHeldBack }
  ... on SlotBooked { slotNumber slotStatus: status priceCents currency payerFirstName payerLastName }
  ... on BookingCreated {
    bookingStatus: status startsAt holes priceCents paidCents currency payerFirstName payerLastName
    groupId turnTeeTimeId players { ...Party }
  }
  ... on BookingCheckedIn { bookingStatus: status checkedInAt positions players { ...Party } }
  ... on BookingCheckInUndone { bookingStatus: status positions players { ...Party } }
  ... on BookingNoShow { bookingStatus: status noShowAt positions players { ...Party } }
  ... on BookingNoShowUndone { bookingStatus: status positions players { ...Party } }
  ... on BookingTeeOffUndone { bookingStatus: status teedOffAt holesCompleted players { ...Party } }
  ... on BookingTeeOff { bookingStatus: status teedOffAt startHole expectedMinutes players { ...Party } }
  ... on BookingPaceUpdated {
    bookingStatus: status hole holesCompleted completedAt minutesBehind gapMinutes level
  }
  ... on BookingHoleCorrected {
    bookingStatus: status lastHole: hole holesCompleted lastCompletedAt roundCompletedAt: completedAt
    behind: minutesBehind gapMinutes level previousHolesCompleted
  }
  ... on BookingRoundEnded {
    bookingStatus: status lastHole: hole holesCompleted lastCompletedAt roundCompletedAt: completedAt
    behind: minutesBehind gapMinutes level
  }
  ... on PaceAlert { bookingStatus: status holesCompleted minutesBehind gapMinutes level }
  ... on TeeSheetOffline { sheetId isOnline }
  ... on TeeSheetOnline { sheetId isOnline }
  ... on TeeSheetNoted { sheetId note staffNote }
  ... on PlaySuspended { suspendedAt }
  ... on PlayResumed { suspendedAt resumedAt }
  ... on BookingUpdated {
    bookingStatus: status startsAt holes priceCents paidCents currency payerFirstName payerLastName createdAt changed
    groupId turnTeeTimeId note staffNote players { ...Party }
    previousTeeTimeId previousCourseId previousDate previousStartsAt
  }
  ... on BookingMerged {
    bookingStatus: status startsAt holes priceCents paidCents currency payerFirstName payerLastName createdAt
    groupId turnTeeTimeId note staffNote players { ...Party }
    cancelledAt intoBookingId
  }
  ... on BookingRestored {
    bookingStatus: status startsAt holes priceCents paidCents currency payerFirstName payerLastName createdAt
    groupId turnTeeTimeId note staffNote players { ...Party }
  }
  ... on BlockAdded { blockId kind blockReason: reason slotIds }
  ... on BlockRemoved { blockId }
  ... on SlotBlocked { slotNumber slotStatus: status priceCents currency }
  ... on BookingCancelled { bookingStatus: status cancelledAt priceCents paidCents currency }
  ... on LedgerEntryAdded { ledgerKind notedCents paidCents currency }
  ... on DepositChanged { depositStatus depositCents depositPaidCents depositRefundedCents paidCents currency }
  ... on TeeSheetChanged {
    sheetId change currency groupSizes hasOwnPrices hasOwnGroupSizes hasOwnRestrictions removedTeeTimeIds
    restrictions {
      name firstStart lastStart tees priceClasses fewestPlayers mostPlayers holes walkingOnly shopSale opensDayBefore
    }
    retoldSlots { teeTimeId slotId status }
    prices { priceClass holes priceCents firstStart lastStart } repricedTeeTimes { teeTimeId priceCents }
    shiftedTeeTimes { teeTimeId startsAt localTime previousStartsAt priceCents }
    teeTimes { teeTimeId startsAt localTime plannedTime tee slots { slotId slotNumber status priceCents } }
  }
  ... on WaitlistJoined {
    entryId earliest latest partySize priceClass playerId firstName lastName
  }
  ... on WaitlistLeft { entryId }
  ... on WaitlistOfferCreated { entryId offerId places startsAt expiresAt }
  ... on WaitlistOfferAccepted { entryId offerId places }
  ... on WaitlistOfferDeclined { entryId offerId places }
  ... on WaitlistOfferExpired { entryId offerId places offerStatus: status }
  ... on ClubCreated { name }
  ... on ClubUpdated { name changes }
  ... on CourseCreated { name holes timeZone }
  ... on CourseUpdated { name holes timeZone changes }
  ... on CourseStatusChanged { previousStatus newStatus closedUntil }
}
"""
RESET = "... on StreamReset { __typename reason cursor }"
CLUB_EVENTS = (
    FACTS
    + """subscription($club: ID!, $types: [ClubEventType!], $after: String) {
  clubEvents(clubId: $club, types: $types, after: $after) { ...Facts """
    + RESET
    + " } }"
)
SHEET_EVENTS = (
    FACTS
    + """subscription($c: ID!, $d: Date!, $types: [TeeSheetEventType!], $after: String) {
  teeSheetEvents(courseId: $c, date: $d, types: $types, after: $after) { ...Facts """
    + RESET
    + " } }"
)
BOOKING_EVENTS = (
    FACTS
    + """subscription($b: ID!, $after: String) {
  bookingEvents(bookingId: $b, after: $after) { ...Facts """
    + RESET
    + " } }"
)

NO_PACE: dict[str, Any] = {
    "holesCompleted": 0,
    "lastHole": None,
    "lastCompletedAt": None,
    "minutesBehind": None,
    "gapMinutes": None,
    "level": None,
    "completedAt": None,
}
PARTY = {f"Booking{what}" for what in ("CheckedIn", "CheckInUndone", "NoShow", "NoShowUndone")}
PARTY |= {"BookingTeeOff", "BookingTeeOffUndone"}
TERMS = ("groupSizes", "hasOwnPrices", "hasOwnGroupSizes", "prices", "hasOwnRestrictions", "restrictions")
NOTES = ("note", "staffNote")
STATUSES = ("AVAILABLE", "HELD", "BOOKED", "BLOCKED")


class Board:
    """What a screen knows of one tee sheet; a sheet that has not been made yet is an empty board."""

    def __init__(self, snapshot: dict[str, Any] | None) -> None:
        known = deepcopy(snapshot) or {"teeTimes": [], "bookings": [], "blocks": [], "isOnline": True}
        self.is_online = known["isOnline"]
        self.notes: dict[str, Any] = {name: known.get(name, "") for name in NOTES}
        self.is_staff_s = self.notes["staffNote"] is not None
        self.terms: dict[str, Any] = {name: known.get(name) for name in TERMS}
        self.tee_times: dict[str, dict[str, Any]] = {row["id"]: row for row in known["teeTimes"]}
        self.bookings: dict[str, dict[str, Any]] = {row["id"]: row for row in known["bookings"]}
        self.blocks: dict[str, dict[str, Any]] = {row["id"]: row for row in known["blocks"]}

    def shown(self) -> dict[str, Any]:
        """Give the board in the form of the query's answer, without its cursor."""
        tee_times = sorted(self.tee_times.values(), key=_place)
        place = {row["id"]: _place(row) for row in tee_times}
        bookings = sorted(self.bookings.values(), key=lambda row: (place[row["teeTime"]["id"]], row["id"]))
        return {
            "isOnline": self.is_online,
            **self.notes,
            **self.terms,
            "teeTimes": tee_times,
            "bookings": bookings,
            "blocks": sorted(self.blocks.values(), key=lambda row: str(row["id"])),
            "figures": self._figures(),
        }

    def apply(self, event: dict[str, Any]) -> None:
        """Bring the board up to date with one event."""
        match event["__typename"]:
            case "SlotAvailable" | "SlotReleased" | "SlotHeld" | "SlotBooked" | "SlotBlocked":
                self._slot(event)
            case "BookingCreated":
                self.bookings[event["bookingId"]] = _booking(event)
            case "BookingUpdated" | "BookingRestored" | "BookingMerged":
                self._update(event)
            case "BookingCancelled" | "LedgerEntryAdded" | "DepositChanged":
                self._pay(event)
            case kind if kind in PARTY:
                self._party(event)
            case "BookingPaceUpdated" | "PaceAlert" | "BookingHoleCorrected" | "BookingRoundEnded":
                self._pace(event)
            case "TeeSheetOffline" | "TeeSheetOnline":
                self.is_online = event["isOnline"]
            case "BlockAdded" | "BlockRemoved":
                self._block(event)
            case "TeeSheetChanged" | "TeeSheetNoted":
                self._sheet(event)
            case kind:  # a sheet shows neither pauses, nor the course's status, nor who waits or has entered
                elsewhere = {"PlaySuspended", "PlayResumed", "CourseStatusChanged"}
                shown_elsewhere = kind in elsewhere or kind.startswith(("Waitlist", "Ballot"))
                assert shown_elsewhere, f"a sheet's room brought {kind}"

    def _block(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "BlockAdded":
            self.blocks[event["blockId"]] = _block(event)
        else:
            del self.blocks[event["blockId"]]

    def _sheet(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "TeeSheetNoted":
            noted = self.tee_times[event["teeTimeId"]] if event["teeTimeId"] else self.notes
            noted |= {name: event[name] for name in NOTES if self.is_staff_s or name == "note"}
            return
        self.terms = {name: event[name] for name in TERMS}
        self.terms["prices"] = [_price(price, event["currency"]) for price in event["prices"]]
        for gone in event["removedTeeTimeIds"]:
            del self.tee_times[gone]
        for row in (*event["repricedTeeTimes"], *event["shiftedTeeTimes"]):
            for slot in self.tee_times[row["teeTimeId"]]["slots"]:
                if slot["status"] != "BOOKED":
                    slot["price"] = _money(row, currency=event["currency"])
        for row in event["retoldSlots"]:
            [slot] = [one for one in self.tee_times[row["teeTimeId"]]["slots"] if one["id"] == row["slotId"]]
            slot["status"] = row["status"]
        self.tee_times |= {row["teeTimeId"]: self._start(row, event) for row in event["teeTimes"]}
        for row in event["shiftedTeeTimes"]:
            tee_time = self.tee_times[row["teeTimeId"]]
            assert tee_time["startsAt"] == row["previousStartsAt"]
            tee_time |= {name: row[name] for name in ("startsAt", "localTime")}

    def _start(self, row: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        """Show a start that was added."""
        return _tee_time(row, event) | ({} if self.is_staff_s else {"staffNote": None})

    def _update(self, event: dict[str, Any]) -> None:
        if event["teeTimeId"] in self.tee_times:
            pace = self.bookings.get(event["bookingId"], {}).get("pace")
            self.bookings[event["bookingId"]] = _booking(event, created_at=event["createdAt"]) | {"pace": pace}
            self.bookings[event["bookingId"]]["cancelledAt"] = event.get("cancelledAt")
        else:  # it went to the sheet of another day or course
            del self.bookings[event["bookingId"]]

    def _slot(self, event: dict[str, Any]) -> None:
        slot = next(s for s in self.tee_times[event["teeTimeId"]]["slots"] if s["id"] == event["slotId"])
        sold = event["__typename"] == "SlotBooked"
        slot |= {
            "number": event["slotNumber"],
            "status": event["slotStatus"],
            "price": _money(event),
            "heldUntil": event.get("heldUntil"),
            "isHeldBack": event.get("isHeldBack", False),
            "bookingId": event["bookingId"],
            "payer": _payer(event) if sold else None,
        }

    def _pay(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "BookingCancelled":
            self._cancel(event)
        if event["paidCents"] is not None:
            self.bookings[event["bookingId"]]["paid"] = _money(event, "paidCents")

    def _cancel(self, event: dict[str, Any]) -> None:
        booking = self.bookings[event["bookingId"]]
        booking |= {"status": event["bookingStatus"], "cancelledAt": event["cancelledAt"], "turnTeeTimeId": None}
        for player in booking["players"]:
            player["slotId"] = None

    def _party(self, event: dict[str, Any]) -> None:
        booking = self.bookings[event["bookingId"]]
        currency = (booking["price"] or {}).get("currency", "")
        booking["status"] = event["bookingStatus"]
        booking["players"] = [_player(player, currency) for player in event["players"]]
        if event["__typename"] == "BookingTeeOffUndone":
            booking["pace"] = None
        if event["__typename"] == "BookingTeeOff":
            booking["pace"] = NO_PACE | {name: event[name] for name in ("teedOffAt", "startHole", "expectedMinutes")}

    def _pace(self, event: dict[str, Any]) -> None:
        booking = self.bookings[event["bookingId"]]
        booking["status"], pace = event["bookingStatus"], booking["pace"]
        if "roundCompletedAt" in event:
            kept = ("lastHole", "holesCompleted", "lastCompletedAt", "gapMinutes", "level")
            pace |= {name: event[name] for name in kept}
            pace |= {"completedAt": event["roundCompletedAt"], "minutesBehind": event["behind"]}
            return
        pace |= {name: event[name] for name in ("holesCompleted", "minutesBehind", "gapMinutes", "level")}
        if event["__typename"] == "BookingPaceUpdated":
            pace |= {"lastHole": event["hole"], "lastCompletedAt": event["completedAt"]}
            if event["bookingStatus"] == "COMPLETED":
                pace["completedAt"] = event["completedAt"]

    def _figures(self) -> dict[str, Any]:
        found = [slot["status"] for row in self.tee_times.values() for slot in row["slots"]]
        live = [row for row in self.bookings.values() if row["status"] != "CANCELLED"]
        revenue: dict[str, int] = {}
        for row in (row for row in live if row["price"]):
            currency = row["price"]["currency"]
            revenue[currency] = revenue.get(currency, 0) + row["price"]["amountCents"]
        for_sale = len(found) - found.count("BLOCKED")
        return {
            "places": [{"status": status, "places": found.count(status)} for status in STATUSES],
            "players": sum(len(row["players"]) for row in live),
            "checkedIn": sum(p["checkedInAt"] is not None for row in live for p in row["players"]),
            "noShows": sum(p["noShowAt"] is not None for row in live for p in row["players"]),
            "revenue": [{"amountCents": cents, "currency": code} for code, cents in sorted(revenue.items())],
            "utilisationPercent": int(found.count("BOOKED") / for_sale * 1000 + 0.5) / 10 if for_sale else 0.0,
        }


def _place(tee_time: dict[str, Any]) -> tuple[str, int]:
    return tee_time["startsAt"], tee_time["tee"]


def _money(row: dict[str, Any], name: str = "priceCents", currency: str = "") -> dict[str, Any] | None:
    if row[name] is None:  # it is not for who looks at this board
        return None
    return {"amountCents": row[name], "currency": currency or row["currency"]}


def _price(row: dict[str, Any], currency: str) -> dict[str, Any]:
    return {name: row[name] for name in ("priceClass", "holes", "firstStart", "lastStart")} | {
        "price": _money(row, currency=currency)
    }


def _payer(event: dict[str, Any]) -> dict[str, Any]:
    return {"firstName": event["payerFirstName"], "lastName": event["payerLastName"]}


def _booking(event: dict[str, Any], *, created_at: str = "") -> dict[str, Any]:
    return {
        "id": event["bookingId"],
        "status": event["bookingStatus"],
        "holes": event["holes"],
        "price": _money(event),
        "paid": _money(event, "paidCents"),
        "payer": _payer(event),
        "createdAt": created_at or event["timestamp"],
        "cancelledAt": None,
        "courseId": event["courseId"],
        "turnTeeTimeId": event["turnTeeTimeId"],
        "groupId": event["groupId"],
        "teeTime": {"id": event["teeTimeId"]},
        "players": [_player(player, event["currency"]) for player in event["players"]],
        "pace": None,
        **{name: event.get(name, "") for name in NOTES},
    }


def _player(player: dict[str, Any], currency: str) -> dict[str, Any]:
    kept = ("position", "playerId", "slotId", "firstName", "lastName", "priceClass", "checkedInAt", "noShowAt")
    return {name: player[name] for name in kept} | {"price": _money(player, currency=currency)}


def _block(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": event["blockId"],
        "kind": event["kind"],
        "reason": event["blockReason"],
        "courseId": event["courseId"],
        "createdAt": event["timestamp"],
        "removedAt": None,
        "slotIds": event["slotIds"],
    }


def _tee_time(row: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    slots = [
        {
            "id": slot["slotId"],
            "number": slot["slotNumber"],
            "status": slot["status"],
            "price": _money(slot, currency=event["currency"]),
            "heldUntil": None,
            "isHeldBack": False,
            "bookingId": None,
            "payer": None,
        }
        for slot in row["slots"]
    ]
    kept = ("startsAt", "localTime", "tee")
    more = {"plannedTime": row["plannedTime"] or row["localTime"], **dict.fromkeys(NOTES, "")}
    return {"id": row["teeTimeId"], "slots": slots} | more | {name: row[name] for name in kept}
