"""What is kept of a golfer: written out, and erased, from the rows and from what was told before."""

import asyncio
import json
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.journeys.deliveries import settle
from domain.matching.erasing import FORGET, FORMER
from domain.matching.forgetting import BY_HOST, FORGET_IN, SAYS
from domain.matching.hiding import HIDE, HIDE_ALL
from events.base import catalogue
from events.matching.hosted import HostedFact
from kit.sending import Outcome, Verdict
from models.base import Base
from models.deliveries import DeliveryStatus
from models.matching.golfers import Golfer
from models.matching.ratings import GolferRating
from tests.guests.test_erasure import dumped
from tests.house.inventory import SUBSCRIPTION
from tests.matching.crew import work_off
from tests.matching.golf import code_of, do, golfer, names, problem_of, see
from tests.matching.test_bookings_behind import behind, book
from tests.matching.test_bookings_behind import names as names_in_booking
from tests.matching.test_hosted import EVENTS as ROOM_EVENTS
from tests.matching.test_hosted import act, host, notified, room, seated
from tests.matching.test_messages import say, texts

WORDS = {
    "name": "Xaverianne Quistelbrook",
    "headline": "Zwiebelkraut at dawn",
    "employer": "Marmeladia Holdings",
    "city": "Rollschuhhausen",
}
SAID, NOTES, REASON = "Ringelreihen in the room", "Schokokuchen for all", "Brokkoli in my shoes"
ADDRESS, DEVICE = "quistel@marmeladia.example", "https://updates.push.services.mozilla.com/wackelpudding"
ALL = (*WORDS.values(), SAID, NOTES, REASON, ADDRESS, DEVICE, "Xaverianne Q.")
TOLD = """subscription($after: String) { notifications(after: $after) {
    ... on StreamEvent { cursor type } ... on NotificationCreated { title body }
} }"""
OWN = """subscription($after: String) { golferEvents(after: $after) {
    ... on StreamEvent { cursor type } ... on GolfersConnected { golferId golferName }
    ... on GolferErased { golferId } ... on GolfersDisconnected { golferId golferName connection }
} }"""
FEED = """subscription($after: String) { teeTimeFeed(after: $after) {
    ... on StreamEvent { cursor type } ... on NewTeeTimeInFeed { hostName notes }
    ... on FeedTeeTimeUpdated { hostName notes }
} }"""
EXPORT = "{ golferExport }"
ANSWERED = {"golfer_connections", "golfer_blocks", "golfer_reports", "golfer_ratings", "news_windows", "tee_time_news"}
KEPT = {"hosted_tee_times", "participations", "messages"}


def found_in(text):
    return [word for word in ALL if word in text]


async def cursor_of(world, field, who):
    return (await world.server.run(f"{{ {field} {{ cursor }} }}", who=who)).data[field]["cursor"]


