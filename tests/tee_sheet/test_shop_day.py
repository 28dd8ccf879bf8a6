"""A whole day at a shop's desk, beside a count in plain Python of what was asked: they agree to the cent."""

from dataclasses import dataclass, field
from datetime import timedelta

from jobs import tasks
from tests.payments.till import deposit, work
from tests.tee_sheet.balloting import announce, enter, entries, pass_by
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import PAYER, block, book, cancel, delay, done, play, refused, sheet
from tests.tee_sheet.test_report import REPORT
from tests.tee_sheet.test_seasons import set_season
from tests.tee_sheet.test_sheet_changes_api import regenerate
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.walk_of_deposits import taken_by_cards, twin_at

DAY = {"MEMBER": 4000, "GUEST": 6000, "PUBLIC": 9000, "JUNIOR": 1500}
TWILIGHT = {"MEMBER": 2500, "PUBLIC": 5000}
"""What is asked from 16:00 on; a class that is not named here pays as on the rest of the day."""
KIND = {"SENIOR": "MEMBER"}
"""Classes without any price of their own."""


@dataclass
class Sale:
    """What was asked of a booking, as somebody would note it on paper."""

    classes: list[str]
    asked: int
    paid: int = 0
    back: int = 0
    fees: int = 0
    absent: int = 0
    is_cancelled: bool = False

    @property
    def charged(self):
        return self.fees + (0 if self.is_cancelled else self.asked)


@dataclass
class Paper:
    """The count that is made apart from the program."""

    sales: dict[str, Sale] = field(default_factory=dict)

    def note(self, booking, classes, at, paid=0):
        table = DAY | TWILIGHT if at >= "16:00" else DAY
        asked = sum(table[KIND.get(one, one)] for one in classes)
        self.sales[booking] = Sale(list(classes), asked, paid)
        return booking

    @property
    def live(self):
        return [sale for sale in self.sales.values() if not sale.is_cancelled]

    def money(self):
        rows = list(self.sales.values())
        sums = {"charged": sum(row.charged for row in rows), "paid": sum(row.paid for row in rows)}
        return sums | {
            "refunded": sum(row.back for row in rows),
            "open": sum(row.charged - row.paid + row.back for row in rows),
        }


def register():
    """Write a file of a thousand people: of ten, six are members, two juniors, one is a senior, one of the public."""
    kinds = ["MEMBER"] * 6 + ["JUNIOR"] * 2 + ["SENIOR", "PUBLIC"]
    rows = [f"First{n},Last{n},{kinds[n % 10]},N-{n},user-{n}" for n in range(1000)]
    return "\n".join(["first name,last name,class,member number,user", *rows])


async def open_shop(world):
    for code, name in (("JUNIOR", "Juniors"), ("SENIOR", "Seniors")):
        given = {"clubId": world.club, "priceClass": code, "name": name, "kind": "MEMBER"}
        await done(world.server, "addPriceClass", "cursor", who=world.admin, **given)
    given = {"clubId": world.club, "csv": register(), "apply": True}
    taken = await done(world.server, "importPlayers", "report { added }", who=world.staff, **given)
    assert taken["report"]["added"] == 1000
    prices = [{"priceClass": one, "holes": 18, "amountCents": cents} for one, cents in DAY.items()]
    prices += [
        {"priceClass": one, "holes": 18, "amountCents": cents, "firstStart": "16:00"} for one, cents in TWILIGHT.items()
    ]
    ask = {"name": "Members' hour", "firstStart": "08:00", "lastStart": "08:50", "priceClasses": ["MEMBER"]}
    more = {"lastStart": "17:50", "prices": prices, "restrictions": [ask]}
    await set_season(world, "Summer", firstDate="2026-04-01", lastDate="2026-09-30", **more)
    await regenerate(world)
    await world.read()


async def ids_of(world, *numbers):
    query = "query($c: ID!, $s: String!) { players(clubId: $c, search: $s, first: 1) { nodes { id } } }"
    found = [await world.server.run(query, who=world.staff, c=world.club, s=f"N-{n}") for n in numbers]
    return [answer.data["players"]["nodes"][0]["id"] for answer in found]


async def sell(world, paper, number, *classes, who=None, **more):
    """Sell a start at the desk, or to a player, and note it."""
    at = world.tee_times[number]["localTime"]
    given = {"players": [{"lastName": "X", "priceClass": one} for one in classes]} | more
    if who:
        del given["players"]
    made = (await book(world, who or world.staff, number, len(classes), **given))["booking"]
    assert [one["priceClass"] for one in made["players"]] == list(classes)
    return paper.note(made["id"], classes, at, more.get("paidCents", 0))


