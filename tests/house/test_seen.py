"""Each field of a fact says who sees it, and nobody else does."""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import get_type_hints

import pytest
from graphql import GraphQLObjectType

from events.base import catalogue
from events.clubs import ClubEvent
from events.seen import ForStaff, Name, Seen, seen_by, values_in
from kit.ids import new_id
from kit.text import camel
from models.clubs.values import NamePrivacy
from resolvers.root import core
from schema.events import show_event, shows
from schema.sight import Audience, masked
from schema.tee_sheet.play.events import PARTY_FACTS
from tests.house.everything import example, told

PLAYERS, STAFF, ADMINS = Audience(), Audience(staff=True), Audience(staff=True, admins=True)
PLANNERS, HOUSEHOLD = Audience(planners=True), Audience(household=True)
PARTICIPANTS = Audience(participants=True)
OF_PARTICIPANTS = {
    key: {"golfer_id", "golfer_name", "golfer_picture_id"}
    for key in ("SlotJoined", "SlotLeft", "JoinRequested", "JoinWithdrawn", "JoinAnswered")
}
OF_PARTICIPANTS["TeeTimeGolferErased"] = {"golfer_id"}
OF_PARTICIPANTS["TeeTimeGolferUpdated"] = OF_PARTICIPANTS["SlotJoined"]
OF_PARTICIPANTS |= {key: {"golfer_id", "golfer_name"} for key in ("MessageSent", "MessageShown", "AttendanceRecorded")}
PARTY = {f"players.{name}" for name in ("player_id", "price_class", "price_cents", "first_name", "last_name")}
BOOKING = PARTY | {"price_cents", "paid_cents", "payer_first_name", "payer_last_name"}
KNOWN = {"first_name", "last_name", "price_class", "phone", "email", "birth_date", "notes"}
GROUP = {"group_id", "group_title", "organiser_first_name", "organiser_last_name"}
GROUP |= {"group_payer_first_name", "group_payer_last_name", "booking_ids"}
ENTRY = {"ballot_entry_id", "entry_status", "entry_places", "entrants", "wished_tee_time_ids"}
OF_STAFF = {
    **dict.fromkeys(("PlayerAdded", "PlayerUpdated", "PlayersMerged"), KNOWN),
    "BlockAdded": {"reason"},
    **{f"Slot{what}": {"status"} for what in ("Available", "Released", "Held", "Blocked", "Booked")},
    "TeeSheetChanged": {"tee_times.slots.status", "retold_slots.status"},
    "TeeSheetNoted": {"staff_note"},
    "BookingCancelled": {"price_cents", "paid_cents"},
    "LedgerEntryAdded": {"ledger_entry_id", "ledger_kind", "noted_cents", "noted_reason", "for_position"},
    "DepositChanged": {f"deposit_{name}" for name in ("id", "status", "ends_as", "cents", "pay_by")}
    | {"deposit_paid_cents", "deposit_refunded_cents", "deposit_refund_failed_cents"},
    "BookingCreated": {"group_id"},
    **{key: {"group_id", "note", "staff_note"} for key in ("BookingUpdated", "BookingRestored", "BookingMerged")},
    "StandingBookingSet": {"standing_booking_id", "standing_course_id", "standing_weekday", "standing_local_time"}
    | {"standing_places", "standing_until"},
    "StandingBookingMade": {"standing_booking_id", "standing_date", "made_booking_id"},
    "StandingBookingSkipped": {"standing_booking_id", "standing_date", "skip_reason"},
    "StandingBookingEnded": {"standing_booking_id", "standing_end_reason"},
    **dict.fromkeys(("BookingGroupCreated", "BookingGroupUpdated"), GROUP),
    **dict.fromkeys(("BallotEntered", "BallotEntryUpdated", "BallotEntryWithdrawn"), ENTRY),
    "WaitlistJoined": {"price_class", "player_id", "first_name", "last_name"},
    "CaddieUpdated": {"previous_list_number"},
}
OF_ADMINS = {"CaddieAdded": {"phone_number"}, "CaddieUpdated": {"phone_number"}}
BY_PRIVACY = dict.fromkeys(("BookingCreated", "BookingUpdated", "BookingRestored", "BookingMerged"), BOOKING) | {
    "LedgerEntryAdded": {"paid_cents"},
    "DepositChanged": {"paid_cents"},
    "SlotBooked": {"price_cents", "payer_first_name", "payer_last_name"},
    **{fact.__name__: PARTY for fact in PARTY_FACTS},
}
OF_PLANNERS = {
    **{key: {"reveal_seating_at", "planners"} for key in ("OccasionCreated", "OccasionUpdated")},
    **{key: {"invited_at", "opened_at", "unsubscribed_at"} for key in ("HouseholdCreated", "HouseholdUpdated")},
    "GuestCreated": {"is_vip", "changes_directory"},
    "GuestUpdated": {"is_vip", "changes_directory", "previous_household_id"},
    **{key: {"arrived_by"} for key in ("GuestCheckedIn", "CheckInCorrected")},
    **{key: {"changes_directory"} for key in ("GuestDeleted", "RsvpUpdated")},
    "QueueUpdated": {"waiting"},
}
ANSWER = {"guest_name", "rsvp_status", "previous_rsvp_status", "meal_id", "answered_at", "moved_up", "decline_until"}
OF_HOUSEHOLD = {
    "HouseholdCreated": {"email", "phone"},
    "HouseholdUpdated": {"email", "phone", "changes_code", "invited_parts"},
    "GuestCreated": {"person"},
    "GuestUpdated": {"person", "attendances", "changes_code"},
    "RsvpUpdated": ANSWER,
    "GuestSeated": {"guest_name", "table_id", "seat", "is_locked"},
    "SeatChanged": {"guest_name", "table_id", "seat", "is_locked", "previous_table_id"},
    "GuestUnseated": {"guest_name", "previous_table_id"},
    "GuestCheckedIn": {"guest_name", "arrived_at"},
    "CheckInCorrected": {"guest_name", "arrived_at", "previous_arrived_at"},
    "CheckInUndone": {"guest_name"},
    **{
        f"{what}{done}": {"author_household_id", "author_guest_id"}
        for what in ("Music", "Gallery", "Guestbook", "Tribute")
        for done in ("Created", "Updated", "Deleted")
    },
}
"""What is not for everybody who may hear a fact."""


