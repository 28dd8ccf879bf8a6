"""What walks over the schema need: each place that takes a value, and what the others beside it are filled with."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from kit.ids import parse_id
from resolvers.root import core
from schema.nodes import finders
from tests.harness import MORNING, Server, Who
from tests.house.inventory import SUBSCRIPTION
from tests.moulds import Mould

Arguments = Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField]
KINDS = {
    "requestId": "guest_request",
    "otherId": "household",
    "removeTeeTimeIds": "tee_time",
    "seasonId": "sheet_season",
    "groupId": "booking_group",
    "bookingIds": "booking",
    "hostId": "player",
    "reportId": "golfer_report",
    "otherPlayerId": "player",
    "entryId": "waitlist_entry",
    "offerId": "waitlist_offer",
    "reservationId": "cart_reservation",
    "otherGuestId": "guest",
    "otherBookingId": "booking",
    "otherBookingIds": "booking",
    **{f"{side}{kind}Id": kind.lower() for side in ("first", "second") for kind in ("Guest", "Household")},
}
"""The kind of id that an argument takes, where its name does not say it."""
HOSTED = {
    *("cancelHostedTeeTime", "updateHostedTeeTime", "joinTeeTime", "leaveTeeTime", "answerJoinRequest"),
    *("withdrawJoinRequest", "removeParticipant", "hostedTeeTimeEvents", "suggestedGolfers", "sendMessage"),
    *("recordAttendance", "rateGolfer"),
}
"""Operations whose `teeTimeId` is a hosted tee time's."""
SUBSCRIPTIONS = core.subscription_type.fields if core.subscription_type else {}
FILL: dict[str, Any] = {
    "after": "no cursor",
    "date": MORNING.date().isoformat(),
    "name": "North",
    "timeZone": "Europe/Madrid",
    "currency": "EUR",
    "firstName": "Ada",
    "lastName": "Byron",
    "priceClass": "PUBLIC",
    "holes": 18,
    "hole": 1,
    "places": 1,
    "partySize": 1,
    "firstStart": "08:00",
    "lastStart": "12:00",
    "intervalMinutes": 10,
    "amountCents": 4000,
    "paidCents": -1,
    "list": 1,
    "listNumber": 1,
    "status": "IN_PREP",
    "accept": True,
    "memberNumber": "77",
    "csv": "name,list\nIsla Vado,1\n",
    "listCount": 5,
    "owner": "USER",
    "subject": "nobody",
    "feeTier": "SINGLE",
    "feeCents": 100,
    "week": MORNING.date().isoformat(),
    "position": 1,
    "kind": "OTHER",
    "localTime": "08:05",
    "minutes": 10,
    "holesPlayed": 9,
    "code": "no code",
    "firstDate": MORNING.date().isoformat(),
    "number": "77",
    "inService": False,
    "startsAt": (MORNING + timedelta(days=30)).isoformat(),
    "endsAt": (MORNING + timedelta(days=30, hours=4)).isoformat(),
    "closesAt": (MORNING + timedelta(minutes=20)).isoformat(),
    "releasesAt": (MORNING + timedelta(minutes=30)).isoformat(),
    "email": "ana@example.com",
    "phone": "600 100 200",
    "householdName": "Ribera",
    "token": "no link",
    **SUBSCRIPTION,
}
"""What the other arguments are filled with, by their names, where an example of their type will not do."""
EXAMPLES: dict[str, Any] = {
    "String": "North",
    "Int": 1,
    "Float": 1.0,
    "Boolean": True,
    "Date": MORNING.date().isoformat(),
    "DateTime": MORNING.isoformat(),
    "Time": "08:00",
    "PriceClass": "PUBLIC",
}
FILL_FOR: dict[str, dict[str, Any]] = {
    "setCourseStatus": {"status": "CONDITIONAL", "reason": "Wet"},
    "createOccasion": {"kind": "WEDDING"},
    "addPriceClass": {"kind": "MEMBER", "priceClass": "JUNIOR"},
    "updateOccasion": {"kind": "WEDDING"},
    "guests": {"status": "PENDING"},
    "sendInvitations": {"kind": "INVITATION"},
    "importPlayers": {"csv": "first name,last name,class\nVado,Isla,GUEST\n"},
    "importGuests": {"csv": "household,first name\nVado,Isla\n"},
    "addPost": {"kind": "GUESTBOOK"},
    "posts": {"kind": "MUSIC", "status": "APPROVED"},
    "moderatePost": {"status": "APPROVED"},
    "guestRequests": {"status": "OPEN"},
    "updateGuestRequest": {"status": "OPEN"},
    "setSeatingRule": {"kind": "APART"},
    "addLedgerEntry": {"kind": "PAYMENT"},
    "refundDeposit": {"amountCents": 1},
}
"""The same, where one operation means something else by a name."""
BESIDE = {
    "setSheetTemplate(input.courseId)": {"intervalMinutes"},
    "setSheetSeason(input.courseId)": {"intervalMinutes", "firstDate", "name"},
    "setSheetSeason(input.seasonId)": {"intervalMinutes", "firstDate", "name"},
    "setSheetSeason(input.name)": {"intervalMinutes", "firstDate"},
    "bookSlots(input.blockId)": {"teeTimeId", "players"},
    "bookSlots(input.players.playerId)": {"teeTimeId"},
    "bookSlots(input.players.firstName)": {"teeTimeId"},
    "bookSlots(input.players.lastName)": {"teeTimeId"},
    "bookSlots(input.payer.firstName)": {"teeTimeId", "places"},
    "bookSlots(input.payer.lastName)": {"teeTimeId", "places"},
    "enterBallot(input.teeTimeIds)": {"players", "firstName"},
    "acceptWaitlistOffer(input.offerId)": {"paidCents"},
    "updateBooking(input.bookingId)": {"paidCents"},
    "updateBooking(input.blockId)": {"players"},
    "updateBooking(input.players.playerId)": {"position"},
    "addBlock(input.courseId)": {"firstStart", "lastStart"},
    "checkOutCart(input.bookingId)": {"cartId"},
    "hostTeeTime(input.bookingId)": set(),
    "checkOutCart(input.cartId)": {"bookingId"},
    "uploadPicture(input.guestId)": {"occasionId"},
    "addGuests(input.guests.householdId)": {"firstName"},
    "checkInGuest(input.occasionId)": {"guestId"},
    "checkInGuest(input.partId)": {"guestId"},
    "addGuests(input.guests.householdName)": {"firstName"},
    "setSeatingRule(input.firstGuestId)": {"secondHouseholdId"},
    "setSeatingRule(input.firstHouseholdId)": {"secondGuestId"},
    "setSeatingRule(input.secondGuestId)": {"firstHouseholdId"},
    "setSeatingRule(input.secondHouseholdId)": {"firstGuestId"},
} | {f"{name}({argument})": {"after"} for name, f in SUBSCRIPTIONS.items() for argument in f.args}
"""Optional arguments that have to be given too. A wrong cursor ends a subscription that has found what it follows,
and a wrong sum keeps the offer that was found from being used up."""
ALWAYS_BESIDE = {
    "addGuests": {"householdName"},
    "submitRsvp": {"householdId"},
    "golferEvents": {"after"},
    "teeTimeFeed": {"after"},
    "addPost": {"text"},
    "createGuestRequest": {"guestId"},
    "setSeatingRule": {"firstGuestId", "secondHouseholdId"},
    "hostTeeTime": {"placeName", "timeZone", "startsAt"},
}
"""The same, for all that an operation may be given but what names the same thing by itself."""


