import dataclasses
import re
from collections import Counter
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_introspection_type,
    is_specified_scalar_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from events.base import catalogue
from kit.text import camel
from resolvers.root import core, possible_types, sdl
from schema import problems
from schema.carried import carried_in
from schema.describe import declared_entries, is_viewer_field
from schema.events import SHARED_WORDS, twin_of
from schema.guests.posts import events as posts
from schema.matching import events as golfers
from schema.matching import feed_events as feed
from schema.matching import hosted_events as hosted
from schema.matching import photos
from schema.nodes import finders
from schema.tee_sheet.ballots import events as ballots
from schema.tee_sheet.play.events import PARTY_FACTS
from tests.house.inventory import one_of_each

BACKREF = GraphQLCoreConverter.DEFINITION_BACKREF
ROOT = Path(__file__).resolve().parents[2]
OURS = [t for t in core.type_map.values() if not is_introspection_type(t) and not is_specified_scalar_type(t)]
HIDDEN = {
    "SlotBooked": {"name_privacy", "booked_by", "player", "user_id", "shop_only"},
    **{name: {"shop_only"} for name in ("SlotAvailable", "SlotReleased", "SlotHeld", "SlotBlocked")},
    **{name: {"shop_only"} for name in ("ChangedSlot", "RetoldSlot")},
    "BookingCreated": {"name_privacy", "booked_by", "user_ids"},
    **{
        name: {"name_privacy", "booked_by", "user_ids"}
        for name in ("BookingUpdated", "BookingRestored", "BookingMerged")
    },
    "NotificationCreated": {"user_id"},
    "NotificationsRead": {"user_id"},
    "NotificationsRemoved": {"user_id"},
    "TurnAssigned": {"list_number"},
    "TurnAnswered": {"list_number"},
    "OccasionCreated": {"narrowed", "about_part"},
    "OccasionUpdated": {"narrowed", "about_part", "planners_gone"},
    **{name: {"is_revealed"} for name in ("GuestSeated", "SeatChanged", "GuestUnseated")},
    "TableUpdated": {"household_ids"},
    **{fact.__name__: {"user_id"} for fact in golfers.FACTS},
} | {fact.__name__: {"name_privacy"} for fact in PARTY_FACTS}
HIDDEN |= {fact.__name__: {"concerns_guests"} for fact in posts.FACTS}
HIDDEN |= {"LedgerEntryAdded": {"name_privacy"}, "DepositChanged": {"name_privacy"}}
HIDDEN |= {"MessageSent": {"hidden_from"}, "MessageShown": {"hidden_from"}, "MessagesRead": {"golfer_id"}}
HIDDEN["TeeTimeHidden"] = {"golfer_id", "takes_part"}
HIDDEN["TeeTimeGolferUpdated"] = {"only_asks", "takes_part"}
HIDDEN |= {
    fact.__name__: {"of_tenant", "city_key", "x", "y", "z", "host_points", "host_knows", "listing", "before"}
    for fact in feed.FACTS
}
HIDDEN |= {fact.__name__: {"entered_by", "user_ids"} for fact in ballots.ENTRIES}
HIDDEN["FeedOutdated"] = {"of_tenant", "golfers", "with_connected", "industries"}
"""Fields of events that are for the server alone."""
OWN = {name: {"own"} for name in ("SlotBooked", "BookingCreated", "BookingUpdated", "BookingRestored", "BookingMerged")}
OWN |= {name: {"own", "ownBooking"} for name in OWN if name.startswith("Booking")}
OWN |= {fact.__name__: {"isOwn"} for fact in posts.STATES}
OWN |= {fact.__name__: {"ownBallotEntryId"} for fact in ballots.ENTRIES}
"""Fields of events that depend on who asks, beside what all are told."""
WHEN_SHOWN = {
    **{fact.__name__: {camel(name) for name in posts.URLS} for fact in posts.STATES},
    **{fact.__name__: {camel(name) for name in photos.OF_GOLFER} for fact in (*golfers.STANDINGS, *hosted.OF_GOLFERS)},
    "TeeTimeGolferUpdated": {camel(name) for name in photos.OF_GOLFER},
    "QueueUpdated": {"queuePlace"},
    "NewTeeTimeInFeed": {"match", *map(camel, photos.OF_HOST)},
    "FeedTeeTimeUpdated": {"match", "inFeed", *map(camel, photos.OF_HOST)},
}
"""Fields of events that are made when they are shown, or for a class of those who hear them."""
ENVELOPE = {"id", "cursor", "type", "timestamp", "tenantId"}
FIXED = {
    "Query": """viewer node clubs club course realtimeStats teeSheet availableTeeTimes booking bookings waitlist
        courseConditions courseStatusHistory courseThresholds carts caddies caddieQueue caddieReport occasions occasion
        invitation household guests headcount seatingChart guestRequests posts directory activity guestsCsv seatingCsv
        mealsCsv golfer golfers hostedTeeTimes hostedTeeTime recommendations suggestedGolfers notifications
        unreadNotifications webPushKey""",
    "Mutation": """createClub updateClub createCourse updateCourse generateTeeSheet holdSlots releaseHold bookSlots
        updateBooking moveBooking cancelBooking addBlock removeBlock checkIn undoCheckIn markNoShow teeOff recordHole
        undoNoShow undoTeeOff correctHole endRound restoreBooking splitBooking
        movePlayers mergeBookings swapBookings undoTurn
        takeTeeSheetOffline bringTeeSheetOnline joinWaitlist leaveWaitlist acceptWaitlistOffer declineWaitlistOffer
        issueRainCheck squeezeTeeTime delayTeeTimes setSheetTemplate suspendPlay resumePlay redeemRainCheck
        setCourseStatus clearCourseStatusOverride setCourseThresholds setPlayingConditions reportLightning addCart
        retireCart reserveCart checkOutCart returnCart addCaddie updateCaddie deleteCaddie setCaddieStatus startTurn
        endTurn skipTurn assignTurn answerTurnAssignment drawCaddieWeek importCaddies createOccasion updateOccasion
        publishOccasion closeOccasion addPart updatePart deletePart addHousehold updateHousehold mergeHouseholds
        copyGuests addGuests updateGuests deleteGuests importGuests exportGuest eraseGuest redeemInvitation
        reissueInvitation sendInvitations submitRsvp setRsvpOnBehalf setGuestListing addTable updateTable deleteTable
        seatGuests unseatGuests swapSeats lockSeat unlockSeat autoSeat arrangeSeats setSeatingRule removeSeatingRule
        revealSeating undoAutoSeat
        uploadPicture addPost deletePost moderatePost voteForMusic unvoteForMusic createGuestRequest updateGuestRequest
        checkInGuest undoGuestCheckIn rotateCheckInCode
        updateGolfer connectGolfers blockGolfer unblockGolfer hostTeeTime updateHostedTeeTime cancelHostedTeeTime
        joinTeeTime leaveTeeTime answerJoinRequest sendMessage recordAttendance rateGolfer markNotificationsRead
        registerPushDevice setNotificationPreferences""",
    "Subscription": """clubEvents teeSheetEvents bookingEvents courseStatusEvents caddieEvents occasionEvents headcount
        teeTimeFeed hostedTeeTimeEvents notifications""",
}
"""Names that clients rely on."""
FURTHER = {
    "Query": {
        "sheetTemplate",
        "rainCheck",
        "bookingCaddies",
        "caddieDraw",
        "caddieSettings",
        "caddiesCsv",
        "checkInList",
        "player",
        "players",
        "playersCsv",
        "partners",
        "buddies",
        "connections",
        "connectionRequests",
        "blockedGolfers",
        "industryRelations",
        "golferReports",
        "notificationPreferences",
        "pushDevices",
    },
    "Mutation": {
        "deleteHousehold",
        "addPlayer",
        "updatePlayer",
        "mergePlayers",
        "importPlayers",
        "setBookingLimits",
        "addPriceClass",
        "updatePriceClass",
        "retirePriceClass",
        "askBuddy",
        "answerBuddy",
        "removeBuddy",
        "leaveBooking",
        "deactivatePlayer",
        "reactivatePlayer",
        "setCaddieSettings",
        "setCartStatus",
        "revokeTokens",
        "disconnectGolfers",
        "reportGolfer",
        "answerGolferReport",
        "reinstateGolfer",
        "setIndustryRelation",
        "unregisterPushDevice",
        "confirmEmail",
        "unsubscribe",
        "withdrawJoinRequest",
        "removeParticipant",
    },
    "Subscription": {"playerEvents", "golferEvents"},
}
"""Operations beside those."""
FURTHER["Mutation"] |= {"deleteMessage", "markMessagesRead", "reportMessage", "moderateMessage", "eraseGolfer"}
FURTHER["Query"] |= {"golferExport"}
FURTHER["Query"] |= {"sheetSeasons", "clubReport", "clubReportCsv", "daySheet"}
FURTHER["Mutation"] |= {"updateTeeSheet", "regenerateTeeSheets", "setSheetSeason", "removeSheetSeason"}
FURTHER["Mutation"] |= {"addLedgerEntry"}
FURTHER["Mutation"] |= {"setBookingNote", "setTeeTimeNote", "setTeeSheetNote"}
FURTHER["Query"] |= {"bookingGroup", "bookingGroups"}
FURTHER["Query"] |= {"ballot", "ballots", "ballotEntries", "ballotCsv"}
FURTHER["Mutation"] |= {"announceBallot", "updateBallot", "cancelBallot", "drawBallot"}
FURTHER["Mutation"] |= {"enterBallot", "updateBallotEntry", "withdrawBallotEntry", "leaveBallotEntry"}
FURTHER["Query"] |= {"standingBookings", "priceClasses", "myTeeTimes", "depositsToGiveBack"}
FURTHER["Mutation"] |= {"setStandingBooking", "endStandingBooking"}
FURTHER["Mutation"] |= {"setDepositPolicy", "askDeposit", "waiveDeposit", "refundDeposit"}
FURTHER["Mutation"] |= {"bookGroup", "updateBookingGroup", "cancelBookingGroup"}
CREATES = re.compile(r"(create|add|hold|book|join|host|import|send)[A-Z]")


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def described():
    """Walk everything that has a description: its place in the schema, and the description."""
    for kind in OURS:
        yield kind.name, kind.description
        for name, item in getattr(kind, "fields", getattr(kind, "values", {})).items():
            yield f"{kind.name}.{name}", item.description
            for argument, given in getattr(item, "args", {}).items():
                yield f"{kind.name}.{name}({argument}:)", given.description


