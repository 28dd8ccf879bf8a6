"""Handing pushes to the push services of browsers: only to those, by addresses of the public internet alone."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import sha256
from ipaddress import ip_address
from ssl import SSLContext
from urllib.parse import SplitResult, urlsplit

import httpx
import orjson

from auth.vapid import VapidKey, from_base64url, to_base64url
from kit.clock import Clock
from kit.endpoints import HTTPS, Address, is_public, is_push_endpoint
from kit.sending import Outcome, Push, Verdict
from providers.push.encryption import MOST, encrypt

TIMEOUT = 10.0
LONGEST_TEXT = 1_000
"""Characters of title and body each; a screen shows fewer."""
TOPIC_SIGNS = 32
"""RFC 8030: a topic has at most so many signs of base64url."""
GONE = frozenset({404, 410})
OTHER_KEY = frozenset({400, 401, 403})
"""What push services say to a key that is not the one the device was registered with."""
TOO_MANY = 429
UNREACHABLE = 500

Resolve = Callable[[str, int], Awaitable[Iterable[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Ask for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


@cache
def usual_tls() -> SSLContext:
    """Know the usual authorities: to read them takes long enough to do it once."""
    return httpx.create_ssl_context()


class PushServices:
    """The push services of browsers."""

    def __init__(
        self,
        key: VapidKey,
        *,
        clock: Clock,
        hosts: Iterable[str] = (),
        resolve: Resolve = resolve,
        may_reach: Callable[[Address], bool] = is_public,
        tls: SSLContext | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        """Take our key, and the hosts that the operator trusts beside those that are known."""
        self._key, self._clock, self._hosts = key, clock, tuple(hosts)
        self._resolve, self._may_reach, self._tls, self._timeout = resolve, may_reach, tls, timeout

    async def carry(self, push: Push) -> Outcome:
        """Hand a push over. Gives what became of it, and raises nothing for what the service says or does."""
        if not is_push_endpoint(push.endpoint, more=self._hosts):
            return Outcome(verdict=Verdict.NO_SUCH_ADDRESS, said="not a push service")
        parts = urlsplit(push.endpoint)
        try:
            async with asyncio.timeout(self._timeout):
                address = await self._address_of(parts)
                if address is None:
                    return Outcome(verdict=Verdict.NO_SUCH_ADDRESS, said="no public address")
                response = await self._post(push, parts, address)
        except httpx.ConnectError as error:
            return Outcome(verdict=Verdict.LATER, said=type(error).__name__)
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            return Outcome(verdict=Verdict.LOST, said=type(error).__name__)
        except ValueError:
            return Outcome(verdict=Verdict.REFUSED, said="cannot be encrypted")
        return self._read(response, push)

    async def _address_of(self, parts: SplitResult) -> Address | None:
        """Choose the address to connect to: it is looked up here, so that it is the one that was looked at."""
        found = [ip_address(one) for one in await self._resolve(parts.hostname or "", parts.port or HTTPS)]
        return found[0] if found and all(map(self._may_reach, found)) else None

    async def _post(self, push: Push, parts: SplitResult, address: Address) -> httpx.Response:
        host = parts.hostname or ""
        port = parts.port or HTTPS
        literal = f"[{address}]" if address.version == 6 else str(address)
        query = f"?{parts.query}" if parts.query else ""
        body = encrypt(message_of(push), p256dh=from_base64url(push.p256dh), auth=from_base64url(push.auth))
        origin = f"https://{host}" + ("" if port == HTTPS else f":{port}")
        headers = {
            "Host": origin.removeprefix("https://"),
            "Authorization": self._key.authorization(origin, now=self._clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(int(push.lifetime.total_seconds()), 0)),
            "Urgency": push.urgency,
            "Topic": topic_of(push.tag),
        }
        tls = self._tls or usual_tls()
        async with httpx.AsyncClient(
            verify=tls, timeout=self._timeout, follow_redirects=False, trust_env=False
        ) as client:
            request = client.build_request(
                "POST",
                f"https://{literal}:{port}{parts.path}{query}",
                content=body,
                headers=headers,
                extensions={"sni_hostname": host},
            )
            response = await client.send(request, stream=True)
            await response.aclose()  # what it says beside its number is nothing to us, and may be long
            return response

    def _read(self, response: httpx.Response, push: Push) -> Outcome:
        code = response.status_code
        if response.is_success:
            return Outcome(verdict=Verdict.TAKEN, said=str(code))
        if code in GONE or (code in OTHER_KEY and push.server_key != self._key.public):
            return Outcome(verdict=Verdict.NO_SUCH_ADDRESS, said=str(code))
        if code == TOO_MANY or code >= UNREACHABLE:
            after = retry_after(response.headers.get("retry-after"), now=self._clock())
            return Outcome(verdict=Verdict.LATER, after=after, said=str(code))
        return Outcome(verdict=Verdict.REFUSED, said=str(code))


def message_of(push: Push) -> bytes:
    """Write what a device gets: what it shows, and what it opens."""
    title, body = push.title[:LONGEST_TEXT], push.body
    while True:
        shown = {"title": title, "body": body, "tag": push.tag, "kind": push.kind, "data": dict(push.about)}
        message = orjson.dumps(shown)
        if len(message) <= MOST or not body:
            return message
        body = body[: len(body) * 3 // 4]


def topic_of(tag: str) -> str:
    """Name what a push is about as RFC 8030 wants it: a service keeps the newest of a topic for a device."""
    return to_base64url(sha256(tag.encode()).digest())[:TOPIC_SIGNS]


def retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """Read how long a service asks to wait: seconds, or a date. Nothing for what is neither."""
    if not text:
        return None
    if text.strip().isdecimal():
        return timedelta(seconds=min(int(text), 86_400))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), timedelta(days=1))
