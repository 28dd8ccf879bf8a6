"""From the claims of a token whose signature is right to the viewer that they describe.

No sentence here repeats what a claim holds: it may be anything, also text that cannot be written as UTF-8.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from auth.viewer import Role, Viewer
from kit.errors import InvalidInput, TokenExpired, TokenRefused
from kit.ids import parse_id, with_article
from kit.text import EMAIL, LONGEST_EMAIL

Claims = Mapping[str, object]

LEEWAY = timedelta(seconds=5)
"""How far the clocks of the issuer and of this server may be apart."""
MAX_CLUBS = 1_000
MAX_USER_ID_LENGTH = 200
MAX_CADDIE_LIST = 99
_LAST_SECOND = 253_402_300_799  # of the year 9999, beyond which Python has no dates


def check_origin(claims: Claims, *, issuer: str, audience: str) -> None:
    """Check who issued the token and for whom; an empty argument is not checked. Raises TokenRefused."""
    if issuer and _required(claims, "iss") != issuer:
        raise _refused("iss", f"must be “{issuer}”")
    if audience:
        named = _required(claims, "aud")
        if audience not in (named if isinstance(named, list) else [named]):
            raise _refused("aud", f"must name “{audience}”")


def check_times(claims: Claims, *, now: datetime, longest: timedelta) -> None:
    """Check that the token is valid at `now`, give or take the leeway, and lives no longer than it may.

    One that does not say when it was issued is taken for as old as it can't be proved not to be: it lives from now on.
    Raises TokenExpired, TokenRefused.
    """
    for claim in ("nbf", "iat"):
        if claims.get(claim) is not None and _instant(claims, claim) > now + LEEWAY:
            raise _refused(claim, "lies in the future; wait, or set the issuer's clock")
    if _instant(claims, "exp") <= now - LEEWAY:
        raise TokenExpired
    issued = now if claims.get("iat") is None else _instant(claims, "iat")
    if _instant(claims, "exp") - issued > longest:
        raise _refused("exp", "makes the token live longer than JWT_MAX_LIFETIME_DAYS allows; give it a shorter life")


def viewer_of(claims: Claims) -> Viewer:
    """Read the viewer from the claims. Raises TokenRefused that names the claim which is missing or wrong."""
    return Viewer(
        user_id=_user_id(_required(claims, "sub")),
        tenant_id=_id(_required(claims, "tenantId"), claim="tenantId", kind="tenant"),
        club_ids=_club_ids(claims),
        player_id=_optional_id(claims, claim="playerId", kind="player"),
        roles=frozenset(map(_role, _list(claims, "roles"))),
        caddie_lists=frozenset(map(_caddie_list, _list(claims, "caddieLists"))),
        household_id=_optional_id(claims, claim="householdId", kind="household"),
        expires_at=_instant(claims, "exp"),
        issued_at=None if claims.get("iat") is None else _instant(claims, "iat"),
        email=_email(claims),
    )


def _refused(claim: str, fault: str) -> TokenRefused:
    return TokenRefused(message=f"The token's claim “{claim}” {fault}.")


def _required(claims: Claims, claim: str) -> object:
    value = claims.get(claim)
    if value is None:
        raise TokenRefused(message=f"The token lacks the claim “{claim}”.")
    return value


def _instant(claims: Claims, claim: str) -> datetime:
    value = _required(claims, claim)
    number = None if isinstance(value, bool) or not isinstance(value, int | float) else value
    if number is None or not 0 <= number <= _LAST_SECOND:  # which NaN is not either
        raise _refused(claim, "must be a time in seconds since 1970")
    return datetime.fromtimestamp(number, UTC)


def _user_id(value: object) -> str:
    # What cannot be printed, such as NUL or half a surrogate pair, cannot be stored by PostgreSQL either.
    if not (isinstance(value, str) and 0 < len(value) <= MAX_USER_ID_LENGTH and value.isprintable()):
        raise _refused("sub", f"must be a text of 1 to {MAX_USER_ID_LENGTH} printable characters")
    return value


def _email(claims: Claims) -> str | None:
    """Read the address, where the issuer says that it is verified. One that is no address is no reason to refuse."""
    value = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(value, str):
        return None
    return value if len(value) <= LONGEST_EMAIL and EMAIL.fullmatch(value) and value.isprintable() else None


def _id(value: object, *, claim: str, kind: str) -> UUID:
    try:
        return parse_id(kind, value if isinstance(value, str) else "")
    except InvalidInput:
        raise _refused(
            claim, f"must hold the id of {with_article(kind)}, like {kind}_01h455vb4pex5vsknk084sn02q"
        ) from None


def _optional_id(claims: Claims, *, claim: str, kind: str) -> UUID | None:
    value = claims.get(claim)
    return None if value is None else _id(value, claim=claim, kind=kind)


def _list(claims: Claims, claim: str) -> list[object]:
    value = claims.get(claim)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _refused(claim, "must be a list")
    return value


def _club_ids(claims: Claims) -> frozenset[UUID]:
    values = _list(claims, "clubIds")
    if len(values) > MAX_CLUBS:
        raise _refused("clubIds", f"names more than {MAX_CLUBS:,} clubs")
    return frozenset(_id(value, claim="clubIds", kind="club") for value in values)


def _role(value: object) -> Role:
    if not (isinstance(value, str) and value in Role.__members__):
        raise _refused("roles", f"holds something else than the roles {', '.join(Role)}")
    return Role(value)


def _caddie_list(value: object) -> int:
    if isinstance(value, bool) or not (isinstance(value, int) and 1 <= value <= MAX_CADDIE_LIST):
        raise _refused("caddieLists", f"must hold the numbers of lists, from 1 to {MAX_CADDIE_LIST}")
    return value