def test_the_schema_files_are_what_the_code_exports():
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == sdl(), "run `fairway schema`, look, and commit"
    assert (ROOT / "possibleTypes.json").read_text(encoding="utf-8") == possible_types(), "run `fairway schema`"


def test_everything_is_described_by_whole_sentences():
    assert [place for place, text in described() if not (text and text.endswith("."))] == []
    assert len(list(described())) > 300


def test_every_refusal_has_a_type_and_a_code_of_its_own():
    codes = Counter(kind.code for kind in problems.KINDS)
    assert [code for code, count in codes.items() if count > 1] == []
    assert set(core.type_map["ProblemCode"].values) == set(codes)
    shown = {t.name for t in core.get_possible_types(core.type_map["Problem"])}
    assert shown == {kind.__name__ for kind in problems.KINDS}
    for kind in problems.KINDS:
        fields = {"code", "message", "path"} | {camel(name) for name in kind.hints()}
        assert set(core.type_map[kind.__name__].fields) == fields, kind


def nested(kind):
    """Give the dataclasses that the fields of a dataclass hold which clients are told of."""
    for name, hint in get_type_hints(kind).items():
        if name in HIDDEN.get(kind.__name__, ()):
            continue
        for part in (hint, *get_args(hint)):
            if dataclasses.is_dataclass(part):
                yield part
                yield from nested(part)


