"""Web Push: who is pushed to, what a push service gets and answers, and what is never asked."""

import asyncio
from ipaddress import ip_address

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from auth.vapid import from_base64url, to_base64url, vapid_key
from domain.notifications.devices import register_device
from kit.endpoints import is_public, is_push_endpoint
from providers.push.encryption import MOST, encrypt
from providers.push.service import PushServices, retry_after
from tests.harness import MORNING
from tests.house.inventory import SUBSCRIPTION
from tests.notifications.desk import tell
from tests.notifications.post import deliveries, post, route, send, statuses
from tests.notifications.push_server import SILENCE, push_server
from tests.realtime.support import until


@pytest_asyncio.fixture
async def service(tmp_path):
    async with push_server(tmp_path) as running:
        yield running


async def register(world, service, who, server_key=None):
    key = vapid_key(world.server.runtime.settings)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        await register_device(
            session,
            viewer=who.viewer(world.server.clock()),
            **service.subscription,
            server_key=server_key or key.public,
            hosts=[f"push.example:{service.port}"],
            now=world.server.clock(),
        )
        await session.commit()
    return service.carrier(key, world.server.clock)


async def names_of(world, who):
    query = "{ pushDevices { id name service pushedAt } }"
    return (await world.server.run(query, who=who)).data["pushDevices"]


async def test_a_push_is_sealed_for_its_device_and_says_who_pushes(world, service):
    ana = world.player("ana")
    carrier = await register(world, service, ana)
    [booking] = await tell(world, ana)
    assert await post(world, carrier) == []
    [taken] = service.taken
    assert taken["line"] == "POST /device/one HTTP/1.1"
    assert taken["proof"]["sub"] == "mailto:golf@example.com"
    assert taken["headers"]["urgency"] == "high"
    assert int(taken["headers"]["ttl"]) > 0
    assert len(taken["headers"]["topic"]) == 32
    assert taken["said"]["title"] == "Your booking was cancelled"
    assert taken["said"]["data"]["booking_id"] == booking
    assert await statuses(world) == ["SENT"]
    assert (await names_of(world, ana))[0]["pushedAt"]


@pytest.mark.parametrize(
    ("status", "headers", "found", "waits", "devices"),
    [
        (404, {}, "GONE", [], 0),
        (410, {}, "GONE", [], 0),
        (413, {}, "FAILED", [], 1),
        (403, {}, "FAILED", [], 1),
        (302, {"Location": "https://10.0.0.1/"}, "FAILED", [], 1),
        (429, {"Retry-After": "600"}, "QUEUED", [600], 1),
        (500, {}, "QUEUED", [30], 1),
        (SILENCE, {}, "QUEUED", [30], 1),
    ],
)
async def test_what_a_service_answers_decides_what_becomes_of_it(
    world, service, status, headers, found, waits, devices
):
    ana = world.player("ana")
    carrier = await register(world, service, ana)
    await tell(world, ana)
    service.status, service.headers = status, headers
    assert await post(world, carrier) == waits
    assert await statuses(world) == [found]
    assert len(await names_of(world, ana)) == devices
    service.status, service.headers = 201, {}
    await post(world, carrier)
    assert await statuses(world) == ["SENT" if found == "QUEUED" else found]
    assert len(service.taken) == (2 if found == "QUEUED" else 1), "nothing is followed to another place"


class Killed:
    """Brings pushes for a worker that is killed at a step: before it has told the service, or before it has noted."""

    def __init__(self, carrier, *, tells):
        self.carrier, self.tells = carrier, tells

    async def carry(self, parcel):
        if self.tells:
            await self.carrier.carry(parcel)
        raise asyncio.CancelledError


@pytest.mark.parametrize(("step", "taken"), [("claimed", 1), ("told", 2), ("answered", 2)])
async def test_what_a_killed_worker_was_pushing_is_pushed_again_and_shown_once(world, service, step, taken):
    ana = world.player("ana")
    carrier = await register(world, service, ana)
    await tell(world, ana)
    await route(world)
    [delivery] = await deliveries(world)
    service.status = SILENCE if step == "told" else 201
    dying = carrier if step == "told" else Killed(carrier, tells=step == "answered")
    worker = asyncio.create_task(send(world, dying, delivery.id))
    if step == "told":
        await until(lambda: service.taken)
        worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert await statuses(world) == ["SENDING"], "whoever comes next knows that somebody was at it"
    service.status = 201
    assert await post(world, carrier) == []
    assert await statuses(world) == ["SENT"]
    assert len(service.taken) == taken
    assert {(one["headers"]["topic"], one["said"]["tag"]) for one in service.taken} == {
        (service.taken[0]["headers"]["topic"], service.taken[0]["said"]["tag"])
    }
    assert await post(world, carrier) == []
    assert len(service.taken) == taken


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "::1", "169.254.169.254"])
async def test_a_host_that_leads_into_the_own_network_by_now_is_not_asked(world, service, address):
    ana = world.player("ana")
    await register(world, service, ana)
    await tell(world, ana)

    async def resolve(_host, _port):
        return ["1.1.1.1", address]

    hosts = [f"push.example:{service.port}"]
    key = vapid_key(world.server.runtime.settings)
    await post(world, PushServices(key, clock=world.server.clock, hosts=hosts, resolve=resolve, tls=service.tls))
    assert (await statuses(world), service.taken, await names_of(world, ana)) == (["GONE"], [], [])


