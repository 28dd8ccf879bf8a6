"""The schema: all rooms under one roof."""

import json
from typing import Any

import strawberry
from graphql import is_abstract_type
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.access import AccessMutations
from resolvers.caddies.mutations import CaddieMutations
from resolvers.caddies.queries import CaddieQueries
from resolvers.caddies.subscriptions import CaddieSubscriptions
from resolvers.carts.mutations import CartMutations
from resolvers.carts.queries import CartQueries
from resolvers.clubs.mutations import ClubMutations
from resolvers.clubs.queries import ClubQueries
from resolvers.clubs.subscriptions import ClubSubscriptions
from resolvers.course.mutations import CourseMutations
from resolvers.course.queries import CourseQueries
from resolvers.course.subscriptions import CourseSubscriptions
from resolvers.guests.door import DoorMutations, DoorQueries
from resolvers.guests.erasure import ErasureMutations
from resolvers.guests.files import FileMutations, FileQueries
from resolvers.guests.headcount import HeadcountQueries, HeadcountSubscriptions
from resolvers.guests.households import HouseholdMutations, HouseholdQueries
from resolvers.guests.invitations import InvitationMutations, InvitationQueries
from resolvers.guests.mailing import MailingMutations
from resolvers.guests.occasions import OccasionMutations, OccasionQueries, OccasionSubscriptions
from resolvers.guests.posts import PostMutations, PostQueries
from resolvers.guests.requests import RequestMutations, RequestQueries
from resolvers.guests.rsvp import RsvpMutations, RsvpQueries
from resolvers.guests.seating import SeatingMutations, SeatingQueries
from resolvers.matching.feed import FeedQueries, FeedSubscriptions
from resolvers.matching.golfers import GolferMutations, GolferQueries, GolferSubscriptions
from resolvers.matching.hosted import HostedMutations, HostedQueries, HostedSubscriptions, RoundMutations
from resolvers.matching.messages import MessageMutations
from resolvers.notifications.feed import NotificationMutations, NotificationQueries, NotificationSubscriptions
from resolvers.notifications.reaching import ReachingMutations, ReachingQueries
from resolvers.payments.mutations import PaymentMutations
from resolvers.payments.queries import PaymentQueries
from resolvers.players.mutations import PlayerMutations
from resolvers.players.queries import PlayerQueries
from resolvers.players.subscriptions import PlayerSubscriptions
from resolvers.realtime import RealtimeQueries
from resolvers.tee_sheet.ballots.mutations import BallotMutations
from resolvers.tee_sheet.ballots.queries import BallotQueries
from resolvers.tee_sheet.booking.groups import GroupMutations, GroupQueries
from resolvers.tee_sheet.booking.mutations import BookingMutations
from resolvers.tee_sheet.booking.queries import BookingQueries
from resolvers.tee_sheet.booking.subscriptions import BookingSubscriptions
from resolvers.tee_sheet.desk.mutations import DeskMutations
from resolvers.tee_sheet.desk.queries import DeskQueries
from resolvers.tee_sheet.desk.standing import StandingMutations, StandingQueries
from resolvers.tee_sheet.offers.mutations import OfferMutations
from resolvers.tee_sheet.offers.queries import OfferQueries
from resolvers.tee_sheet.play.mutations import PlayMutations
from resolvers.tee_sheet.sheets.mutations import SheetMutations
from resolvers.tee_sheet.sheets.queries import SheetQueries
from resolvers.tee_sheet.sheets.subscriptions import SheetSubscriptions
from resolvers.tee_sheet.waitlist.mutations import WaitlistMutations
from resolvers.tee_sheet.waitlist.queries import WaitlistQueries
from schema import events, problems, scalars, warnings


def roof(name: str, *rooms: type, description: str) -> type:
    """Put the fields of several rooms under one roof."""
    merged: Any = merge_types(name, rooms)
    merged.__strawberry_definition__.description = description
    return merged  # type: ignore[no-any-return]


Query = roof(
    "Query",
    ClubQueries,
    PlayerQueries,
    SheetQueries,
    OfferQueries,
    BookingQueries,
    GroupQueries,
    DeskQueries,
    StandingQueries,
    PaymentQueries,
    BallotQueries,
    WaitlistQueries,
    CourseQueries,
    CaddieQueries,
    CartQueries,
    OccasionQueries,
    HouseholdQueries,
    RsvpQueries,
    HeadcountQueries,
    InvitationQueries,
    DoorQueries,
    FileQueries,
    PostQueries,
    RequestQueries,
    SeatingQueries,
    GolferQueries,
    HostedQueries,
    FeedQueries,
    NotificationQueries,
    ReachingQueries,
    RealtimeQueries,
    description="What can be asked.",
)
Mutation = roof(
    "Mutation",
    ClubMutations,
    PlayerMutations,
    SheetMutations,
    OfferMutations,
    BookingMutations,
    GroupMutations,
    DeskMutations,
    StandingMutations,
    PaymentMutations,
    BallotMutations,
    PlayMutations,
    WaitlistMutations,
    CourseMutations,
    CaddieMutations,
    CartMutations,
    OccasionMutations,
    HouseholdMutations,
    RsvpMutations,
    ErasureMutations,
    MailingMutations,
    InvitationMutations,
    DoorMutations,
    FileMutations,
    PostMutations,
    RequestMutations,
    SeatingMutations,
    GolferMutations,
    HostedMutations,
    MessageMutations,
    RoundMutations,
    NotificationMutations,
    ReachingMutations,
    AccessMutations,
    description="What can be done, one after the other.",
)
Subscription = roof(
    "Subscription",
    ClubSubscriptions,
    PlayerSubscriptions,
    SheetSubscriptions,
    BookingSubscriptions,
    CourseSubscriptions,
    CaddieSubscriptions,
    OccasionSubscriptions,
    HeadcountSubscriptions,
    GolferSubscriptions,
    HostedSubscriptions,
    FeedSubscriptions,
    NotificationSubscriptions,
    description="What can be followed live.",
)

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[*problems.TYPES.values(), *events.TYPES.values(), *warnings.TYPES],
    config=StrawberryConfig(auto_camel_case=True, scalar_map=scalars.SCALARS),
)
core = schema._schema  # noqa: SLF001 - the plain schema of graphql-core, which runs without Strawberry's own engine


def sdl() -> str:
    """Write the schema in the schema definition language, sorted, as `schema.graphql` holds it."""
    from graphql import lexicographic_sort_schema, print_schema  # noqa: PLC0415 - the command line alone needs them

    return print_schema(lexicographic_sort_schema(core)) + "\n"


def possible_types() -> str:
    """Write which object types each interface and union may be, as caches ask for it: `possibleTypes.json`."""
    kinds = [kind for kind in core.type_map.values() if is_abstract_type(kind)]
    found = {kind.name: sorted(one.name for one in core.get_possible_types(kind)) for kind in kinds}
    return json.dumps(found, indent=1, sort_keys=True) + "\n"
