"""Whatever is sent as a token, the answer is a viewer or a refusal."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auth.tokens import bearer, from_connection_init
from auth.viewer import Viewer
from kit.errors import TokenRefused
from tests.auth.issuer import (
    CLUB,
    HOUSEHOLD,
    NOW,
    PLAYER,
    SECRET,
    TENANT,
    authenticator,
    base64url,
    claims,
    published,
    seconds,
    serving,
    sign,
    sign_as,
    sign_by_hand,
)

CHECKS = authenticator()
any_text = st.text(st.characters())  # half surrogate pairs included
scalars = st.none() | st.booleans() | st.integers() | st.floats() | any_text
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4), max_leaves=8
)
ids = st.sampled_from([TENANT, CLUB, PLAYER, HOUSEHOLD])
values = (
    anything | ids | st.lists(ids, max_size=3) | st.just(seconds(NOW)) | st.lists(st.sampled_from(["ADMIN", "GUEST"]))
)
names = st.sampled_from(
    [
        "sub",
        "tenantId",
        "clubIds",
        "playerId",
        "roles",
        "caddieLists",
        "householdId",
        "exp",
        "iat",
        "nbf",
        "iss",
        "aud",
        "jti",
    ]
)


async def refused(token):
    with pytest.raises(TokenRefused) as caught:
        await CHECKS.authenticate(token, now=NOW)
    str(caught.value).encode()  # a sentence that cannot be sent would be a fault of its own


@given(token=any_text | st.binary().map(lambda content: content.decode("latin-1")))
@example(token=".".join(["e30"] * 3))
async def test_any_text(token):
    await refused(token)


@given(parts=st.lists(st.binary().map(base64url), min_size=1, max_size=5))
async def test_anything_that_looks_like_a_token(parts):
    await refused(".".join(parts))


@given(
    header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64"]), anything | st.just("HS256")),
    payload=anything,
)
async def test_any_header_with_a_right_signature(header, payload):
    token = sign_by_hand(json.dumps(header).encode(), json.dumps(payload).encode(), SECRET.encode())
    await refused(token)


@given(content=st.binary() | anything.map(lambda value: json.dumps(value).encode()))
async def test_any_payload_with_a_right_signature(content):
    await refused(sign(content))


@given(changes=st.dictionaries(names, values, max_size=4))
async def test_any_claims_with_a_right_signature(changes):
    try:
        viewer = await CHECKS.authenticate(sign(claims(**changes)), now=NOW)
    except TokenRefused as refusal:
        str(refusal).encode()
    else:
        assert isinstance(viewer, Viewer)
        viewer.user_id.encode()


@given(place=st.integers(0, 400), character=st.characters())
async def test_a_token_with_one_character_changed(place, character):
    token = sign(claims())
    place %= len(token)
    if token[place] != character:
        await refused(token[:place] + character + token[place + 1 :])


@given(algorithm=st.sampled_from(["RS256", "ES256", "EdDSA"]), signature=st.binary(max_size=300) | st.just(bytes(64)))
async def test_any_signature_beside_published_keys(algorithm, signature):
    checks = await published_checks(algorithm)
    with pytest.raises(TokenRefused):
        await checks.authenticate(f"{sign_as(algorithm).rsplit('.', 1)[0]}.{base64url(signature)}", now=NOW)


READY = {}


async def published_checks(algorithm):
    """Give an authenticator that has its keys already; its issuer is gone."""
    if algorithm not in READY:
        with serving(published(algorithm)) as issuer:
            READY[algorithm] = issuer.authenticator(algorithm)
            assert await READY[algorithm].authenticate(sign_as(algorithm), now=NOW)
    return READY[algorithm]


@given(
    header=any_text,
    payload=anything | st.dictionaries(st.sampled_from(["Authorization", "token", "headers"]), anything),
)
def test_whatever_carries_a_token(header, payload):
    for read, carrier in ((bearer, header), (from_connection_init, payload)):
        try:
            token = read(carrier)
        except TokenRefused:
            continue
        assert token is None or token.strip()
