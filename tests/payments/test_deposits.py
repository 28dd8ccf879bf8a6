"""Deposits from end to end: asked, paid, cancelled, changed, waived; against a Stripe on loopback."""

from tests.payments.till import ask_policy, book, deposit, ledger, post, read, refused, stripe_for, work
from tests.tee_sheet.desk import booking_events, cancel, done, sheet

WAITS = "PENDING"


async def pending(world, service, who=None, **more):
    """Book what needs a deposit, and have its page made."""
    await ask_policy(world)
    booking = await book(world, who or world.player("ana"), **more)
    await work(world, stripe_for(service))
    return booking


async def paid(world, service, who=None, **more):
    """The same, and have it paid."""
    booking = await pending(world, service, who, **more)
    intent = service.pay()
    await post(world, *service.event("checkout.session.completed", service.page, now=world.server.clock()))
    await work(world, stripe_for(service))
    assert (await deposit(world, booking))["status"] == "PAID"
    return booking, intent


async def test_a_deposit_is_asked_paid_and_entered(world, service):
    ana = world.player("ana")
    await ask_policy(world)
    booking = await book(world, ana)
    asked = await deposit(world, booking)
    assert (asked["status"], asked["amount"], asked["payUrl"]) == (
        "REQUESTED",
        {"amountCents": 2000, "currency": "EUR"},
        None,
    )
    assert service.asked == []  # nobody waits for the network
    await work(world, stripe_for(service))
    [shown] = (await read(world, booking, who=ana))["deposits"]
    assert (shown["status"], shown["payUrl"]) == ("PENDING", service.page["url"])
    assert service.page["amount_total"] == 2000
    service.pay()
    assert (await ledger(world, booking))[1] == []  # what is reserved is not paid
    event = service.event("checkout.session.completed", service.page, now=world.server.clock())
    assert await post(world, *event) == (200, "taken")
    await work(world, stripe_for(service))
    found = await read(world, booking, who=ana)
    assert (found["status"], found["deposits"][0]["status"], found["deposits"][0]["payUrl"]) == (
        "CONFIRMED",
        "PAID",
        None,
    )
    assert await ledger(world, booking) == ((18000, 2000, 0, 16000), [("PAYMENT", 2000)])
    assert service.done == {"page": 1, "reserved": 1, "capture": 1}


async def test_what_no_webhook_tells_is_found_by_looking(world, service):
    booking = await pending(world, service)
    service.pay()
    await work(world, stripe_for(service))
    assert (await deposit(world, booking))["status"] == "PENDING"
    world.server.clock.advance(minutes=2)
    await work(world, stripe_for(service))
    assert (await deposit(world, booking))["status"] == "PAID"


async def test_a_card_that_is_declined_changes_nothing(world, service):
    booking = await pending(world, service)
    event = service.event("payment_intent.payment_failed", service.page, now=world.server.clock())
    await post(world, *event)
    await work(world, stripe_for(service))
    assert (await deposit(world, booking))["status"] == "PENDING"
    assert (await ledger(world, booking))[1] == []


async def test_what_is_not_paid_in_time_is_released_and_told(world, service):
    ana = world.player("ana")
    booking = await pending(world, service, ana)
    world.server.clock.advance(minutes=30)
    await work(world, stripe_for(service))
    found = await read(world, booking)
    assert (found["status"], found["deposits"][0]["status"], found["deposits"][0]["endsAs"]) == (
        "CANCELLED",
        "RELEASED",
        "UNPAID",
    )
    assert service.page["status"] == "expired"
    assert await ledger(world, booking) == ((0, 0, 0, 0), [])
    told = (await world.server.run("{ notifications { edges { node { kind } } } }", who=ana)).data["notifications"]
    assert [edge["node"]["kind"] for edge in told["edges"]] == ["BOOKING_UNPAID", "DEPOSIT_ASKED"]
    await book(world, world.player("bea"), places=4)  # its places are free


async def test_what_is_paid_at_the_last_moment_counts_though_nobody_said_so(world, service):
    booking = await pending(world, service)
    service.pay()
    world.server.clock.advance(minutes=31)
    await work(world, stripe_for(service))
    found = await read(world, booking)
    assert (found["status"], found["deposits"][0]["status"]) == ("CONFIRMED", "PAID")
    assert await ledger(world, booking) == ((18000, 2000, 0, 16000), [("PAYMENT", 2000)])