def values(fact, prefix=""):
    """Give what a fact, or what shows it, holds: by the field's name, within other values too."""
    for field in fields(fact):
        value, name = getattr(fact, field.name), prefix + field.name
        inner = value[0] if isinstance(value, tuple | list) and value else value
        if is_dataclass(inner) and not isinstance(inner, type):
            yield from values(inner, f"{name}.")
        else:
            yield name, list(value) if isinstance(value, tuple) else value


def whole(kind, privacy):
    fact = example(kind)
    return replace(fact, name_privacy=privacy) if hasattr(fact, "name_privacy") else fact


def hidden_from(audience, kind, privacy):
    """Name the fields whose values an audience is not shown as they are."""
    fact = whole(kind, privacy)
    shown = dict(values(show_event(told(fact, stream="s", tenant_id=new_id()), audience)))
    whole_values = {
        name.partition(".")[0] for name, _ in values(fact) if shown.get(name.partition(".")[0], fact) is None
    }
    return whole_values | {name for name, value in values(fact) if name in shown and shown[name] != value}


@pytest.mark.parametrize("privacy", NamePrivacy)
@pytest.mark.parametrize("kind", catalogue.values(), ids=lambda kind: kind.type)
def test_a_field_is_shown_to_those_whom_it_names(kind, privacy):
    staffs, admins = OF_STAFF.get(kind.__name__, set()), OF_ADMINS.get(kind.__name__, set())
    planners, own = OF_PLANNERS.get(kind.__name__, set()), OF_HOUSEHOLD.get(kind.__name__, set())
    named = set() if privacy is NamePrivacy.FULL else BY_PRIVACY.get(kind.__name__, set())
    among = OF_PARTICIPANTS.get(kind.__name__, set())
    assert hidden_from(PLAYERS, kind, privacy) == staffs | admins | named | planners | own | among
    assert hidden_from(STAFF, kind, privacy) == admins | planners | own | among
    assert hidden_from(ADMINS, kind, privacy) == planners | own | among
    assert hidden_from(HOUSEHOLD, kind, privacy) == staffs | admins | named | planners | among
    assert hidden_from(PLANNERS, kind, privacy) == staffs | admins | named | among
    assert hidden_from(PARTICIPANTS, kind, privacy) == staffs | admins | named | planners | own


