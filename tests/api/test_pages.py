"""What the pages are told of an identity provider, and what they may reach."""

import pytest

from api.app import create_app
from api.pages import Pages
from kit.errors import SetupError
from kit.settings import load_settings
from tests.harness import HeldClock, serving, settings_for

PROVIDER = {
    "oidc_issuer": "https://login.club.example/realms/club",
    "oidc_client_id": "board",
    "oidc_origins": "https://tokens.club.example",
    "jwt_jwks_url": "https://login.club.example/keys",
    "jwt_algorithm": "ES256",
}


def policy_of(response):
    parts = response.headers["Content-Security-Policy"].split("; ")
    return {name: set(values) for name, *values in map(str.split, parts)}


def test_pages_reach_the_identity_provider_and_nobody_else():
    pages = Pages(load_settings(_env_file=None, **PROVIDER))
    reached = {"'self'", "https://login.club.example", "https://tokens.club.example"}
    for page in (pages.board(), pages.graphiql(), pages.signed_in()):
        assert policy_of(page)["connect-src"] == reached
        assert policy_of(page)["frame-src"] == reached
        assert b'"clientId":"board"' in page.body
    assert policy_of(pages.board())["frame-ancestors"] == {"'none'"}
    assert policy_of(pages.signed_in())["frame-ancestors"] == {"'self'"}


async def test_without_one_pages_reach_this_server_alone(server):
    page = await server.http.get(server.url)
    assert policy_of(page)["connect-src"] == {"'self'"}
    assert policy_of(page)["frame-src"] == {"'none'"}
    assert (await server.http.get(f"{server.url}/signed-in")).status_code == 404


async def test_the_page_that_takes_up_its_answers_is_there_with_one(settings):
    clock = HeldClock()
    given = settings_for(settings, **PROVIDER | {"oidc_origins": ()})
    async with serving(create_app(given, with_jobs=False, clock=clock), clock) as server:
        page = await server.http.get(f"{server.url}/signed-in?code=none&state=none")
        assert page.status_code == 200
        assert "code=" not in page.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"oidc_client_id": ""}, "OIDC_CLIENT_ID"),
        ({"jwt_jwks_url": "", "jwt_algorithm": "HS256"}, "JWT_JWKS_URL"),
        ({"oidc_issuer": "http://login.club.example"}, "OIDC_ISSUER is not a URL"),
        ({"oidc_issuer": "https://login.club.example/?realm=1"}, "OIDC_ISSUER is not a URL"),
        ({"oidc_scope": "profile"}, "OIDC_SCOPE has to name openid"),
        ({"oidc_origins": "https://tokens.club.example/path"}, "OIDC_ORIGINS names"),
        ({"oidc_origins": "https://a.example;script-src *"}, "OIDC_ORIGINS names"),
    ],
)
def test_what_would_not_sign_anybody_in_is_refused_when_the_server_starts(changed, said):
    with pytest.raises(SetupError, match=said):
        Pages(load_settings(_env_file=None, **PROVIDER | changed))