async def test_what_is_cancelled_in_time_is_given_back(world, service):
    ana = world.player("ana")
    booking, intent = await paid(world, service, ana)
    await cancel(world, world.staff, booking)
    assert (await deposit(world, booking))["refunds"][0]["status"] == "REQUESTED"
    await work(world, stripe_for(service))
    found = await deposit(world, booking)
    assert (found["status"], found["refunds"][0]["status"]) == ("REFUNDED", "DONE")
    assert intent["latest_charge"]["amount_refunded"] == 2000
    assert await ledger(world, booking) == ((0, 2000, 2000, 0), [("PAYMENT", 2000), ("REFUND", 2000)])


async def test_what_is_cancelled_too_late_is_kept_as_a_fee(world, service):
    booking, _ = await paid(world, service)
    world.server.clock.advance(hours=4)
    await cancel(world, world.staff, booking)
    await work(world, stripe_for(service))
    assert (await deposit(world, booking))["status"] == "FORFEITED"
    assert await ledger(world, booking) == ((2000, 2000, 0, 0), [("PAYMENT", 2000), ("FEE", 2000)])
    assert service.done["refund"] == 0
    given = {"depositId": (await deposit(world, booking))["id"], "amountCents": 500, "reason": "Goodwill"}
    await done(world.server, "refundDeposit", "deposit { id }", who=world.staff, **given)
    assert (await ledger(world, booking))[0] == (1500, 2000, 500, 0)
    await done(world.server, "restoreBooking", "booking { id }", who=world.staff, bookingId=booking)
    assert (await deposit(world, booking))["status"] == "PAID"
    assert (await ledger(world, booking))[0] == (18000, 2000, 500, 16500)


async def test_a_booking_cancelled_before_it_is_paid_lets_all_go(world, service):
    booking = await pending(world, service)
    await cancel(world, world.staff, booking)
    service.pay()  # the webhook is under way
    await post(world, *service.event("checkout.session.completed", service.page, now=world.server.clock()))
    await work(world, stripe_for(service))
    found = await deposit(world, booking)
    assert (found["status"], found["endsAs"]) == ("RELEASED", "CANCELLED")
    assert service.done == {"page": 1, "reserved": 1, "cancel": 1}
    assert await ledger(world, booking) == ((0, 0, 0, 0), [])


async def test_a_party_that_grows_pays_another_sum_by_the_same_time(world, service):
    booking = await pending(world, service)
    first = await deposit(world, booking)
    world.server.clock.advance(minutes=10)
    more = {"bookingId": booking, "players": [{"firstName": "Teo", "lastName": "Fresno"}]}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **more)
    await work(world, stripe_for(service))
    old, new = (await read(world, booking))["deposits"]
    assert (old["status"], old["endsAs"], new["status"], new["amount"]["amountCents"]) == (
        "RELEASED",
        "CHANGED",
        "PENDING",
        3000,
    )
    assert new["payBy"] == first["payBy"]
    assert [page["status"] for page in service.pages.values()] == ["expired", "open"]


async def test_staff_waive_a_deposit_and_ask_for_another(world, service):
    booking = await pending(world, service)
    waived = {"depositId": (await deposit(world, booking))["id"], "reason": "A regular"}
    await done(world.server, "waiveDeposit", "deposit { id }", who=world.staff, **waived)
    await work(world, stripe_for(service))
    world.server.clock.advance(hours=1)
    await work(world, stripe_for(service))
    found = await read(world, booking)
    assert (found["status"], found["deposits"][0]["endsAs"]) == ("CONFIRMED", "WAIVED")
    again = await refused(world, "waiveDeposit", who=world.staff, **waived)
    assert again["code"] == "DEPOSIT_NOT_OPEN"
    asked = {"bookingId": booking, "amountCents": 5000, "minutesToPay": 60, "idempotencyKey": "once"}
    for _ in range(2):
        await done(world.server, "askDeposit", "deposit { id }", who=world.staff, **asked)
    await work(world, stripe_for(service))
    assert [one["amount"]["amountCents"] for one in (await read(world, booking))["deposits"]] == [2000, 5000]
    problem = await refused(world, "askDeposit", who=world.staff, **asked | {"idempotencyKey": "twice"})
    assert problem["code"] == "DEPOSIT_ALREADY_ASKED"


