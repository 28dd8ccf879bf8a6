"""Open-Meteo, a weather service that asks for no account. Its data are licensed under CC BY 4.0: name the source."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

import httpx
import structlog
from pydantic import SecretStr

from kit.clock import Clock, utc_now
from models.course.values import Weather
from providers.weather.open_meteo_answer import (
    CODE,
    GUSTS,
    PRECIPITATION,
    TEMPERATURE,
    WIND,
    UnusableAnswer,
    read_answer,
    reason_of,
)
from providers.weather.provider import Place, WeatherUnavailable

FREE_URL = "https://api.open-meteo.com"
"""For non-commercial use: 10,000 places a day, 5,000 an hour, 600 a minute."""
PAID_URL = "https://customer-api.open-meteo.com"
PLACES_A_REQUEST = 100
"""Open-Meteo takes 1,000; their coordinates would not fit into an address."""
MOST_BYTES = 1_000_000
"""A place takes about 500 bytes of an answer."""
LONGEST_SILENCE = 3600
"""No `Retry-After` is taken for longer than so many seconds: it may be wrong."""
TOO_MANY = 429
FAULT = 500

Spot = tuple[str, str]
Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the service is waited for, in seconds."""

    tries: int = 4
    one_try: float = 10.0
    all_tries: float = 45.0
    """The limit for all requests of one look at the weather, waiting included."""
    first_wait: float = 1.0
    """Between the first two tries; each further wait is twice as long. A random part, up to half, is taken off."""


