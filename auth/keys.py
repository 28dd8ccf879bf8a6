"""The keys that tokens are checked with: one shared secret, or public keys that the issuer publishes and changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import uniform
from typing import Protocol

import httpx
import jwt
import structlog
from jwt.algorithms import HMACAlgorithm
from pydantic import SecretStr

from auth.hs256 import ShortWay
from kit.errors import FairwayError, SetupError, TokenRefused, Unavailable
from kit.settings import SECRET_MIN_BYTES

REFETCH_INTERVAL = timedelta(seconds=30)
"""Shortest time between two fetches of published keys that succeed."""
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(seconds=10)
"""Time after which a fetch that failed is tried again: at first, doubled with each failure, and at the most. It is
shorter by up to a half, by chance, lest many processes come at the same moment."""
KEYS_LIFETIME = timedelta(minutes=10)
"""Age at which published keys are fetched again, so that a key which was withdrawn does not stay trusted."""
FETCH_TIMEOUT = timedelta(seconds=5)
MISSED = 1_000
"""Ids of keys that were asked for and not found, of which it is remembered since when."""

_KEY_SHAPES = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
"""Key type and curve that each algorithm needs."""
_PUBLIC_MEMBERS = ("kty", "crv", "n", "e", "x", "y")

log = structlog.get_logger(__name__)


class KeysUnavailable(Unavailable):
    """Your token cannot be checked at the moment; keep it, and try again in a while."""


class KeySource(Protocol):
    """Where the key of a token is found."""

    async def find(self, kid: str | None, *, now: datetime) -> jwt.PyJWK | bytes:
        """Give the key that the token's header names. Raises TokenRefused, KeysUnavailable."""

    def claims(self, token: str) -> Mapping[str, object] | None:
        """Give the claims of a token that can be checked by a short way, and is right; None says nothing about it."""

    def learn(self, token: str) -> None:
        """Know a token that was checked by the long way and was right."""


class SharedSecret:
    """The secret of HS256 tokens, which this server and the issuer share."""

    def __init__(self, secret: SecretStr | str, *, setting: str = "JWT_SECRET") -> None:
        """Take the secret of a setting. Raises SetupError if it is too short, or a public key by mistake."""
        self._bytes = (secret.get_secret_value() if isinstance(secret, SecretStr) else secret).encode()
        if len(self._bytes) < SECRET_MIN_BYTES:
            raise SetupError(message=f"{setting} needs at least {SECRET_MIN_BYTES} bytes, has {len(self._bytes)}.")
        try:
            HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(self._bytes)
        except jwt.InvalidKeyError:
            raise SetupError(message=f"{setting} is a key or a certificate; HS256 needs a random text.") from None
        short_way = ShortWay(self._bytes)
        self.claims, self.learn = short_way.claims, short_way.learn

    def __repr__(self) -> str:
        return "<SharedSecret>"

    async def find(self, kid: str | None, *, now: datetime) -> bytes:  # noqa: ARG002 there is but one, at any time
        """Give the secret, whatever key the token names."""
        return self._bytes

    def sign(self, claims: dict[str, object], *, kid: str | None = None) -> str:
        """Write the claims as a token, whose header names the key where it has a name."""
        return jwt.encode(claims, self._bytes, algorithm="HS256", headers={"kid": kid} if kid else None)


