"""What every event is: a fact that happened, frozen, in the past tense, typed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from pydantic import TypeAdapter

E = TypeVar("E", bound="Event")
catalogue: dict[str, "type[Event]"] = {}
rewriting: set[str] = set()
"""The types of events behind which earlier ones of their stream say less, told to clients or not."""
untold: set[str] = set()
"""The types of events that are for processes alone; they hold ids, and nothing that says more of anybody."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact. Ids in it are public ids, so that what is logged is what clients are shown."""

    type: ClassVar[str]
    """The wire name: `slot.booked`."""
    rewrites_log: ClassVar[bool] = False
    """Whether earlier events of its stream say less from it on: what is kept of them in memory is to be forgotten."""

    @property
    def stream(self) -> str:
        """The stream that orders this event among others."""
        raise NotImplementedError

    @property
    def rooms(self) -> tuple[str, ...]:
        """Where the event is heard within its stream."""
        return (self.stream,)

    @property
    def kept_for(self) -> str | None:
        """The public id of the thing that keeps this in its history for good; none for what stands in the log alone."""
        return None

    @classmethod
    def parse(cls, data: dict[str, Any]) -> Self:
        """Read the event from the log."""
        adapter: TypeAdapter[Self] = _adapter(cls)  # type: ignore[arg-type]  # a class is hashable
        return adapter.validate_python(data)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(wire_name: str, *, told: bool = True) -> Callable[[type[E]], type[E]]:
    """Declare a fact under its wire name, and put it into the catalogue, unless clients are never told of it."""

    def declare(cls: type[E]) -> type[E]:
        kind = dataclass(frozen=True, kw_only=True)(cls)
        if wire_name in catalogue:
            raise TypeError(f"{wire_name} is declared twice: {catalogue[wire_name].__name__} and {kind.__name__}")
        kind.type = wire_name
        if kind.rewrites_log:
            rewriting.add(wire_name)
        if told:
            catalogue[wire_name] = kind
        else:
            untold.add(wire_name)
        return kind

    return declare
