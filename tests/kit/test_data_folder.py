"""The data folder's secrets: made once, private, and the same for all who start at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from kit.data_folder import local_secret
from kit.errors import SetupError


@pytest.fixture
def folder(tmp_path):
    """A data folder that is not there yet."""
    return tmp_path / "data"


def test_the_local_secret_is_made_once_and_private(folder):
    secret = local_secret(folder)
    assert len(secret) == 64
    assert local_secret(folder) == secret
    assert stat.S_IMODE((folder / "jwt-secret").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["jwt-secret"]


def test_each_secret_has_a_file_of_its_own(folder):
    first, second = local_secret(folder), local_secret(folder, "guest-token-secret")
    assert first != second
    assert (local_secret(folder), local_secret(folder, "guest-token-secret")) == (first, second)
    (folder / "guest-token-secret").write_text("short")
    with pytest.raises(SetupError, match=r"damaged.* or set GUEST_TOKEN_SECRET\."):
        local_secret(folder, "guest-token-secret")


def test_those_who_race_for_the_local_secret_get_the_same(folder):
    start = Barrier(8)

    def race(_):
        start.wait()
        return local_secret(folder)

    with ThreadPoolExecutor(8) as racers:
        secrets = set(racers.map(race, range(8)))
    assert secrets == {local_secret(folder)}


def test_a_damaged_local_secret_is_refused(folder):
    folder.mkdir()
    (folder / "jwt-secret").write_text("short")
    with pytest.raises(SetupError, match="is damaged"):
        local_secret(folder)
