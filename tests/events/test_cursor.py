from base64 import urlsafe_b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.cursor import Cursor
from kit.errors import InvalidInput

NAMES = st.from_regex(r"[a-z-]{1,12}:[a-z0-9_]{1,60}", fullmatch=True)
CURSORS = st.builds(Cursor, NAMES, st.from_regex(r"[0-9a-f]{0,12}", fullmatch=True), st.integers(0, 2**63 - 1))


def written(text):
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(CURSORS)
def test_a_cursor_is_read_as_it_was_written(cursor):
    text = str(cursor)
    assert text.isascii()
    assert Cursor.parse(text, stream=cursor.stream) == cursor


@given(CURSORS, NAMES)
def test_a_cursor_of_another_stream_is_refused(cursor, stream):
    if stream != cursor.stream:
        with pytest.raises(InvalidInput, match="another stream"):
            Cursor.parse(str(cursor), stream=stream)


@given(st.text())
@example("é")
@example("\ud800")
@example("A" * 301)
@example("A" * 5)
@example(written("f1|club:1|e|-1"))
@example(written("f1|club:1|e|01"))
@example(written("f1|club:1|e|\u0661"))
@example(written("f1|club:1|e|1") + "=")
@example(written("f2|club:1|e|1"))
@example(written("f1|club:1|1"))
def test_any_other_text_is_refused_as_malformed(text):
    with pytest.raises(InvalidInput, match="malformed") as refusal:
        Cursor.parse(text, stream="club:1")
    assert refusal.value.path == ("after",)


@given(st.binary(max_size=200).map(lambda data: urlsafe_b64encode(data).decode().rstrip("=")))
def test_any_other_bytes_behind_the_writing_are_refused_too(text):
    with pytest.raises(InvalidInput):
        Cursor.parse(text, stream="club:1")
