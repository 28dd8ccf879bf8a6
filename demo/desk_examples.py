"""What a pro shop asks and does in the examples of the demo's GraphiQL."""

CLASSES = """# The classes that the club sells to; those of its own go by their kind until something is said of them.
query Classes($clubId: ID!) {
  priceClasses(clubId: $clubId) { code name kind isRetired }
}
"""
SELL = """# As the pro shop: a junior and a guest at a start that had room when the server started.
mutation Sell($teeTimeId: ID!) {
  bookSlots(input: {
    teeTimeId: $teeTimeId
    places: 2
    players: [{ firstName: "Robin", lastName: "Vale", priceClass: JUNIOR }, { priceClass: GUEST }]
    payer: { firstName: "Robin", lastName: "Vale" }
  }) {
    booking { id price { amountCents currency } players { firstName priceClass price { amountCents } } }
    problems { __typename code message }
    cursor
  }
}
"""
GROUP = """# As the pro shop: the groups of the club, each on several starts.
query Groups($clubId: ID!) {
  bookingGroups(clubId: $clubId, first: 5) {
    nodes { id name organiser { firstName lastName } bookings { id status teeTime { startsAt } } }
  }
}
"""
STANDING = """# As the pro shop: what is booked every week, and what became of its last dates.
query Standing($clubId: ID!) {
  standingBookings(clubId: $clubId) {
    nodes { id weekday localTime places until nextDate payer { firstName lastName } dates { date bookingId reason } }
  }
}
"""
BALLOTS = """# Starts that are sold by draw. What was drawn has its seed and its order: anyone recomputes it.
query Ballots($clubId: ID!) {
  ballots(clubId: $clubId, first: 5) {
    nodes {
      id name status date firstStart lastStart entriesCloseAt releasesAt seedHash entryCount placesWanted placesLeft
      draw { seed results { rank gotBefore places choice } }
    }
  }
}
"""
ENTER = """# As a player: ask for starts of a ballot that takes entries, the dearest first. You are in it once.
mutation Enter($ballotId: ID!, $teeTimeIds: [ID!]!) {
  enterBallot(input: { ballotId: $ballotId, teeTimeIds: $teeTimeIds }) {
    ballotEntry { id status places }
    problems { __typename code message }
    cursor
  }
}
"""
NOTE = """# As the pro shop: what the desk should know of the booking that you have made.
mutation Note($bookingId: ID!) {
  setBookingNote(input: { bookingId: $bookingId, staffNote: "Clubs are in the back room" }) {
    booking { id }
    problems { __typename code message }
    cursor
  }
}
"""
DEPOSIT = """# As the pro shop: ask for a deposit of a booking, and read it in the next tab.
mutation Deposit($bookingId: ID!) {
  askDeposit(input: { bookingId: $bookingId, amountCents: 2500 }) {
    deposit { id status amount { amountCents currency } }
    problems { __typename code message }
    cursor
  }
}
"""
PAID = """# Open the page that payUrl names: no money moves there. Then run this again.
query Paid($bookingId: ID!) {
  booking(id: $bookingId) {
    status
    deposits { id status payUrl payBy paid { amountCents currency } refunded { amountCents } }
    ledger { entries { kind reason amount { amountCents currency } } }
  }
}
"""
