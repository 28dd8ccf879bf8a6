"""JSON that somebody has sent."""

from typing import Any

import orjson

MAX_LEVELS = 64
"""Levels of brackets; what writes JSON again, and what walks through it, ends at some two hundred."""


class Unreadable(ValueError):
    """It is not JSON, or nested too deep; the sentence says which."""


def read_json(text: bytes | str) -> Any:
    """Read JSON by the letter: no NaN, nothing that is no Unicode, and not too deep. Raises Unreadable."""
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Unreadable("This is not JSON.") from None
    if brackets_in(text) > MAX_LEVELS and not is_flat(read):
        raise Unreadable(f"Values are nested in at most {MAX_LEVELS} levels.")
    return read


def brackets_in(text: bytes | str) -> int:
    """Count what may open a level: hardly any text has so many that it has to be looked at more closely."""
    return text.count(b"[") + text.count(b"{") if isinstance(text, bytes) else text.count("[") + text.count("{")


def is_flat(value: Any) -> bool:
    """Tell whether a value has at most so many levels, level by level."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_LEVELS):
        within = (inner for one in level for inner in (one.values() if isinstance(one, dict) else one))
        level = [inner for inner in within if isinstance(inner, dict | list)]
    return not level
