"""A folder that e-mails and pushes are put in instead of being sent: for the demo, and for trying out."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from kit.clock import Clock
from kit.sending import Mail, Outcome, Push, Verdict
from providers.mail.writing import html_of

KEPT = 200
"""How many are kept: the newest."""


class Outbox:
    """The folder."""

    def __init__(self, folder: Path, *, clock: Clock) -> None:
        """Take the folder, which is made when something is put there."""
        self._folder, self._clock = folder, clock

    async def carry(self, parcel: Mail | Push) -> Outcome:
        """Put something there."""
        await asyncio.to_thread(self._put, parcel)
        return Outcome(verdict=Verdict.TAKEN, said="outbox")

    def _put(self, parcel: Mail | Push) -> None:
        shown = {"at": self._clock().isoformat(), **_shown(parcel)}
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{parcel.id}.json"
        part = path.with_suffix(".part")
        part.write_bytes(orjson.dumps(shown))
        part.replace(path)
        for old in sorted(self._folder.glob("*.json"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)

    def newest(self) -> Iterator[dict[str, Any]]:
        """Read what is there, the newest first: their names are ids, which sort by time."""
        for path in sorted(self._folder.glob("*.json"), reverse=True):
            try:
                yield orjson.loads(path.read_bytes())
            except (OSError, orjson.JSONDecodeError):
                continue  # removed meanwhile


def _shown(parcel: Mail | Push) -> dict[str, Any]:
    if isinstance(parcel, Mail):
        return {"channel": "EMAIL", "to": parcel.to, "title": parcel.subject, "html": html_of(parcel)}
    return {"channel": "PUSH", "to": parcel.endpoint, "title": parcel.title, "body": parcel.body}