@pytest.fixture
async def met(world, clock):
    """Xaverianne, of whom much is kept, and Ben, who has met her: in his round, in hers, and one that is over."""
    xa, xa_id = await golfer(world, "xa")
    await do(world, "updateGolfer", who=xa, **WORDS, country="DE", latitude=50.1, longitude=8.2)
    ben, ben_id = await golfer(world, "ben")
    since = {name: await cursor_of(world, "notifications", who) for name, who in (("xa", xa), ("ben", ben))}
    since["feed"] = await cursor_of(world, "hostedTeeTimes", ben)
    await do(world, "connectGolfers", who=xa, golferId=ben_id)
    await do(world, "connectGolfers", who=ben, golferId=xa_id)
    await world.server.mutate("registerPushDevice", "device { id }", who=xa, **SUBSCRIPTION | {"endpoint": DEVICE})
    await world.server.mutate("setNotificationPreferences", "cursor", who=xa, email=ADDRESS)
    played = await host(world, xa, notes=NOTES)
    await act(world, "joinTeeTime", who=ben, teeTimeId=played["id"])
    his = await host(world, ben)
    await act(world, "joinTeeTime", who=xa, teeTimeId=his["id"])
    await say(world, xa, played, SAID)
    clock.advance(days=4)
    for who, other in ((xa, ben_id), (ben, xa_id)):
        if who is xa:
            given = {"teeTimeId": played["id"], "golferId": ben_id, "attended": True}
            await do(world, "recordAttendance", who=xa, selection="hostedTeeTime { id }", **given)
        given = {"teeTimeId": played["id"], "golferId": other, "stars": 5}
        await do(world, "rateGolfer", who=who, selection="hostedTeeTime { id }", **given)
    starts = (clock() + timedelta(days=3)).isoformat()
    hers = await host(world, xa, notes=NOTES, startsAt=starts)
    await act(world, "joinTeeTime", who=ben, teeTimeId=hers["id"])
    ahead = await host(world, ben, startsAt=starts)
    await act(world, "joinTeeTime", who=xa, teeTimeId=ahead["id"])
    report = await do(world, "reportGolfer", who=xa, selection="report { id }", golferId=ben_id, reason=REASON)
    answer = {"reportId": report["report"]["id"], "outcome": "DISMISSED"}
    await do(world, "answerGolferReport", who=world.admin, selection="report { id }", **answer)
    return {"xa": (xa, xa_id), "ben": (ben, ben_id), "played": played, "hers": hers, "ahead": ahead, "since": since}


async def erase(world, who, **more):
    payload = await do(world, "eraseGolfer", who=who, selection="golferId", **more)
    await work_off(world, FORGET, FORGET_IN, HIDE_ALL, HIDE)
    return payload


async def test_an_erased_golfer_is_named_nowhere_any_more(world, met, postgres):
    (xa, xa_id), (ben, _) = met["xa"], met["ben"]
    before = await dumped(postgres)
    assert set(found_in(before)) == set(ALL), "this shows nothing unless they are there before"
    assert (await erase(world, xa))["golferId"] == xa_id
    assert found_in(await dumped(postgres)) == []
    assert xa.user_id not in {one.user_id for one in await rows_of(world, Golfer)}
    assert await see(world, ben, xa_id) == "NOT_FOUND"
    assert await names(world, ben) == await names(world, ben, "connections") == []
    assert (await world.server.run("{ golfers { nodes { id } } }", who=xa)).code == "PROFILE_MISSING"
    assert (await problem_of(world, "eraseGolfer", who=xa))["code"] == "PROFILE_MISSING"
    assert await notified(world, xa) == []
    assert (await world.server.run("{ pushDevices { id } }", who=xa)).data["pushDevices"] == []


async def rows_of(world, kind):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        return list(await session.scalars(select(kind).where(kind.tenant_id == world.tenant_id)))


async def test_the_rooms_of_others_stay_whole(world, met):
    (xa, _), (ben, _) = met["xa"], met["ben"]
    await say(world, ben, met["played"], "Well played")
    await erase(world, xa)
    assert seated(await room(world, ben, met["played"]))[:2] == [FORMER, "Ben"]
    assert await texts(world, ben, met["played"]) == ["", "Well played"]
    over = await room(world, ben, met["hers"])
    assert (over["status"], over["cancelReason"]) == ("CANCELLED", "The host is no golfer here any more.")
    ahead = await room(world, ben, met["ahead"])
    assert (seated(ahead), ahead["openPlaces"]) == (["Ben", None, None, None], 3)
    told = dict(reversed(await notified(world, ben)))
    assert (told["SLOT_LEFT"], told["SLOT_JOINED"]) == (
        f"{FORMER} left your tee time",
        f"{FORMER} joined your tee time",
    )
    assert told["TEE_TIME_CANCELLED"]
    [given] = await rows_of(world, GolferRating)
    assert given.stars == 5, "what she thought of Ben counts for him"


