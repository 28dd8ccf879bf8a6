"""The messages of graphql-transport-ws: what clients send, checked, and the reasons for which a socket is closed."""

from typing import Any

import orjson

from kit.parsing import Unreadable, read_json
from realtime.frames import prefix_of
from realtime.operations import Request, document_id_of

PROTOCOL = "graphql-transport-ws"
LONGEST_ID = 256
REASON_BYTES = 123
"""What a close frame has room for."""


class Closed(Exception):
    """The socket is to be closed with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason.encode()[:REASON_BYTES].decode(errors="ignore"))
        self.code = code


def message_of(raw: bytes | None, *, max_bytes: int) -> dict[str, Any]:
    """Read a message; None stands for one that is no text. Raises Closed."""
    if raw is None:
        raise Closed(4400, "Send text messages")
    if len(raw) > max_bytes:
        raise Closed(4400, f"A message has at most {max_bytes} bytes")
    try:
        message = read_json(raw)
    except Unreadable as error:
        raise Closed(4400, str(error)) from None
    if not isinstance(message, dict):
        raise Closed(4400, "A message is an object")
    return message


def operation_id(message: dict[str, Any]) -> str:
    """Read the id of the operation that a message is about. Raises Closed."""
    operation = message.get("id")
    if not isinstance(operation, str) or not 0 < len(operation) <= LONGEST_ID:
        raise Closed(4400, f"An operation has an id of 1 to {LONGEST_ID} characters")
    return operation


def request_of(message: dict[str, Any], *, connection: str, address: str) -> Request:
    """Read the operation that is to be run, which came by a connection from an address. Raises Closed."""
    payload = message.get("payload")
    if not isinstance(payload, dict) or not isinstance(payload.get("query", ""), str):
        raise Closed(4400, "The payload of subscribe has a query")
    variables, name, extensions = payload.get("variables"), payload.get("operationName"), payload.get("extensions")
    if not isinstance(variables, dict | None) or not isinstance(extensions, dict | None):
        raise Closed(4400, "Variables and extensions are objects")
    if not isinstance(name, str | None):
        raise Closed(4400, "operationName is a string")
    document_id = document_id_of(payload)
    if "query" not in payload and document_id is None:
        raise Closed(4400, "The payload of subscribe has a query")
    return Request(payload.get("query", ""), variables, name, connection, address, document_id)


def payload_of(message: dict[str, Any]) -> dict[str, Any] | None:
    """Read what comes along with connection_init, a ping or a pong, if anything does. Raises Closed."""
    payload = message.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise Closed(4400, f"The payload of {message['type']} is an object")
    return payload


def error_of(operation: str, errors: bytes) -> bytes:
    """Write that an operation failed, with the JSON list of its errors."""
    return prefix_of(operation) + b',"type":"error","payload":' + errors + b"}"


def one_too_many(operation: str, most: int) -> bytes:
    """Write that a connection has as many operations as it may have."""
    error = {
        "message": f"At most {most} operations on a connection; complete one first, or open another connection.",
        "extensions": {"code": "TOO_MANY_OPERATIONS"},
    }
    return error_of(operation, orjson.dumps([error]))