class PublishedKeys:
    """The public keys that an issuer publishes as a JSON Web Key Set (RFC 7517), fetched when they are needed.

    A key id that is not known leads to a new fetch, at most every REFETCH_INTERVAL, whatever tokens arrive. Requests
    that wait for a fetch share it. When it fails, the keys of the last one stay in use, and it is tried again sooner.
    A token is refused for its key only after a fetch that began when the key had been asked for: it may be a new one.
    """

    def __init__(self, url: str, *, algorithm: str, fetch_timeout: timedelta = FETCH_TIMEOUT) -> None:
        """Name the place; nothing is fetched yet. Raises SetupError if it is no web address."""
        self._url = _web_address(url)
        self._algorithm = algorithm
        self._timeout = fetch_timeout
        self._tls = httpx.create_ssl_context()  # reading the authorities takes long enough to do it once, at the start
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._pause = REFETCH_INTERVAL
        self._failures = 0
        self._missed: OrderedDict[str | None, datetime] = OrderedDict()
        self._fetching: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<PublishedKeys {self._algorithm} of {self._url.host}>"

    async def find(self, kid: str | None, *, now: datetime) -> jwt.PyJWK:
        """Give the key with this id, or the only one there is if the token names none.

        Raises TokenRefused if the issuer publishes no such key, and KeysUnavailable if that could not be found out.
        """
        key = self._known(kid)
        if key is None:
            self._miss(kid, now)
        if key is None or _apart(self._fetched_at, now, KEYS_LIFETIME):
            self._begin_fetch(now)
        if key is None and self._fetching is not None and not self._fetching.done():
            await asyncio.shield(self._fetching)  # one client that gives up must not stop it for the others
            key = self._known(kid)
        if key is None:
            raise self._missing(kid, now=now)
        self._missed.pop(kid, None)
        return key

    def claims(self, token: str) -> None:
        """Say nothing: there is no short way."""

    def learn(self, token: str) -> None:
        """Learn nothing."""

    def _known(self, kid: str | None) -> jwt.PyJWK | None:
        if kid is not None:
            return self._keys.get(kid)
        return next(iter(self._keys.values())) if len(self._keys) == 1 else None

    def _miss(self, kid: str | None, now: datetime) -> None:
        """Remember since when a key was asked for in vain."""
        self._missed.setdefault(kid, now)
        while len(self._missed) > MISSED:
            self._missed.popitem(last=False)

    def _missing(self, kid: str | None, *, now: datetime) -> FairwayError:
        if self._keys and kid is None:
            return TokenRefused(message="The token's header needs a “kid”, since several keys are published.")
        asked = self._missed.get(kid, now)
        if self._failures or not self._keys or self._fetched_at is None or self._fetched_at < asked:
            return KeysUnavailable(retry_after=self._wait(now))
        return TokenRefused(message=f"The token's “kid” names none of the {self._algorithm} keys that are published.")

    def _wait(self, now: datetime) -> float:
        """Tell how many seconds it is until the keys may be fetched again."""
        since = abs(now - self._tried_at) if self._tried_at else self._pause
        return max((self._pause - since).total_seconds(), 0)

    def _begin_fetch(self, now: datetime) -> None:
        busy = self._fetching is not None and not self._fetching.done()
        if not busy and _apart(self._tried_at, now, self._pause):
            self._tried_at = now
            self._fetching = asyncio.create_task(self._fetch(now), name="fetch-published-keys")

    async def _fetch(self, now: datetime) -> None:
        try:
            self._keys = usable_keys(await self._download(), algorithm=self._algorithm)
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            self._failures += 1
            self._pause = pause_after(self._failures)
            log.warning("published_keys_not_fetched", host=self._url.host, error=type(error).__name__)
        else:
            self._failures, self._pause = 0, REFETCH_INTERVAL
            self._fetched_at = now
            if not self._keys:
                log.error("published_keys_unusable", host=self._url.host, algorithm=self._algorithm)

    async def _download(self) -> object:
        seconds = self._timeout.total_seconds()
        async with asyncio.timeout(seconds), httpx.AsyncClient(verify=self._tls, timeout=seconds) as client:
            response = await client.get(self._url, headers={"Accept": "application/jwk-set+json, application/json"})
        return response.raise_for_status().json()


def pause_after(failures: int) -> timedelta:
    """Choose how long to wait before the next fetch, after so many that failed one after the other."""
    longest: timedelta = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
    return longest * uniform(0.5, 1)  # noqa: S311 - spread out, not secret


def usable_keys(document: object, *, algorithm: str) -> dict[str, jwt.PyJWK]:
    """Pick the keys by which tokens of an algorithm are checked from a JSON Web Key Set, by their id.

    Keys for other algorithms or purposes are left out. Raises ValueError if the document is no key set.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("is not a JSON Web Key Set")  # noqa: TRY004 it is read as a text, so this is its content
    keys: dict[str, jwt.PyJWK] = {}
    for entry in listed:
        if isinstance(entry, dict) and _fits(entry, algorithm) and (key := _public_key(entry, algorithm)):
            keys.setdefault(entry.get("kid", ""), key)
    return keys


def _fits(entry: dict[str, object], algorithm: str) -> bool:
    operations = entry.get("key_ops", ["verify"])
    return (
        (entry.get("kty"), entry.get("crv")) == _KEY_SHAPES[algorithm]
        and entry.get("alg", algorithm) == algorithm
        and entry.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
        and isinstance(entry.get("kid", ""), str)
    )


def _public_key(entry: dict[str, object], algorithm: str) -> jwt.PyJWK | None:
    # A private part that was published by mistake is dropped: it is not needed, and PyJWT cannot verify with it.
    public = {name: entry[name] for name in _PUBLIC_MEMBERS if name in entry}
    try:
        key = jwt.PyJWK(public, algorithm)
    except jwt.PyJWTError:
        return None
    return None if key.Algorithm.check_key_length(key.key) else key


def _apart(earlier: datetime | None, now: datetime, distance: timedelta) -> bool:
    # In both directions, since a clock that was set back must not forbid fetching until it has caught up.
    return earlier is None or abs(now - earlier) >= distance


def _web_address(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise SetupError(message="JWT_JWKS_URL must be an address like https://example.com/.well-known/jwks.json.")
    return url
