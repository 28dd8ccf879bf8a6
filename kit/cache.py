"""A cache for what was worked out from a text, bounded by entries and by characters."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Values by the text they come from; the least lately used are evicted first."""

    def __init__(self, *, entries: int, characters: int) -> None:
        self._entries, self._characters = entries, characters
        self._values: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._size = 0

    def __contains__(self, text: str) -> bool:
        return text in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, text: str) -> Value | None:
        """Give what is remembered of a text, and note that it was used."""
        found = self._values.get(text)
        if found is None:
            return None
        self._values.move_to_end(text)
        return found[0]

    def keep(self, text: str, value: Value, *, size: int) -> None:
        """Remember a value that counts for `size` characters; one that would take a quarter is not kept."""
        if size > self._characters // 4:
            return
        if text in self._values:
            self._size -= self._values.pop(text)[1]
        self._values[text] = (value, size)
        self._size += size
        while len(self._values) > self._entries or self._size > self._characters:
            _, (_, freed) = self._values.popitem(last=False)
            self._size -= freed