async def test_what_was_told_before_says_nothing_of_them_to_who_comes_back(world, met):
    (xa, _), (ben, _) = met["xa"], met["ben"]
    await erase(world, xa)
    room_of, since = {"id": met["ahead"]["id"], "after": met["ahead"]["cursor"]}, met["since"]
    for query, who, given, count in (
        (ROOM_EVENTS, ben, room_of, 3),
        (TOLD, ben, {"after": since["ben"]}, 3),
        (OWN, ben, {"after": since["ben"]}, 3),
        (FEED, ben, {"after": since["feed"]}, 5),
        (TOLD, xa, {"after": since["xa"]}, 2),
    ):
        async with world.server.socket(who) as socket:
            await socket.subscribe(query, **given)
            events = await socket.events(count)
        assert found_in(json.dumps(events)) == [], query
        if query is ROOM_EVENTS:
            names = [one["golferName"] for one in events if one["type"].startswith("tee-time:slot")]
            assert names == [FORMER, FORMER]


async def test_places_of_bookings_that_bear_the_name_are_free_again(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    booking = await book(world, ana)
    made = await behind(world, ana, booking)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert await names_in_booking(world, booking) == ["Ana Ruiz", "Ben", "", ""]
    await erase(world, ben)
    assert await names_in_booking(world, booking) == ["Ana Ruiz", "", "", ""]
    await erase(world, ana)
    assert await names_in_booking(world, booking) == ["Ana Ruiz", "", "", ""], "a booking is the club's"


async def test_admins_erase_others_and_nobody_else_does(world):
    (ana, ana_id), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    for who in (ben, world.staff):
        await golfer(world, "staff") if who is world.staff else None
        assert await code_of(world, "eraseGolfer", who=who, golferId=ana_id) == "NOT_FOUND"
    assert (await erase(world, world.admin, golferId=ana_id))["golferId"] == ana_id
    assert await code_of(world, "eraseGolfer", who=world.admin, golferId=ana_id) == "NOT_FOUND"
    assert await see(world, ben, ana_id) == "NOT_FOUND"
    assert (await do(world, "updateGolfer", who=ana, name="Ana", industry="TECH", timeZone="UTC"))["golfer"][
        "id"
    ] != ana_id


async def test_of_many_who_erase_one_golfer_at_once_one_does(world):
    (ana, ana_id), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ben)
    await act(world, "joinTeeTime", who=ana, teeTimeId=made["id"])
    query = "mutation($id: ID) { eraseGolfer(input: {golferId: $id}) { golferId problems { code } } }"
    asking = [world.server.run(query, who=who, id=given) for who, given in [(ana, None), (world.admin, ana_id)] * 3]
    answers = await asyncio.gather(*asking)
    done = [one for one in answers if "errors" not in one and one.data["eraseGolfer"]["golferId"]]
    assert len(done) == 1, answers
    assert (await room(world, ben, made))["openPlaces"] == 3
    assert (await golfer(world, "ana"))[1] != ana_id, "and they are not suspended by that"


async def test_who_comes_back_is_blocked_still_by_those_who_had_blocked_them(world):
    (ana, ana_id), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    await do(world, "blockGolfer", who=ben, golferId=ana_id)
    for _ in range(2):
        await erase(world, ana)
        again, new_id = await golfer(world, "ana")
        assert await names(world, again) == await names(world, ben) == []
    await do(world, "unblockGolfer", who=ben, golferId=new_id)
    assert await names(world, ben) == ["Ana"]


