"""From what was measured to tables: medians over the repeats, in Markdown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from bench.servers import Server

Row = dict[str, Any]
"""One run: `server`, `scenario`, `subscribers`, `repeat`, and either `outcome` or `error`."""
Column = tuple[str, Callable[[Sequence[Mapping[str, Any]]], str]]

HEADINGS = {
    "fanout": "{n:,} subscribers, one document",
    "documents": "{n:,} subscribers, 20 documents",
    "filters": "{n:,} subscribers, up to 1,000 filters",
    "audiences": "{n:,} subscribers, three audiences",
    "connections": "{n:,} connections on one process, fewer events",
    "idle": "{n:,} connections while nothing happens",
    "queries": "Queries, 32 connections",
}


def markdown(rows: Sequence[Row], servers: Sequence[Server]) -> str:
    """Give all tables there is something for."""
    parts = []
    for scenario, heading in HEADINGS.items():
        chosen = [row for row in rows if row["scenario"] == scenario]
        for n in sorted({row["subscribers"] for row in chosen}):
            here = [row for row in chosen if row["subscribers"] == n]
            parts.append(f"### {heading.format(n=n)}\n\n{_table(here, servers, COLUMNS[scenario])}")
            if scenario == "fanout" and (compared := _comparison(here, servers)):
                parts.append(f"### Beside the best peer, {n:,} subscribers\n\n{compared}")
    return "\n\n".join(parts)


def _table(rows: Sequence[Row], servers: Sequence[Server], columns: Sequence[Column]) -> str:
    lines = [_line("server", *(title for title, _ in columns)), _line(*["---"] * (len(columns) + 1))]
    for server in servers:
        for outcomes, what in _runs(rows, server):
            lines.append(_line(what, *(show(outcomes) for _, show in columns)))
        errors = [row["error"] for row in rows if row["server"] == server.name and "error" in row]
        if errors:
            lines.append(_line(server.title, f"failed: {errors[0]}", *[""] * (len(columns) - 1)))
    return "\n".join(lines)


def _runs(rows: Sequence[Row], server: Server) -> Iterator[tuple[list[Mapping[str, Any]], str]]:
    """Give a server's repeats together; what is read in several ways has a line for each."""
    outcomes = [row["outcome"] for row in rows if row["server"] == server.name and "outcome" in row]
    for reading in dict.fromkeys(outcome.get("reading", "") for outcome in outcomes):
        alike = [outcome for outcome in outcomes if outcome.get("reading", "") == reading]
        yield alike, f"{server.title}: {reading}" if reading else server.title


def _comparison(rows: Sequence[Row], servers: Sequence[Server]) -> str:
    """Set Fairway beside the best of the peers, figure by figure, and beside the floor."""
    lines = [_line("figure", "best peer", "floor in C", "Fairway", "Fairway : best peer"), _line(*["---"] * 5)]
    for title, path, better in FIGURES:
        found = {server.name: _number(rows, server.name, path) for server in servers}
        peers = [v for s in servers if s.best_of == "peers" and (v := found[s.name]) is not None]
        floors = [v for s in servers if s.best_of == "floor" and (v := found[s.name]) is not None]
        ours = found.get("fairway")
        if ours is None or not peers:
            continue
        best = better(peers)
        lines.append(_line(title, _show(best), _show(floors[0] if floors else None), _show(ours), f"{ours / best:.2f}"))
    return "\n".join(lines) if len(lines) > 2 else ""


def _number(rows: Sequence[Row], name: str, path: str) -> float | None:
    return _median([row["outcome"] for row in rows if row["server"] == name and "outcome" in row], path)


def _median(outcomes: Sequence[Mapping[str, Any]], path: str) -> float | None:
    values = [value for outcome in outcomes if (value := _at(outcome, path)) is not None]
    return median(values) if values else None


def _at(outcome: Mapping[str, Any], path: str) -> Any:
    found: Any = outcome
    for name in path.split("."):
        found = found.get(name) if found else None
    return found


def _show(value: float | None) -> str:
    if value is None:
        return "-"
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:.2g}"
        if abs(value) < 1
        else f"{value:.1f}"
    )


def _figure(*paths: str) -> Callable[[Sequence[Mapping[str, Any]]], str]:
    return lambda outcomes: " / ".join(_show(_median(outcomes, path)) for path in paths)


def _sums(*names: str) -> Callable[[Sequence[Mapping[str, Any]]], str]:
    """Add up, over both phases and all repeats, what should be nothing."""
    return lambda outcomes: " / ".join(
        f"{sum(_at(outcome, f'{phase}.{name}') or 0 for outcome in outcomes for phase in ('steady', 'burst')):,}"
        for name in names
    )


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


LAST: Column = ("last subscriber, median / p99 ms", _figure("steady.last_ms.p50", "steady.last_ms.p99"))
BURST: Column = ("burst, deliveries/s", _figure("burst.deliveries_per_s"))
CPU: Column = ("CPU per delivery in the burst, µs", _figure("burst.cpu_us_per_delivery"))
SOCKETS: Column = ("sockets/s", _figure("sockets_per_s"))
MEMORY: Column = ("KB per connection", _figure("kb_per_connection"))
FAULTS: Column = ("lost / doubled / reordered", _sums("lost", "doubled", "order_differs"))
COUNTS: Column = (
    "events / executions / deliveries",
    _figure("events", "counted.executions", "counted.deliveries"),
)

COLUMNS: Mapping[str, Sequence[Column]] = {
    "fanout": (LAST, BURST, CPU, SOCKETS, MEMORY, FAULTS, COUNTS),
    "documents": (LAST, BURST, CPU, SOCKETS, MEMORY, FAULTS, COUNTS),
    "filters": (LAST, BURST, CPU, SOCKETS, MEMORY, FAULTS, COUNTS),
    "audiences": (LAST, BURST, CPU, SOCKETS, MEMORY, FAULTS, COUNTS),
    "connections": (LAST, BURST, CPU, SOCKETS, MEMORY, FAULTS, ("sockets lost", _figure("sockets_lost"))),
    "idle": (
        (
            "bytes per connection and minute, from / to the server",
            _figure(*[f"idle.{way}_server_bytes_per_connection_minute" for way in ("from", "to")]),
        ),
        ("CPU, %", _figure("idle.cpu_percent")),
        MEMORY,
    ),
    "queries": (
        ("requests/s", _figure("requests_per_s")),
        ("answer, median / p99 ms", _figure("answer_ms.p50", "answer_ms.p99")),
        ("CPU per request, µs", _figure("cpu_us_per_request")),
        ("bytes of the body", _figure("body_bytes")),
        ("wrong answers", _figure("wrong")),
    ),
}

FIGURES: Sequence[tuple[str, str, Callable[[Sequence[float]], float]]] = (
    ("last subscriber has it, median ms", "steady.last_ms.p50", min),
    ("burst, deliveries/s", "burst.deliveries_per_s", max),
    ("CPU per delivery in the burst, µs", "burst.cpu_us_per_delivery", min),
    ("sockets opened, authenticated and subscribed/s", "sockets_per_s", max),
    ("KB per connection", "kb_per_connection", min),
)