SHOWN_BY = {
    "GolferReport": "the clubs' admins, and who made it",
    "EraseGolferPayload": "the golfer, or the admin who named them",
    "HostedTeeTime": "the host, whose notes are for all who may know of the tee time",
    "MatchedTeeTime": "the same",
    "MyTeeTime": "the same",
    "FellowStars": "the two, each what the other gave once both have given",
    "Message": "those who take part, as far as they have to do with who wrote it",
    "Slot": "the fact that tells of the sale",
    "DayFigures": "staff alone",
    "Caddie": "the fact that tells of a new caddie",
    "PersonName": "what holds it",
    "Booking": "staff, its booker and its players",
    "BookingPlayer": "what holds it: a booking",
    "BookingGroup": "staff alone",
    "StandingBooking": "staff alone",
    "StandingPlayer": "what holds it: a standing booking",
    "StandingDate": "what holds it: a standing booking",
    "OwnBooking": "its booker and its players",
    "Deposit": "staff, its booking's booker, and who pays for that",
    "DepositRefund": "what holds it: a deposit",
    **dict.fromkeys(("AskDepositPayload", "WaiveDepositPayload", "RefundDepositPayload"), "staff alone, who ask it"),
    "OwnPlace": "its booker and its player",
    "WaitlistEntry": "staff, and who waits",
    "Player": "staff, and the player",
    "Partner": "a player of the same household, or a buddy",
    "Buddy": "the two, of whom one has asked the other",
    "BookingLimits": "everybody: it is what the club allows",
    "AvailableTeeTime": "the viewer, whose own price it is",
    "Occasion": "the fact that tells of it",
    "Household": "those who plan the occasion, and itself",
    "Guest": "those who plan the occasion, and the own household",
    "Attendance": "what holds it: a guest",
    "ExpectedGuest": "those who plan the occasion",
    "Seat": "those who plan the occasion",
    "Table": "those who plan the occasion",
    "PlannedSeat": "those who plan the occasion",
    "OwnTable": "those who plan the occasion, and the household that sits there once tables are shown",
    "OwnSeat": "what holds it: a household's own table",
    "MealCount": "those who may count guests",
    "TableCount": "those who may count guests",
    "OfferedMeal": "everybody: it is what there is to choose",
    "NotificationPreferences": "the user whose own they are",
    "ConfirmEmailPayload": "whoever has the link that was sent to the address",
    "ClassPrice": "everybody: it is the list of prices",
    "TemplatePrice": "everybody: it is the list of prices",
    "TeeSheet": "everybody; what is noted for the staff, staff alone",
    "TeeTime": "everybody; what is noted for the staff, staff alone",
    **dict.fromkeys(("ReportMoney", "ReportClass", "ReportNoShow"), "staff alone: it is the club's report"),
    "Ledger": "what holds it: staff, and who made the booking",
    "LedgerEntry": "the same",
    "Block": "the fact that tells of it",
    **dict.fromkeys(("CourseConditions", "CourseConditional", "CourseStatusEntry"), "everybody: why it is closed"),
    **dict.fromkeys(("BadRow", "BadGuest", "UnusableRow"), "who has sent the row that is wrong"),
    "BallotResult": "all who may see the sheets, once it is drawn: it names nobody",
    "BallotEntrant": "what holds it: staff, and who is in the entry",
    "KeptStart": "staff, who have a sheet changed",
    "Turn": "who sees the caddies of its list",
    "StreamReset": "whose stream it is",
}
"""The types of queries that tell of such things, and who decides to whom they do."""


def restricted_names():
    """Give the names of all that is not for everybody in some fact, as facts and as queries call it."""
    kinds = {kind for fact in catalogue.values() for kind in (fact, *inner_of(fact))}
    told = [(name, seen) for kind in kinds for name, seen in seen_by(kind).items()]
    names = {name for name, seen in told if seen not in {Seen.BY_ALL, Seen.AS_SOLD, Seen.BY_NOBODY}}
    return {camel(name) for name in names} | {name.removesuffix("_cents") for name in names} | {"payer", "revenue"}


def inner_of(kind):
    for hint in get_type_hints(kind).values():
        for inner in values_in(hint):
            yield from (inner, *inner_of(inner))


def test_a_query_that_shows_what_some_fact_hides_says_who_sees_it():
    facts = {kind.__name__ for fact in catalogue.values() for kind in (fact, *inner_of(fact))}
    kinds = [kind for kind in core.type_map.values() if isinstance(kind, GraphQLObjectType)]
    restricted = restricted_names()
    refusals = {kind.name for kind in kinds if "Problem" in {face.name for face in kind.interfaces}}
    telling = {kind.name for kind in kinds if not restricted.isdisjoint(kind.fields)}
    assert telling - facts - refusals == set(SHOWN_BY), "whose word does it follow? Say it here, and see that it does"


@dataclass(frozen=True, kw_only=True)
class Secret(ClubEvent):
    """A fact with something for staff alone, as anybody may write one."""

    note: ForStaff[str | None]
    """What the staff say of it."""


@dataclass(frozen=True, kw_only=True)
class Silent(ClubEvent):
    """A fact that does not say who sees a field."""

    note: str
    """Whose is this."""


@dataclass(frozen=True, kw_only=True)
class Nameless(ClubEvent):
    """A fact with a name, and nothing to hide it by."""

    first_name: Name
    """Whose name."""


def test_a_new_field_for_staff_is_hidden_without_a_line_more():
    fact = Secret(club_id="club_1", note="dear")
    assert [masked(fact, who).note for who in (PLAYERS, STAFF)] == [None, "dear"]


def test_a_field_that_does_not_say_who_sees_it_stops_the_program():
    with pytest.raises(TypeError, match="Silent: say who sees note"):
        shows(Silent)


def test_names_without_a_privacy_stop_the_program():
    with pytest.raises(TypeError, match="name_privacy"):
        shows(Nameless)
