"""The pages that people open in a browser, from our own files: the board, and GraphiQL."""

from typing import Any

import orjson
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from kit.errors import SetupError
from kit.files import PAGES
from kit.settings import Settings

PLACE = "<!--fairway-config-->"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'{provider}; worker-src 'self'; frame-src {frames}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)
"""The editor writes styles of its own; everything else comes from files of this server. An identity provider is asked
for tokens, and asked in a frame whether somebody is still signed in at it; the frame ends at the page of its answers.
"""


class Assets(StaticFiles):
    """The files that pages are made of. Their names change with what is in them, so browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Send a file, or that the browser has it."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Pages:
    """The pages, with what the server tells them: whom the demo offers to sign in as, and who signs in people else."""

    def __init__(self, settings: Settings, offered: dict[str, Any] | None = None) -> None:
        """Take what the demo offers: tokens to sign in with, and examples. Raises SetupError."""
        self._origins = settings.provider_origins
        self._config = dict(offered or {})
        if settings.oidc_issuer:
            self._config["provider"] = _provider(settings)

    @property
    def sign_in(self) -> bool:
        """Whether an identity provider signs people in."""
        return bool(self._origins)

    @property
    def examples(self) -> list[str]:
        """The documents that GraphiQL offers to try."""
        return [example["query"] for example in self._config.get("examples", ())]

    def graphiql(self) -> HTMLResponse:
        """Show GraphiQL."""
        return self._page("graphiql.html")

    def board(self) -> HTMLResponse:
        """Show the board."""
        return self._page("board.html")

    def signed_in(self) -> HTMLResponse:
        """Show what the identity provider sends people back to: in the window, or in a frame of the board's own."""
        return self._page("signed-in.html", ancestors="'self'")

    def _page(self, name: str, *, ancestors: str = "'none'") -> HTMLResponse:
        page = (PAGES / name).read_text(encoding="utf-8")
        if self._config:
            text = orjson.dumps(self._config).decode().replace("<", "\\u003c")  # so that no text in it ends the script
            page = page.replace(PLACE, f'<script type="application/json" id="fairway-config">{text}</script>')
        provider = "".join(f" {origin}" for origin in self._origins)
        policy = POLICY.format(
            provider=provider, frames=f"'self'{provider}" if provider else "'none'", ancestors=ancestors
        )
        headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return HTMLResponse(page, headers=headers)


def _provider(settings: Settings) -> dict[str, str]:
    if not settings.oidc_client_id:
        raise SetupError(message="OIDC_ISSUER needs OIDC_CLIENT_ID: what the identity provider knows the board by.")
    if not settings.jwt_jwks_url:
        raise SetupError(message="OIDC_ISSUER needs JWT_JWKS_URL, where its keys are published, and JWT_ALGORITHM.")
    return {
        "issuer": settings.oidc_issuer,
        "clientId": settings.oidc_client_id,
        "scope": settings.oidc_scope,
        "audience": settings.oidc_audience,
    }
