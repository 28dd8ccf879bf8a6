"""A weather service on loopback that answers as Open-Meteo does, and as it does on bad days."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

UNITS = {
    "time": "iso8601",
    "interval": "seconds",
    "temperature_2m": "°C",
    "wind_speed_10m": "km/h",
    "wind_gusts_10m": "km/h",
    "precipitation": "mm",
    "weather_code": "wmo code",
}
CURRENT = {
    "time": "2026-05-04T05:00",
    "interval": 900,
    "temperature_2m": 14.2,
    "wind_speed_10m": 23.4,
    "wind_gusts_10m": 41.0,
    "precipitation": 0.5,
    "weather_code": 61,
}
REASONS = {
    200: "OK",
    301: "Moved Permanently",
    400: "Bad Request",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass
class Reply:
    """What the service answers a request with. Without a body it is the weather over the places asked for."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    """Whether the connection is cut instead."""
    hangs: bool = False
    """Whether nothing is said for as long as the client waits."""


def refusal(status: int, reason: str, **headers: str) -> Reply:
    body = json.dumps({"error": True, "reason": reason}).encode()
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def entry(
    number: int = 0, *, at: tuple[float, float] = (40.42, -3.7), units: dict[str, str] | None = None, **current: Any
) -> dict[str, Any]:
    """What is said about one place, the first one of all by default, by the middle of the cell of the grid it is in."""
    return {
        "latitude": at[0],
        "longitude": at[1],
        "generationtime_ms": 0.04,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 667.0,
        **({"location_id": number} if number else {}),
        "current_units": UNITS | (units or {}),
        "current": CURRENT | current,
    }


def said(*entries: Any) -> Reply:
    """The answer for these places: an object for one, a list for several."""
    return Reply(body=json.dumps(entries[0] if len(entries) == 1 else entries).encode())


def _weather(query: dict[str, str], current: dict[str, Any]) -> bytes:
    """Tell the weather over what was asked for: its temperature is the latitude."""
    latitudes, longitudes = ([float(text) for text in query[name].split(",")] for name in ("latitude", "longitude"))
    points = enumerate(zip(latitudes, longitudes, strict=True))
    return said(*(entry(n, at=snapped(at), **({"temperature_2m": at[0]} | current)) for n, at in points)).body or b""


def snapped(point: tuple[float, float]) -> tuple[float, float]:
    """The middle of the cell that a point is in, of a grid of an eighth of a degree."""
    return round(point[0] * 8) / 8, round(point[1] * 8) / 8


class ForecastServer:
    """Answers as it is told to, one reply a request, then rightly."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.replies: list[Reply] = []
        self.asked: list[dict[str, str]] = []
        """The parameters of each request that it has had."""
        self.current: dict[str, Any] = {}
        """What it is like everywhere, beside the usual."""
        self.agents: set[str] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (await self._one(reader, writer)) and not writer.is_closing():
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        parts = urlsplit(target)
        assert (method, parts.path) == ("GET", "/v1/forecast")
        query = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
        self.asked.append(query)
        self.agents |= {line.partition(": ")[2] for line in head if line.lower().startswith("user-agent")}
        reply = self.replies.pop(0) if self.replies else Reply()
        if reply.hangs:
            await reader.read()  # until the client has had enough
        if reply.hangs or reply.drops:
            return False
        body = _weather(query, self.current) if reply.body is None else reply.body
        headers = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(body))} | reply.headers
        lines = [f"HTTP/1.1 {reply.status} {REASONS[reply.status]}", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        return True


@asynccontextmanager
async def forecast_server() -> AsyncIterator[ForecastServer]:
    """Run the service on a free port until the block ends."""
    service = ForecastServer("")
    connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any] = service.answer
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield service
    finally:
        server.close()
