"""How settings are written in the environment where their kind alone does not say it."""

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import NoDecode


def _at_commas(value: object) -> object:
    """Divide a text at its commas; what is no text is left as it is."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())


AtCommas = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_at_commas)]
"""Texts separated by commas. A type, not a validator: of two of one name, a class keeps the last."""