async def test_ten_failures_without_a_success_remove_a_device(world, service):
    ana = world.player("ana")
    carrier = await register(world, service, ana)
    await tell(world, ana)
    await tell(world, ana)
    service.status = 500
    for _ in range(4):
        await post(world, carrier)
    assert len(await names_of(world, ana)) == 1
    await post(world, carrier)
    assert len(await names_of(world, ana)) == 0


async def test_a_device_of_another_key_is_removed_when_it_is_refused(world, service):
    ana = world.player("ana")
    carrier = await register(world, service, ana, server_key="another")
    await tell(world, ana)
    service.status = 403
    await post(world, carrier)
    assert await statuses(world) == ["GONE"]
    assert await names_of(world, ana) == []


async def test_who_signs_in_next_on_a_device_takes_it_over_with_nothing_of_the_other_s(world, service):
    ana, ben = world.player("ana"), world.player("ben")
    carrier = await register(world, service, ana)
    await tell(world, ana)
    await route(world)
    await register(world, service, ben)
    await post(world, carrier)
    assert (service.taken, await statuses(world)) == ([], ["GONE"])
    assert (len(await names_of(world, ana)), len(await names_of(world, ben))) == (0, 1)


async def test_hours_of_quiet_hold_back_what_can_wait(world, service):
    ana = world.player("ana")
    carrier = await register(world, service, ana)
    quiet = {"quietFrom": "22:00", "quietUntil": "07:30", "timeZone": "Europe/Madrid"}
    await world.server.mutate("setNotificationPreferences", "cursor", who=ana, **quiet)
    await tell(world, ana)
    await post(world, carrier)
    assert len(service.taken) == 1, "a cancellation cannot wait"
    booked = await world.server.mutate(
        "bookSlots",
        "booking { id }",
        who=ana,
        teeTimeId=world.tee_time(-3),
        places=1,
        payer={"firstName": "Ada", "lastName": "Byron"},
    )
    given = {"bookingId": booked["booking"]["id"], "teeTimeId": world.tee_time(-4)}
    await world.server.mutate("moveBooking", "cursor", who=world.staff, **given)
    assert await post(world, carrier) == [30 * 60], "it is seven in the morning there"
    world.server.clock.advance(minutes=30)
    assert await post(world, carrier) == []
    assert [one["said"]["kind"] for one in service.taken] == ["BOOKING_CANCELLED", "BOOKING_MOVED"]


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "http://updates.push.services.mozilla.com/a"},
        {"endpoint": "https://localhost/a"},
        {"endpoint": "https://127.0.0.1/a"},
        {"endpoint": "https://push.example/a"},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
    ],
)
async def test_a_subscription_that_is_none_is_refused(world, changes):
    made = await world.server.mutate("registerPushDevice", "cursor", who=world.player("ana"), **SUBSCRIPTION | changes)
    assert made["problems"][0]["path"] == ["input", next(iter(changes))]


async def test_a_device_is_removed_by_its_user(world):
    ana = world.player("ana")
    made = await world.server.mutate("registerPushDevice", "device { id name }", who=ana, name="Phone", **SUBSCRIPTION)
    again = await world.server.mutate("registerPushDevice", "device { id name }", who=ana, name="Mine", **SUBSCRIPTION)
    assert made["device"]["id"] == again["device"]["id"]
    [one] = await names_of(world, ana)
    assert (one["name"], one["service"]) == ("Mine", "updates.push.services.mozilla.com")
    await world.server.mutate("unregisterPushDevice", "cursor", who=ana, pushDeviceId=one["id"])
    assert await names_of(world, ana) == []


def test_a_message_is_sealed_as_the_example_of_the_standard_is():
    sealed = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    number = int.from_bytes(from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    made = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh=from_base64url(SUBSCRIPTION["p256dh"]),
        auth=from_base64url(SUBSCRIPTION["auth"]),
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
        sender=derive_private_key(number, SECP256R1()),
    )
    assert to_base64url(made) == sealed
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (MOST + 1), p256dh=b"", auth=b"")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1"),
        *("fc00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1"),
    ],
)
def test_an_address_of_the_own_network_is_never_reached(address):
    assert not is_public(ip_address(address))


def test_addresses_of_the_internet_are():
    assert all(is_public(ip_address(one)) for one in ("1.1.1.1", "2606:4700::1111"))


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://fcm.googleapis.com/fcm/send/a", True),
        ("https://wns2-am3p.notify.windows.com/w/?token=a", True),
        ("https://fcm.googleapis.com:8443/a", False),
        ("https://fcm.googleapis.com.evil.example/a", False),
        ("https://evilnotify.windows.com/a", False),
        ("https://user@fcm.googleapis.com/a", False),
        ("https://fcm.googleapis.com\\@evil.example/a", False),
        ("https://fcm.googleapis.com", False),
        ("https://own.example/a", True),
        ("https://own.example:8443/a", False),
    ],
)
def test_only_push_services_are_asked(url, usable):
    assert is_push_endpoint(url, more=["own.example"]) == usable


@pytest.mark.parametrize(
    ("text", "seconds"),
    [(None, None), ("", None), ("soon", None), ("90", 90), ("Mon, 04 May 2026 05:01:00 GMT", 60), ("999999", 86_400)],
)
def test_how_long_a_service_asks_to_wait_is_read_in_both_forms(text, seconds):
    found = retry_after(text, now=MORNING)
    assert (None if found is None else found.total_seconds()) == seconds