@dataclass(frozen=True)
class Spot:
    """A place in the schema that takes an id of some kind."""

    root: GraphQLObjectType
    field: str
    path: tuple[str, ...]
    kind: str

    def __str__(self) -> str:
        return f"{self.field}({'.'.join(self.path)})"


def kinds_of(field: str, argument: str) -> list[str]:
    """Tell which kinds of id an argument takes, by its name."""
    if field == "node":
        return sorted(finders)
    if field in HOSTED and argument == "teeTimeId":
        return ["hosted_tee_time"]
    if (field, argument) == ("updateGolfer", "pictureId"):
        return ["photo"]
    name = field if argument == "id" else re.sub("Ids?$", "", argument)
    return [KINDS.get(argument, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())]


def places_of(arguments: Arguments, scalars: Collection[str], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Walk all arguments, and the fields of inputs within them, that hold one of some scalars."""
    for name, argument in arguments.items():
        kind = get_named_type(argument.type)
        if isinstance(kind, GraphQLInputObjectType):
            yield from places_of(kind.fields, scalars, (*path, name))
        elif kind.name in scalars:
            yield (*path, name)


def operations() -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    """Walk all operations: the root type, the name, the field."""
    for root in filter(None, (core.query_type, core.mutation_type, core.subscription_type)):
        for name, field in sorted(root.fields.items()):
            yield root, name, field


def spots() -> Iterator[Spot]:
    """Walk all places that take ids, once for each kind of id that they take."""
    for root, name, field in operations():
        for path in places_of(field.args, {"ID"}):
            for kind in kinds_of(name, path[-1]):
                yield Spot(root, name, path, kind)


def texts(*scalars: str) -> Iterator[Spot]:
    """Walk all places that take a text or an id, or those of some scalars alone."""
    for root, name, field in operations():
        for path in places_of(field.args, set(scalars) or {"ID", "String"}):
            yield Spot(root, name, path, "")


def roots() -> Iterator[Spot]:
    """Give each operation once, with an id where it takes one."""
    seen = {spot.field: spot for spot in spots()}
    for root, name, _ in operations():
        yield seen.get(name) or Spot(root, name, (), "")


def _is_required(argument: GraphQLArgument | GraphQLInputField) -> bool:
    if isinstance(argument, GraphQLArgument):
        return is_required_argument(argument)
    return is_required_input_field(argument)


def filled(
    spot: Spot, arguments: Arguments, target: Any, ids: Mapping[str, str], path: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Fill the arguments that are required, lie on the way to the spot, or belong beside it."""
    given = {}
    for name, argument in arguments.items():
        here = (*path, name)
        on_the_way = spot.path[: len(here)] == here
        required = _is_required(argument)
        if on_the_way or required or name in beside(spot):
            given[name] = value_of(spot, argument.type, target, ids, here)
    return given


def beside(spot: Spot) -> Collection[str]:
    """Name the optional arguments that have to be given with a spot."""
    return BESIDE.get(str(spot), ALWAYS_BESIDE.get(spot.field, ()))


def value_of(spot: Spot, kind: GraphQLType, target: Any, ids: Mapping[str, str], here: tuple[str, ...]) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return value_of(spot, kind.of_type, target, ids, here)
    if isinstance(kind, GraphQLList):
        return [value_of(spot, kind.of_type, target, ids, here)]
    if isinstance(kind, GraphQLInputObjectType):
        return filled(spot, kind.fields, target, ids, here)
    if here == spot.path:
        return target
    if getattr(kind, "name", "") == "ID":
        [wanted] = kinds_of(spot.field, here[-1])
        return ids[wanted]
    fill = FILL | FILL_FOR.get(spot.field, {})
    return fill[here[-1]] if here[-1] in fill else _example(kind)


def _example(kind: GraphQLType) -> Any:
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    name = getattr(kind, "name", "")
    return EXAMPLES[name] if name in EXAMPLES else pytest.fail(f"say in EXAMPLES what a {name} looks like")


def document(spot: Spot, given: Collection[str]) -> str:
    """Write the operation of a spot, with the arguments that are given as variables."""
    field = spot.root.fields[spot.field]
    shown = get_named_type(field.type)
    selection = "" if is_leaf_type(shown) else "{ __typename }"
    if spot.root is core.mutation_type:
        selection = "{ problems { __typename code message path } }"
    variables = ", ".join(f"${name}: {argument.type}" for name, argument in field.args.items() if name in given)
    passed = ", ".join(f"{name}: ${name}" for name in given)
    if not given:
        return f"{spot.root.name.lower()} {{ {spot.field} {selection} }}"
    return f"{spot.root.name.lower()}({variables}) {{ {spot.field}({passed}) {selection} }}"


def is_refused(answer: dict[str, Any]) -> bool:
    """Tell whether nothing was done, whatever the reason."""
    return bool(answer.get("errors") or next(iter(answer["data"].values())).get("problems"))


@dataclass
class Houses:
    """Two clubs of one tenant and one of another, with a thing of each kind in them.

    What a test has done in them is no other test's business: `mend` makes new ones, if anything was done.
    """

    server: Server
    viewer: Who
    stranger: Who | None
    own: dict[str, str]
    other_club: dict[str, str]
    other_tenant: dict[str, str]
    mould: Mould
    """The shape of the viewer's tenant, as it was made."""
    is_changed: bool = False

    async def mend(self) -> None:
        """Put another tenant into the place of one in which something was done."""
        if not self.is_changed:
            return
        known = await self.mould.cast(self.server)
        self.own, self.other_club = known["own"], known["other_club"]
        club_ids = (parse_id("club", self.own["club"]),)
        self.viewer = replace(self.viewer, tenant_id=UUID(known["tenant_id"]), club_ids=club_ids)
        self.is_changed = False

    async def ask(self, spot: Spot, target: Any, who: Who | None) -> dict[str, Any]:
        """Give the whole answer of the spot's operation with an id."""
        variables = filled(spot, spot.root.fields[spot.field].args, target, self.own)
        if spot.root is not core.subscription_type:
            answer = await self.server.run(document(spot, variables), who=who, **variables)
            self.is_changed |= spot.root is core.mutation_type and not is_refused(answer)
            return answer
        async with self.server.socket(who) as socket:
            await socket.subscribe(document(spot, variables), **variables)
            message = await socket.receive()
            assert message["type"] == "error", message
            return {"errors": message["payload"]}
