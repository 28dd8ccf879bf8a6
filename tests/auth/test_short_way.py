"""Tokens by the short way, beside an authenticator that has none: the same viewer, or the same refusal."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from auth.hs256 import HEADERS, ShortWay
from kit.errors import TokenRefused
from tests.auth.issuer import CLUB, NOW, SECRET, TENANT, authenticator, base64url, claims, seconds, sign, sign_by_hand
from tests.auth.test_arbitrary_tokens import anything, names, values

USUAL = b'{"alg":"HS256","typ":"JWT"}'


def by_hand(payload, *, header=USUAL, secret=SECRET):
    return sign_by_hand(header, payload, secret.encode())


async def learned(**changes):
    """Give an authenticator that knows the usual header."""
    checks = authenticator(**changes)
    told = json.dumps(claims(iss="us", aud="us")).encode()
    await checks.authenticate(by_hand(told), now=NOW)
    return checks


async def answer(checks, token):
    try:
        return await checks.authenticate(token, now=NOW)
    except TokenRefused as refused:
        return type(refused), str(refused)


async def assert_alike(token, **changes):
    assert await answer(await learned(**changes), token) == await answer(authenticator(**changes), token)


async def test_a_header_is_known_once_a_token_with_it_was_right():
    short_way, right = ShortWay(SECRET.encode()), by_hand(json.dumps(claims()).encode())
    assert short_way.claims(right) is None
    short_way.learn(right)
    assert short_way.claims(right) == claims()
    assert short_way.claims(by_hand(json.dumps(claims(sub="eve")).encode())) == claims(sub="eve")
    for other in (
        by_hand(b"{}", header=b'{"alg":"HS256"}'),
        by_hand(b"{}", secret="another secret"),
        right[:-2] + ("AA" if right[-2:] != "AA" else "BB"),
        right + "=",
        right + ".",
        "." + right,
        right.replace(".", "..", 1),
        right.partition(".")[0] + "..",
        "",
        "..",
        "é" + right,
    ):
        assert short_way.claims(other) is None, other
    for number in range(HEADERS):
        short_way.learn(by_hand(b"{}", header=b'{"alg":"HS256","kid":"%d"}' % number))
    assert short_way.claims(right) is None


async def test_what_was_refused_teaches_nothing():
    checks, forged = (
        authenticator(),
        by_hand(json.dumps(claims()).encode(), secret="another secret, " + SECRET),
    )
    crit = by_hand(json.dumps(claims()).encode(), header=b'{"alg":"HS256","crit":["x"]}')
    for wrong in (forged, crit, by_hand(b"no claims")):
        assert isinstance(await answer(checks, wrong), tuple)
        assert checks._keys.claims(by_hand(json.dumps(claims()).encode())) is None
        assert checks._keys.claims(crit) is None


async def test_refusals_are_the_same_by_either_way():
    told = json.dumps(claims(iss="us", aud="us")).encode()
    head, payload, signature = by_hand(told).split(".")
    for token in (
        f"{head}.{payload}.",
        f"{head}.{payload}",
        f"{head}.{payload}.{signature[:-1]}",
        f"{head}.{payload}.{signature}=",
        f"{head}.{payload}=.{signature}",
        f"{head}.!{payload}.{signature}",
        f"{head}.{base64url(b'{}')}.{signature}",
        f"{head}.{payload}.{'x' * 9_000}",
        by_hand(b'{"sub":"' + b"x" * 7_000 + b'"}'),
        by_hand(told, header=b'{"alg":"none"}'),
        by_hand(told, header=b'{"alg":"HS512","typ":"JWT"}'),
        sign(claims(), SECRET + SECRET, "HS512"),
    ):
        await assert_alike(token)
    for changes in (
        {"exp": seconds(NOW) - 5},
        {"exp": seconds(NOW) - 4},
        {"exp": None},
        {"exp": 10**400},
        {"exp": 1e300},
        {"exp": True},
        {"nbf": seconds(NOW) + 6},
        {"iss": "them"},
        {"aud": ["them"]},
        {"aud": ["them", "us"]},
        {"caddieLists": [1, 10**30]},
        {"caddieLists": [1.0]},
        {"sub": "\ud800"},
    ):
        told = claims(**({"iss": "us", "aud": "us"} | changes))
        await assert_alike(by_hand(json.dumps(told).encode()), jwt_issuer="us", jwt_audience="us")


ODD = st.sampled_from([NOW.timestamp(), float("nan"), float("inf"), -0.0, 2**63, 2**64, 10**30, TENANT, CLUB])


@given(changes=st.dictionaries(names, values | ODD | st.lists(ODD, max_size=2), max_size=4))
async def test_any_claims_are_read_the_same_by_either_way(changes):
    await assert_alike(by_hand(json.dumps(claims(**changes)).encode()))


@given(content=st.binary() | anything.map(lambda value: json.dumps(value).encode()))
@example(content=b'{"sub":"a","sub":"b"}')
@example(content=b"\xef\xbb\xbf{}")
@example(content=json.dumps(claims()).encode("utf-16"))
@example(content=json.dumps(claims()).encode("utf-16-le"))
@example(content=json.dumps(claims()).encode() + b" ")
@example(content=json.dumps(claims()).encode()[:-1] + b',"sub":"eve"}')
@example(content=b"[" * 2_000)
async def test_any_payload_is_read_the_same_by_either_way(content):
    await assert_alike(by_hand(content))
