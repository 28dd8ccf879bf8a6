"""The room of a hosted tee time: who writes, who reads, how far, and what is taken away again."""

import asyncio
from collections import Counter
from datetime import timedelta

from sqlalchemy import text

from domain.matching import rounds
from kit.ids import parse_id
from tests.harness import MORNING
from tests.matching.golf import code_of, do, golfer, problem_of
from tests.matching.test_hosted import act, host

MESSAGE = "message { id number golferName isOwn text status }"
ROOM = """query($id: ID!, $first: Int! = 20, $after: String) { hostedTeeTime(id: $id) { cursor unreadMessages
    messages(first: $first, after: $after) {
        nodes { id number golferId golferName text status isOwn } pageInfo { hasNextPage endCursor }
    }
} }"""
EVENTS = """subscription($id: ID!, $after: String) { hostedTeeTimeEvents(teeTimeId: $id, after: $after) {
    ... on StreamEvent { type cursor }
    ... on SlotLeft { slotNumber }
    ... on MessageSent { messageId number golferId golferName text }
    ... on MessageShown { messageId number golferId golferName text }
    ... on MessageRemoved { messageId number status }
    ... on MessagesRead { number unread }
} }"""
LOGGED = text("SELECT data::text FROM events WHERE stream_id = (SELECT id FROM streams WHERE name = :name)")
REPORTS = "{ golferReports { nodes { id golferName messageId quote reason outcome } } }"


async def say(world, who, tee_time, text, **more):
    return (await do(world, "sendMessage", who=who, selection=MESSAGE, teeTimeId=tee_time["id"], text=text, **more))[
        "message"
    ]


async def room(world, who, tee_time, **page):
    answer = await world.server.run(ROOM, who=who, id=tee_time["id"], **page)
    return answer.data["hostedTeeTime"]


async def texts(world, who, tee_time):
    """Give what somebody reads, the oldest first; None where there is nothing to be read."""
    messages = (await room(world, who, tee_time))["messages"]
    return messages and [one["text"] for one in reversed(messages["nodes"])]


async def unread(world, who, tee_time):
    return (await room(world, who, tee_time))["unreadMessages"]


async def three(world):
    """Have Ana host a tee time that Ben and Eva join."""
    (ana, ana_id), (ben, ben_id), (eva, eva_id) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana)
    for who in (ben, eva):
        await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    return made, (ana, ben, eva), (ana_id, ben_id, eva_id)


async def test_who_takes_part_writes_and_reads_and_nobody_else(world):
    made, (ana, ben, eva), _ = await three(world)
    noa, _ = await golfer(world, "noa")
    first = await say(world, ben, made, "  Hello\nall ", idempotencyKey="hello")
    assert first == {
        "id": first["id"], "number": 1, "golferName": "Ben", "isOwn": True, "text": "Hello\nall", "status": "SHOWN"
    }  # fmt: skip
    assert await say(world, ben, made, "  Hello\nall ", idempotencyKey="hello") == first
    await say(world, ana, made, "Hi")
    for who in (ana, ben, eva):
        assert await texts(world, who, made) == ["Hello\nall", "Hi"]
    assert await texts(world, noa, made) is None
    refused = await problem_of(world, "sendMessage", who=noa, teeTimeId=made["id"], text="Me too")
    assert refused["code"] == "NOT_A_PARTICIPANT"
    for wrong in ("", " \n ", "a" * 2_001):
        refused = await problem_of(world, "sendMessage", who=ana, teeTimeId=made["id"], text=wrong)
        assert refused["path"] == ["input", "text"]
    assert len((await say(world, ana, made, "ñ" * 2_000))["text"]) == 2_000


