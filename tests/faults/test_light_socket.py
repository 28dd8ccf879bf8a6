import pytest

from tests.faults.followers import Follower
from tests.faults.light_socket import TEXT, _frame_at, frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 70_000])
def test_a_frame_is_read_as_it_was_written_and_not_before_it_is_whole(size):
    payload = b"x" * size
    written = frame(payload, masked=False)
    assert _frame_at(b"before" + written + b"after", 6) == (TEXT, payload, 6 + len(written))
    assert all(
        _frame_at(written[:cut], 0) is None for cut in {0, 1, 2, 3, 4, 9, len(written) - 1} if cut < len(written)
    )


async def test_a_follower_that_is_refused_says_why(world):
    follower = Follower(world, "no cursor")
    await follower.follow(world.server)
    assert follower.refusal.startswith("This cursor is malformed")
    assert follower.code == 1006
