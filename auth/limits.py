"""How often people may do what costs much or can be guessed: by who they are, from where, and what kind it is of."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from prometheus_client import Counter

from auth.viewer import CLUB_STAFF, Viewer
from kit.errors import TooManyTries
from kit.limiter import Allowance, Limiter
from kit.settings import Settings

refusals = Counter(
    "fairway_rate_limited_total",
    "Operations refused since there were too many of their class, of a user or from an address.",
    ["operations", "by"],
)


class Rate(StrEnum):
    """The classes of operations that are counted together. Each has a setting, RATE_LIMIT_ and its name."""

    SIGN_IN_FAILURES = "sign_in_failures"
    """Tokens that are refused, by address."""
    CODES = "codes"
    """What takes a code that could be guessed."""
    BOOKINGS = "bookings"
    """What takes places, or gives them back: holds, bookings and their changes."""
    MESSAGES = "messages"
    """What many people are told at once, or what somebody writes to others."""
    UPLOADS = "uploads"
    """Files that are kept."""
    IMPORTS = "imports"
    """Files that are read at once, with all that is in them."""
    ANONYMOUS_READS = "anonymous_reads"
    """What is asked without a token and was not ready, by address."""


class RateLimits:
    """Refuses what is done too often. Nothing here waits, and nothing asks the database."""

    def __init__(self, settings: Settings, limiter: Limiter) -> None:
        """Take what is set, and who counts."""
        self._limiter = limiter
        self._staff_factor = settings.rate_limit_staff_factor
        self._address_factor = settings.rate_limit_address_factor
        self._allowed = {rate: Allowance.parse(getattr(settings, f"rate_limit_{rate}")) for rate in Rate}

    def take(self, rate: Rate, *, viewer: Viewer | None, address: str, now: datetime) -> None:
        """Count an operation, unless it is one too many. Raises TooManyTries, and then does not count it.

        Staff may do more, and take nothing from those who share their address.
        """
        allowed = self._allowed[rate]
        if allowed is None:
            return
        self._take(rate, list(self._counted(rate, allowed, viewer, address)), now)

    def take_about(self, rate: Rate, what: str, subject: str, *, now: datetime, by_many: bool = False) -> None:
        """Count an operation by what it is about, whoever does it; `by_many` where many people do it at the same time.

        Raises TooManyTries, and then does not count it.
        """
        if allowed := self._allowed[rate]:
            allowance = allowed.times(self._address_factor) if by_many else allowed
            self._take(rate, [(what, f"{rate.value}:{what}:{subject}", allowance)], now)

    def give_back(self, rate: Rate, *, viewer: Viewer | None, address: str) -> None:
        """Count one less, of those where only what fails counts: it was counted before that was known."""
        if allowed := self._allowed[rate]:
            for _, key, allowance in self._counted(rate, allowed, viewer, address):
                self._limiter.give_back(key, allowance)

    def _take(self, rate: Rate, counted: Sequence[tuple[str, str, Allowance]], now: datetime) -> None:
        at = now.timestamp()
        for by, key, allowance in counted:
            if wait := self._limiter.wait(key, allowance, now=at):
                refusals.labels(rate.value, by).inc()
                raise TooManyTries(retry_at=now + timedelta(seconds=wait))
        for _, key, allowance in counted:
            self._limiter.use(key, allowance, now=at)

    def take_of(self, rate: Rate, thing: str, allowance: Allowance, *, now: datetime) -> None:
        """Count what is done with one thing, whoever does it, unless it is once too often. Raises TooManyTries."""
        at, key = now.timestamp(), f"{rate.value}:{thing}"
        if wait := self._limiter.wait(key, allowance, now=at):
            refusals.labels(rate.value, "thing").inc()
            raise TooManyTries(retry_at=now + timedelta(seconds=wait))
        self._limiter.use(key, allowance, now=at)

    def _counted(
        self, rate: Rate, allowed: Allowance, viewer: Viewer | None, address: str
    ) -> Iterator[tuple[str, str, Allowance]]:
        if viewer is None:
            yield "address", f"{rate.value}:{neighbourhood(address)}", allowed
            return
        staff = viewer.has(*CLUB_STAFF)
        user = f"{rate.value}:{viewer.tenant_id}:{viewer.user_id}"
        yield "user", user, allowed.times(self._staff_factor) if staff else allowed
        if not staff:
            address = f"{rate.value}:{neighbourhood(address)}"
            yield "address", address, allowed.times(self._address_factor)


@lru_cache(maxsize=4_096)
def neighbourhood(address: str) -> str:
    """Give the network that an address stands for: of IPv6, a household has at least 64 bits of addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