async def test_who_leaves_reads_and_hears_nothing_newer(world):
    made, (ana, ben, _), _ = await three(world)
    await say(world, ana, made, "One")
    async with world.server.socket(ben) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=(await room(world, ben, made))["cursor"])
        await say(world, ana, made, "Two")
        assert (await socket.event())["text"] == "Two"
        await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
        assert (await socket.event())["type"] == "tee-time:slot-left"
        await say(world, ana, made, "Three")
        await socket.subscribe(EVENTS, id=made["id"], after=made["cursor"])  # as all may: there is no chat in it
        heard = [event["type"] for event in await socket.events(3)]
        assert set(heard) == {"tee-time:slot-joined", "tee-time:slot-left"}
    assert await texts(world, ben, made) == ["One", "Two"]
    gone = await problem_of(world, "sendMessage", who=ben, teeTimeId=made["id"], text="Bye")
    assert gone["code"] == "NOT_A_PARTICIPANT"
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert await texts(world, ben, made) == ["One", "Two", "Three"]
    assert await unread(world, ben, made) == 0


async def test_history_is_paged_from_the_newest_on(world):
    made, (ana, ben, _), _ = await three(world)
    for number in range(1, 6):
        await say(world, ana, made, str(number))
    pages, after = [], None
    while True:
        page = (await room(world, ben, made, first=2, after=after))["messages"]
        pages.append([one["number"] for one in page["nodes"]])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == [[5, 4], [3, 2], [1]]
    wrong = await world.server.run(ROOM, who=ben, id=made["id"], after="nonsense")
    assert wrong.code == "INVALID_INPUT"


async def test_what_is_unread_is_counted_for_each_and_read_on_all_screens(world):
    made, (ana, ben, eva), _ = await three(world)
    sent = [await say(world, ana, made, str(number)) for number in range(3)]
    own = await say(world, ben, made, "Mine")
    assert [await unread(world, who, made) for who in (ana, ben, eva)] == [1, 3, 4]
    async with world.server.socket(ben) as mine, world.server.socket(eva) as theirs:
        cursor = (await room(world, ben, made))["cursor"]
        for socket in (mine, theirs):
            await socket.subscribe(EVENTS, id=made["id"], after=cursor)
        marked = await do(world, "markMessagesRead", who=ben, selection="unread", messageId=sent[1]["id"])
        assert marked["unread"] == 1
        await do(world, "markMessagesRead", who=ben, selection="unread", messageId=sent[0]["id"])  # is read already
        await do(world, "deleteMessage", who=ana, selection=MESSAGE, messageId=sent[2]["id"])
        assert [(e["type"], e.get("number"), e.get("unread")) for e in await mine.events(2)] == [
            ("tee-time:messages-read", 2, 1),
            ("tee-time:message-removed", 3, None),
        ]
        assert (await theirs.event())["type"] == "tee-time:message-removed"
    assert [await unread(world, who, made) for who in (ana, ben, eva)] == [1, 0, 3]
    await act(world, "leaveTeeTime", who=eva, teeTimeId=made["id"])
    assert (await problem_of(world, "markMessagesRead", who=eva, messageId=own["id"]))["code"] == "NOT_A_PARTICIPANT"


async def test_a_message_is_deleted_by_who_wrote_it_for_good(world):
    made, (ana, ben, eva), _ = await three(world)
    sent = await say(world, ben, made, "Oops")
    assert await code_of(world, "deleteMessage", who=ana, messageId=sent["id"]) == "NOT_ALLOWED"
    noa, _ = await golfer(world, "noa")
    assert await code_of(world, "deleteMessage", who=noa, messageId=sent["id"]) == "NOT_FOUND"
    await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    gone = await do(world, "deleteMessage", who=ben, selection=MESSAGE, messageId=sent["id"])
    assert (gone["message"]["text"], gone["message"]["status"]) == ("", "DELETED")
    assert await texts(world, eva, made) == [""]
    again = await problem_of(world, "deleteMessage", who=ben, messageId=sent["id"])
    assert (again["code"], again["message"].partition(";")[0]) == (
        "MESSAGE_GONE", "Nobody reads this message any more",
    )  # fmt: skip