@pytest.mark.parametrize("wire_name", sorted(catalogue))
def test_an_event_is_shown_as_it_is(wire_name):
    fact = catalogue[wire_name]
    shown = core.type_map[fact.__name__]
    assert "StreamEvent" in {i.name for i in shown.interfaces}
    told = {camel(f.name) for f in dataclasses.fields(fact) if f.name not in HIDDEN.get(fact.__name__, ())}
    assert told.isdisjoint(ENVELOPE)
    own = {name for name, field in shown.fields.items() if is_viewer_field(field)}
    assert own == OWN.get(fact.__name__, set())
    made = WHEN_SHOWN.get(fact.__name__, set()) | {name for name, field in shown.fields.items() if carried_in(field)}
    made |= {camel(twin_of(hint)) for name, hint in get_type_hints(fact).items() if name in SHARED_WORDS}
    assert set(shown.fields) == told | own | made | set(core.type_map["StreamEvent"].fields)
    for value in nested(fact):
        hidden = HIDDEN.get(value.__name__, ())
        fields = {camel(f.name) for f in dataclasses.fields(value) if f.name not in hidden}
        assert set(core.type_map[value.__name__].fields) == fields, value


def shape(kind):
    """Give of a type what has to be the same wherever one name is asked of several events at once."""
    if isinstance(kind, GraphQLNonNull | GraphQLList):
        return f"{type(kind).__name__} {shape(kind.of_type)}"
    return "object" if is_composite_type(kind) else kind.name


@pytest.mark.parametrize("union", [t for t in OURS if isinstance(t, GraphQLUnionType)], ids=lambda union: union.name)
def test_a_name_means_one_thing_in_all_that_is_told_together(union):
    shapes = {}
    for member in union.types:
        for name, field in member.fields.items():
            if field.deprecation_reason is None and name not in core.type_map["StreamEvent"].fields:
                shapes.setdefault(name, set()).add(shape(field.type))
    assert {name: found for name, found in shapes.items() if len(found) > 1} == {}


