"""Tokens of guests: a key of their own beside any issuer's, which opens one household and nothing else."""

import json
from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from auth.guests import GUEST_KID, LIFETIME, GuestKey, guest_key
from auth.revocation import Revocations, TokenOwner
from auth.viewer import Role
from kit.errors import SetupError, TokenExpired, TokenRefused, TokenRevoked
from kit.ids import parse_id
from tests.auth.issuer import (
    HOUSEHOLD,
    NOW,
    SECRET,
    TENANT,
    authenticator,
    claims,
    private_key,
    published,
    seconds,
    serving,
    settings,
    sign,
    sign_as,
)

PEM = private_key("ES256").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
OWN = "the secret of guests alone, with more than 32 bytes"
TENANT_ID, HOUSEHOLD_ID = parse_id("tenant", TENANT), parse_id("household", HOUSEHOLD)


def issued(secret=OWN, *, household_id: UUID = HOUSEHOLD_ID, not_before=NOW, now=NOW):
    return GuestKey(secret).issue(tenant_id=TENANT_ID, household_id=household_id, not_before=not_before, now=now)


def guest_claims(**changes):
    usual = {
        "sub": HOUSEHOLD,
        "tenantId": TENANT,
        "householdId": HOUSEHOLD,
        "roles": ["GUEST"],
        "iat": seconds(NOW),
        "exp": seconds(NOW + LIFETIME),
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def by_hand(secret=OWN, *, kid=GUEST_KID, algorithm="HS256", **changes):
    return sign(guest_claims(**changes), secret, algorithm, kid=kid)


async def refused(by, token, *, now=NOW):
    with pytest.raises(TokenRefused) as caught:
        await by.authenticate(token, now=now)
    return str(caught.value)


async def assert_guest(checks, token):
    viewer = await checks.authenticate(token, now=NOW)
    assert (viewer.tenant_id, viewer.household_id, viewer.roles) == (TENANT_ID, HOUSEHOLD_ID, {Role.GUEST})
    assert (viewer.club_ids, viewer.player_id, viewer.caddie_lists) == (frozenset(), None, frozenset())
    assert viewer.expires_at == NOW + timedelta(hours=2)


async def test_a_guest_is_let_in_beside_the_shared_secret():
    checks = authenticator(guest_token_secret=OWN, jwt_issuer="https://id.example", jwt_audience="fairway")
    await assert_guest(checks, issued().token)
    await assert_guest(authenticator(guest_token_secret=OWN), by_hand())
    assert (await authenticator(guest_token_secret=OWN).authenticate(sign(claims()), now=NOW)).user_id == "ana"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_guest_is_let_in_beside_published_keys(algorithm):
    with serving(published(algorithm)) as issuer:
        changes = {"jwt_secret": "", "jwt_jwks_url": issuer.url, "jwt_algorithm": algorithm}
        checks = authenticator(guest_token_secret=OWN, **changes)
        await assert_guest(checks, issued().token)
        assert issuer.requests == 0
        assert (await checks.authenticate(sign_as(algorithm), now=NOW)).user_id == "ana"
        assert "No guests are let in here" in await refused(authenticator(**changes), issued().token)


async def test_a_published_key_of_the_same_name_signs_no_guest():
    with serving(published("RS256", GUEST_KID)) as issuer:
        checks = authenticator(guest_token_secret=OWN, jwt_secret="", jwt_jwks_url=issuer.url, jwt_algorithm="RS256")
        assert "must be signed with HS256" in await refused(checks, sign_as("RS256", GUEST_KID))
        assert issuer.requests == 0


async def test_without_a_secret_of_its_own_the_key_follows_from_the_shared_one():
    checks = authenticator()
    assert checks.guests is not None
    token = checks.guests.issue(tenant_id=TENANT_ID, household_id=HOUSEHOLD_ID, not_before=NOW, now=NOW).token
    await assert_guest(authenticator(), token)
    assert "signed with another key" in await refused(authenticator(jwt_secret=SECRET[::-1]), token)
    assert "signed with another key" in await refused(authenticator(guest_token_secret=OWN), token)
    assert "signed with another key" in await refused(checks, by_hand(SECRET))
    assert guest_key(settings(jwt_secret="")) is None


@pytest.mark.parametrize("learnt", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["ADMIN"]},
        {"roles": ["GUEST", "ADMIN"]},
        {"roles": []},
        {"roles": None},
        {"roles": "GUEST"},
        {"clubIds": ["club_01h455vb4pex5vsknk084sn02q"]},
        {"clubIds": []},
        {"playerId": "player_01h455vb4pex5vsknk084sn02q"},
        {"caddieLists": [1]},
        {"householdId": None},
        {"householdId": ""},
    ],
)
async def test_the_key_of_guests_opens_nothing_else(changes, learnt):
    checks = authenticator(guest_token_secret=OWN)
    if learnt:
        await checks.authenticate(by_hand(), now=NOW)
    assert "opens the role GUEST alone" in await refused(checks, by_hand(**changes))


