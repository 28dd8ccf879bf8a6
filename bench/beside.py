"""Tables of ratios: Fairway with PostgreSQL behind it, beside the driver alone and peers that keep to it too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

Row = dict[str, Any]
Key = tuple[Any, ...]
Outcomes = Mapping[Key, Mapping[str, float]]
OURS = "fairway"


def changes_beside(rows: Sequence[Row], subscribers: int) -> str:
    """Set changes beside the driver alone, pgbench and the peer. Who does it alone does so without subscribers."""
    ours, peer = (_by_key(rows, name, subscribers) for name in (OURS, "apollo-pg"))
    driver, simple = (_by_key(rows, name, 0) for name in ("driver", "pgbench"))
    clients = sorted({key[2] for key in (*ours, *peer, *driver)})
    at = f"at {', '.join(map(str, clients))} clients"
    titles = ("change", "clubs", f"Fairway/s {at}", "asyncpg alone/s", "Apollo + pg/s", "Fairway : alone")
    titles = (*titles, "Fairway : Apollo", "Fairway's median / p99 ms", "Apollo's", "Fairway's CPU, µs", "Apollo's")
    lines = [_line(*titles), _line(*["---"] * len(titles))]
    for kind, clubs in dict.fromkeys(key[:2] for key in (*ours, *peer, *driver)):
        keys = [(kind, clubs, n) for n in clients]
        rates = [[found.get(key, {}).get("per_s") for key in keys] for found in (ours, driver, peer)]
        ratios = [[_ratio(a, b) for a, b in zip(rates[0], other, strict=True)] for other in rates[1:]]
        waits = [_joined(_answer(found.get(key, {})) for key in keys) for found in (ours, peer)]
        costs = [
            _joined(_number(found.get(key, {}).get("cpu_us_per_request")) for key in keys) for found in (ours, peer)
        ]
        shown = [_joined(map(_number, values)) for values in rates]
        lines.append(_line(kind, str(clubs), *shown, *map(_joined, ratios), *waits, *costs))
    if simple:
        rates_alone = _joined(_number(simple.get(("", None, n), {}).get("per_s")) for n in clients)
        lines.append(f"\n`pgbench -N` on the same server, transactions/s {at}: {rates_alone}.")
    return "\n".join(lines) if len(lines) > 2 else ""


def _answer(outcome: Mapping[str, Any]) -> str:
    return f"{_number(outcome.get('p50'))} / {_number(outcome.get('p99'))}" if outcome else "-"


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def reads_beside(rows: Sequence[Row]) -> str:
    """Set reads beside the better of the peers that read PostgreSQL."""
    names = (OURS, "apollo-pg", "postgraphile")
    found = {name: {key[0]: outcome for key, outcome in _by_key(rows, name, None).items()} for name in names}
    titles = ("reading", "Apollo + pg/s", "PostGraphile/s", "Fairway/s", "Fairway : best peer")
    lines = [_line(*titles), _line(*["---"] * len(titles))]
    for reading, ours in found[OURS].items():
        rates = [found[name].get(reading, {}).get("requests_per_s") for name in names[1:]]
        if known := [rate for rate in rates if rate]:
            mine = ours["requests_per_s"]
            lines.append(_line(reading, *map(_number, [*rates, mine]), _ratio(mine, max(known))))
    return "\n".join(lines) if len(lines) > 2 else ""


def _by_key(rows: Sequence[Row], name: str, subscribers: int | None) -> Outcomes:
    """Give a server's medians, over the repeats, by the change with its clubs and clients, or by the reading."""
    repeats: dict[Key, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["server"] == name and "outcome" in row and subscribers in (None, row["subscribers"]):
            repeats.setdefault(_key(row["outcome"]), []).append(row["outcome"])
    return {key: dict(_medians(outcomes)) for key, outcomes in repeats.items()}


def _key(outcome: Mapping[str, Any]) -> Key:
    if "kind" in outcome:
        return outcome["kind"], outcome.get("clubs"), outcome["clients"]
    return (outcome.get("reading", ""),)


def _medians(outcomes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    flat = [{**outcome, **outcome.get("answer_ms", {})} for outcome in outcomes]
    for name in ("per_s", "requests_per_s", "cpu_us_per_request", "p50", "p99"):
        if values := [outcome[name] for outcome in flat if outcome.get(name)]:
            yield name, median(values)


def _ratio(ours: float | None, theirs: float | None) -> str:
    return f"{ours / theirs:.2f}" if ours and theirs else "-"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