async def test_those_who_have_nothing_to_do_with_each_other_do_not_read_each_other(world):
    made, (ana, ben, eva), (_, ben_id, _) = await three(world)
    before = await say(world, ben, made, "Before")
    async with world.server.socket(ana) as host_s, world.server.socket(eva) as other:
        cursor = (await room(world, eva, made))["cursor"]
        for socket in (host_s, other):
            await socket.subscribe(EVENTS, id=made["id"], after=cursor)
        await do(world, "blockGolfer", who=ana, golferId=ben_id)
        await say(world, ben, made, "From Ben")
        await say(world, ana, made, "From Ana")
        await say(world, eva, made, "From Eva")
        assert [event["text"] for event in await host_s.events(2)] == ["From Ana", "From Eva"]
        assert [event["text"] for event in await other.events(3)] == ["From Ben", "From Ana", "From Eva"]
    assert await texts(world, ana, made) == ["From Ana", "From Eva"]
    assert await texts(world, ben, made) == ["Before", "From Ben", "From Eva"]
    assert await texts(world, eva, made) == ["Before", "From Ben", "From Ana", "From Eva"]
    assert [await unread(world, who, made) for who in (ana, ben, eva)] == [1, 1, 3]
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert (await world.server.run(query, who=ana, id=before["id"])).code == "NOT_FOUND"
    assert await code_of(world, "reportMessage", who=ana, messageId=before["id"], reason="Rude") == "NOT_FOUND"


async def test_a_report_quotes_the_message_and_admins_may_hide_it_and_take_that_back(world):
    made, (ana, ben, eva), _ = await three(world)
    sent, fine = await say(world, ben, made, "Rude words"), await say(world, ben, made, "Kind words")
    cursor = (await room(world, eva, made))["cursor"]
    own = await problem_of(world, "reportMessage", who=ben, messageId=sent["id"], reason="Me")
    assert own["path"] == ["input", "messageId"]
    given = {"messageId": sent["id"], "reason": "Rude"}
    await do(world, "reportMessage", who=ana, selection="report { id }", idempotencyKey="once", **given)
    stranger = await problem_of(world, "reportMessage", who=world.admin, **given)  # who reads it all
    assert stranger["code"] == "PROFILE_MISSING"
    [report] = (await world.server.run(REPORTS, who=world.admin)).data["golferReports"]["nodes"]
    assert (report["golferName"], report["messageId"], report["quote"]) == ("Ben", sent["id"], "Rude words")
    assert await code_of(world, "moderateMessage", who=eva, messageId=sent["id"], hide=True) == "NOT_ALLOWED"
    assert await code_of(world, "moderateMessage", who=world.admin, messageId=fine["id"], hide=True) == "NOT_FOUND"
    answer = {"reportId": report["id"], "outcome": "HIDDEN"}
    await do(world, "answerGolferReport", who=world.admin, selection="report { outcome }", **answer)
    assert await texts(world, eva, made) == ["", "Kind words"]
    await do(world, "moderateMessage", who=world.admin, selection=MESSAGE, messageId=sent["id"], hide=False)
    assert await texts(world, eva, made) == ["Rude words", "Kind words"]
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=cursor)
        heard = await socket.events(2)
    assert [(e["type"], e.get("status"), e.get("text")) for e in heard] == [
        ("tee-time:message-removed", "HIDDEN", None),
        ("tee-time:message-shown", None, "Rude words"),
    ]
    await do(world, "deleteMessage", who=ben, selection=MESSAGE, messageId=sent["id"])
    late = await problem_of(world, "moderateMessage", who=world.admin, messageId=sent["id"], hide=True)
    assert late["code"] == "MESSAGE_GONE"
    [report] = (await world.server.run(REPORTS, who=world.admin)).data["golferReports"]["nodes"]
    assert report["quote"] == "Rude words"


async def test_a_report_of_a_golfer_cannot_hide_a_message(world):
    _, (ana, _, _), (_, ben_id, _) = await three(world)
    given = {"golferId": ben_id, "reason": "Rude"}
    made = await do(world, "reportGolfer", who=ana, selection="report { id }", **given)
    answer = {"reportId": made["report"]["id"], "outcome": "HIDDEN"}
    assert (await problem_of(world, "answerGolferReport", who=world.admin, **answer))["path"] == ["input", "outcome"]


