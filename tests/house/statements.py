"""Counting what the application says to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.harness import Server, Who, World


@contextmanager
def statements(server: Server) -> Iterator[list[str]]:
    """Note what the application's role sends to the database meanwhile. Nothing is worked out twice then."""
    sent: list[str] = []
    engine, answering = server.runtime.database.app.sync_engine, server.process.engine
    compares, answering.compares = answering.compares, False

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        answering.compares = compares
        event.remove(engine, "before_cursor_execute", note)


def listed(sent: list[str]) -> str:
    """Show what was sent, by number."""
    return "\n".join(f"{number:3} {statement[:120]}" for number, statement in enumerate(sent, 1))


async def book(world: World, number: int, who: Who, **given: Any) -> str:
    """Book two places of a tee time of the world, or others; give the booking."""
    given = {"teeTimeId": world.tee_time(number), "places": 2, **given}
    payload = await world.server.mutate("bookSlots", "booking { id }", who=who, **given)
    assert payload["problems"] == []
    return str(payload["booking"]["id"])