async def entry(world, paper, booking, kind, cents):
    given = {"bookingId": booking, "kind": kind, "amountCents": cents, "reason": "As agreed"}
    await done(world.server, "addLedgerEntry", "ledgerEntry { id }", who=world.staff, **given)
    name = {"PAYMENT": "paid", "REFUND": "back", "FEE": "fees"}[kind]
    setattr(paper.sales[booking], name, getattr(paper.sales[booking], name) + cents)


async def sell_in_advance(world, paper):
    """A group of 12, a league, a standing booking, and players who book for themselves."""
    starts = [{"teeTimeId": world.tee_time(number), "places": 4} for number in (12, 13, 14)]
    given = {"name": "Acme", "organiser": {"firstName": "Ana", "lastName": "Ruiz"}, "starts": starts}
    group = await done(world.server, "bookGroup", "bookingGroup { bookings { id } }", who=world.staff, **given)
    for one in group["bookingGroup"]["bookings"]:
        paper.note(one["id"], ["PUBLIC"] * 4, "10:00")
    league = (await block(world, 20, kind="LEAGUE"))["block"]["id"]
    senior, junior = await ids_of(world, 8, 6)
    players = [{"playerId": senior}, {"playerId": junior}]
    booked = await sell(world, paper, 20, "SENIOR", "JUNIOR", players=players, blockId=league, paidCents=5500)
    given = {"bookingId": booked, "blockId": league, "players": [{"lastName": "X", "priceClass": "MEMBER"}]}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **given)
    paper.sales[booked].classes.append("MEMBER")
    paper.sales[booked].asked += DAY["MEMBER"]
    given = {"courseId": world.course, "weekday": "MONDAY", "localTime": world.tee_times[25]["localTime"]}
    given |= {"until": (world.day + timedelta(days=3)).isoformat(), "places": 2, "players": [{"playerId": senior}]}
    wanted = "standingBooking { id }"
    await done(world.server, "setStandingBooking", wanted, who=world.staff, **given)
    await tasks.make_standing_bookings(world.server.runtime)
    [standing] = [one for one in (await sheet(world))["bookings"] if one["id"] not in paper.sales]
    paper.note(standing["id"], ["SENIOR", "PUBLIC"], "12:10")
    await sell(world, paper, 0, "MEMBER", who=world.player("user-0"))
    await sell(world, paper, 6, "JUNIOR", "GUEST", who=world.player("user-16"))
    await sell(world, paper, 7, "PUBLIC", "PUBLIC", who=world.player("user-9"))
    given = {"teeTimeId": world.tee_time(1), "places": 1}
    problem = await refused(world, "bookSlots", who=world.player("user-9"), **given)
    assert "choose another start" in problem["message"]
    crowd = [world.player(f"user-{number}") for number in (10, 11, 12, 20, 21, 22)]
    for payload in await at_once(world, "bookSlots", crowd, teeTimeId=world.tee_time(2), places=1, payer=PAYER):
        if payload["booking"]:
            paper.note(payload["booking"]["id"], ["MEMBER"], "08:20")
    assert len([one for one in paper.live if one.classes == ["MEMBER"]]) == 5


async def draw(world, paper):
    """Two starts of the evening sold by draw: what was drawn costs what it would have cost at the desk."""
    first = next(n for n, row in enumerate(world.tee_times) if row["localTime"] == "17:40:00")
    ballot = await announce(world, closes=1, releases=2, firstStart="17:40", lastStart="17:50")
    for number in (13, 14, 15, 23, 24):
        await enter(world, world.player(f"user-{number}"), ballot, first, first + 1, places=2)
    for _ in range(2):
        await pass_by(world, minutes=1)
    drawn = [one["bookingId"] for one in await entries(world, ballot) if one["bookingId"]]
    assert len(drawn) == 4, "two pairs a start"
    for booking in drawn:
        paper.note(booking, ["MEMBER", "GUEST"], "17:40")