class _Passing(Exception):
    """It failed, and may not the next time."""

    def __init__(self, reason: str, *, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait
        """Seconds that the service wants to be left alone."""


class OpenMeteo:
    """Asks Open-Meteo's forecast API for the current weather over many places at once."""

    def __init__(
        self,
        url: str = "",
        *,
        api_key: SecretStr | None = None,
        clock: Clock = utc_now,
        patience: Patience | None = None,
        places_a_request: int = PLACES_A_REQUEST,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take the service's address, without one that of the paid plan where there is a key, else the free one's."""
        key = api_key.get_secret_value() if api_key else ""
        self._url = f"{url.rstrip('/') or (PAID_URL if key else FREE_URL)}/v1/forecast"
        self._key = key
        self._clock = clock
        self._patience = patience or Patience()
        self._places_a_request = places_a_request
        self._sleep = sleep
        self._chance = chance
        self._left_alone_until = datetime.min.replace(tzinfo=UTC)
        self._told = ""
        self._http = httpx.AsyncClient(
            timeout=self._patience.one_try, headers={"User-Agent": "fairway", "Accept": "application/json"}
        )

    async def current(self, places: Sequence[Place]) -> Mapping[UUID, Weather]:
        """Give the weather now by course. A place without an answer is missing.

        Raises WeatherUnavailable, with a sentence for the log, when there is no answer for any of them.
        """
        spots = [_spot(place) for place in places]
        found, failures = await self._look(list(dict.fromkeys(spots)))
        weather = {place.course_id: found[spot] for place, spot in zip(places, spots, strict=True) if spot in found}
        if places and not weather:
            raise WeatherUnavailable(message=failures[0] if failures else "Open-Meteo knows nothing of any place.")
        self._tell(failures[0] if failures else "", missing=len(places) - len(weather))
        return weather

    async def close(self) -> None:
        """Let connections go. It is not asked again."""
        await self._http.aclose()

    async def _look(self, spots: list[Spot]) -> tuple[dict[Spot, Weather], list[str]]:
        """Ask for all spots, some at a time: what fails for some does not cost the others theirs."""
        found: dict[Spot, Weather] = {}
        failures: list[str] = []
        limit = self._patience.all_tries
        try:
            async with asyncio.timeout(limit) as deadline:
                for first in range(0, len(spots), self._places_a_request):
                    asked = spots[first : first + self._places_a_request]
                    try:
                        answers = await self._ask(asked, until=deadline.when() or 0.0)
                    except WeatherUnavailable as failure:
                        failures.append(failure.message)
                    else:
                        found |= {s: weather for s, weather in zip(asked, answers, strict=True) if weather}
        except TimeoutError:
            failures.append(f"Open-Meteo took longer than {limit:g} seconds.")
        return found, failures

    async def _ask(self, spots: Sequence[Spot], *, until: float) -> list[Weather | None]:
        """Ask until there is an answer, or no sense in asking again before the loop's time `until`."""
        if self._clock() < self._left_alone_until:
            raise WeatherUnavailable(
                message=f"Open-Meteo wants to be left alone until {self._left_alone_until:%Y-%m-%d %H:%M:%S} UTC."
            )
        wait = self._patience.first_wait
        for tries_left in reversed(range(self._patience.tries)):
            try:
                return await self._try(spots)
            except _Passing as failure:
                pause = max(failure.wait, wait * (1 - self._chance() / 2))
                if not tries_left or asyncio.get_running_loop().time() + pause > until:
                    raise WeatherUnavailable(message=f"Open-Meteo gives no weather: {failure}.") from failure
            await self._sleep(pause)
            wait *= 2
        raise AssertionError("unreachable")

    async def _try(self, spots: Sequence[Spot]) -> list[Weather | None]:
        try:
            async with asyncio.timeout(self._patience.one_try):
                response, body = await self._request(spots)
        except (TimeoutError, httpx.TimeoutException):
            raise _Passing("it did not answer in time") from None
        except httpx.HTTPError as error:
            raise _Passing(self._without_key(f"it can't be reached ({str(error) or type(error).__name__})")) from None
        if not response.is_success:
            self._refused(response, body)
        try:
            return read_answer(body, points=[(float(latitude), float(longitude)) for latitude, longitude in spots])
        except UnusableAnswer as error:
            raise _Passing(str(error)) from None

    async def _request(self, spots: Sequence[Spot]) -> tuple[httpx.Response, bytes]:
        parameters = {
            "latitude": ",".join(latitude for latitude, _ in spots),
            "longitude": ",".join(longitude for _, longitude in spots),
            "current": f"{TEMPERATURE},{WIND},{GUSTS},{PRECIPITATION},{CODE}",
            "temperature_unit": "celsius",
            "wind_speed_unit": "kmh",
            "precipitation_unit": "mm",
            "timezone": "UTC",
            "timeformat": "iso8601",
        } | ({"apikey": self._key} if self._key else {})
        body = bytearray()
        async with self._http.stream("GET", self._url, params=parameters) as response:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise WeatherUnavailable(message=f"Open-Meteo's answer has more than {MOST_BYTES:,} bytes.")
        return response, bytes(body)

    def _refused(self, response: httpx.Response, body: bytes) -> None:
        """Raise what the refusal means: to come back later, or that there is no sense in that."""
        status = response.status_code
        reason = self._without_key(reason_of(body))
        said = f"status {status}: {reason.rstrip('.')}" if reason else f"status {status}"
        if status != TOO_MANY and status < FAULT:
            raise WeatherUnavailable(message=f"Open-Meteo refused the request with {said}.")
        now = self._clock()
        silence = _retry_after(response, now=now)
        self._left_alone_until = now + silence
        raise _Passing(said, wait=silence.total_seconds())

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text

    def _tell(self, failure: str, *, missing: int) -> None:
        """Log that some places have no weather, once until it is another reason or none."""
        if failure and failure != self._told:
            log.warning("there is no weather for some courses", reason=failure, courses=missing)
        self._told = failure


def _spot(place: Place) -> Spot:
    """Give coordinates to about ten metres, so that the courses of one club are one place to ask for."""
    return f"{place.latitude:.4f}", f"{place.longitude:.4f}"


def _retry_after(response: httpx.Response, *, now: datetime) -> timedelta:
    """Read how long the service wants to be left alone, which it says in seconds or as a moment."""
    said = response.headers.get("Retry-After", "")
    try:
        if said.strip().isdecimal():
            seconds = int(said)
        else:
            moment = parsedate_to_datetime(said)
            seconds = math.ceil((moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return timedelta()
    return timedelta(seconds=min(max(seconds, 0), LONGEST_SILENCE))
