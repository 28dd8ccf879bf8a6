"""JSON Web Tokens (RFC 7519): taken from requests, checked, and issued for tests, demos and the command line."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from jwt.types import Options
from pydantic import SecretStr

from auth.claims import Claims, check_origin, check_times, viewer_of
from auth.guests import GUEST_KID, LIFETIME, check_guest, guest_key
from auth.keys import KeySource, PublishedKeys, SharedSecret
from auth.viewer import Role, Viewer
from kit.cache import BoundedCache
from kit.errors import SetupError, TokenRefused
from kit.ids import public_id
from kit.settings import Settings

MAX_TOKEN_LENGTH = 8 * 1024
"""Longest token, in characters."""
TRUSTED = timedelta(seconds=60)
"""How long a token that was checked is known by its text alone. A key that is withdrawn counts until then."""
REMEMBERED_TOKENS = 20_000
REMEMBERED_CHARACTERS = 16_000_000
"""How many tokens are known so, and how long they are together."""

_SIGNATURE_ALONE: Options = {
    "verify_exp": False,  # PyJWT would ask the wall clock; `auth.claims` checks the claims at the time that it is given
    "verify_nbf": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_aud": False,
    "verify_sub": False,
    "verify_jti": False,
    "enforce_minimum_key_length": True,
}
_TOKEN_FIELDS = ("Authorization", "authorization", "token", "authToken")


class Authenticator:
    """Tells who is asking, by a token of the one algorithm that is set, or by a guest's."""

    def __init__(self, settings: Settings, *, secret: SecretStr | str = "") -> None:
        """Take what is set; `secret` serves where JWT_SECRET is not. Raises SetupError."""
        self._algorithm = settings.jwt_algorithm
        self._issuer = settings.jwt_issuer
        self._audience = settings.jwt_audience
        self._longest = settings.jwt_max_lifetime
        self._keys = _key_source(settings, secret)
        self.guests = guest_key(settings)
        """The key of guests' tokens; none where nothing is set that it could be made of."""
        self._known: BoundedCache[tuple[Viewer, datetime]] = BoundedCache(
            entries=REMEMBERED_TOKENS, characters=REMEMBERED_CHARACTERS
        )

    def __repr__(self) -> str:
        return f"<Authenticator {self._algorithm} by {self._keys!r}>"

    async def authenticate(self, token: str, *, now: datetime) -> Viewer:
        """Check a token as it stands at `now`, and read its viewer.

        A token that was checked a moment ago is known by its text: of it, only the time is checked again.
        Raises TokenExpired, TokenRefused that says why, and KeysUnavailable when the issuer's keys cannot be had.
        """
        if known := self._known.get(token):
            viewer, checked_at = known
            if checked_at <= now < min(checked_at + TRUSTED, viewer.expires_at):
                return viewer
        viewer = await self._check(token, now=now)
        self._known.keep(token, (viewer, now), size=len(token))
        return viewer

    async def _check(self, token: str, *, now: datetime) -> Viewer:
        if len(token) <= MAX_TOKEN_LENGTH:
            if (claims := self._keys.claims(token)) is not None:
                return self._viewer(claims, now=now)
            if self.guests and (claims := self.guests.keys.claims(token)) is not None:
                return _guest(claims, now=now)
        header = _header(token)
        if header.get("kid") == GUEST_KID:
            return _guest(await self._claims_of_guest(token, header, now=now), now=now)
        _refuse_other_algorithm(header, self._algorithm)
        claims = _verified(token, await self._keys.find(header.get("kid"), now=now), self._algorithm)
        self._keys.learn(token)
        return self._viewer(claims, now=now)

    def _viewer(self, claims: Claims, *, now: datetime) -> Viewer:
        check_origin(claims, issuer=self._issuer, audience=self._audience)
        check_times(claims, now=now, longest=self._longest)
        return viewer_of(claims)

    async def _claims_of_guest(self, token: str, header: Mapping[str, object], *, now: datetime) -> Claims:
        if self.guests is None:
            raise TokenRefused(message="No guests are let in here: GUEST_TOKEN_SECRET is not set.")
        _refuse_other_algorithm(header, "HS256")
        claims = _verified(token, await self.guests.keys.find(GUEST_KID, now=now), "HS256")
        self.guests.keys.learn(token)
        return claims


def _guest(claims: Claims, *, now: datetime) -> Viewer:
    """Read a guest from the claims. Who issued them need not be asked: it was this program."""
    check_guest(claims)
    check_times(claims, now=now, longest=LIFETIME)
    return viewer_of(claims)