async def test_of_many_messages_at_once_twenty_are_taken_in_a_minute_in_all_rooms_together(world):
    made, (ana, ben, _), _ = await three(world)
    second = await host(world, ana)
    query = """mutation($id: ID!) { sendMessage(input: {teeTimeId: $id, text: "Hi"}) {
        message { number } problems { code ... on TooManyMessages { retryAt } }
    } }"""
    rooms = [made["id"], second["id"]] * 13
    answers = await asyncio.gather(*(world.server.run(query, who=ana, id=one) for one in rooms))
    payloads = [answer.data["sendMessage"] for answer in answers]
    refused = [problem for payload in payloads for problem in payload["problems"]]
    assert Counter(one["code"] for one in refused) == {"TOO_MANY_MESSAGES": 6}
    assert {one["retryAt"] for one in refused} == {(MORNING + timedelta(minutes=1)).isoformat()}
    for one in (made, second):
        numbers = [said["number"] for said in (await room(world, ana, one, first=100))["messages"]["nodes"]]
        assert numbers == list(range(len(numbers), 0, -1))
    assert (await say(world, ben, made, "Others go on"))["isOwn"]
    world.server.clock.advance(minutes=1)
    assert (await say(world, ana, made, "Again"))["isOwn"]


def apply(messages, event):
    """Do to a list of messages, by number, what an event says."""
    kind, changed = event["type"].removeprefix("tee-time:"), dict(messages)
    if kind in {"message", "message-shown"}:
        changed[event["number"]] = (event["golferName"], event["text"], "SHOWN")
    elif kind == "message-removed":
        changed[event["number"]] = (changed[event["number"]][0], "", event["status"])
    return changed


async def test_a_room_and_its_events_are_what_the_room_is_then(world):
    made, (ana, ben, eva), _ = await three(world)
    first = await say(world, ben, made, "One")
    before = await room(world, eva, made)

    def shown(seen):
        return {one["number"]: (one["golferName"], one["text"], one["status"]) for one in seen["messages"]["nodes"]}

    second = await say(world, ana, made, "Two")
    await do(world, "reportMessage", who=ana, selection="report { id }", messageId=first["id"], reason="Rude")
    for hide in (True, False):
        await do(world, "moderateMessage", who=world.admin, selection=MESSAGE, messageId=first["id"], hide=hide)
    await do(world, "deleteMessage", who=ana, selection=MESSAGE, messageId=second["id"])
    await do(world, "markMessagesRead", who=eva, selection="unread", messageId=second["id"])
    state = shown(before)
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=before["cursor"])
        for event in await socket.events(5):
            state = apply(state, event)
    after = await room(world, eva, made)
    assert state == shown(after)
    assert (event["number"], event["unread"]) == (2, after["unreadMessages"])


async def logged_texts(world, made):
    """Give all that the log still says in the room of a tee time."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        named = {"name": f"tee-time:{made['id']}"}
        return str(list(await session.scalars(LOGGED, named)))


async def test_what_is_taken_away_is_gone_from_what_was_told_too(world, clock):
    made, (ana, ben, eva), _ = await three(world)
    start = (await room(world, eva, made))["cursor"]
    secret, rude, fine = [await say(world, ben, made, text) for text in ("Secret", "Rude words", "Fine")]
    await do(world, "reportMessage", who=ana, selection="report { id }", messageId=rude["id"], reason="Rude")
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=start)
        assert [event["text"] for event in await socket.events(3)] == ["Secret", "Rude words", "Fine"]
        await do(world, "deleteMessage", who=ben, selection=MESSAGE, messageId=secret["id"])
        await do(world, "moderateMessage", who=world.admin, selection=MESSAGE, messageId=rude["id"], hide=True)
        assert [event["status"] for event in await socket.events(2)] == ["DELETED", "HIDDEN"]
    said = await logged_texts(world, made)
    assert "Fine" in said
    assert "Secret" not in said
    assert "Rude" not in said
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=start)
        told = await socket.events(5)
        assert [event.get("text", event.get("status")) for event in told] == ["", "", "Fine", "DELETED", "HIDDEN"]
    clock.advance(days=94)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        key = parse_id("hosted_tee_time", made["id"])
        await rounds.archive(change.session, tee_time_id=key, now=clock())
    assert "Fine" not in await logged_texts(world, made)
    assert fine["number"] == 3
