"""What a payload says that its mutation can refuse is what the functions below it raise."""

import inspect
from types import FunctionType

import pytest
from graphql import get_named_type

from domain.guests.door.arrivals import check_in_guest
from domain.idempotency import IdempotencyKeyReused
from kit.errors import InvalidInput, TooManyTries
from kit.text import camel
from resolvers.refusals import said_by
from resolvers.root import Mutation, core
from tests.house.raising import raised_below

BY_THE_EDGE = {kind.__name__ for kind in (InvalidInput, TooManyTries, IdempotencyKeyReused)}
"""What is refused before the domain is asked."""
FEWER = "Fewer guests than before are never too many."
LEAVES = "Who leaves a booking takes no place, and what was paid stays with it."
CANNOT_BE = {
    "cancelBallot": {"BlockAlreadyRemoved": "A ballot's block goes with it, and in no other way."},
    "acceptWaitlistOffer": {"SlotsUnavailable": "An offer that stands holds as many places as its party has players."},
    "deleteGuests": {"OccasionFull": FEWER},
    "deleteHousehold": {"OccasionFull": FEWER},
    "eraseGuest": {"OccasionFull": FEWER, "AlreadyCheckedIn": "Arrivals are forgotten before their guest is."},
    "leaveBooking": dict.fromkeys(
        ("BookingLimitReached", "NotOnSale", "SlotsUnavailable", "TurnTaken", "CourseClosed", "SheetOffline"), LEAVES
    )
    | dict.fromkeys(("RefundTooLarge", "RainCheckSpent"), LEAVES),
    "redeemRainCheck": {"RainCheckSpent": "More is paid by it than before, and nothing is given back."},
    "setRsvpOnBehalf": {"DeadlinePassed": "The deadline is for households."},
    "unlockSeat": {"SeatLocked": "What is locked is there to be unlocked."},
}
"""What the functions that a mutation calls can raise, but not with what it gives them, and why."""
RESOLVERS: dict[str, FunctionType] = {
    camel(field.python_name): inspect.unwrap(field.base_resolver.wrapped_func)
    for field in Mutation.__strawberry_definition__.fields
}


def named_by(mutation: str) -> set[str]:
    problems = core.mutation_type.fields[mutation].type.of_type.fields["problems"]
    return {kind.name for kind in core.get_possible_types(get_named_type(problems.type))}


@pytest.mark.parametrize("mutation", sorted(core.mutation_type.fields))
def test_a_payload_names_what_can_be_raised(mutation):
    ways = {kind.__name__: " > ".join(way) for kind, way in raised_below(RESOLVERS[mutation]).items()}
    raised = ways.keys() - BY_THE_EDGE - CANNOT_BE.get(mutation, {}).keys()
    named = named_by(mutation) - BY_THE_EDGE
    unnamed = {kind: ways[kind] for kind in raised - named}
    assert unnamed == {}, "name these behind `Raises` in the docstring of the function that the input is handed to"
    assert named - raised == set(), "nothing below raises these: take them out of the docstring"
    assert CANNOT_BE.get(mutation, {}).keys() <= ways.keys()


def test_a_payload_names_what_the_edge_refuses():
    for name, field in core.mutation_type.fields.items():
        named = named_by(name)
        assert "InvalidInput" in named
        repeatable = "idempotencyKey" in get_named_type(field.args["input"].type).fields
        assert ("IdempotencyKeyReused" in named) == repeatable, name


def test_what_is_caught_on_the_way_is_not_raised():
    assert "CodeUnknown" in {kind.__name__ for kind in raised_below(check_in_guest)}

    async def let_in() -> None:
        """Raises what `check_in_guest` does."""

    assert set(said_by(let_in)) == set(said_by(check_in_guest))


async def test_a_document_may_be_prepared_for_what_is_no_more_refused(server, world):
    query = """mutation($input: UpdateClubInput!) { updateClub(input: $input) { problems {
        code ... on SlotsUnavailable { placesLeft } ...Full ... on Problem { message } } } }
        fragment Full on TableFull { seatsLeft }"""
    answer = await server.run(query, who=world.admin, input={"clubId": world.club, "name": "\u200b"})
    [problem] = answer.data["updateClub"]["problems"]
    assert problem.keys() == {"code", "message"}
    elsewhere = await server.run("query { clubs { ... on Course { id } } }", who=world.admin)
    assert elsewhere.code == "GRAPHQL_VALIDATION_FAILED"
