from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from pydantic import SecretStr

from auth.tokens import issue_token
from auth.viewer import Role, Viewer
from kit.errors import SetupError, TokenExpired, TokenRefused
from kit.ids import new_id
from tests.auth.issuer import NOW, SECRET, authenticator, seconds


def issue(secret=SECRET, **changes):
    usual = {
        "user_id": "ana",
        "tenant_id": UUID(int=1),
        "club_ids": [],
        "roles": [],
        "lifetime": timedelta(hours=1),
        "now": NOW,
    }
    return issue_token(secret, **(usual | changes))


async def test_the_viewer_that_goes_in_comes_out():
    viewer = Viewer(
        user_id="ana",
        tenant_id=new_id(),
        club_ids=frozenset({new_id(), new_id()}),
        player_id=new_id(),
        roles=frozenset(Role),
        caddie_lists=frozenset({1, 2}),
        household_id=new_id(),
        expires_at=NOW + timedelta(minutes=15),
        issued_at=NOW,
    )
    fields = {name: getattr(viewer, name) for name in Viewer.__slots__ if name not in {"expires_at", "issued_at"}}
    token = issue_token(
        SecretStr(SECRET), **fields, lifetime=timedelta(minutes=15), now=NOW, issuer="id", audience="fairway"
    )
    assert await authenticator(jwt_issuer="id", jwt_audience="fairway").authenticate(token, now=NOW) == viewer


def test_claims_that_are_not_given_are_left_out():
    written = jwt.decode(issue(), options={"verify_signature": False})
    assert written["iat"] == seconds(NOW)
    assert not {"iss", "aud", "playerId", "householdId"} & written.keys()


async def test_a_token_ends_with_its_lifetime():
    token = issue(lifetime=timedelta(seconds=60), now=NOW + timedelta(milliseconds=900))
    viewer = await authenticator().authenticate(token, now=NOW)
    assert viewer.expires_at == NOW + timedelta(seconds=60)
    with pytest.raises(TokenExpired):
        await authenticator().authenticate(token, now=NOW + timedelta(seconds=65))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"user_id": ""}, "sub"),
        ({"user_id": "x" * 201}, "sub"),
        ({"caddie_lists": [0]}, "caddieLists"),
        ({"club_ids": [UUID(int=number) for number in range(300)]}, "longer than"),
    ],
)
def test_no_token_is_issued_that_would_be_refused(changes, names):
    with pytest.raises(TokenRefused, match=names):
        issue(**changes)


def test_a_weak_secret_signs_nothing():
    with pytest.raises(SetupError, match="32 bytes"):
        issue("short")