async def test_who_was_suspended_stays_so_and_may_be_reinstated(world):
    (ana, ana_id), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    reports = []
    for reason in ("Rude", "Ruder"):
        made = await do(world, "reportGolfer", who=ben, selection="report { id }", golferId=ana_id, reason=reason)
        reports.append(made["report"]["id"])
    await do(world, "answerGolferReport", who=world.admin, selection="cursor", reportId=reports[0], outcome="SUSPENDED")
    assert json.loads((await world.server.run(EXPORT, who=ana)).data["golferExport"])["golfer"]["suspendedAt"]
    await erase(world, ana)
    given = {"name": "Ana", "industry": "TECH", "timeZone": "UTC"}
    assert (await problem_of(world, "updateGolfer", who=ana, **given))["code"] == "GOLFER_SUSPENDED"
    query = "{ golferReports { nodes { id golferName reason outcome } } }"
    shown = {one["id"]: one for one in (await world.server.run(query, who=world.admin)).data["golferReports"]["nodes"]}
    assert [(shown[one]["golferName"], shown[one]["reason"]) for one in reports] == [(FORMER, ""), (FORMER, "Ruder")]
    await do(world, "reinstateGolfer", who=world.admin, golferId=ana_id)
    refused = await problem_of(world, "reinstateGolfer", who=world.admin, golferId=ana_id)
    assert refused["path"] == ["input", "golferId"]
    await golfer(world, "ana")
    answered = await do(
        world,
        "answerGolferReport",
        who=world.admin,
        selection="report { reason }",
        reportId=reports[1],
        outcome="SUSPENDED",
    )
    assert answered["report"]["reason"] == "Ruder", "what admins had still to answer is about who has come back"
    assert (await problem_of(world, "updateGolfer", who=ana, **given))["code"] == "GOLFER_SUSPENDED"


async def test_a_golfer_gets_what_is_kept_of_them(world, met):
    (xa, xa_id), (ben, ben_id) = met["xa"], met["ben"]
    held = json.loads((await world.server.run(EXPORT, who=xa)).data["golferExport"])
    assert set(found_in(json.dumps(held, ensure_ascii=False))) == set(ALL) - {DEVICE, "Xaverianne Q."}
    assert (held["golfer"]["golferId"], held["golfer"]["employer"]) == (xa_id, WORDS["employer"])
    assert [(one["golferId"], one["name"]) for one in held["connections"]] == [(ben_id, "Ben")]
    assert [one["text"] for one in held["messages"]] == [SAID]
    assert sorted(next(key for key in one if key in {"given", "received"}) for one in held["ratings"]) == [
        "given",
        "received",
    ]
    assert len(held["teeTimes"]) == 4
    assert [one["service"] for one in held["pushDevices"]] == ["updates.push.services.mozilla.com"]
    assert held["notifications"]
    assert found_in((await world.server.run(EXPORT, who=ben)).data["golferExport"]) == [
        *(WORDS["name"], WORDS["employer"], "Xaverianne Q.")
    ]


async def test_a_push_that_is_on_its_way_meanwhile_ends_without_a_fault(world):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        gone = Outcome(verdict=Verdict.TAKEN)
        done = await settle(session, delivery_id=world.tenant_id, parcel=None, outcome=gone, now=world.server.clock())
    assert done == (DeliveryStatus.SKIPPED, None)


def test_erasing_knows_of_each_table_that_refers_to_golfers():
    tables = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "golfers"
    }
    assert tables == ANSWERED | KEPT, "say in domain/matching/erasing.py what becomes of it"


def test_each_text_of_a_fact_that_names_a_golfer_is_forgotten_or_is_nobodys():
    of_nobody = {"place_name", "city", "country", "time_zone", "city_key", "changes", "hidden_from", "host_knows"}
    of_nobody |= {"industries", "host_industry", "of_tenant", "golfers"}
    walked = set()
    for wire_name, kind in catalogue.items():
        if not wire_name.startswith(("golfer", "tee-time:", "feed:")):
            continue
        said = {one.name for one in fields(kind) if "str" in str(one.type) and not one.name.endswith(("_id", "_ids"))}
        forgotten = {text for says in SAYS.values() for text in says}
        forgotten |= set(BY_HOST) if issubclass(kind, HostedFact) else set()
        assert said - of_nobody <= forgotten, wire_name
        walked |= said
    assert {"golfer_name", "host_name", "text", "notes", "reason"} <= walked
