"""The program's own folder: who holds it, the secrets that are made in it once, and what is wrong with it in words."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kit.errors import SetupError


def has_local_secret(data_dir: Path) -> bool:
    """Tell whether a server that was started with a data folder has made its secret there."""
    return (data_dir.expanduser().resolve() / "jwt-secret").is_file()


def local_secret(data_dir: Path, name: str = "jwt-secret") -> str:
    """Give the random secret kept in a file of `data_dir`, made at the first call; the same one to all processes.

    The setting that can take its place is called as the file is. Raises SetupError when the file cannot be made or is
    damaged.
    """
    path = data_dir.expanduser().resolve() / name
    with explained(path.parent):
        make_data_dir(path.parent)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        secret = path.read_text(encoding="utf-8", errors="replace").strip()
    if len(secret) < 32:
        setting = name.replace("-", "_").upper()
        raise SetupError(message=f"{path} is damaged. Delete it to get a new secret, or set {setting}.")
    return secret


def make_data_dir(data_dir: Path) -> None:
    """Make our folder. What is in it is private by itself, so that PostgreSQL's user may pass when we are root."""
    data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def lock_folder(data_dir: Path) -> int:
    """Hold our folder until the file given is closed, at the latest by the end of this process. Raises SetupError."""
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "that is just starting"
        os.close(lock)
        message = f"{data_dir} is in use by process {holder}. Stop it, or set FAIRWAY_DATA_DIR to another folder."
        raise SetupError(message=message) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


@contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    """Turn an error of the operating system into a SetupError that says what to change."""
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror} ({error.filename or data_dir})"
        message = f"The data folder {data_dir} cannot be used: {reason}. Set FAIRWAY_DATA_DIR to another one."
        raise SetupError(message=message) from error


def _write_once(path: Path, text: str) -> None:
    """Write a private file whole, or leave the one that another process made first."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.close(handle)
        Path(draft).unlink()
