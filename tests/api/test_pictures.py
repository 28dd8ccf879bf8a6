"""Pictures by HTTP: sent once to a signed address, in pieces, bounded; shown at addresses that are good for a day."""

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import quote, urlsplit

import pytest
import pytest_asyncio
from PIL import Image
from pydantic import SecretStr

from api.app import create_app
from api.pictures import pictures_sent
from auth.links import PictureLinks, picture_links
from kit.errors import NotFound, TokenExpired
from kit.ids import new_id, parse_id
from kit.pictures import MAX_BYTES, PictureSize
from realtime.metrics import total_of
from tests.guests.party import found_party
from tests.harness import MORNING, HeldClock, found_world, serving, settings_for
from tests.moulds import another_world
from tests.patience import PATIENCE
from tests.providers.bucket_server import BUCKET, KEY, REGION, SECRET, bucket_server
from tests.providers.picture_files import noise, telling, vast


class Photographer:
    """Somebody who plans an occasion, with an address to send a picture to."""

    def __init__(self, party, picture: str) -> None:
        self.party, self.site, self.picture = party, party.server, picture

    @classmethod
    async def at(cls, party) -> "Photographer":
        expected = await party.done("uploadPicture", "pictureId", occasionId=party.id)
        return cls(party, expected["pictureId"])

    @property
    def picture_id(self):
        return parse_id("picture", self.picture)

    @property
    def links(self) -> PictureLinks:
        return self.site.process.links

    def address(self, **ago) -> str:
        """Where to send the picture, as it was given a while ago."""
        now = self.site.clock() - timedelta(**ago)
        url, _ = self.links.to_send(tenant_id=self.party.world.tenant_id, picture_id=self.picture_id, now=now)
        return self.site.url + urlsplit(url).path

    async def send(self, content, address="", **headers):
        return await self.site.http.put(address or self.address(), content=content, headers=headers)

    def shown_at(self, size=PictureSize.LARGE, now=None) -> str:
        return self.links.to_show(self.picture_id, size, now=now or self.site.clock())

    async def look(self, url="", method="GET", **headers):
        parts = urlsplit(url or self.shown_at())
        return await self.site.http.request(method, f"{self.site.url}{parts.path}?{parts.query}", headers=headers)


@pytest_asyncio.fixture
async def photographer(site):
    site.clock.now = MORNING
    return await Photographer.at(await found_party(await another_world(site)))


def code_of(response) -> tuple[int, str, str]:
    extensions = response.json()["errors"][0]["extensions"]
    return response.status_code, extensions["code"], extensions.get("reason", "")


async def test_a_picture_is_sent_and_shown(photographer):
    sent = await photographer.send(telling("JPEG", turned=True), **{"Content-Type": "text/html"})
    assert (sent.status_code, sent.json()) == (201, {"pictureId": photographer.picture, "width": 32, "height": 64})
    for size in PictureSize:
        shown = await photographer.look(photographer.shown_at(size))
        assert shown.status_code == 200
        assert Image.open(BytesIO(shown.content)).size == (32, 64)
        assert b"omebody" not in shown.content