@pytest.mark.parametrize("learnt", [False, True])
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iat": None}, "lacks the claim “iat”"),
        ({"exp": None}, "lacks the claim “exp”"),
        ({"exp": seconds(NOW + LIFETIME) + 1}, "live longer"),
        ({"exp": seconds(NOW) - 5}, "expired"),
        ({"iat": seconds(NOW) + 6}, "lies in the future"),
        ({"sub": None}, "lacks the claim “sub”"),
        ({"householdId": TENANT}, "must hold the id of a household"),
        ({"tenantId": None}, "lacks the claim “tenantId”"),
    ],
)
async def test_a_guest_s_claims_are_checked_like_any_other_s(changes, why, learnt):
    checks = authenticator(guest_token_secret=OWN)
    if learnt:
        await checks.authenticate(by_hand(), now=NOW)
    assert why in await refused(checks, by_hand(**changes))


async def test_neither_key_signs_for_the_other():
    checks = authenticator(guest_token_secret=OWN)
    await checks.authenticate(issued().token, now=NOW)
    await checks.authenticate(sign(claims()), now=NOW)
    for token in (
        sign(claims(), OWN),
        sign(claims(roles=["ADMIN"]), OWN, kid="first"),
        by_hand(kid="first"),
        by_hand(SECRET),
    ):
        assert "signed with another key" in await refused(checks, token)
    assert "must be signed with HS256" in await refused(checks, by_hand(OWN * 2, algorithm="HS512"))
    assert "must be signed with HS256" in await refused(checks, by_hand(None, algorithm="none"))


async def test_a_guest_s_token_ends_after_two_hours():
    checks, given_ = authenticator(guest_token_secret=OWN), issued(now=NOW + timedelta(microseconds=7))
    assert given_.expires_at == NOW + timedelta(hours=2)
    await checks.authenticate(given_.token, now=given_.expires_at)
    with pytest.raises(TokenExpired):
        await checks.authenticate(given_.token, now=given_.expires_at + timedelta(seconds=5))


@given(
    ahead=st.timedeltas(min_value=timedelta(0), max_value=timedelta(seconds=2)),
    late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(seconds=9)),
)
async def test_who_comes_by_a_new_code_is_not_taken_for_one_of_the_old(ahead, late):
    """Tokens are revoked up to a moment that lies a little ahead; to the microsecond, nothing in between is lost."""
    checks, revoked_before, now = authenticator(guest_token_secret=OWN), NOW + ahead, NOW + late
    revocations = Revocations()
    revocations.note(TENANT_ID, (TokenOwner.HOUSEHOLD, str(HOUSEHOLD_ID)), revoked_before)
    revocations.check(await checks.authenticate(issued(not_before=revoked_before, now=now).token, now=now))
    if ahead:
        before = issued(not_before=revoked_before - timedelta(microseconds=1), now=NOW).token
        with pytest.raises(TokenRevoked):
            revocations.check(await checks.authenticate(before, now=NOW))


@given(at=st.integers(min_value=0), sign_=st.sampled_from("AQgw19_-"))
async def test_every_changed_sign_is_refused(at, sign_):
    token = issued().token
    at %= len(token)
    changed = token[:at] + sign_ + token[at + 1 :]
    checks = authenticator(guest_token_secret=OWN)
    await checks.authenticate(token, now=NOW)
    if changed != token and at < len(token) - 1:  # the last sign holds bits that say nothing
        await refused(checks, changed)


def test_the_header_says_which_key_it_is_and_the_secret_is_not_shown():
    assert jwt.get_unverified_header(issued().token) == {"alg": "HS256", "typ": "JWT", "kid": GUEST_KID}
    checks = authenticator(guest_token_secret=OWN)
    assert OWN not in repr(checks)
    assert OWN not in repr(vars(checks))
    assert OWN not in repr(vars(checks.guests))
    assert json.dumps(OWN) not in settings(guest_token_secret=OWN).model_dump_json()


@pytest.mark.parametrize("secret", ["short", PEM, ""])
def test_a_secret_that_will_not_do_is_refused_by_name(secret):
    with pytest.raises(SetupError, match="GUEST_TOKEN_SECRET"):
        GuestKey(secret)
