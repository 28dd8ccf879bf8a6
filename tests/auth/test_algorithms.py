import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auth.tokens import Authenticator
from kit.errors import SetupError, TokenRefused
from tests.auth.issuer import (
    NOW,
    SECRET,
    authenticator,
    base64url,
    claims,
    private_key,
    published,
    serving,
    settings,
    sign,
    sign_as,
    sign_by_hand,
)


async def refused(by, token):
    with pytest.raises(TokenRefused) as caught:
        await by.authenticate(token, now=NOW)
    return str(caught.value)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_each_algorithm_with_published_keys(algorithm):
    with serving(published(algorithm)) as issuer:
        checks = issuer.authenticator(algorithm)
        assert (await checks.authenticate(sign_as(algorithm), now=NOW)).user_id == "ana"
        forged = sign(claims(), private_key(algorithm, "another"), algorithm, kid="first")
        assert "signed with another key" in await refused(checks, forged)
        head, _, signature = sign_as(algorithm).split(".")
        changed = base64url(json.dumps(claims(sub="eve")).encode())
        assert "changed since" in await refused(checks, f"{head}.{changed}.{signature}")


async def test_another_secret_is_refused():
    token = sign(claims(), "another secret of the tests, just as long")
    assert await refused(authenticator(), token) == "The token was signed with another key, or changed since."


@pytest.mark.parametrize(
    "name", ["none", "None", "NONE", "nOnE", "", None, 0, [], ["HS256"], {}, "HS512", "RS256", "hs256"]
)
@pytest.mark.parametrize("signature", ["", "right"])
async def test_no_other_algorithm_is_accepted(name, signature):
    token = sign_by_hand(json.dumps({"alg": name}).encode(), json.dumps(claims()).encode(), SECRET.encode())
    token = token if signature else token.rsplit(".", 1)[0] + "."
    assert "must be signed with HS256" in await refused(authenticator(), token)


async def test_another_algorithm_is_refused_though_the_secret_is_right():
    token = sign(claims(), SECRET + SECRET, "HS512")
    assert "must be signed with HS256" in await refused(authenticator(jwt_secret=SECRET + SECRET), token)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
async def test_a_public_key_does_not_serve_as_a_secret(encoding):
    public = private_key("RS256").public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    token = sign_by_hand(b'{"alg": "HS256", "kid": "first"}', json.dumps(claims()).encode(), public)
    with serving(published("RS256")) as issuer:
        assert "must be signed with RS256" in await refused(issuer.authenticator("RS256"), token)
        assert issuer.requests == 0


async def test_a_header_that_lies_about_its_algorithm_does_not_verify():
    public = private_key("RS256").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    token = sign_by_hand(b'{"alg": "RS256", "kid": "first"}', json.dumps(claims()).encode(), public)
    with serving(published("RS256")) as issuer:
        assert "signed with another key" in await refused(issuer.authenticator("RS256"), token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\ud800",
        "a b c",
        "e30.e30.",
        "bnVsbA.e30.e30",
        "W10.e30.e30",
        "\x00" * 40,
    ],
)
async def test_what_is_no_token_is_refused(token):
    assert await refused(authenticator(), token)


@pytest.mark.parametrize(
    "header",
    [{"kid": 7}, {"kid": None}, {"crit": ["x"]}, {"crit": []}, {"b64": False}, {"b64": False, "crit": ["b64"]}],
)
async def test_a_header_with_demands_that_nobody_can_meet_is_refused(header):
    token = sign_by_hand(json.dumps({"alg": "HS256"} | header).encode(), json.dumps(claims()).encode(), SECRET.encode())
    assert "Token" in await refused(authenticator(), token)


@pytest.mark.parametrize(
    "payload", [b"", b"7", b"[]", b"null", b"\xff", b"{", b"[" * 4_000, b'{"exp":' + b"9" * 5_000 + b"}"]
)
async def test_a_payload_that_is_no_set_of_claims_is_refused(payload):
    assert await refused(authenticator(), sign(payload)) == "The token holds no claims that can be read."


def test_neither_the_secret_nor_a_key_is_shown():
    for shown in (authenticator(), Authenticator(settings(jwt_secret=""), secret=SECRET)):
        assert SECRET not in repr(shown)
        assert SECRET not in repr(vars(shown))
    far = authenticator(jwt_algorithm="ES256", jwt_jwks_url="https://user:hidden@id.example/keys?token=hidden")
    assert "hidden" not in repr(far)
    assert "id.example" in repr(far)


async def test_a_secret_of_its_own_serves_where_none_is_set():
    own = "a secret that was made when the process began"
    assert await Authenticator(settings(jwt_secret=""), secret=own).authenticate(sign(claims(), own), now=NOW)
    assert await Authenticator(settings(), secret=own).authenticate(sign(claims()), now=NOW)


PEM = private_key("ES256").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"jwt_secret": ""}, "JWT_SECRET needs at least 32 bytes"),
        ({"jwt_secret": PEM}, "JWT_SECRET is a key"),
        ({"jwt_secret": json.dumps(published("ES256"))}, "JWT_SECRET is a key"),
        ({"jwt_algorithm": "RS256"}, "JWT_JWKS_URL"),
        ({"jwt_jwks_url": "https://id.example/keys"}, "JWT_ALGORITHM"),
        ({"jwt_algorithm": "ES256", "jwt_jwks_url": "file:///etc/keys"}, "JWT_JWKS_URL"),
        ({"jwt_algorithm": "ES256", "jwt_jwks_url": "id.example/keys"}, "JWT_JWKS_URL"),
        ({"jwt_algorithm": "ES256", "jwt_jwks_url": "https://"}, "JWT_JWKS_URL"),
        ({"jwt_algorithm": "ES256", "jwt_jwks_url": "https://[::"}, "JWT_JWKS_URL"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(changes, names):
    with pytest.raises(SetupError, match=names) as caught:
        authenticator(**changes)
    assert PEM not in str(caught.value)


def test_a_short_secret_is_refused():
    with pytest.raises(SetupError, match="32 bytes, has 31"):
        Authenticator(settings(jwt_secret=""), secret="é" * 15 + "x")