async def test_a_picture_is_nothing_but_a_picture_to_a_browser_and_kept_until_its_address_ends(photographer):
    await photographer.send(telling())
    shown = await photographer.look(**{"Accept-Encoding": "gzip"})
    headers = shown.headers
    assert (headers["content-type"], headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "content-encoding" not in headers
    left = datetime(2026, 5, 6, tzinfo=UTC) - MORNING
    assert headers["cache-control"] == f"private, max-age={int(left.total_seconds())}, immutable"
    head = await photographer.look(method="HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", headers["content-length"])


async def test_who_has_a_picture_is_told_so_as_long_as_it_is_there(photographer):
    await photographer.send(telling())
    tag = (await photographer.look()).headers["etag"]
    again = await photographer.look(**{"If-None-Match": f'"another", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await photographer.look(**{"If-None-Match": '"another"'})).status_code == 200
    await photographer.site.process.album.remove(photographer.picture_id)
    gone = await photographer.look(**{"If-None-Match": tag})
    assert code_of(gone) == (404, "NOT_FOUND", "")


async def test_everybody_is_given_the_same_address_all_day_and_it_lasts_a_day_at_least(photographer):
    at = [MORNING.replace(hour=hour, minute=minute) for hour, minute in ((0, 0), (5, 0), (23, 59))]
    first, *others = [photographer.shown_at(now=now) for now in at]
    assert {first} == set(others)
    assert photographer.shown_at(now=at[0] + timedelta(days=1)) != first
    path, query = urlsplit(first).path, dict(pair.split("=") for pair in urlsplit(first).query.split("&"))
    for now in (at[0], at[-1], at[-1] + timedelta(days=1)):
        assert photographer.links.check(path, **query, now=now) == datetime(2026, 5, 6, tzinfo=UTC)
    with pytest.raises(TokenExpired):
        photographer.links.check(path, **query, now=datetime(2026, 5, 6, tzinfo=UTC))


async def test_an_address_opens_one_picture_in_one_size_and_no_sign_of_it_may_change(photographer):
    await photographer.send(telling())
    url = photographer.shown_at()
    assert (await photographer.look(url)).status_code == 200
    other = await Photographer.at(photographer.party)
    for wrong in (
        url.replace("/2048?", "/400?"),
        url.replace("/2048?", "/99?"),
        url.replace("until=20260506", "until=20260507"),
        url.replace("until=", "until=0"),
        re.sub(r"picture_\w+", other.picture, url),
        url[:-1] + ("A" if url[-1] != "A" else "B"),
        url.partition("&")[0],
        url + "=",
        url.partition("signature=")[0] + "signature=%C3%BC",
        url.partition("?")[0],
    ):
        assert code_of(await photographer.look(wrong)) == (404, "NOT_FOUND", ""), wrong
    assert code_of(await photographer.look(photographer.shown_at(now=MORNING - timedelta(days=3))))[0] == 410
    assert code_of(await other.look()) == (404, "NOT_FOUND", "")


@pytest.mark.parametrize("sign", range(0, 96, 5))
async def test_an_address_to_send_to_can_not_be_made_up(photographer, sign):
    token = photographer.address().rpartition("/")[2]
    assert photographer.links.read(token, now=MORNING).picture_id == photographer.picture_id
    changed = token[:sign] + ("A" if token[sign] != "A" else "B") + token[sign + 1 :]
    for wrong in (changed, token[:sign], token + "A", token + "=", "", "ü"):
        with pytest.raises(NotFound):
            photographer.links.read(wrong, now=MORNING)


async def test_an_address_to_send_to_expires(photographer):
    assert code_of(await photographer.send(telling(), photographer.address(minutes=15))) == (410, "TOKEN_EXPIRED", "")
    assert (await photographer.send(telling(), photographer.address(minutes=14))).status_code == 201


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_a_picture_is_sent_by_put_alone(photographer, method):
    response = await photographer.site.http.request(method, photographer.address())
    assert (response.status_code, response.headers["allow"]) == (405, "PUT")


@pytest.mark.parametrize(("content", "status", "reason"), [
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "UNKNOWN_TYPE"), (b"", 415, "UNKNOWN_TYPE"),
    (telling()[:-200], 422, "UNREADABLE"), (vast(), 422, "TOO_MANY_PIXELS"),
])  # fmt: skip
async def test_what_is_refused_is_refused_with_its_reason_and_may_be_mended(photographer, content, status, reason):
    counted = [pictures_sent.labels(outcome) for outcome in (reason.lower(), "kept")]
    before = [total_of(one) for one in counted]
    refused = await photographer.send(content, **{"Content-Type": "image/jpeg"})
    assert code_of(refused) == (status, "PICTURE_REFUSED", reason)
    assert refused.json()["errors"][0]["message"].startswith("The picture is not taken: ")
    assert (await photographer.send(telling())).status_code == 201
    assert [total_of(one) for one in counted] == [count + 1 for count in before]


async def in_pieces(content: bytes):
    for place in range(0, len(content), 100_000):
        yield content[place : place + 100_000]


@pytest.fixture(scope="module")
def eleven_megabytes() -> bytes:
    content = noise(3_700)
    assert len(content) > MAX_BYTES
    return content


async def test_ten_megabytes_are_taken_though_graphql_takes_one(photographer, eleven_megabytes):
    small = telling()
    content = small + bytes(MAX_BYTES - len(small))
    assert (await photographer.send(in_pieces(content))).status_code == 201
    body = b'{"query": "' + bytes(2_000_000) + b'"}'
    json = {"Content-Type": "application/json"}
    response = await photographer.site.http.post(photographer.site.url + "/graphql", content=body, headers=json)
    assert response.status_code == 413


async def test_more_than_that_is_refused_by_its_announcement_or_when_it_has_come(photographer, eleven_megabytes):
    for content in (eleven_megabytes, in_pieces(eleven_megabytes)):
        assert code_of(await photographer.send(content)) == (413, "PICTURE_REFUSED", "TOO_LARGE")


async def test_what_was_sent_can_not_be_exchanged_and_may_be_sent_again(photographer):
    content = telling()
    first = await photographer.send(content)
    assert code_of(await photographer.send(telling("PNG"))) == (409, "PICTURE_REFUSED", "ALREADY_UPLOADED")
    again = await photographer.send(content)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_of_several_at_once_one_is_kept(photographer):
    contents = [telling("JPEG"), telling("PNG", turned=True), telling("WEBP"), telling("AVIF", turned=True)]
    answers = await asyncio.gather(*(photographer.send(content) for content in contents))
    [kept] = [answer.json() for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    for size in PictureSize:
        image = Image.open(BytesIO((await photographer.look(photographer.shown_at(size))).content))
        assert image.size == (kept["width"], kept["height"])


async def test_an_address_takes_so_many_tries(photographer):
    for _ in range(5):
        assert (await photographer.send(b"no picture")).status_code == 415
    refused = await photographer.send(telling())
    assert code_of(refused) == (429, "TOO_MANY_TRIES", "")
    photographer.site.clock.advance(seconds=int(refused.headers["retry-after"]))
    assert (await photographer.send(telling())).status_code == 201


async def slowly(address: str, *pieces: bytes, length: int) -> bytes:
    """Send a body of so many bytes in pieces, with a pause before each; give the answer."""
    url = urlsplit(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"PUT {url.path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    try:
        for piece in (head.encode(), *pieces):
            writer.write(piece)
            await asyncio.sleep(0.3)
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    finally:
        writer.close()


@asynccontextmanager
async def hurried(settings, **timeouts):
    """Somebody with addresses at a server that gives any other body a moment."""
    clock = HeldClock()
    own = settings_for(settings, http_body_timeout=200, **timeouts)
    async with serving(create_app(own, with_jobs=False, clock=clock), clock) as running:
        yield await Photographer.at(await found_party(await found_world(running)))


async def test_who_has_an_address_may_take_longer_than_others(settings):
    content = telling()
    async with hurried(settings) as photographer:
        third = len(content) // 3
        pieces = content[:third], content[third : 2 * third], content[2 * third :]
        answer = await slowly(photographer.address(), *pieces, length=len(content))
        assert answer.startswith(b"HTTP/1.1 201 ")
        made_up = photographer.site.url + "/uploads/made-up"
        assert (await slowly(made_up, length=len(content))).startswith(b"HTTP/1.1 404 ")


async def test_but_not_for_ever(settings):
    async with hurried(settings, http_upload_timeout=300) as photographer:
        answer = await slowly(photographer.address(), b"\xff\xd8\xff", length=1_000)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert (await photographer.look()).status_code == 404


async def test_a_page_of_an_origin_that_is_allowed_may_send_one(settings):
    clock = HeldClock()
    own = settings_for(settings, allowed_origins=("https://club.example",))
    async with serving(create_app(own, with_jobs=False, clock=clock), clock) as running:
        asked = {"Origin": "https://club.example", "Access-Control-Request-Method": "PUT"}
        response = await running.http.options(f"{running.url}/uploads/anything", headers=asked)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == "https://club.example"


async def test_a_storage_that_is_away_is_said_to_be_and_the_picture_may_be_sent_again(settings):
    clock = HeldClock()
    async with bucket_server() as bucket:
        url = f"s3://{KEY}:{quote(SECRET, safe='')}@{BUCKET}?region={REGION}&endpoint={bucket.url}"
        own = settings_for(settings, storage_url=url)
        async with serving(create_app(own, with_jobs=False, clock=clock), clock) as running:
            photographer = await Photographer.at(await found_party(await found_world(running)))
            bucket.refuse_with = 403
            away = await photographer.send(telling())
            assert code_of(away) == (503, "UNAVAILABLE", "")
            assert away.headers["retry-after"] == "1"
            bucket.refuse_with = 0
            assert (await photographer.send(telling())).status_code == 201
            assert (await photographer.look()).status_code == 200
            assert len(bucket.objects) == len(PictureSize)


def test_without_a_secret_that_all_processes_share_there_are_no_addresses(settings):
    empty = {"jwt_secret": SecretStr(""), "guest_token_secret": SecretStr("")}
    assert picture_links(settings_for(settings, **empty)) is None
    of_guests = picture_links(settings_for(settings, **empty | {"guest_token_secret": SecretStr("g" * 40)}))
    url, _ = of_guests.to_send(tenant_id=new_id(), picture_id=new_id(), now=MORNING)
    with pytest.raises(NotFound):
        picture_links(settings).read(url.rpartition("/")[2], now=MORNING)


def test_addresses_begin_where_clients_reach_the_server(settings):
    links = picture_links(settings_for(settings, public_url="https://club.example/live"))
    assert links.to_show(new_id(), PictureSize.SMALL, now=MORNING).startswith("https://club.example/live/pictures/")