async def test_no_more_is_given_back_than_is_left_by_whatever_way(world, service):
    booking, _ = await paid(world, service)
    note = {"bookingId": booking, "kind": "REFUND", "amountCents": 1500, "reason": "In cash"}
    await done(world.server, "addLedgerEntry", "ledgerEntry { id }", who=world.staff, **note)
    given = {"depositId": (await deposit(world, booking))["id"], "reason": "Rain"}
    problem = await refused(world, "refundDeposit", who=world.staff, **given, amountCents=600)
    assert problem["code"] == "DEPOSIT_REFUND_TOO_LARGE"
    await done(world.server, "refundDeposit", "deposit { id }", who=world.staff, **given)
    await work(world, stripe_for(service))
    assert (await ledger(world, booking))[0] == (18000, 2000, 2000, 18000)
    await cancel(world, world.staff, booking)
    await work(world, stripe_for(service))
    assert service.done["refund"] == 1


async def test_the_payer_and_the_staff_alone_see_it(world, service):
    ana, bea = world.player("ana"), world.player("bea")
    booking = await pending(world, service, ana)
    since = (await sheet(world))["cursor"]
    service.pay()
    await post(world, *service.event("checkout.session.completed", service.page, now=world.server.clock()))
    await work(world, stripe_for(service))
    [found] = (await read(world, booking, who=ana))["deposits"]
    assert found["status"] == "PAID"
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert (await world.server.run(query, who=bea, id=found["id"])).code == "NOT_FOUND"
    upto = (await sheet(world))["cursor"]
    for who, sees in ((world.staff, ["AUTHORISED", "PAID"]), (ana, [None, None])):
        heard = await booking_events(world, booking, after=since, upto=upto, who=who)
        assert [one.get("depositStatus") for one in heard if one["type"] == "deposit.changed"] == sees


async def test_a_rule_fits_by_group_class_time_and_notice(world, service):
    rules = [
        {"percent": 25, "priceClasses": ["MEMBER"]},
        {"percent": 33, "fewestPlayers": 3, "hoursAhead": 3, "firstStart": "11:00"},
    ]
    await ask_policy(world, rules=rules)
    asked = {}
    for number, places in ((-1, 3), (-2, 2), (0, 3)):
        found = (await read(world, await book(world, world.staff, number, places=places)))["deposits"]
        asked[number] = [one["amount"]["amountCents"] for one in found]
    assert asked == {-1: [8910], -2: [], 0: []}
    wrong = {"clubId": world.club, "rules": [{"percent": 20, "centsAPlayer": 100}]}
    payload = await world.server.mutate("setDepositPolicy", "club { id }", who=world.admin, **wrong)
    assert [problem["path"] for problem in payload["problems"]] == [["input", "rules", "0"]]


async def test_a_merged_booking_s_deposit_goes_along_with_its_players(world, service):
    booking, _ = await paid(world, service)
    other = await book(world, world.staff, -2)
    await work(world, stripe_for(service))
    merged = {"bookingId": other, "otherBookingIds": [booking]}
    await done(world.server, "mergeBookings", "booking { id }", who=world.staff, **merged)
    await work(world, stripe_for(service))
    assert (await read(world, booking))["deposits"] == []
    states = [one["status"] for one in (await read(world, other))["deposits"]]
    assert states == ["PAID", "PENDING"]
    assert [(await ledger(world, one))[0][1:3] for one in (booking, other)] == [(2000, 2000), (2000, 0)]


async def test_whoever_leaves_bookings_unpaid_has_cancelled_them(world, service):
    ana = world.player("ana")
    limit = {"clubId": world.club, "priceClass": "PUBLIC", "cancellationsAWeek": 1}
    await done(world.server, "setBookingLimits", "club { id }", who=world.admin, **limit)
    await pending(world, service, ana)
    world.server.clock.advance(minutes=30)
    await work(world, stripe_for(service))
    given = {"teeTimeId": world.tee_time(-2), "places": 1, "payer": {"firstName": "Ana", "lastName": "Vega"}}
    payload = await world.server.mutate("bookSlots", "booking { id }", who=ana, **given)
    assert [problem["code"] for problem in payload["problems"]] == ["BOOKING_LIMIT_REACHED"]
