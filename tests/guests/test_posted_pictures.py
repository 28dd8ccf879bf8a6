"""Pictures that guests post: sent, shown to whom the post is shown, and gone in the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from auth.viewer import Role
from jobs import tasks
from kit.ids import parse_id
from kit.pictures import PictureSize
from providers.storage import StorageUnavailable
from tests.guests.posted import FOLLOW, add, added, expect, look, moderate, refusal, upload
from tests.harness import settings_for
from tests.providers.bucket_server import BUCKET, KEY, REGION, SECRET, bucket_server
from tests.providers.picture_files import telling


async def test_a_picture_is_sent_posted_approved_and_seen_by_all(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    async with guests.server.socket(lindero) as socket:
        await socket.subscribe(FOLLOW, id=guests.id, after=(await guests.read())["cursor"])
        picture = await upload(guests, vado, telling(turned=True))
        post = await added(guests, vado, kind="GALLERY", pictureId=picture, text="The two of them")
        assert (post["picture"]["width"], post["picture"]["height"]) == (32, 64)
        await moderate(guests, post, "APPROVED")
        told = await socket.event()
    assert told["content"]["picture"] == {"pictureId": picture, "width": 32, "height": 64}
    assert (told["pictureUrl"], told["smallPictureUrl"]) == (post["picture"]["url"], post["picture"]["smallUrl"])
    for url in (told["pictureUrl"], told["smallPictureUrl"]):
        shown = await look(guests, url)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    node = "query($id: ID!) { node(id: $id) { ... on Picture { width url } } }"
    assert (await guests.server.run(node, who=lindero, id=picture)).data["node"]["width"] == 32


async def test_a_picture_is_its_household_s_until_a_post_of_it_is_approved(guests):
    vado, lindero = guests.guest("Vado"), guests.guest("Lindero")
    picture = await upload(guests, vado)
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await guests.server.run(node, who=vado, id=picture)).data
    assert (await guests.server.run(node, who=lindero, id=picture)).code == "NOT_FOUND"
    query = "mutation($input: AddPostInput!) { addPost(input: $input) { cursor } }"
    given = {"occasionId": guests.id, "kind": "GALLERY", "pictureId": picture}
    assert (await guests.server.run(query, who=lindero, input=given)).code == "NOT_FOUND"
    await added(guests, vado, kind="GALLERY", pictureId=picture)
    assert (await guests.server.run(node, who=lindero, id=picture)).code == "NOT_FOUND"


async def test_a_picture_is_shown_by_one_post_once_it_was_sent(guests):
    vado = guests.guest("Vado")
    expected = (await expect(guests, vado))["pictureId"]
    refused = await add(guests, vado, kind="GALLERY", pictureId=expected)
    assert (refusal(refused), refused["problems"][0]["__typename"]) == (
        ("PICTURE_REFUSED", ["input", "pictureId"]), "PictureRefused",
    )  # fmt: skip
    picture = await upload(guests, vado)
    answers = await asyncio.gather(*(add(guests, vado, kind="GALLERY", pictureId=picture) for _ in range(4)))
    assert [refusal(one) for one in answers if one["problems"]] == [("PICTURE_REFUSED", ["input", "pictureId"])] * 3


async def test_addresses_are_others_on_the_next_day_also_in_answers_that_were_kept_ready(guests, clock):
    clock.now = clock.now.replace(hour=20)
    await added(guests, guests.planner, kind="GALLERY", pictureId=await upload(guests, guests.planner))
    query = "query($id: ID!) { posts(occasionId: $id) { nodes { picture { url } } } }"

    async def poll():
        headers = {"Authorization": f"Bearer {guests.planner.token(clock())}", "GraphQL-Require-Preflight": "1"}
        parameters = {"query": query, "variables": f'{{"id": "{guests.id}"}}'}
        got = await guests.server.http.get(f"{guests.server.url}/graphql", params=parameters, headers=headers)
        return got.json()["data"]["posts"]["nodes"][0]["picture"]["url"]

    first = await poll()
    clock.advance(hours=1)
    assert await poll() == first
    clock.advance(hours=4)  # past midnight
    assert await poll() != first
    assert (await look(guests, first)).status_code == 200


async def left_of(party, picture):
    album = party.server.process.album
    return [await album.has(parse_id("picture", picture), size) for size in PictureSize]


async def test_a_picture_without_a_post_goes_after_a_day_and_another_stays(guests, clock):
    vado = guests.guest("Vado")
    alone, posted = await upload(guests, vado), await upload(guests, vado)
    await added(guests, vado, kind="GALLERY", pictureId=posted)
    clock.advance(hours=23, minutes=59)
    await tasks.remove_old_pictures(guests.server.runtime)
    assert await left_of(guests, alone) == [True, True]
    clock.advance(minutes=1)
    await tasks.remove_old_pictures(guests.server.runtime)
    assert (await left_of(guests, alone), await left_of(guests, posted)) == ([False, False], [True, True])
    refused = "mutation($input: AddPostInput!) { addPost(input: $input) { cursor } }"
    given = {"occasionId": guests.id, "kind": "GALLERY", "pictureId": alone}
    assert (await guests.server.run(refused, who=vado, input=given)).code == "NOT_FOUND"


async def test_a_picture_goes_with_its_post(guests, clock):
    vado = guests.guest("Vado")
    picture = await upload(guests, vado)
    post = await added(guests, vado, kind="GALLERY", pictureId=picture)
    await guests.done("deletePost", "postId", who=vado, postId=post["id"])
    assert (await look(guests, post["picture"]["url"])).status_code == 200, "until the worker has been there"
    whose = {"tenant_id": guests.world.tenant_id, "picture_id": str(parse_id("picture", picture))}
    for _ in range(2):
        await tasks.remove_picture(guests.server.runtime, **whose)
        assert (await look(guests, post["picture"]["url"])).status_code == 404


async def test_a_picture_that_the_storage_does_not_let_go_is_tried_again(guests, clock):
    picture = await upload(guests, guests.guest("Vado"))
    clock.advance(days=1)
    runtime = guests.server.runtime
    async with bucket_server() as bucket:
        bucket.refuse_with = 403
        url = f"s3://{KEY}:{quote(SECRET, safe='')}@{BUCKET}?region={REGION}&endpoint={bucket.url}"
        away = replace(runtime, settings=settings_for(runtime.settings, storage_url=url))
        with pytest.raises(StorageUnavailable):
            await tasks.remove_old_pictures(away)
    await tasks.remove_old_pictures(runtime)
    assert await left_of(guests, picture) == [False, False]


async def test_a_household_has_up_to_twenty_pictures_waiting(guests, clock):
    vado = guests.guest("Vado")
    payloads = await asyncio.gather(*(expect(guests, vado) for _ in range(23)))
    assert sorted(len(one["problems"]) for one in payloads) == [0] * 20 + [1] * 3
    assert {refusal(one)[0] for one in payloads if one["problems"]} == {"TOO_MANY_PICTURES"}
    clock.advance(days=1)
    await tasks.remove_old_pictures(guests.server.runtime)
    assert (await expect(guests, vado))["problems"] == []


async def test_a_stranger_is_given_no_address(guests):
    query = "mutation($input: UploadPictureInput!) { uploadPicture(input: $input) { pictureId } }"
    stranger = replace(guests.guest("Vado"), roles=(Role.PLAYER,))
    for who in (stranger, None):
        answer = await guests.server.run(query, who=who, input={"occasionId": guests.id})
        assert answer.code in {"NOT_FOUND", "UNAUTHENTICATED"}


async def test_deadline_of_an_address_is_told(guests, clock):
    expected = await expect(guests, guests.guest("Vado"))
    assert expected["expiresAt"].startswith((clock() + timedelta(minutes=15)).isoformat()[:19])
    assert (expected["method"], expected["headers"]) == (
        "PUT", [{"name": "Content-Type", "value": "application/octet-stream"}],
    )  # fmt: skip
