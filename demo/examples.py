"""The demo's tokens and examples, as `serve --demo` prints them and GraphiQL offers them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from auth.tokens import issue_token
from demo import clubs, people
from demo.desk_examples import BALLOTS, CLASSES, DEPOSIT, ENTER, GROUP, NOTE, PAID, SELL, STANDING
from domain.tee_sheet.inventory.reading import next_free_start
from kit.clock import utc_now
from kit.database import Database
from kit.ids import public_id
from kit.settings import Settings

LIFETIME = timedelta(days=7)

WATCH = """# Watch the sheet of the next start that is free. Run this in one tab, then hold and book places in another.
subscription Watch($courseId: ID!, $date: Date!) {
  teeSheetEvents(courseId: $courseId, date: $date) {
    __typename
    ... on StreamEvent { type timestamp cursor slotId teeTimeId bookingId }
    ... on SlotHeld { slotNumber slotStatus heldUntil }
    ... on SlotBooked { slotNumber slotStatus priceCents payerFirstName payerLastName }
    ... on SlotAvailable { slotNumber slotStatus }
    ... on BookingCreated { priceCents players { firstName lastName priceClass } }
    ... on StreamReset { resetReason }
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
HOLD = """# A tee time that had room when the server started; others are in the sheet.
mutation Hold($teeTimeId: ID!) {
  holdSlots(input: { teeTimeId: $teeTimeId, places: 2 }) {
    hold { id expiresAt }
    problems { __typename code message ... on SlotsUnavailable { placesLeft } }
    cursor
  }
}
"""
BOOK = """# Give the id of the hold that you have made.
mutation Book($holdId: ID!) {
  bookSlots(input: { holdId: $holdId, players: [{ firstName: "Robin", lastName: "Vale" }] }) {
    booking { id status price { amountCents currency } players { firstName lastName priceClass } }
    problems { __typename code message }
    cursor
  }
}
"""
CANCEL = """# Give the id of the booking that you have made.
mutation Cancel($bookingId: ID!) {
  cancelBooking(input: { bookingId: $bookingId }) {
    booking { id status cancelledAt }
    problems { __typename code message }
    cursor
  }
}
"""
CONDITIONS = """# How the course can be played; nobody has to sign in. Run it, and close the course in another window.
subscription Conditions($courseId: ID!) {
  courseStatusEvents(courseId: $courseId) {
    __typename
    ... on StreamEvent { type timestamp cursor }
    ... on CourseStatusChanged { previousStatus newStatus source causes reason closedUntil }
    ... on CourseConditionsChanged {
      courseStatus score playabilityLevel stale cartPolicy note weather { windKmh temperatureC }
    }
    ... on StreamReset { why: resetReason }
  }
}
"""
CLOSE = """# As the staff. The course opens again at midnight, or by clearCourseStatusOverride.
mutation Close($courseId: ID!) {
  setCourseStatus(input: { courseId: $courseId, status: CLOSED, reason: "Fog" }) {
    course { status closedUntil conditions { score causes } }
    problems { __typename code message }
    cursor
  }
}
"""
CADDIES = """# Watch the caddie lists that you may see. Run this as the caddie, then send somebody out as the starter.
subscription Caddies($clubId: ID!) {
  caddieEvents(clubId: $clubId) {
    __typename
    ... on StreamEvent { type timestamp cursor }
    ... on CaddieStatusChanged { name status statusLabel listNumber }
    ... on TurnStarted { turnId name listNumber }
    ... on TurnQueueChanged { listNumber queue { place name } }
    ... on StreamReset { resetReason }
  }
}
"""
SEND = """# Send out whose turn it is on a list: as the starter, the pro shop or the owner.
mutation Send($clubId: ID!) {
  startTurn(input: { clubId: $clubId, listNumber: 1 }) {
    turn { id caddie { name status statusLabel } }
    problems { __typename code message }
    cursor
  }
}
"""
GUESTS = """# As the planner: the wedding's master list. Its cursor is where a subscription goes on without a gap.
query Guests($occasionId: ID!) {
  guests(occasionId: $occasionId, status: PENDING) {
    cursor
    guests { id name householdName rsvpStatus attendances { status mealId queuePlace } }
  }
}
"""
WATCH_GUESTS = """# As the planner. Run this in one tab, then answer as the wedding guest in another.
subscription WatchGuests($occasionId: ID!) {
  occasionEvents(occasionId: $occasionId) {
    __typename
    ... on StreamEvent { type timestamp cursor guestId householdId partId }
    ... on RsvpUpdated { guestName rsvpStatus previousRsvpStatus movedUp }
    ... on ActivityCreated { activityKind actor count }
    ... on StreamReset { resetReason }
  }
}
"""
SEATING = """# As the planner: who sits where, and what is wrong with it; `autoSeat` makes another plan.
query Seating($occasionId: ID!) {
  seatingChart(occasionId: $occasionId) {
    cursor
    tables { id name capacity seated seats { guestName } }
    unseated { guestName rsvpStatus }
    seatingProblems { flaw guestIds tableIds }
  }
}
"""
HEADS = """# As the planner or the pro shop: how many come, live. Answer as the wedding guest meanwhile.
subscription Heads($occasionId: ID!) {
  headcount(occasionId: $occasionId) {
    cursor invited taken capacity unassigned arrived
    statuses { status guests }
    meals { meal guests }
  }
}
"""
INVITED = """# As the wedding guest: what you are invited to, and what you have answered.
query Invited($householdId: ID!, $occasionId: ID!) {
  occasion(id: $occasionId) {
    name rsvpDeadline
    parts { id name startsAt place meals { mealId name } }
    questions { questionId text }
  }
  household(id: $householdId) { name guests { id name attendances { partId status mealId } } }
}
"""
ANSWER = """# As the wedding guest: give the id of one of your guests, from what you are invited to.
mutation Answer($guestId: ID!) {
  submitRsvp(input: { guests: [{ guestId: $guestId, status: DECLINED }] }) {
    household { guests { name rsvpStatus } }
    problems { __typename code message }
    cursor
  }
}
"""
GOLF = """# As the member: the tee times of other golfers that suit you best, and why.
query Golf {
  hostedTeeTimes(first: 10) {
    nodes { teeTimeId placeName startsAt openPlaces industries host { name industry rating } match { score proximity } }
  }
}
"""
JOIN = """# As the member: give the id of a tee time of another golfer, from those that suit you.
mutation Join($teeTimeId: ID!) {
  joinTeeTime(input: { teeTimeId: $teeTimeId }) {
    hostedTeeTime { myStatus openPlaces slots { slotNumber isOpen golfer { name } } }
    problems { __typename code message }
    cursor
  }
}
"""
ROOM = """# As the member, once you have joined: who comes, goes and writes. Write in another tab.
subscription Room($teeTimeId: ID!) {
  hostedTeeTimeEvents(teeTimeId: $teeTimeId) {
    __typename
    ... on StreamEvent { type timestamp cursor }
    ... on SlotJoined { golferName openPlaces }
    ... on SlotLeft { golferName openPlaces }
    ... on MessageSent { number golferName text }
    ... on StreamReset { resetReason }
  }
}
"""
WRITE = """# As the member, once you have joined: write to the others who take part.
mutation Write($teeTimeId: ID!) {
  sendMessage(input: { teeTimeId: $teeTimeId, text: "See you on the first tee!" }) {
    message { number golferName text }
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
                tenant_id=people.TENANT_ID,
                club_ids=person.club_ids,
                roles=person.roles,
                player_id=person.player_id,
                caddie_lists=person.caddie_lists,
                household_id=person.household_id,
                lifetime=LIFETIME,
                now=utc_now(),
                issuer=settings.jwt_issuer,
                audience=settings.jwt_audience,
            ),
        )
        for person in people.PEOPLE
    ]


@dataclass(frozen=True)
class DemoStart:
    """A start that can be booked, for the examples."""

    tee_time_id: str
    date: str


async def demo_start(database: Database, *, now: datetime) -> DemoStart:
    """Find a start of the 18-hole course with room for the examples, an hour ahead or later."""
    async with database.snapshot(people.TENANT_ID) as session:
        found = await next_free_start(session, course_id=clubs.EIGHTEEN_ID, places=2, after=now + timedelta(hours=1))
    if found is None:
        return DemoStart("tee_time_…", now.date().isoformat())
    tee_time, sheet = found
    return DemoStart(public_id("tee_time", tee_time.id), sheet.date.isoformat())


def graphiql_config(tokens: list[DemoToken], start: DemoStart) -> dict[str, Any]:
    """Give GraphiQL tokens to choose from, and examples to run."""

    def variables(**values: str | list[str]) -> str:
        return orjson.dumps(values, option=orjson.OPT_INDENT_2).decode()

    sheet = variables(courseId=public_id("course", clubs.EIGHTEEN_ID), date=start.date)
    course = variables(courseId=public_id("course", clubs.EIGHTEEN_ID))
    wedding_id, household_id = public_id("occasion", people.WEDDING_ID), public_id("household", people.HOUSEHOLD_ID)
    wedding = variables(occasionId=wedding_id)
    invitation = variables(householdId=household_id, occasionId=wedding_id)
    club = variables(clubId=public_id("club", people.MAIN_CLUB_ID))
    examples = [
        ("Watch the sheet", WATCH, sheet),
        ("Read the sheet", SHEET, sheet),
        ("Hold places", HOLD, variables(teeTimeId=start.tee_time_id)),
        ("Book them", BOOK, variables(holdId="hold_…")),
        ("Price classes", CLASSES, club),
        ("Sell at the desk", SELL, variables(teeTimeId=start.tee_time_id)),
        ("Groups", GROUP, club),
        ("Standing bookings", STANDING, club),
        ("Ballots", BALLOTS, club),
        ("Enter a ballot", ENTER, variables(ballotId="ballot_…", teeTimeIds=["tee_time_…"])),
        ("Note something", NOTE, variables(bookingId="booking_…")),
        ("Cancel", CANCEL, variables(bookingId="booking_…")),
        ("Ask for a deposit", DEPOSIT, variables(bookingId="booking_…")),
        ("Pay it", PAID, variables(bookingId="booking_…")),
        ("Watch the course", CONDITIONS, course),
        ("Close the course", CLOSE, course),
        ("Watch the caddies", CADDIES, club),
        ("Send a caddie out", SEND, club),
        ("The guests of a wedding", GUESTS, wedding),
        ("Watch the guests", WATCH_GUESTS, wedding),
        ("Who sits where", SEATING, wedding),
        ("Count heads", HEADS, wedding),
        ("What you are invited to", INVITED, invitation),
        ("Answer", ANSWER, variables(guestId="guest_…")),
        ("Find a tee time to join", GOLF, "{}"),
        ("Join it", JOIN, variables(teeTimeId="hosted_tee_time_…")),
        ("Follow its room", ROOM, variables(teeTimeId="hosted_tee_time_…")),
        ("Write to the others", WRITE, variables(teeTimeId="hosted_tee_time_…")),
    ]
    return {
        "course": public_id("course", clubs.EIGHTEEN_ID),
        "tokens": [{"role": t.role, "label": t.label, "token": t.token} for t in tokens],
        "examples": [{"title": title, "query": query, "variables": given} for title, query, given in examples],
    }


def print_demo(
    tokens: list[DemoToken], *, base: str, say: Callable[[str], object], start: DemoStart | None = None
) -> None:
    """Print where to look, and a token for each role. The board opens on the sheet that the examples are about."""
    if base:
        sheet = f"#course={public_id('course', clubs.EIGHTEEN_ID)}" + (f"&day={start.date}" if start else "")
        say(f"\nBoard      {base}/{sheet}   (a tee sheet, live)")
        say(f"GraphiQL   {base}/graphql   (choose who you are at the top; examples are open in tabs)")
        say(f"WebSocket  {base.replace('http', 'ws', 1)}/graphql   (graphql-transport-ws)")
        say(f"Health     {base}/readyz   Metrics  {base}/metrics")
    say(f"\nClub       {public_id('club', people.MAIN_CLUB_ID)}   Course  {public_id('course', clubs.EIGHTEEN_ID)}")
    say("\nTokens, good for 7 days:")
    for token in tokens:
        say(f"\n{token.label} ({token.role})\n{token.token}")
    say("")
