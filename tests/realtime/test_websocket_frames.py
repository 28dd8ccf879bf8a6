"""Frames of clients, read by us and by the websockets library, which is the reference."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from realtime.transports.websocket_frames import FrameReader, FrameRefused
from tests.faults.light_socket import BINARY, CLOSE, PING, PONG, TEXT, frame

MOST = 100_000
CONTINUATION = 0


def masked(frame_bytes, mask):
    """Mask a frame that was masked with zeros."""
    at = frame_bytes.index(bytes(4), 2 + {126: 2, 127: 8}.get(frame_bytes[1] & 127, 0))
    payload = bytes(byte ^ mask[n % 4] for n, byte in enumerate(frame_bytes[at + 4 :]))
    return frame_bytes[:at] + mask + payload


def ours(pieces):
    """Give what we read of a client's bytes, and the code with which we refuse the rest."""
    reader, heard = FrameReader(MOST), []
    try:
        for piece in pieces:
            for opcode, payload in reader.feed(piece):
                heard.append((opcode, payload))
                if opcode == CLOSE:
                    return heard, None
    except FrameRefused as refused:
        return heard, refused.code
    return heard, None


def theirs(pieces):
    """Give what the library reads of them; fragments are put together and text is checked by us."""
    protocol, heard, parts = ServerProtocol(state=OPEN, max_size=MOST), [], []
    for piece in pieces:
        protocol.receive_data(piece)
        for event in protocol.events_received():
            assert isinstance(event, Frame)
            if event.opcode >= CLOSE:
                heard.append((int(event.opcode), bytes(event.data)))
                continue
            parts.append(event)
            if event.fin:
                opcode, whole = int(parts[0].opcode), b"".join(bytes(part.data) for part in parts)
                parts = []
                if opcode == TEXT and not is_text(whole):
                    return heard, 1007
                heard.append((opcode, whole))
        if protocol.parser_exc:
            return heard, protocol.close_sent.code
        if protocol.close_rcvd:
            return heard, None
    return heard, None


def is_text(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


SIZES = (0, 1, 2, 124, 125, 126, 127, 65_535, 65_536, MOST)
TEXTS = (b"plain", "é€𝄞".encode(), b"\xc3", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"a\x00b", b"\xc0\x80")


@st.composite
def some_message(draw):
    """Some frames that a client may send: a message in fragments, with control frames between them, or one of these."""
    if draw(st.integers(0, 3)) == 0:
        return [frame(draw(st.binary(max_size=125)), opcode=draw(st.sampled_from([PING, PONG])))]
    payload = draw(st.one_of(st.sampled_from(TEXTS), st.text().map(str.encode), st.sampled_from(SIZES).map(bytes)))
    cuts = sorted({0, len(payload), *draw(st.lists(st.integers(0, len(payload)), max_size=3))})
    parts = [payload[start:end] for start, end in pairwise(cuts)] or [b""]
    opcode, sent = draw(st.sampled_from([TEXT, BINARY])), []
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        sent.append(frame(part, opcode=CONTINUATION if number else opcode, first=0x80 if last else 0))
        if not last and draw(st.integers(0, 3)) == 0:
            sent.append(frame(b"between", opcode=PING))
    return sent


@given(
    messages=st.lists(some_message(), max_size=5),
    mask=st.binary(min_size=4, max_size=4),
    cuts=st.lists(st.integers(0, 400), max_size=6),
    lost=st.integers(0, 40),
)
def test_whatever_comes_is_read_as_the_reference_reads_it(messages, mask, cuts, lost):
    frames = [masked(one, mask) for message in messages for one in message]
    if lost < len(frames):
        del frames[lost]  # a message without its beginning, or its end
    data = b"".join(frames)
    places = sorted({0, *(cut for cut in cuts if cut < len(data)), len(data)})
    pieces = [data[start:end] for start, end in pairwise(places)]
    assert ours(pieces) == theirs(pieces)


def test_each_kind_of_frame_is_judged_as_by_the_reference():
    begun = {False: b"", True: frame(b"x", first=0)}
    for opcode in range(16):
        for bits in (0x80, 0x00, 0xC0, 0xA0, 0x90):
            for size in (*SIZES, MOST + 1):
                if size >= MOST and (opcode > BINARY or bits & 0x70):
                    continue  # for two faults at once there are two right answers
                for going_on in (False, opcode != CLOSE):  # one who leaves in mid-sentence may, for us
                    payload = b"\x03\xe8" + bytes(size) if opcode == CLOSE else bytes(size)
                    data = begun[going_on] + frame(payload, opcode=opcode, first=bits)
                    assert ours([data]) == theirs([data]), (opcode, bits, size, going_on)
    assert ours([frame(b"", masked=False)]) == theirs([frame(b"", masked=False)]) == ([], 1002)


def test_each_text_and_each_code_is_judged_as_by_the_reference():
    for text in TEXTS:
        assert ours([frame(text)]) == theirs([frame(text)]), text
    for payload in (b"", b"\x03", *(code.to_bytes(2, "big") + text for code in range(5_100) for text in (b"", b"bye"))):
        data = frame(payload, opcode=CLOSE)
        assert ours([data]) == theirs([data]), payload
    for reason in TEXTS:
        data = frame(b"\x03\xe8" + reason, opcode=CLOSE)
        assert ours([data]) == theirs([data]), reason


def test_frames_that_come_byte_by_byte_are_put_together():
    data = masked(frame("é".encode()[:1], first=0), b"abcd") + frame(b"!", opcode=PING)
    data += frame("é".encode()[1:] + b"x" * 130, opcode=CONTINUATION) + frame(b"y" * 70_000, opcode=BINARY)
    heard, code = ours(data[at : at + 1] for at in range(len(data)))
    assert heard == [(PING, b"!"), (TEXT, "é".encode() + b"x" * 130), (BINARY, b"y" * 70_000)]
    assert code is None


def test_a_message_has_a_limit_however_many_fragments_it_comes_in():
    most, begin = MOST // 10, frame(b"", first=0)
    fragments = [frame(bytes(most), opcode=CONTINUATION, first=0) for _ in range(10)]
    assert ours([begin, *fragments]) == ([], None)
    assert ours([begin, *fragments, frame(b"!", opcode=PING)]) == ([(PING, b"!")], None)
    assert ours([begin, *fragments, frame(b"x", opcode=CONTINUATION)]) == ([], 1009)