async def take_a_deposit(world, paper):
    """A deposit that is asked by hand, declined, paid, and given back in part."""
    booking, twin = await sell(world, paper, 40, "PUBLIC", "PUBLIC"), twin_at(world)
    given = {"bookingId": booking, "amountCents": 5000}
    made = await done(world.server, "askDeposit", "deposit { id }", who=world.staff, **given)
    await work(world, twin)
    for way in ("declined", "paid"):
        page = (await deposit(world, booking))["payUrl"]
        path = page[page.index("/payments/") :]
        await world.server.http.post(f"{world.server.url}{path}?as={way}")
        await work(world, twin)
    given = {"depositId": made["deposit"]["id"], "amountCents": 1500, "reason": "One stays at home"}
    await done(world.server, "refundDeposit", "deposit { id }", who=world.staff, **given)
    await work(world, twin)
    paper.sales[booking].paid, paper.sales[booking].back = 5000, 1500
    assert await taken_by_cards(world) == 3500


async def freeze_and_thaw(world, paper):
    """A frost delay that is taken back: what was sold meanwhile keeps the price of its moment."""
    number = next(n for n, row in enumerate(world.tee_times) if row["localTime"] == "15:50:00")
    before = await sheet(world)
    await delay(world, "15:00", 30)
    made = (await book(world, world.staff, number, 1, players=[{"lastName": "X", "priceClass": "PUBLIC"}]))["booking"]
    paper.note(made["id"], ["PUBLIC"], "16:20")
    await delay(world, "15:30", -30)
    await sell(world, paper, number, "PUBLIC", "JUNIOR")
    await sell(world, paper, number + 1, "SENIOR", "JUNIOR", "GUEST", paidCents=10000)
    await assert_followed(world, before)


async def play_the_day(world, paper):
    """Walk-ups, three wrong taps that are undone, somebody who stays away, and money given back."""
    first, clock = next(iter(paper.sales)), world.server.clock
    restored = await sell(world, paper, 30, "MEMBER", "GUEST", paidCents=10000)
    await cancel(world, world.staff, restored)
    await done(world.server, "restoreBooking", "booking { id }", who=world.staff, bookingId=restored)
    gone = await sell(world, paper, 31, "PUBLIC", paidCents=9000)
    await cancel(world, world.staff, gone)
    paper.sales[gone].is_cancelled = True
    await entry(world, paper, gone, "FEE", 2000)
    await entry(world, paper, gone, "REFUND", 7000)
    clock.advance(hours=4)  # it is eleven: the first starts are over
    walk_up = await sell(world, paper, 10, "PUBLIC", "PUBLIC", paidCents=18000)
    await play(world, "checkIn", walk_up)
    await play(world, "teeOff", walk_up)
    await play(world, "undoTeeOff", walk_up)
    await play(world, "teeOff", walk_up)
    await play(world, "markNoShow", first)
    await play(world, "undoNoShow", first)
    absent = next(key for key, one in paper.sales.items() if one.classes == ["MEMBER"])
    await play(world, "markNoShow", absent)
    paper.sales[absent].absent = 1
    await entry(world, paper, walk_up, "REFUND", 1234)
    await entry(world, paper, first, "PAYMENT", 36000)


async def test_the_desk_s_figures_and_its_money_are_those_on_paper(world):
    paper = Paper()
    await open_shop(world)
    before = await sheet(world)
    await sell_in_advance(world, paper)
    await draw(world, paper)
    await take_a_deposit(world, paper)
    await freeze_and_thaw(world, paper)
    await play_the_day(world, paper)
    await assert_followed(world, before)
    shown = await sheet(world)
    figures = shown["figures"]
    assert figures["players"] == sum(len(one.classes) for one in paper.live)
    assert figures["revenue"] == [{"amountCents": sum(one.asked for one in paper.live), "currency": "EUR"}]
    day = world.day.isoformat()
    report = await world.server.run(REPORT, who=world.staff, c=world.club, f=day, t=day, by="DAY")
    total, classes = report.data["clubReport"]["total"], report.data["clubReport"]["classes"]
    [money] = total["money"]
    assert {name: money[name]["amountCents"] for name in ("charged", "paid", "refunded", "open")} == paper.money()
    assert (total["bookings"], total["cancelled"], total["noShows"]) == (len(paper.live), 1, 1)
    by_class = {name: sum(one.classes.count(name) for one in paper.live) for name in (*DAY, "SENIOR")}
    assert {row["priceClass"]: row["players"] for row in classes} == by_class
    slots = [slot for row in shown["teeTimes"] for slot in row["slots"] if slot["status"] == "BOOKED"]
    assert len(slots) == figures["players"]
