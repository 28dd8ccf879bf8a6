"""Where files are kept that belong to no database: in a folder, or in a bucket of S3 or of what speaks like it.

A file is named by a key of letters, digits, hyphens and dots, parted by slashes. It is there as a whole or not at all,
and once `put` has ended it is there for good.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from kit.errors import SetupError, Unavailable
from kit.settings import Settings

Given = TypeVar("Given")
PRIVATE = 0o700
PATIENCE: Any = {"connect_timeout": timedelta(seconds=3), "timeout": timedelta(seconds=20)}
RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


MOST_OF_A_REASON = 500

log = structlog.get_logger(__name__)


class StorageUnavailable(Unavailable):
    """The place where files are kept cannot be reached at the moment; try again shortly."""


class Storage(Protocol):
    """Keeps files. Everything here raises StorageUnavailable where it can't be done at the moment."""

    async def put(self, key: str, content: bytes, *, media: str) -> None:
        """Keep a file, in the place of one that has the same key; `media` is its type, for who reads it past us."""

    async def get(self, key: str) -> bytes | None:
        """Give a file, if it is there."""

    async def exists(self, key: str) -> bool:
        """Tell whether a file is there."""

    async def delete(self, key: str) -> None:
        """Remove a file; one that is not there is removed already."""


def storage_of(settings: Settings) -> Storage:
    """Make the storage that is set: by default a folder within the data folder."""
    url = urlsplit(settings.storage_url)
    if url.scheme == "s3":
        return BucketStorage(settings.storage_url)
    folder = Path(unquote(url.path)) if url.scheme == "file" else settings.fairway_data_dir.expanduser() / "pictures"
    return FolderStorage(folder)


class FolderStorage:
    """Keeps files on a disk, which all processes have to share."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when there is something to keep."""
        self._folder = folder.resolve()

    async def put(self, key: str, content: bytes, *, media: str) -> None:  # noqa: ARG002 - a disk knows no types
        """Keep a file, in the place of one that has the same key."""
        await self._in_a_thread(_write, self._folder / key, content)

    async def get(self, key: str) -> bytes | None:
        """Give a file, if it is there."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return await self._in_a_thread((self._folder / key).read_bytes)
        return None

    async def exists(self, key: str) -> bool:
        """Tell whether a file is there."""
        return await self._in_a_thread((self._folder / key).is_file)

    async def delete(self, key: str) -> None:
        """Remove a file, and its folder with the last one."""
        with suppress(FileNotFoundError, NotADirectoryError):
            await self._in_a_thread(_remove, self._folder / key)

    async def _in_a_thread(self, work: Callable[..., Given], *given: object) -> Given:
        try:
            return await asyncio.to_thread(work, *given)
        except (FileNotFoundError, NotADirectoryError):
            raise
        except OSError as error:
            raise _away(error) from None


def _write(path: Path, content: bytes) -> None:
    """Write a file under another name, and give it its own once the disk has it."""
    try:
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        for folder in (path.parent, path.parent.parent):
            _sync(folder)
    except (FileNotFoundError, NotADirectoryError) as error:  # removed or in the way meanwhile: this is no "not found"
        raise _away(error) from None


def _sync(folder: Path) -> None:
    """Have the disk know the names in a folder."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):  # there are others in it, or it has gone
        path.parent.rmdir()


class BucketStorage:
    """Keeps files in a bucket of S3, or of what speaks like it."""

    def __init__(self, url: str) -> None:
        """Take `s3://bucket/prefix`, with what else is to be known of it. Raises SetupError."""
        parts = urlsplit(url)
        config: Any = {"disable_bulk_delete": "true", **dict(parse_qsl(parts.query))}  # not everyone has that
        if parts.username:
            config |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password or "")}
        allowed = {"allow_http": config.get("endpoint", "").startswith("http://")}
        prefix = parts.path.strip("/") or None
        try:
            self._bucket = S3Store(
                parts.hostname, prefix=prefix, config=config, client_options=PATIENCE | allowed, retry_config=RETRIES
            )
        except BaseError as error:
            raise SetupError(message=f"STORAGE_URL does not say enough: {_reason(error)}.") from None

    async def put(self, key: str, content: bytes, *, media: str) -> None:
        """Keep a file, in the place of one that has the same key."""
        async with _reached():
            attributes: Any = {"Content-Type": media}
            await obstore.put_async(self._bucket, key, content, attributes=attributes, use_multipart=False)

    async def get(self, key: str) -> bytes | None:
        """Give a file, if it is there."""
        async with _reached():
            with suppress(FileNotFoundError):
                found = await obstore.get_async(self._bucket, key)
                return bytes(await found.bytes_async())
        return None

    async def exists(self, key: str) -> bool:
        """Tell whether a file is there."""
        async with _reached():
            with suppress(FileNotFoundError):
                await obstore.head_async(self._bucket, key)
                return True
        return False

    async def delete(self, key: str) -> None:
        """Remove a file; one that is not there is removed already."""
        async with _reached():
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._bucket, key)


@asynccontextmanager
async def _reached() -> AsyncIterator[None]:
    """Take what says that the bucket can't be reached, or takes nothing from us."""
    try:
        yield
    except (BaseError, FileNotFoundError, PermissionError, TimeoutError) as error:
        raise _away(error) from None


def _away(error: Exception) -> StorageUnavailable:
    """Say in our own words that files can't be kept or read; the log has the others.

    What it came from does not come along: an error of the system would be taken for one of the database.
    """
    reason = (error.strerror or "") if isinstance(error, OSError) and error.strerror else _reason(error)
    log.warning("the storage took nothing, or gave nothing", reason=reason)
    return StorageUnavailable()


def _reason(error: Exception) -> str:
    """Give the library's own words, without what it says for those who mend it."""
    return str(error).partition("\n")[0][:MOST_OF_A_REASON].rstrip(".")
