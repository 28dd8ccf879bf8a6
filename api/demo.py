"""The demo's tokens and examples, as `serve --demo` prints them and GraphiQL offers them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from domain.journeys import demo

from auth.tokens import issue_token
from kit.clock import utc_now
from kit.ids import public_id
from kit.settings import Settings

LIFETIME = timedelta(days=7)

WATCH = """# Watch today's sheet. Run this in one tab, then hold and book places in another.
subscription Watch($courseId: ID!, $date: Date!) {
  teeSheetEvents(courseId: $courseId, date: $date) {
    __typename
    ... on StreamEvent { type timestamp cursor slotId teeTimeId bookingId }
    ... on SlotHeld { slotNumber status heldUntil }
    ... on SlotBooked { slotNumber status priceCents payerFirstName payerLastName }
    ... on SlotAvailable { slotNumber status }
    ... on BookingCreated { priceCents players { firstName lastName priceClass } }
    ... on StreamReset { reason }
  }
}
"""
SHEET = """# Today's tee sheet. Its cursor is where a subscription goes on without a gap.
query Sheet($courseId: ID!, $date: Date!) {
  teeSheet(courseId: $courseId, date: $date) {
    cursor
    figures { players utilisationPercent revenue { amountCents currency } places { status places } }
    teeTimes {
      id localTime
      slots { number status heldUntil price { amountCents currency } payer { firstName lastName } }
    }
  }
}
"""
HOLD = """# Take the id of a tee time with free places from the sheet.
mutation Hold($teeTimeId: ID!) {
  holdSlots(input: { teeTimeId: $teeTimeId, places: 2 }) {
    hold { id expiresAt }
    problems { __typename code message ... on SlotsUnavailable { placesLeft } }
    cursor
  }
}
"""
BOOK = """mutation Book($holdId: ID!) {
  bookSlots(input: { holdId: $holdId, players: [{ firstName: "Robin", lastName: "Vale" }] }) {
    booking { id status price { amountCents currency } players { firstName lastName priceClass } }
    problems { __typename code message }
    cursor
  }
}
"""
CANCEL = """mutation Cancel($bookingId: ID!) {
  cancelBooking(input: { bookingId: $bookingId }) {
    booking { id status cancelledAt }
    problems { __typename code message }
    cursor
  }
}
"""


@dataclass(frozen=True)
class DemoToken:
    """A token to sign in with."""

    role: str
    label: str
    token: str


def demo_tokens(settings: Settings) -> list[DemoToken]:
    """Sign a token for each person of the demo; none where another issuer signs tokens."""
    if not settings.jwt_secret.get_secret_value():
        return []
    return [
        DemoToken(
            role=" ".join(sorted(person.roles)),
            label=person.label,
            token=issue_token(
                settings.jwt_secret,
                user_id=person.user_id,
                tenant_id=demo.TENANT_ID,
                club_ids=person.club_ids,
                roles=person.roles,
                player_id=person.player_id,
                caddie_lists=person.caddie_lists,
                lifetime=LIFETIME,
                now=utc_now(),
                issuer=settings.jwt_issuer,
                audience=settings.jwt_audience,
            ),
        )
        for person in demo.PEOPLE
    ]


def graphiql_config(tokens: list[DemoToken]) -> dict[str, Any]:
    """Give GraphiQL tokens to choose from, and examples to run."""
    today = utc_now().astimezone(ZoneInfo(demo.MAIN_ZONE)).date().isoformat()
    sheet = orjson.dumps({"courseId": public_id("course", demo.EIGHTEEN_ID), "date": today}).decode()
    examples = [
        ("Watch the sheet", WATCH, sheet),
        ("Read the sheet", SHEET, sheet),
        ("Hold places", HOLD, '{"teeTimeId": "tee_time_…"}'),
        ("Book them", BOOK, '{"holdId": "hold_…"}'),
        ("Cancel", CANCEL, '{"bookingId": "booking_…"}'),
    ]
    return {
        "tokens": [{"role": t.role, "label": t.label, "token": t.token} for t in tokens],
        "examples": [{"title": title, "query": query, "variables": variables} for title, query, variables in examples],
    }


def print_demo(tokens: list[DemoToken], *, base: str, say: Callable[[str], object]) -> None:
    """Print where to look, and a token for each role."""
    if base:
        say(f"\nGraphiQL   {base}/graphql   (choose who you are at the top; examples are open in tabs)")
        say(f"WebSocket  {base.replace('http', 'ws', 1)}/graphql   (graphql-transport-ws)")
        say(f"Health     {base}/readyz   Metrics  {base}/metrics")
    say(f"\nClub       {public_id('club', demo.MAIN_CLUB_ID)}   Course  {public_id('course', demo.EIGHTEEN_ID)}")
    say("\nTokens, good for 7 days:")
    for token in tokens:
        say(f"\n{token.label} ({token.role})\n{token.token}")
    say("")
