"""The scenario `guests`: households answer their invitations while screens watch, and a thousand are imported."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from auth.viewer import Role
from bench.fairway import token
from bench.generator import ask_all, done, following, request
from bench.servers import Running
from bench.work import SELECTION, Outcome, Pair, Size

HOUSEHOLDS = 105
"""Households of one guest, who accept one after the other, and then decline: 210 answers differ."""
IMPORTED = 1_000
STATUSES = ("ACCEPTED", "DECLINED")
CREATE = """mutation($input: CreateOccasionInput!) {
  createOccasion(input: $input) { occasion { id } problems { code message } }
}"""
PUBLISH = "mutation($input: PublishOccasionInput!) { publishOccasion(input: $input) { problems { code message } } }"
INVITE = """mutation($input: AddGuestsInput!) {
  addGuests(input: $input) { guests { id householdId } problems { code message } }
}"""
ANSWER = """mutation($input: SetRsvpOnBehalfInput!) {
  setRsvpOnBehalf(input: $input) { household { id } problems { code message } }
}"""
FOLLOW_ANSWERS = 'subscription { occasionEvents(occasionId: "$id", types: [RSVP_UPDATE]) '
FOLLOW_GUESTS = """subscription($id: ID!) { occasionEvents(occasionId: $id, types: [GUEST_CREATE]) {
  ... on GuestCreated { guestId cursor person { firstName lastName } }
} }"""


@dataclass(frozen=True, kw_only=True)
class Party:
    """An occasion with its households."""

    id: str
    guests: Sequence[tuple[str, str]]
    """The ids of each guest and of their household."""


def guests(running: Running, size: Size, fan_out: Callable[[Running, Size, Sequence[str]], Outcome]) -> list[Outcome]:
    """Have everybody watch answers as who plans the occasion, then an import."""
    party = _celebrate(running)
    chosen = "{ __typename ... on RsvpUpdated { caddieId: guestId status: rsvpStatus guestName partId cursor "
    pair = Pair(
        mutation=ANSWER,
        variables=lambda guest, status: _answer(party, guest, status),
        marks=[(guest, status) for status in STATUSES for guest, _ in party.guests],
        subscription=FOLLOW_ANSWERS.replace("$id", party.id) + chosen + SELECTION + " } } }",
    )
    client = replace(running.client, pair=pair)
    answers = fan_out(replace(running, client=client), size, ["ADMIN"])
    return [{**answers, "reading": "an answer"}, _import(running, party, size)]


def _answer(party: Party, guest: str, status: str) -> dict[str, object]:
    household = dict(party.guests)[guest]
    return {"input": {"householdId": household, "guests": [{"guestId": guest, "status": status}]}}


def _celebrate(running: Running) -> Party:
    """Make an occasion, and invite households to it."""
    begins = datetime.now(UTC) + timedelta(days=30)
    part = {"name": "Dinner", "startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=5)).isoformat()}
    made = _do(
        running,
        CREATE,
        clubId=running.services.database.ids["club"],
        name="Wedding",
        kind="WEDDING",
        rsvpDeadline=begins.isoformat(),
        part=part,
    )
    occasion = made["occasion"]["id"]
    _do(running, PUBLISH, occasionId=occasion)
    invited = _do(running, INVITE, occasionId=occasion, guests=_people("House", HOUSEHOLDS))["guests"]
    return Party(id=occasion, guests=[(guest["id"], guest["householdId"]) for guest in invited])


def _people(name: str, count: int) -> list[dict[str, str]]:
    return [{"householdName": f"{name} {n}", "firstName": "Guest", "lastName": f"{n}"} for n in range(count)]


def _do(running: Running, query: str, **given: object) -> dict[str, dict[str, str]]:
    owner = token(running.services.database, Role.ADMIN, 0)
    _, answers = ask_all(running, [request(owner, query, input=given)], connections=1)
    return done(answers)[0]


def _import(running: Running, party: Party, size: Size) -> Outcome:
    """Invite a thousand at once while everybody watches who is invited."""
    seeded = running.services.database
    owner = token(seeded, Role.ADMIN, 0)
    inits = [json.dumps({"Authorization": f"Bearer {token(seeded, Role.ADMIN, n)}"}) for n in range(size.subscribers)]
    follow = json.dumps({"query": FOLLOW_GUESTS, "variables": {"id": party.id}})
    wish = request(owner, INVITE, input={"occasionId": party.id, "guests": _people("Import", IMPORTED)})
    with following(running, inits, [follow], size.subscribers, expect=IMPORTED, timeout=size.timeout) as screens:
        began = time.monotonic_ns()
        outcome, answers = ask_all(running, [wish], connections=1)
        done(answers)
        heard = screens.end()
    short = sum(count != IMPORTED for count in heard["heard"])
    return {
        **outcome,
        "reading": f"an import of {IMPORTED:,}",
        "last_answer_ms": answers[0].answered_ms - answers[0].asked_ms,
        "last_screen_ms": (heard["last_ns"] - began) / 1e6,
        "heard": min(heard["heard"], default=0),
        "trouble": f"{short} screens heard more or less than all" if short else "",
    }
