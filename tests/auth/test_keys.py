import asyncio
import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import get_default_algorithms

from auth.keys import MISSED, KeysUnavailable, PublishedKeys, usable_keys
from kit.errors import TokenExpired, TokenRefused
from tests.auth.issuer import NOW, claims, private_key, published, serving, sign, sign_as


@pytest.fixture
def issuer():
    with serving(published("ES256")) as running:
        yield running


@pytest.fixture
def checks(issuer):
    return issuer.authenticator("ES256")


def later(**distance):
    return NOW + timedelta(**distance)


async def stranger(checks, kid, *, now):
    return await checks.authenticate(sign(claims(), private_key("ES256"), "ES256", kid=kid), now=now)


async def accepted(checks, name, *, now):
    return (await checks.authenticate(sign_as("ES256", name, exp=253_402_300_799), now=now)).user_id == "ana"


async def test_nothing_is_fetched_before_the_first_token_and_then_once(issuer, checks):
    assert issuer.requests == 0
    for minute in range(9):
        assert await accepted(checks, "first", now=later(minutes=minute))
    assert issuer.requests == 1


async def test_an_unknown_key_id_brings_the_rotated_keys(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.publish(published("ES256", "second"), published("ES256", "first"))
    assert await accepted(checks, "second", now=later(seconds=30))
    assert await accepted(checks, "first", now=later(seconds=30))
    assert issuer.requests == 2


async def test_unknown_key_ids_cannot_make_it_fetch_more_often_than_every_half_minute(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.publish(published("ES256", "second"))
    for number in range(1, 30):  # each may have become a key since: that can't be told yet
        with pytest.raises(KeysUnavailable) as caught:
            await stranger(checks, f"stranger {number}", now=later(seconds=number))
        assert caught.value.retry_after == 30 - number
    assert issuer.requests == 1
    for number in range(1, 31):
        with pytest.raises(TokenRefused, match="“kid” names none of the ES256 keys"):
            await stranger(checks, f"stranger {number}", now=later(seconds=30))
    assert issuer.requests == 2
    assert await accepted(checks, "second", now=later(seconds=30))
    assert issuer.requests == 2


async def test_a_key_that_was_published_since_the_last_fetch_is_not_refused_but_waited_for(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.publish(published("ES256", "second"))
    with pytest.raises(KeysUnavailable) as caught:
        await accepted(checks, "second", now=later(seconds=10))
    assert caught.value.retry_after == 20
    assert await accepted(checks, "second", now=later(seconds=30))


async def test_ids_that_nobody_can_count_are_forgotten_and_do_no_harm(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    for number in range(MISSED + 10):
        with pytest.raises(KeysUnavailable):
            await stranger(checks, f"stranger {number}", now=later(seconds=1))
    assert len(checks._keys._missed) == MISSED


async def test_a_fetch_that_failed_is_tried_again_after_growing_waits_and_known_keys_serve_meanwhile(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.status, now, waits = 503, later(minutes=1), []
    for _ in range(6):
        with pytest.raises(KeysUnavailable) as caught:
            await accepted(checks, "second", now=now)
        assert await accepted(checks, "first", now=now)
        waits.append(caught.value.retry_after)
        now += timedelta(seconds=waits[-1])
    assert issuer.requests == 7
    for wait, longest in zip(waits, (1, 2, 4, 8, 10, 10), strict=True):
        assert longest / 2 <= wait <= longest
    issuer.status = 200
    issuer.publish(published("ES256", "second"))
    assert await accepted(checks, "second", now=now)


async def test_a_clock_that_was_set_back_does_not_stop_the_fetching(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.publish(published("ES256", "second"))
    assert await accepted(checks, "second", now=later(hours=-1))


async def test_those_who_wait_for_the_keys_share_one_fetch_while_the_loop_runs_on(issuer, checks):
    issuer.may_answer.clear()
    waiting = [asyncio.create_task(accepted(checks, "first", now=NOW)) for _ in range(50)]
    assert await asyncio.to_thread(issuer.asked.wait, 5)
    assert not any(task.done() for task in waiting)
    issuer.may_answer.set()
    assert all(await asyncio.gather(*waiting))
    assert issuer.requests == 1


async def test_a_fetch_that_takes_long_is_not_doubled(issuer, checks):
    issuer.may_answer.clear()
    waiting = [asyncio.create_task(accepted(checks, "first", now=later(minutes=minute))) for minute in range(3)]
    assert await asyncio.to_thread(issuer.asked.wait, 5)
    issuer.may_answer.set()
    assert all(await asyncio.gather(*waiting))
    assert issuer.requests == 1


async def test_one_who_gives_up_does_not_stop_the_fetch_for_the_others(issuer, checks):
    issuer.may_answer.clear()
    impatient = asyncio.create_task(accepted(checks, "first", now=NOW))
    patient = asyncio.create_task(accepted(checks, "first", now=NOW))
    assert await asyncio.to_thread(issuer.asked.wait, 5)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    issuer.may_answer.set()
    assert await patient
    assert issuer.requests == 1


async def test_an_issuer_that_cannot_be_reached_is_not_the_tokens_fault(issuer, checks):
    issuer.stop()
    for second in (0, 1):
        with pytest.raises(KeysUnavailable, match="cannot be checked at the moment") as caught:
            await accepted(checks, "first", now=later(seconds=second))
    assert caught.value.code == "UNAVAILABLE"
    assert not isinstance(caught.value, TokenRefused)


async def test_an_issuer_that_comes_back_is_found_again(issuer, checks):
    issuer.status = 503
    with pytest.raises(KeysUnavailable):
        await accepted(checks, "first", now=NOW)
    issuer.status = 200
    assert await accepted(checks, "first", now=later(seconds=30))
    with pytest.raises(TokenRefused):  # of a key that is missing it is sure again
        await accepted(checks, "second", now=later(seconds=30))


async def test_an_issuer_that_does_not_answer_in_time_cannot_be_reached(issuer):
    issuer.may_answer.clear()
    keys = PublishedKeys(issuer.url, algorithm="ES256", fetch_timeout=timedelta(milliseconds=100))
    with pytest.raises(KeysUnavailable):
        await keys.find("first", now=NOW)


@pytest.mark.parametrize("status", [204, 302, 404, 500])
async def test_an_answer_that_is_no_success_gives_no_keys(issuer, checks, status):
    issuer.status, issuer.document = status, b"" if status == 204 else issuer.document
    with pytest.raises(KeysUnavailable):
        await accepted(checks, "first", now=NOW)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\xff", b"[]", b"{}", b'{"keys": {}}', b"[" * 100_000])
async def test_an_answer_that_is_no_key_set_gives_no_keys(issuer, checks, body):
    issuer.document = body
    with pytest.raises(KeysUnavailable):
        await accepted(checks, "first", now=NOW)


async def test_the_last_keys_stay_in_use_while_the_issuer_is_away(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.stop()
    with pytest.raises(KeysUnavailable):  # whether this key exists by now cannot be told
        await accepted(checks, "second", now=later(minutes=1))
    assert await accepted(checks, "first", now=later(minutes=1))
    assert await accepted(checks, "first", now=later(days=1))
    with pytest.raises(KeysUnavailable):
        await accepted(checks, "second", now=later(days=1))


async def test_a_key_that_was_withdrawn_is_not_trusted_for_long(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.publish(published("ES256", "second"))
    issuer.may_answer.clear()
    issuer.asked.clear()
    assert await accepted(checks, "first", now=later(minutes=10))  # nobody waits for the fetch that begins here
    assert await asyncio.to_thread(issuer.asked.wait, 5)
    issuer.may_answer.set()
    assert await accepted(checks, "second", now=later(minutes=10))
    with pytest.raises(TokenRefused, match="kid"):
        await accepted(checks, "first", now=later(minutes=10))
    assert issuer.requests == 2


async def test_a_token_that_was_checked_is_known_for_a_minute_but_not_beyond_its_end(issuer, checks):
    token = sign_as("ES256", "first", exp=int(later(seconds=90).timestamp()))
    viewer = await checks.authenticate(token, now=NOW)
    assert await checks.authenticate(token, now=later(seconds=59)) is viewer
    again = await checks.authenticate(token, now=later(seconds=60))
    assert again == viewer
    assert again is not viewer
    with pytest.raises(TokenExpired):
        await checks.authenticate(token, now=later(seconds=95))
    with pytest.raises(TokenRefused):
        await checks.authenticate(token[:-4] + "AAAA", now=NOW)


async def test_when_all_keys_are_withdrawn_none_is_trusted(issuer, checks):
    assert await accepted(checks, "first", now=NOW)
    issuer.publish()
    for name in ("unknown", "first"):
        with pytest.raises(KeysUnavailable):
            await accepted(checks, name, now=later(minutes=1))


async def test_a_token_without_key_id_uses_the_only_key(issuer, checks):
    token = sign(claims(), private_key("ES256"), "ES256")
    assert await checks.authenticate(token, now=NOW)
    issuer.publish(published("ES256", "first"), published("ES256", "second"))
    assert await accepted(checks, "second", now=later(minutes=1))
    with pytest.raises(TokenRefused, match="needs a “kid”"):
        await checks.authenticate(token, now=later(minutes=1))


async def test_a_key_of_another_type_is_not_used(issuer):
    issuer.publish(published("ES256"), published("RS256", "other"))
    checks = issuer.authenticator("RS256")
    assert await checks.authenticate(sign_as("RS256", "other"), now=NOW)
    with pytest.raises(TokenRefused, match="none of the RS256 keys"):
        await checks.authenticate(sign(claims(), private_key("RS256", "other"), "RS256", kid="first"), now=NOW)


async def test_an_issuer_without_a_key_of_the_right_type_is_a_fault_of_the_set_up(issuer):
    with pytest.raises(KeysUnavailable):
        await issuer.authenticator("RS256").authenticate(sign_as("RS256"), now=NOW)


def as_jwk(algorithm, key):
    return get_default_algorithms()[algorithm].to_jwk(key, as_dict=True) | {"kid": "first"}


UNUSABLE = {
    "another algorithm": ("ES256", published("ES256", alg="ES384")),
    "another curve of EC": ("ES256", as_jwk("ES384", ec.generate_private_key(ec.SECP384R1()).public_key())),
    "another curve of OKP": ("EdDSA", as_jwk("EdDSA", ed448.Ed448PrivateKey.generate().public_key())),
    "another type": ("RS256", published("ES256", alg="RS256")),
    "a secret": ("ES256", {"kty": "oct", "k": "c2VjcmV0", "kid": "first"}),
    "for encryption": ("ES256", published("ES256", use="enc")),
    "for signing alone": ("ES256", published("ES256", key_ops=["sign"])),
    "operations of a wrong type": ("ES256", published("ES256", key_ops="verify")),
    "a key id of a wrong type": ("ES256", published("ES256", kid=7)),
    "too short": (
        "RS256",
        as_jwk("RS256", rsa.generate_private_key(public_exponent=65_537, key_size=1024).public_key()),
    ),
    "off the curve": ("ES256", published("ES256", x=base64.urlsafe_b64encode(bytes(32)).decode())),
    "not base64": ("ES256", published("ES256", x="*")),
    "without its point": ("ES256", {"kty": "EC", "crv": "P-256", "kid": "first"}),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_key_that_does_not_fit_is_left_out_and_the_others_serve(case):
    algorithm, unusable = UNUSABLE[case]
    assert not usable_keys({"keys": [unusable]}, algorithm=algorithm)
    assert list(usable_keys({"keys": [unusable, published(algorithm, "good")]}, algorithm=algorithm)) == ["good"]


def test_a_key_may_leave_out_its_algorithm_and_its_use():
    bare = {name: value for name, value in published("ES256").items() if name in {"kty", "crv", "x", "y", "kid"}}
    assert list(usable_keys({"keys": [bare]}, algorithm="ES256")) == ["first"]
    assert list(usable_keys({"keys": [bare | {"use": "sig", "key_ops": ["verify"]}]}, algorithm="ES256")) == ["first"]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_private_key_that_is_published_by_mistake_serves_by_its_public_half(issuer, algorithm):
    issuer.publish(as_jwk(algorithm, private_key(algorithm)) | {"key_ops": ["sign", "verify"]})
    assert await issuer.authenticator(algorithm).authenticate(sign_as(algorithm), now=NOW)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
keys_of_sorts = st.sampled_from([published("ES256"), published("RS256"), published("EdDSA")]).flatmap(
    lambda good: st.dictionaries(st.sampled_from(sorted({*good, "use", "key_ops"})), anything, max_size=3).map(
        lambda bad: good | bad
    )
)


@given(entries=st.lists(keys_of_sorts | anything, max_size=3), algorithm=st.sampled_from(["RS256", "ES256", "EdDSA"]))
def test_whatever_an_issuer_publishes_does_no_harm(entries, algorithm):
    assert len(usable_keys({"keys": entries}, algorithm=algorithm)) <= len(entries)
