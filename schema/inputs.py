"""Inputs become arguments of the domain: ids are read, nothing that was left out is passed on."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import strawberry

from kit.ids import parse_id
from kit.text import camel

DAY = MappingProxyType({"date": "day"})
"""What the domain calls the date of a sheet."""


class Input:
    """An input of a mutation."""

    kinds: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """The kind of id that a field holds, where its name does not say it: `holdId` holds the id of a hold."""
    names: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What the domain calls a field, where it has another word for it: the `date` of a sheet is its `day`."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give what was set, by name, with public ids read. Raises InvalidInput for an id of the wrong kind."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}  # type: ignore[arg-type]
        values.pop("idempotency_key", None)
        given = {name: value for name, value in values.items() if value is not strawberry.UNSET}
        return {self.names.get(name, name): self._read(name, value, path) for name, value in given.items()}

    def _read(self, name: str, value: Any, path: tuple[str, ...]) -> Any:
        if name.endswith("_id") and name != "user_id" and value is not None:
            kind = self.kinds.get(name, name.removesuffix("_id"))
            return parse_id(kind, value, path=(*path, camel(name)))
        return value