def test_every_scalar_says_where_it_is_specified():
    assert [t.name for t in OURS if isinstance(t, GraphQLScalarType) and not t.specified_by_url] == []


def test_every_event_can_be_followed_and_asked_for():
    unions = [t for t in OURS if isinstance(t, GraphQLUnionType) and "StreamReset" in {m.name for m in t.types}]
    members = {member.name for union in unions for member in union.types} - {"StreamReset"}
    assert members == {fact.__name__ for fact in catalogue.values()}
    enums = [t for t in OURS if isinstance(t, GraphQLEnumType) and t.name.endswith("EventType")]
    assert {value.value for enum in enums for value in enum.values.values()} == set(catalogue)


@pytest.mark.parametrize("name", sorted(core.subscription_type.fields))
def test_a_subscription_resumes_resets_and_offers_the_types_that_it_sends(name):
    field = core.subscription_type.fields[name]
    sent = get_named_type(field.type)
    assert "after" in field.args
    if not isinstance(sent, GraphQLUnionType):  # a conflated room: each answer is the state anew, as of a cursor
        assert "cursor" in sent.fields
        return
    assert "StreamReset" in {t.name for t in sent.types}
    if "types" in field.args:
        offered = {value.value for value in get_named_type(field.args["types"].type).values.values()}
        assert {catalogue[wire_name].__name__ for wire_name in offered} | {"StreamReset"} == {
            t.name for t in sent.types
        }


async def test_everything_with_a_global_id_can_be_found_by_it(server, world):
    kinds = {snake(t.name): t.name for t in core.get_possible_types(core.type_map["Node"])}
    assert set(kinds) == set(finders)
    ids = await one_of_each(world)
    for kind, type_name in kinds.items():
        assert kind in ids, f"say in tests/house/inventory.py how to make a {kind}"
        answer = await server.run("query($id: ID!) { node(id: $id) { __typename id } }", who=world.staff, id=ids[kind])
        assert answer.data["node"] == {"__typename": type_name, "id": ids[kind]}


@pytest.mark.parametrize("name", sorted(core.mutation_type.fields))
def test_a_mutation_takes_one_input_and_gives_a_payload(name):
    field, title = core.mutation_type.fields[name], name[0].upper() + name[1:]
    assert set(field.args) == {"input"}
    wanted = field.args["input"].type
    assert isinstance(wanted, GraphQLNonNull)
    assert isinstance(wanted.of_type, GraphQLInputObjectType)
    assert wanted.of_type.name == f"{title}Input"
    assert isinstance(field.type, GraphQLNonNull)
    payload = field.type.of_type
    assert isinstance(payload, GraphQLObjectType)
    assert payload.name == f"{title}Payload"
    assert [i.name for i in payload.interfaces] == ["Payload"]
    results = [f for n, f in payload.fields.items() if n not in {"problems", "cursor", "warnings"}]
    assert not any(isinstance(f.type, GraphQLNonNull) for f in results)
    assert not CREATES.match(name) or "idempotencyKey" in wanted.of_type.fields


@pytest.mark.parametrize("root", sorted(FIXED))
def test_operations_are_called_what_clients_call_them(root):
    names = set(core.type_map[root].fields)
    assert names <= set(FIXED[root].split()) | FURTHER[root], "spell it as clients do, or add it to FURTHER"
    assert names >= FURTHER[root]


def lists_of_objects():
    """Name the fields of what is asked for that show lists of objects, but for pages and for what facts carry."""
    for kind in OURS:
        if not isinstance(kind, GraphQLObjectType) or kind.extensions[BACKREF].origin.__module__ == "schema.derive":
            continue
        paged = {"edges", "nodes"} if "pageInfo" in kind.fields else set()
        for name, field in kind.fields.items():
            many = isinstance(get_nullable_type(field.type), GraphQLList) and is_composite_type(
                get_named_type(field.type)
            )
            if many and name not in paged and "first" not in field.args:
                yield f"{kind.name}.{name}", field


def test_every_list_of_objects_says_about_how_long_it_is():
    silent = [name for name, field in lists_of_objects() if not declared_entries(field)]
    assert silent == [], "declare these with list_field(entries=…) or listed(entries=…): a document pays for them"
    assert dict(lists_of_objects()).keys() >= {"TeeSheet.teeTimes", "TeeTime.slots", "Waitlist.entries", "Query.clubs"}
