"""A golfer's photo: sent, shown to those who may know of the golfer, replaced, removed, and gone with the golfer."""

import asyncio
import json
from dataclasses import replace
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image

from auth.viewer import Role
from domain.matching.shown import TELL_KNOWN, TELL_SOME
from domain.pictures import MOST_WAITING
from jobs import tasks
from kit.ids import parse_id
from kit.pictures import PictureSize
from tests.matching.crew import work_off
from tests.matching.golf import EVENTS, do, golfer, problem_of, see, sent_photo
from tests.matching.test_hosted import act, host
from tests.providers.picture_files import telling

PHOTO = "golfer { photoUrl smallPhotoUrl }"
SHOWN = "query($id: ID!) { golfer(id: $id) { photoUrl smallPhotoUrl } }"
ROOM = "query($id: ID!) { hostedTeeTime(id: $id) { cursor host { smallPhotoUrl } slots { golfer { photoUrl } } } }"
ROOM_EVENTS = """subscription($id: ID!, $after: String) { hostedTeeTimeEvents(teeTimeId: $id, after: $after) {
    ... on StreamEvent { type }
    ... on TeeTimeGolferUpdated { golferId golferPictureId golferPhotoUrl smallGolferPhotoUrl }
    ... on SlotJoined { golferId golferPictureId golferPhotoUrl }
} }"""
UPDATED = "... on GolferUpdated { golferId golferPhotoUrl }"
LISTED = EVENTS.replace("... on GolferBlocked", f"{UPDATED} ... on GolferBlocked")


async def photo(world, who, golfer_id):
    """Ask for a golfer's photo: its two addresses, or the code of the refusal."""
    answer = await world.server.run(SHOWN, who=who, id=golfer_id)
    return answer.code if "errors" in answer else tuple(answer.data["golfer"].values())


async def show(world, who, picture_id):
    return (await do(world, "updateGolfer", who=who, selection=PHOTO, pictureId=picture_id))["golfer"]


async def look(world, url):
    parts = urlsplit(url)
    return await world.server.http.get(f"{world.server.url}{parts.path}?{parts.query}")


async def left_of(world, picture):
    album = world.server.process.album
    return [await album.has(parse_id("picture", picture), size) for size in PictureSize]


async def code(world, who, picture_id):
    query = "mutation($input: UpdateGolferInput!) { updateGolfer(input: $input) { problems { code path } cursor } }"
    answer = await world.server.run(query, who=who, input={"pictureId": picture_id})
    if "errors" in answer:
        return answer.code
    [problem] = answer.data["updateGolfer"]["problems"]
    return problem["code"], problem["path"]


async def test_a_photo_is_shown_in_two_sizes_upright_and_without_where_it_was_taken(world):
    ana, ana_id = await golfer(world, "ana")
    ben, _ = await golfer(world, "ben")
    assert await photo(world, ben, ana_id) == (None, None)
    shown = await show(world, ana, await sent_photo(world, ana, telling(turned=True)))
    assert await photo(world, ben, ana_id) == tuple(shown.values())
    for url in shown.values():
        answer = await look(world, url)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        with Image.open(BytesIO(answer.content)) as image:
            assert image.size == (32, 64), "upright"
            assert not image.getexif()


async def test_a_photo_is_replaced_and_removed_and_its_files_go(world):
    ana, ana_id = await golfer(world, "ana")
    first, second = await sent_photo(world, ana), await sent_photo(world, ana)
    await show(world, ana, first)
    url, _ = await photo(world, ana, ana_id)
    await show(world, ana, first)  # the same again changes nothing
    await do(world, "updateGolfer", who=ana, headline="Early")
    assert (await photo(world, ana, ana_id))[0] == url
    await show(world, ana, second)
    assert await code(world, ana, first) == ("PICTURE_REFUSED", ["input", "pictureId"]), "its file goes"
    await work_off(world, "remove_picture")
    assert (await left_of(world, first), await left_of(world, second)) == ([False, False], [True, True])
    assert (await look(world, url)).status_code == 404
    assert await show(world, ana, None) == {"photoUrl": None, "smallPhotoUrl": None}
    await work_off(world, "remove_picture")
    assert await left_of(world, second) == [False, False]


async def test_a_photo_that_is_never_shown_goes_after_a_day(world, clock):
    ana, _ = await golfer(world, "ana")
    idle, shown = await sent_photo(world, ana), await sent_photo(world, ana)
    await show(world, ana, shown)
    clock.advance(hours=24)
    await tasks.remove_old_pictures(world.server.runtime)
    assert (await left_of(world, idle), await left_of(world, shown)) == ([False, False], [True, True])
    assert await code(world, ana, idle) == "NOT_FOUND"