def _header(token: str) -> Mapping[str, Any]:
    """Read the header, which names the key, and refuse what needs no key to be refused."""
    _refuse_long(token)
    if not token.isascii():
        raise TokenRefused(message="This is not a JSON Web Token.")
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise TokenRefused(message="This is not a JSON Web Token.") from None


def _refuse_other_algorithm(header: Mapping[str, object], algorithm: str) -> None:
    if header.get("alg") != algorithm:
        raise TokenRefused(message=f"The token must be signed with {algorithm}; its header says otherwise.")


def _verified(token: str, key: jwt.PyJWK | bytes, algorithm: str) -> Claims:
    try:
        return jwt.decode(token, key, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    except jwt.InvalidSignatureError:
        raise TokenRefused(message="The token was signed with another key, or changed since.") from None
    except jwt.PyJWTError:
        raise TokenRefused(message="The token holds no claims that can be read.") from None


def bearer(header: str | None) -> str | None:
    """Take the token from an Authorization header; none from a header that is absent or empty.

    Raises TokenRefused for another scheme and for anything but one token.
    """
    if header is None or not header.strip():
        return None
    scheme, *rest = header.split()
    if scheme.lower() != "bearer" or len(rest) != 1:
        raise TokenRefused(message='The Authorization header must be "Bearer", a space and the token.')
    return rest[0]


def from_connection_init(payload: Mapping[str, object] | None) -> str | None:
    """Take the token from the payload of a `connection_init` message; none if it has none, or an empty one.

    It may be in `Authorization`, `token` or `authToken`, with or without “Bearer” before it; also within `headers`.
    Raises TokenRefused if it is not a text, or more than one word.
    """
    outer = _mapping(payload, "payload")
    token = _first_token(outer)
    return token if token is not None else _first_token(_mapping(outer.get("headers"), "payload.headers"))


def issue_token(
    secret: SecretStr | str,
    *,
    user_id: str,
    tenant_id: UUID,
    club_ids: Iterable[UUID],
    roles: Iterable[Role],
    player_id: UUID | None = None,
    caddie_lists: Iterable[int] = (),
    household_id: UUID | None = None,
    email: str | None = None,
    lifetime: timedelta,
    now: datetime,
    issuer: str = "",
    audience: str = "",
) -> str:
    """Write an HS256 token that is valid from `now` for its lifetime, in whole seconds.

    Raises TokenRefused for what the Authenticator would refuse, and SetupError for a secret that will not do.
    """
    claims: dict[str, object] = {
        "iss": issuer or None,
        "aud": audience or None,
        "sub": user_id,
        "tenantId": public_id("tenant", tenant_id),
        "clubIds": sorted(public_id("club", club_id) for club_id in club_ids),
        "playerId": player_id and public_id("player", player_id),
        "roles": sorted(role.value for role in roles),
        "caddieLists": sorted(caddie_lists),
        "householdId": household_id and public_id("household", household_id),
        "email": email,
        "email_verified": True if email else None,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    viewer_of(claims)
    token = SharedSecret(secret).sign({name: value for name, value in claims.items() if value is not None})
    _refuse_long(token)
    return token


def _key_source(settings: Settings, secret: SecretStr | str) -> KeySource:
    algorithm, url = settings.jwt_algorithm, settings.jwt_jwks_url
    if algorithm == "HS256" and url:
        raise SetupError(message="JWT_JWKS_URL needs JWT_ALGORITHM to be RS256, ES256 or EdDSA; it is HS256.")
    if algorithm == "HS256":
        return SharedSecret(settings.jwt_secret or secret)
    if not url:
        raise SetupError(message=f"JWT_ALGORITHM {algorithm} needs JWT_JWKS_URL, where the keys are published.")
    return PublishedKeys(url, algorithm=algorithm)


def _refuse_long(token: str) -> None:
    if len(token) > MAX_TOKEN_LENGTH:
        raise TokenRefused(message=f"The token is longer than {MAX_TOKEN_LENGTH:,} characters.")


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TokenRefused(message=f"The {name} of connection_init must be an object.")
    return value


def _first_token(fields: Mapping[str, object]) -> str | None:
    name = next((name for name in _TOKEN_FIELDS if fields.get(name) not in (None, "")), None)
    if name is None:
        return None
    value = fields[name]
    if not isinstance(value, str):
        raise TokenRefused(message=f"“{name}” in connection_init must be a text that holds the token.")
    return bearer(value) if len(value.split()) > 1 else value.strip() or None
