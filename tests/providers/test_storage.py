"""Where pictures are kept: a folder, and a bucket that speaks as S3 does. Both do the same."""

import socket
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from kit.errors import SetupError
from kit.settings import load_settings
from providers.storage import BucketStorage, FolderStorage, StorageUnavailable, storage_of
from tests.harness import settings_for
from tests.providers.bucket_server import BUCKET, KEY, REGION, SECRET, bucket_server

MEDIA = "image/jpeg"


@pytest_asyncio.fixture
async def bucket():
    async with bucket_server() as running:
        yield running


def url_of(bucket, *, key=KEY, secret=SECRET, name=BUCKET) -> str:
    return f"s3://{key}:{quote(secret, safe='')}@{name}/guests/all?region={REGION}&endpoint={bucket.url}"


@pytest.fixture(params=["a folder", "a bucket"])
def storage(request, bucket, tmp_path, settings):
    url = url_of(bucket) if request.param == "a bucket" else f"file://{quote(str(tmp_path / 'kept here'))}"
    return storage_of(settings_for(settings, storage_url=url))


async def test_a_file_is_kept_replaced_and_removed(storage):
    assert await storage.get("a/1.jpg") is None
    assert not await storage.exists("a/1.jpg")
    await storage.put("a/1.jpg", b"first", media=MEDIA)
    await storage.put("a/2.jpg", b"second" * 100_000, media=MEDIA)
    assert (await storage.get("a/1.jpg"), await storage.get("a/2.jpg")) == (b"first", b"second" * 100_000)
    await storage.put("a/1.jpg", b"", media=MEDIA)
    assert await storage.get("a/1.jpg") == b""
    assert await storage.exists("a/1.jpg")
    for _ in range(2):
        await storage.delete("a/1.jpg")
        assert await storage.get("a/1.jpg") is None
    assert await storage.exists("a/2.jpg")


async def test_by_default_files_are_kept_in_the_data_folder(settings, tmp_path):
    storage = storage_of(settings_for(settings, fairway_data_dir=tmp_path))
    assert isinstance(storage, FolderStorage)
    assert list(tmp_path.iterdir()) == [], "a folder is made when there is something to keep"
    await storage.put("a/1.jpg", b"first", media=MEDIA)
    file = tmp_path / "pictures" / "a" / "1.jpg"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    assert [f"{path.stat().st_mode:o}"[-3:] for path in (file, file.parent, file.parent.parent)] == [
        "600",
        "700",
        "700",
    ]
    await storage.delete("a/1.jpg")
    assert not file.parent.exists()


async def test_a_file_is_there_as_a_whole_or_not_at_all(tmp_path):
    storage = FolderStorage(tmp_path)
    (tmp_path / "a" / "1.jpg").mkdir(parents=True)  # in the way
    with pytest.raises(StorageUnavailable):
        await storage.put("a/1.jpg", b"first", media=MEDIA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    (tmp_path / "b").write_text("no folder")
    with pytest.raises(StorageUnavailable):
        await storage.put("b/1.jpg", b"first", media=MEDIA)
    assert await storage.get("b/1.jpg") is None


async def test_a_full_disk_is_said_to_be_out_of_reach():
    storage = FolderStorage(Path("/proc/self"))  # nothing can be made there
    with pytest.raises(StorageUnavailable):
        await storage.put("a/1.jpg", b"first", media=MEDIA)


async def test_a_bucket_is_told_the_type_and_asked_under_the_prefix(bucket):
    storage = BucketStorage(url_of(bucket))
    await storage.put("a/1.jpg", b"first", media=MEDIA)
    await storage.get("a/1.jpg")
    await storage.delete("a/1.jpg")
    path = f"/{BUCKET}/guests/all/a/1.jpg"
    assert bucket.asked == [("PUT", path), ("GET", path), ("DELETE", path)]
    assert bucket.media == {"guests/all/a/1.jpg": MEDIA}


@pytest.mark.parametrize("wrong", [{"secret": "another secret"}, {"key": "another-key"}, {"name": "another-bucket"}])
async def test_a_bucket_that_takes_nothing_from_us_is_out_of_reach_and_the_log_says_why(bucket, wrong):
    storage = BucketStorage(url_of(bucket, **wrong))
    with capture_logs() as logs, pytest.raises(StorageUnavailable):
        await storage.put("a/1.jpg", b"first", media=MEDIA)
    [line] = logs
    assert ("NoSuchBucket" if "name" in wrong else "SignatureDoesNotMatch") in line["reason"]
    assert not {SECRET, "another secret"} & set(line["reason"].split())
    assert bucket.objects == {}


async def test_a_bucket_that_fails_is_asked_again_and_then_out_of_reach(bucket):
    storage = BucketStorage(url_of(bucket))
    bucket.refuse_with = 503
    with pytest.raises(StorageUnavailable):
        await storage.get("a/1.jpg")
    assert len(bucket.asked) > 1
    bucket.refuse_with = 0
    assert await storage.get("a/1.jpg") is None


async def test_a_bucket_that_can_not_be_reached_is_out_of_reach(bucket):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listened to
        bucket.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        storage = BucketStorage(url_of(bucket))
        for asked in (storage.get("a"), storage.exists("a"), storage.delete("a"), storage.put("a", b"", media=MEDIA)):
            with pytest.raises(StorageUnavailable):
                await asked


async def test_keys_may_come_from_where_other_programs_have_theirs(bucket, monkeypatch):
    url = f"s3://{BUCKET}?region={REGION}&endpoint={bucket.url}"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    with pytest.raises(SetupError, match=r"^STORAGE_URL does not say enough: .*SecretAccessKey"):
        BucketStorage(url)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    await BucketStorage(url).put("a/1.jpg", b"first", media=MEDIA)
    assert bucket.objects == {"a/1.jpg": b"first"}


@pytest.mark.parametrize("url", [
    "s3:///prefix", "s3://", "file://server/folder", "file:folder", "/srv/pictures", "http://bucket", "s3://b?token=1",
    "s3://b?region", "file:///srv?region=a", "s3://b#fragment", "s3://b[",
])  # fmt: skip
def test_a_wrong_address_is_named_at_the_start(url):
    with pytest.raises(SetupError, match=r"^Wrong setting: STORAGE_URL is not a URL like file:///srv/pictures or s3:"):
        load_settings(_env_file=None, storage_url=url)


def test_a_secret_is_never_shown(bucket):
    settings = load_settings(_env_file=None, storage_url=url_of(bucket))
    assert quote(SECRET, safe="") not in repr(settings)
    assert SECRET not in repr(vars(BucketStorage(settings.storage_url)))