async def test_nobody_shows_what_is_not_theirs_or_was_not_sent(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    assert await code(world, ben, await sent_photo(world, ana)) == "NOT_FOUND"
    waits = await do(world, "uploadPicture", who=ana, selection="pictureId")
    assert await code(world, ana, waits["pictureId"]) == ("PICTURE_REFUSED", ["input", "pictureId"])
    missing = await problem_of(world, "uploadPicture", who=world.player("eva"))
    assert missing["code"] == "PROFILE_MISSING"
    query = "mutation($input: UploadPictureInput!) { uploadPicture(input: $input) { cursor } }"
    guest = replace(world.player("vado"), roles=(Role.GUEST,))
    assert (await world.server.run(query, who=guest, input={})).code == "NOT_ALLOWED"
    for _ in range(MOST_WAITING - 2):
        await do(world, "uploadPicture", who=ana, selection="pictureId")
    assert (await problem_of(world, "uploadPicture", who=ana))["code"] == "TOO_MANY_PICTURES"


async def test_two_photos_at_once_leave_one(world):
    ana, ana_id = await golfer(world, "ana")
    sent = [await sent_photo(world, ana) for _ in range(4)]
    await asyncio.gather(*(show(world, ana, one) for one in sent))
    await work_off(world, "remove_picture")
    left = [one for one in sent if all(await left_of(world, one))]
    url, _ = await photo(world, ana, ana_id)
    assert [one in url for one in left] == [True]


async def test_who_may_not_know_of_a_golfer_is_not_given_their_photo(world):
    (ana, ana_id), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    await show(world, ana, await sent_photo(world, ana))
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    assert await photo(world, ben, ana_id) == "NOT_FOUND"
    await do(world, "unblockGolfer", who=ana, golferId=ben_id)
    await do(world, "updateGolfer", who=ana, visibility="PRIVATE")
    assert await photo(world, eva, ana_id) == "NOT_FOUND"
    await do(world, "updateGolfer", who=ana, visibility="PUBLIC")
    made = await do(world, "reportGolfer", who=eva, selection="report { id }", golferId=ana_id, reason="Rude")
    answer = {"reportId": made["report"]["id"], "outcome": "SUSPENDED"}
    await do(world, "answerGolferReport", who=world.admin, selection="report { outcome }", **answer)
    assert await photo(world, eva, ana_id) == "NOT_FOUND"


async def test_rooms_and_lists_hear_of_a_photo_and_who_looks_on_not_of_whose(world):
    people = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    (ana, ana_id), (ben, ben_id), (eva, _) = people
    made = await host(world, ana, places=2)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await do(world, "connectGolfers", who=ana, golferId=ben_id)
    await do(world, "connectGolfers", who=ben, golferId=ana_id)
    linked = (await world.server.run("{ notifications { cursor } }", who=ana)).data["notifications"]
    room = (await world.server.run(ROOM, who=eva, id=made["id"])).data["hostedTeeTime"]
    async with world.server.socket(ana) as fellow, world.server.socket(eva) as other, world.server.socket(ana) as own:
        for socket in (fellow, other):
            await socket.subscribe(ROOM_EVENTS, id=made["id"], after=room["cursor"])
        await own.subscribe(LISTED, after=linked["cursor"])
        picture = await sent_photo(world, ben)
        await show(world, ben, picture)
        await work_off(world, TELL_KNOWN, TELL_SOME)
        heard, looked_on, listed = [await socket.event() for socket in (fellow, other, own)]
        while listed["type"] != "golfer.updated":
            listed = await own.event()
    url, small = await photo(world, ana, ben_id)
    assert heard == {
        "type": "tee-time:golfer-updated",
        "golferId": ben_id,
        "golferPictureId": picture,
        "golferPhotoUrl": url,
        "smallGolferPhotoUrl": small,
    }
    assert looked_on == dict.fromkeys(heard) | {"type": "tee-time:golfer-updated"}
    assert (listed["golferId"], listed["golferPhotoUrl"]) == (ben_id, url)
    room = (await world.server.run(ROOM, who=ana, id=made["id"])).data["hostedTeeTime"]
    assert [one["golfer"] and one["golfer"]["photoUrl"] for one in room["slots"]] == [None, url, None]


async def test_a_photo_comes_with_the_export_and_goes_with_the_golfer(world):
    ana, ana_id = await golfer(world, "ana")
    idle, shown = await sent_photo(world, ana), await sent_photo(world, ana)
    await show(world, ana, shown)
    url, _ = await photo(world, ana, ana_id)
    held = json.loads((await world.server.run("{ golferExport }", who=ana)).data["golferExport"])
    assert held["golfer"]["photoUrl"] == url
    await do(world, "eraseGolfer", who=ana, selection="golferId")
    await work_off(world, "remove_picture")
    for picture in (idle, shown):
        assert await left_of(world, picture) == [False, False]
    assert (await look(world, url)).status_code == 404
    await golfer(world, "ana")
    assert await code(world, ana, shown) == "NOT_FOUND"
    assert await see(world, ana, ana_id) == "NOT_FOUND"
