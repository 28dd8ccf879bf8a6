"""From what was measured to tables: medians over the repeats, in Markdown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from bench.beside import changes_beside, reads_beside
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
    "changes": "Changes, {n:,} subscribers",
    "rush": "A day that opens, with {n:,} screens",
    "guests": "Guests, {n:,} screens of planners",
    "storm": "{n:,} sockets that are gone and come back at once",
    "caddies": "{n:,} caddies on three lists, one change a minute",
}


def markdown(rows: Sequence[Row], servers: Sequence[Server]) -> str:
    """Give all tables there is something for."""
    parts = []
    for scenario, heading in HEADINGS.items():
        chosen = [row for row in rows if row["scenario"] == scenario]
        for n in sorted({row["subscribers"] for row in chosen}):
            here = [row for row in chosen if row["subscribers"] == n]
            own = changes_beside(chosen, n) if scenario == "changes" else ""
            parts.append(f"### {heading.format(n=n)}\n\n{own or _table(here, servers, COLUMNS[scenario])}")
            parts += _failures(here, servers) if own else []
            if scenario == "fanout" and (compared := _comparison(here, servers)):
                parts.append(f"### Beside the best peer, {n:,} subscribers\n\n{compared}")
            if scenario == "queries" and (compared := reads_beside(here)):
                parts.append(f"### Beside peers that read PostgreSQL\n\n{compared}")
            if scenario == "caddies" and (promised := _promises(here)):
                parts.append(f"### What is promised of caddies, {n:,} clients\n\n{promised}")
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


def _failures(rows: Sequence[Row], servers: Sequence[Server]) -> list[str]:
    """Say what went wrong, for tables that have no line for each server."""
    titles = {server.name: server.title for server in servers}
    return [f"{titles[row['server']]} failed: {row['error']}" for row in rows if "error" in row]


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


def _promises(rows: Sequence[Row]) -> str:
    """Set what was measured beside what the domain of caddies has to reach."""
    ways: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if "outcome" in row:
            ways.setdefault(row["outcome"]["reading"], []).append(row["outcome"])
    live, each = ways.get("live"), rows[0]["subscribers"] / 100
    if not live:
        return ""
    lines = [_line("figure", "promised", "measured"), _line(*["---"] * 3)]
    for title, limit, path in (("median", 50, "p50"), ("p99", 100, "p99")):
        lines.append(
            _line(f"mutation sent → received, {title} ms", f"under {limit}", _show(_median(live, f"whole_ms.{path}")))
        )
    for way in ("from", "to"):
        idle = (_median(live, f"quiet.kb_{way}_clients") or 0) / each
        lines.append(_line(f"silence: KB a minute {way} 100 clients", "under 10", _show(idle)))
    for way in sorted(ways.keys() - {"live"}):
        less = 100 - 100 * (_median(live, "minute.kb") or 0) / (_median(ways[way], "minute.kb") or 1)
        lines.append(_line(f"live takes fewer bytes than {way}, %", "at least 90", f"{less:.1f}"))
    return "\n".join(lines)


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


def _totals(*names: str) -> Callable[[Sequence[Mapping[str, Any]]], str]:
    """Add up over all repeats what should be nothing."""
    return lambda outcomes: " / ".join(f"{sum(outcome[name] for outcome in outcomes):,}" for name in names)


def _sums(*names: str) -> Callable[[Sequence[Mapping[str, Any]]], str]:
    """Add up, over both phases and all repeats, what should be nothing."""
    return lambda outcomes: " / ".join(
        f"{sum(_at(outcome, f'{phase}.{name}') or 0 for outcome in outcomes for phase in ('steady', 'burst')):,}"
        for name in names
    )


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


SPREAD = ("p50", "p99", "max")
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
    "changes": (("changes/s", _figure("per_s")),),
    "rush": (
        ("last answer / last screen, ms", _figure("last_answer_ms", "last_screen_ms")),
        ("sold after, median / max ms", _figure("sold_ms.p50", "sold_ms.max")),
        ("refused after, median / max ms", _figure("refused_ms.p50", "refused_ms.max")),
        ("sold / refused / early", _figure("sold", "refused", "early")),
        ("oversold starts", _totals("oversold")),
        ("events at each screen", _figure("events_each")),
        ("others before, median / max ms", _figure("others_before_ms.p50", "others_before_ms.max")),
        ("others meanwhile", _figure("others_meanwhile_ms.p50", "others_meanwhile_ms.max")),
        ("CPU per request, µs", _figure("cpu_us_per_request")),
    ),
    "guests": (
        LAST,
        BURST,
        CPU,
        FAULTS,
        ("import: answer / last screen has all, ms", _figure("last_answer_ms", "last_screen_ms")),
        ("events at each screen", _figure("heard")),
    ),
    "storm": (
        ("all back and caught up: median / p99 / last, ms", _figure(*[f"complete_ms.{p}" for p in SPREAD])),
        ("subscribed after, s", _figure("connect_s")),
        ("missed each", _figure("missed")),
        ("server CPU, s", _figure("cpu_s")),
        ("others before, median / max ms", _figure("others_before_ms.p50", "others_before_ms.max")),
        ("others meanwhile", _figure("others_meanwhile_ms.p50", "others_meanwhile_ms.max")),
        ("lost / doubled", _totals("lost", "doubled")),
    ),
    "caddies": (
        ("mutation sent → received, median / p99 / max ms", _figure(*[f"whole_ms.{p}" for p in SPREAD])),
        ("answered → received, median / p99 / max ms", _figure(*[f"delay_ms.{p}" for p in SPREAD])),
        ("KB a minute, from / to clients", _figure("minute.kb_from_clients", "minute.kb_to_clients")),
        ("requests a minute / of them 304", _figure("minute.requests", "minute.unchanged")),
        ("server CPU, s a minute", _figure("minute.cpu_s")),
        ("reconnects a minute", _figure("minute.reconnects")),
        ("lost / doubled / foreign", _totals("lost", "doubled", "foreign")),
    ),
}

FIGURES: Sequence[tuple[str, str, Callable[[Sequence[float]], float]]] = (
    ("last subscriber has it, median ms", "steady.last_ms.p50", min),
    ("burst, deliveries/s", "burst.deliveries_per_s", max),
    ("CPU per delivery in the burst, µs", "burst.cpu_us_per_delivery", min),
    ("sockets opened, authenticated and subscribed/s", "sockets_per_s", max),
    ("KB per connection", "kb_per_connection", min),
)
