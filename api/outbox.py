"""What would have been sent, for the demo and for trying out: `/outbox`, where OUTBOX_DIR is set."""

import asyncio
from functools import cache
from itertools import islice

from jinja2 import Environment, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from api.process import process_of
from providers.outbox import Outbox

SHOWN = 100
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outbox</title>
<style>
body { margin: 0 auto; padding: 24px 16px; max-width: 760px; background: #f3f5f2; color: #1d2a20;
  font: 16px/1.5 Georgia, serif; }
article { margin: 0 0 16px; padding: 16px 20px; background: #fff; border-radius: 6px; }
h2 { margin: 0; font-size: 18px; }
small { color: #5a665d; overflow-wrap: anywhere; }
iframe { width: 100%; height: 420px; border: 1px solid #d9dfd9; }
</style>
</head>
<body>
<h1>Outbox</h1>
<p>E-mails and pushes, the newest first. None of them was sent.</p>
{% for one in sent %}<article>
<h2>{{ one.title }}</h2>
<small>{{ one.channel }} · {{ one.at }} · {{ one.to }}</small>
{% if one.html %}<details><summary>Show the e-mail</summary>
<iframe sandbox="allow-popups" title="{{ one.title }}" srcdoc="{{ one.html }}"></iframe></details>
{% else %}<p>{{ one.body }}</p>
{% endif %}</article>
{% else %}<p>Nothing yet: cancel somebody's booking, or send invitations.</p>
{% endfor %}</body>
</html>
"""


@cache
def _page() -> Template:
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE)


async def outbox(request: Request) -> Response:
    """Show what is in the outbox, if there is one."""
    runtime = process_of(request.app).runtime
    folder = runtime.settings.outbox_dir
    if folder is None:
        return PlainTextResponse("There is no outbox here: OUTBOX_DIR is not set, so things are sent.\n", 404)
    found = Outbox(folder, clock=runtime.clock).newest()
    sent = await asyncio.to_thread(lambda: [{"html": "", "body": "", **one} for one in islice(found, SHOWN)])
    return HTMLResponse(_page().render(sent=sent), headers=HEADERS)
