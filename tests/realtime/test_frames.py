import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.frames import FrameCache, header, prefix_of, tail_of
from tests.realtime.list_hub import read_frames

OVERHEAD = len(prefix_of("1") + tail_of(b'""'))


def answer_of_size(size: int) -> bytes:
    """An answer whose message, for an operation with an id of one character, has so many bytes."""
    return orjson.dumps("x" * (size - OVERHEAD))


@pytest.mark.parametrize("size", [OVERHEAD, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 1_000_000])
def test_frames_of_every_size_are_read_by_the_library_as_they_were_meant(size):
    answer = answer_of_size(size)
    (message,) = read_frames(FrameCache([answer]).for_prefix(prefix_of("1"), (0,)))
    assert len(message) == size
    assert orjson.loads(message) == {"id": "1", "type": "next", "payload": orjson.loads(answer)}


@given(
    operations=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256), min_size=1),
    answers=st.lists(st.integers(0, 200), min_size=1, max_size=6),
    data=st.data(),
)
def test_everybody_gets_the_answers_they_want_under_their_own_id(operations, answers, data):
    cache = FrameCache([orjson.dumps({"data": "é" * size}) for size in answers])
    for operation in operations:
        chosen = tuple(sorted(data.draw(st.sets(st.sampled_from(range(len(answers))), min_size=1))))
        said = [orjson.loads(raw) for raw in read_frames(cache.for_prefix(prefix_of(operation), chosen))]
        payloads = [{"data": "é" * answers[n]} for n in chosen]
        assert said == [{"id": operation, "type": "next", "payload": payload} for payload in payloads]


@given(st.integers(0, 2**40))
def test_a_header_tells_the_length_in_the_shortest_way(length):
    written = header(length)
    assert written[0] == 0x81
    assert len(written) == (2 if length < 126 else 4 if length < 65_536 else 10)
    assert length == (written[1] if length < 126 else int.from_bytes(written[2:], "big"))
