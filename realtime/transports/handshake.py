"""The opening handshake of a WebSocket (RFC 6455, 4.2), on a request whose lines the HTTP parser has taken apart."""

from base64 import b64encode
from binascii import Error, a2b_base64
from collections.abc import Sequence
from hashlib import sha1
from http import HTTPStatus

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""What the answer to a key is made with (RFC 6455, 1.3)."""
KEY_BYTES = 16

Headers = Sequence[tuple[bytes, bytes]]
"""Names in small letters, and values."""


class RequestRefused(Exception):
    """The request gets no other answer than a status and a sentence, after which the connection is closed."""

    def __init__(self, status: HTTPStatus, sentence: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


def key_of(method: bytes, version: str, headers: Headers) -> bytes:
    """Give the key of a request to open a WebSocket. Raises RequestRefused where it is not a right one."""
    if method != b"GET":
        raise RequestRefused(HTTPStatus.METHOD_NOT_ALLOWED, "A WebSocket is opened by GET.", (b"Allow", b"GET"))
    if version != "1.1":
        raise RequestRefused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "A WebSocket is opened by HTTP/1.1.")
    _refuse_body(headers)
    if "upgrade" not in words_of(headers, b"connection") or words_of(headers, b"upgrade") != ["websocket"]:
        raise _upgrade_required("The request must ask for “Connection: Upgrade” and “Upgrade: websocket”.")
    if values_of(headers, b"sec-websocket-version") != [b"13"]:
        raise _upgrade_required("The version of the WebSocket protocol must be 13.")
    keys = values_of(headers, b"sec-websocket-key")
    if len(keys) != 1 or not _is_key(keys[0]):
        raise _bad_request("There must be one Sec-WebSocket-Key, of 16 bytes in Base64.")
    return keys[0]


def switching(key: bytes, headers: Headers) -> bytes:
    """Write the answer that opens the WebSocket. `headers` are added to those that it must have.

    Names are written as RFC 6455 writes them: there are clients that look for them letter by letter.
    """
    accept = b64encode(sha1(key + MAGIC, usedforsecurity=False).digest())
    first = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
    return first + accept + b"\r\n" + _written(headers)


def refusal(status: HTTPStatus, sentence: str, headers: Headers) -> bytes:
    """Write the answer that refuses a request, after which the connection is closed."""
    body = sentence.encode()
    more = [*headers, (b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", b"%d" % len(body))]
    line = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
    return line.encode() + _written(more) + body


def values_of(headers: Headers, wanted: bytes) -> list[bytes]:
    """Give the values of all headers of a name, without the space around them."""
    return [value.strip(b" \t") for name, value in headers if name == wanted]


def words_of(headers: Headers, wanted: bytes) -> list[str]:
    """Give the words of all headers of a name that holds a list, in small letters."""
    listed = b",".join(values_of(headers, wanted)).decode("latin-1").lower().split(",")
    return [word for word in map(str.strip, listed) if word]


def _refuse_body(headers: Headers) -> None:
    if values_of(headers, b"transfer-encoding") or any(
        value != b"0" for value in values_of(headers, b"content-length")
    ):
        raise _bad_request("A request that opens a WebSocket has no body.")


def _is_key(value: bytes) -> bool:
    try:
        return len(a2b_base64(value, strict_mode=True)) == KEY_BYTES
    except Error:
        return False


def _upgrade_required(sentence: str) -> RequestRefused:
    wanted = ((b"Upgrade", b"websocket"), (b"Sec-WebSocket-Version", b"13"))
    return RequestRefused(HTTPStatus.UPGRADE_REQUIRED, sentence, *wanted)


def _bad_request(sentence: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.BAD_REQUEST, sentence)


def _written(headers: Headers) -> bytes:
    return b"".join([name + b": " + value + b"\r\n" for name, value in headers]) + b"\r\n"
