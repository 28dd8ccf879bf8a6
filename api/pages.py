"""The pages that people open in a browser, from our own files: the board, and GraphiQL."""

from typing import Any

import orjson
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from kit.files import PAGES

PLACE = "<!--fairway-config-->"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The editor writes styles of its own; everything else comes from files of this server."""


class Assets(StaticFiles):
    """The files that pages are made of. Their names change with what is in them, so browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Send a file, or that the browser has it."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def graphiql(config: dict[str, Any] | None) -> HTMLResponse:
    """Show GraphiQL; `config` may offer tokens to sign in with, and examples."""
    return _page("graphiql.html", config)


def board(config: dict[str, Any] | None) -> HTMLResponse:
    """Show the board: a tee sheet, live; `config` may offer tokens to sign in with."""
    return _page("board.html", config)


def _page(name: str, config: dict[str, Any] | None) -> HTMLResponse:
    page = (PAGES / name).read_text(encoding="utf-8")
    if config:
        text = orjson.dumps(config).decode().replace("<", "\\u003c")  # so that no text in it can end the script
        page = page.replace(PLACE, f'<script type="application/json" id="fairway-config">{text}</script>')
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(page, headers=headers)
