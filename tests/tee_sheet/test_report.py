"""The report of a club, beside a count of the same that is made apart from it."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from domain.tee_sheet.desk.report_rules import ReportBy, spans_of
from tests.harness import found_world
from tests.house.test_query_budgets import statements
from tests.tee_sheet.balloting import announce, enter, entries
from tests.tee_sheet.desk import PAYER, add_player, done, play

ZONE = ZoneInfo("Europe/Madrid")
DAYS = 31
SPAN = "$c: ID!, $f: Date!, $t: Date!, $by: ReportBy!"
GIVEN = "clubId: $c, from: $f, to: $t, by: $by"
FIGURES = """first last places { status places } utilisationPercent bookings cancelled players noShows money {
  charged { amountCents } paid { amountCents } refunded { amountCents } open { amountCents } taken { amountCents }
  givenBack { amountCents } }"""
REPORT = f"""query({SPAN}) {{ clubReport({GIVEN}) {{
  total {{ {FIGURES} }} periods {{ {FIGURES} }} classes {{ priceClass players noShows revenue {{ amountCents }} }}
  noShows {{ playerId firstName lastName times }}
  bookedAhead {{ counts {{ lead times }} medianHours }} cancelledAhead {{ counts {{ lead times }} medianHours }}
  offers {{ status times }}
  ballots {{ ballots entries served firstWish placesWanted placesGiven placesLeft }}
  pace {{ holes rounds meanMinutes meanMinutesBehind }}
}} }}"""
FILE = f"query({SPAN}, $p: ReportPart!) {{ clubReportCsv({GIVEN}, part: $p) }}"
BOOKINGS = """query($c: ID!, $after: String) { bookings(clubId: $c, first: 25, after: $after) {
  pageInfo { hasNextPage endCursor } edges { node { status createdAt cancelledAt teeTime { startsAt }
    players { playerId firstName lastName priceClass price { amountCents } noShowAt }
    ledger { charged { amountCents } paid { amountCents } refunded { amountCents } open { amountCents }
      entries { kind amount { amountCents } createdAt } }
    pace { holesCompleted teedOffAt completedAt minutesBehind } } } } }"""
SLOTS = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id slots { status } } } }"
LEADS = [(0, "AFTER_START"), (2, "HOURS_2"), (24, "DAY_1"), (72, "DAYS_3"), (168, "DAYS_7"), (336, "DAYS_14")]


@pytest_asyncio.fixture
async def month(server):
    return await found_world(server, days=range(DAYS))


def day_after(world, number):
    return (world.day + timedelta(days=number)).isoformat()


async def live_through(world):
    """Let a month pass at random: what is sold, cancelled, paid, given back, played, and not appeared to."""
    dice, clock, staff = Random(11), world.server.clock, world.staff
    known = [await add_player(world, name, "MEMBER") for name in ("Ada", "Eva", "Sol")]
    booked: list[tuple[int, str]] = []
    for number in range(45):
        day = 1 + number * 7 % (DAYS - 1)
        answer = await world.server.run(SLOTS, who=staff, c=world.course, d=day_after(world, day))
        start = answer.data["teeSheet"]["teeTimes"][number % 25]["id"]
        party = dice.sample(known, dice.randrange(2))
        players = [{"playerId": one} for one in party] + [{"firstName": "=A1", "lastName": f"N{number % 3}"}]
        players += [{"lastName": "X", "priceClass": "GUEST"}] * dice.randrange(3)
        clock.advance(minutes=dice.randrange(30))
        given = {"teeTimeId": start, "players": players, "paidCents": dice.choice([0, 900, 9000])}
        made = await done(world.server, "bookSlots", "booking { id }", who=staff, **given)
        booked.append((day, made["booking"]["id"]))
    for day in range(1, DAYS):
        clock.now = datetime.fromisoformat(day_after(world, day)).replace(hour=12, tzinfo=ZONE)
        for one in [one for on, one in booked if on == day]:
            await play_or_not(world, one, dice)
        for pair in [pair for pair in booked if pair[0] == day + 2 and dice.random() < 0.4]:
            booked.remove(pair)
            await done(world.server, "cancelBooking", "booking { id }", who=staff, bookingId=pair[1])
            await note(world, pair[1], "FEE", 500)


async def note(world, booking, kind, cents):
    given = {"bookingId": booking, "kind": kind, "amountCents": cents, "reason": "As agreed"}
    await done(world.server, "addLedgerEntry", "ledgerEntry { id }", who=world.staff, **given)


async def play_or_not(world, booking, dice):
    fate = dice.choice(["absent", "played", "left", "paid"])
    if fate == "absent":
        await play(world, "markNoShow", booking)
    if fate in {"played", "left"}:
        for operation, more in (("checkIn", {}), ("teeOff", {})):
            await play(world, operation, booking, **more)
        world.server.clock.advance(minutes=240 + dice.randrange(40))
        await play(world, "correctHole", booking, hole=18 if fate == "played" else 9)
    if fate == "paid":
        for kind, cents in (("PAYMENT", 3000), ("REFUND", 1000), ("DISCOUNT", 200)):
            await note(world, booking, kind, cents)


async def all_bookings(world):
    found, after = [], None
    while True:
        page = (await world.server.run(BOOKINGS, who=world.staff, c=world.club, after=after)).data["bookings"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def at(moment):
    return datetime.fromisoformat(moment)


def local(moment):
    return at(moment).astimezone(ZONE).date()


def money(bookings, first, last):
    """Add up the ledgers of some days, and what was noted on them for any day."""
    sums = Counter()
    for booking in bookings:
        if first <= local(booking["teeTime"]["startsAt"]) <= last:
            for name in ("charged", "paid", "refunded", "open"):
                sums[name] += booking["ledger"][name]["amountCents"]
        for entry in booking["ledger"]["entries"]:
            name = {"PAYMENT": "taken", "REFUND": "givenBack"}.get(entry["kind"])
            if name and first <= local(entry["createdAt"]) <= last:
                sums[name] += entry["amount"]["amountCents"]
    return sums


async def count(world, bookings, first, last):
    """Count some days by what everybody of the staff may read of them."""
    there = [one for one in bookings if first <= local(one["teeTime"]["startsAt"]) <= last]
    live = [one for one in there if one["status"] != "CANCELLED"]
    statuses = Counter()
    for number in range((last - first).days + 1):
        day = (first + timedelta(days=number)).isoformat()
        shown = (await world.server.run(SLOTS, who=world.staff, c=world.course, d=day)).data["teeSheet"]
        statuses.update(slot["status"] for row in shown["teeTimes"] for slot in row["slots"])
    players = [player for one in live for player in one["players"]]
    return {
        "places": statuses,
        "bookings": len(live),
        "cancelled": len(there) - len(live),
        "players": len(players),
        "noShows": sum(player["noShowAt"] is not None for player in players),
        "money": money(bookings, first, last),
    }


def shown(figures):
    sums = {name: value["amountCents"] for one in figures["money"] for name, value in one.items()}
    return {name: figures[name] for name in ("bookings", "cancelled", "players", "noShows")} | {
        "places": Counter({row["status"]: row["places"] for row in figures["places"] if row["places"]}),
        "money": Counter(sums),
    }


def leads(bookings, name):
    hours = [(at(one["teeTime"]["startsAt"]) - at(one[name])).total_seconds() / 3600 for one in bookings]
    found = Counter(next((lead for most, lead in LEADS if h < most or (h <= 0 == most)), "LONGER") for h in hours)
    return found, round(median(hours), 1)


async def test_a_report_is_what_a_count_made_apart_from_it_says(month):
    world = month
    await live_through(world)
    bookings = await all_bookings(world)
    first, last = world.day + timedelta(days=2), world.day + timedelta(days=28)
    span = {"c": world.club, "f": first.isoformat(), "t": last.isoformat(), "by": "WEEK"}
    report = (await world.server.run(REPORT, who=world.staff, **span)).data["clubReport"]
    assert shown(report["total"]) == await count(world, bookings, first, last)
    assert [(row["first"], row["last"]) for row in report["periods"]] == [
        ("2026-05-06", "2026-05-10"),
        ("2026-05-11", "2026-05-17"),
        ("2026-05-18", "2026-05-24"),
        ("2026-05-25", "2026-05-31"),
        ("2026-06-01", "2026-06-01"),
    ]
    for row in report["periods"]:
        ends = [date.fromisoformat(row[name]) for name in ("first", "last")]
        assert shown(row) == await count(world, bookings, *ends)
    there = [one for one in bookings if first <= local(one["teeTime"]["startsAt"]) <= last]
    live = [one for one in there if one["status"] != "CANCELLED"]
    players = [player for one in live for player in one["players"]]
    classes = Counter()
    for player in players:
        classes[player["priceClass"], "revenue"] += player["price"]["amountCents"]
        classes[player["priceClass"], "players"] += 1
    assert {(row["priceClass"], row["players"], row["revenue"]["amountCents"]) for row in report["classes"]} == {
        (kind, classes[kind, "players"], classes[kind, "revenue"]) for kind, _ in classes
    }
    names = Counter(
        (one["playerId"], one["firstName"], one["lastName"]) for one in players if one["noShowAt"] is not None
    )
    told = {(row["playerId"], row["firstName"], row["lastName"]): row["times"] for row in report["noShows"]}
    assert told == dict(names)
    assert list(told.values()) == sorted(told.values(), reverse=True)
    assert_ahead(report, there)
    played = [one["pace"] for one in live if one["pace"] and one["pace"]["holesCompleted"] == 18]
    minutes = [(at(one["completedAt"]) - at(one["teedOffAt"])).total_seconds() / 60 for one in played]
    [pace] = report["pace"]
    assert (pace["holes"], pace["rounds"]) == (18, len(played))
    assert pace["meanMinutes"] == pytest.approx(sum(minutes) / len(minutes), abs=0.06)
    behind = sum(one["minutesBehind"] for one in played) / len(played)
    assert pace["meanMinutesBehind"] == pytest.approx(behind, abs=0.06)
    await assert_files(world, span, report)


def assert_ahead(report, there):
    cancelled = [one for one in there if one["status"] == "CANCELLED"]
    for name, some, moment in (("bookedAhead", there, "createdAt"), ("cancelledAhead", cancelled, "cancelledAt")):
        counts, middle = leads(some, moment)
        assert {row["lead"]: row["times"] for row in report[name]["counts"] if row["times"]} == dict(counts)
        assert report[name]["medianHours"] == pytest.approx(middle, abs=0.11)


async def assert_files(world, span, report):
    rows = {}
    for part in ("PERIODS", "MONEY", "CLASSES", "NO_SHOWS", "LEAD_TIMES", "WAITLIST", "PACE"):
        text = (await world.server.run(FILE, who=world.staff, p=part, **span)).data["clubReportCsv"]
        rows[part] = list(csv.DictReader(StringIO(text)))
    assert [row["bookings"] for row in rows["PERIODS"]] == [
        str(one["bookings"]) for one in (*report["periods"], report["total"])
    ]
    assert rows["MONEY"][-1]["open"] == str(report["total"]["money"][0]["open"]["amountCents"])
    assert {row["first name"] for row in rows["NO_SHOWS"]} >= {"'=A1"}
    assert sum(int(row["revenue"]) for row in rows["CLASSES"]) == sum(
        row["revenue"]["amountCents"] for row in report["classes"]
    )
    assert [int(row["rounds"]) for row in rows["PACE"]] == [row["rounds"] for row in report["pace"]]


async def test_offers_that_were_taken_are_counted(world):
    start = world.tee_times[-1]
    payer = {"firstName": "Ana", "lastName": "García"}
    wish = {"teeTimeId": start["id"], "payer": payer, "places": 4}
    full = await done(world.server, "bookSlots", "booking { id }", who=world.staff, **wish)
    line = {"courseId": world.course, "date": world.day.isoformat(), "earliest": start["localTime"]}
    line |= {"latest": start["localTime"], "partySize": 1, **payer}
    entry = await done(world.server, "joinWaitlist", "waitlistEntry { id }", who=world.staff, **line)
    booking = full["booking"]["id"]
    await done(world.server, "cancelBooking", "booking { id }", who=world.staff, bookingId=booking)
    query = "query($id: ID!) { node(id: $id) { ... on WaitlistEntry { offer { id } } } }"
    found = (await world.server.run(query, who=world.staff, id=entry["waitlistEntry"]["id"])).data["node"]["offer"]
    await done(world.server, "acceptWaitlistOffer", "booking { id }", who=world.staff, offerId=found["id"])
    day = world.day.isoformat()
    answer = await world.server.run(REPORT, who=world.staff, c=world.club, f=day, t=day, by="DAY")
    offers = {row["status"]: row["times"] for row in answer.data["clubReport"]["offers"]}
    assert {status: times for status, times in offers.items() if times} == {"ACCEPTED": 1}


async def test_draws_are_counted_as_they_were_made(world):
    at = next(n for n, one in enumerate(world.tee_times) if one["localTime"] == "10:00:00")
    day = world.day.isoformat()
    span = {"c": world.club, "f": day, "t": day, "by": "DAY"}
    none = (await world.server.run(REPORT, who=world.staff, **span)).data["clubReport"]["ballots"]
    assert set(none.values()) == {0}
    ballot = await announce(world, lastStart="10:10", byHand=True)
    await announce(world, firstStart="12:00", lastStart="12:00", byHand=True)  # nobody has drawn it
    for n, (wishes, places) in enumerate([((0,), 3), ((0, 1), 3), ((0,), 2), ((0, 1), 2)]):
        await enter(world, world.player(f"p {n}"), ballot, *(at + w for w in wishes), places=places, players=[PAYER])
    gone = await enter(world, world.player("gone"), ballot, at, places=4, players=[PAYER])
    await done(world.server, "withdrawBallotEntry", "cursor", who=world.staff, ballotEntryId=gone["id"])
    world.server.clock.advance(minutes=60)
    await done(world.server, "drawBallot", "ballot { id }", who=world.staff, ballotId=ballot["id"])
    got = [one for one in await entries(world, ballot) if one["status"] != "WITHDRAWN"]
    served = [one for one in got if one["choice"]]
    given = sum(one["places"] for one in served)
    assert 2 <= len(served) < len(got)
    await done(world.server, "cancelBooking", "cursor", who=world.staff, bookingId=served[0]["bookingId"])
    report = (await world.server.run(REPORT, who=world.staff, **span)).data["clubReport"]["ballots"]
    assert report == {
        "ballots": 1,
        "entries": 4,
        "served": len(served),
        "firstWish": sum(one["choice"] == 1 for one in served),
        "placesWanted": 10,
        "placesGiven": given,
        "placesLeft": ballot["places"] - given,
    }
    text = (await world.server.run(FILE, who=world.staff, p="BALLOTS", **span)).data["clubReportCsv"]
    [row] = csv.DictReader(StringIO(text))
    assert [int(cell) for cell in row.values()] == list(report.values())


async def test_a_year_takes_as_many_statements_as_a_day_and_more_is_refused(world):
    sent = []
    for days in (1, 0, 399):  # with the first, a process reads what it keeps
        span = {"c": world.club, "f": world.day.isoformat(), "t": day_after(world, days), "by": "MONTH"}
        with statements(world.server) as made:
            assert (await world.server.run(REPORT, who=world.staff, **span)).data
        sent.append(len(made))
    assert sent[1] == sent[2] <= 17
    for last in (-1, 400):
        span["t"] = day_after(world, last)
        answer = await world.server.run(REPORT, who=world.staff, **span)
        assert answer.code == "INVALID_INPUT"


def test_days_are_divided_by_the_calendar():
    first, last = date(2027, 12, 30), date(2028, 2, 1)
    assert list(spans_of(first, last, by=ReportBy.MONTH)) == [
        (date(2027, 12, 30), date(2027, 12, 31)),
        (date(2028, 1, 1), date(2028, 1, 31)),
        (date(2028, 2, 1), date(2028, 2, 1)),
    ]
    assert list(spans_of(first, date(2028, 1, 4), by=ReportBy.WEEK)) == [
        (date(2027, 12, 30), date(2028, 1, 2)),
        (date(2028, 1, 3), date(2028, 1, 4)),
    ]
    assert len(list(spans_of(first, last, by=ReportBy.DAY))) == 34
