"""The pages behind the links in e-mails: opening one changes nothing, as mail filters do so too; its button does.

No token is needed: whoever has the e-mail has the link, and the link is signed.
"""

from functools import cache
from math import ceil

from jinja2 import Environment, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.process import process_of
from auth.limits import Rate
from auth.mail_links import MailLinks, mail_links
from domain.journeys import mail_links as journeys
from events.work import Change
from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import FairwayError, NotFound, TokenExpired, TooManyTries, Unavailable

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<style>
body { margin: 0; padding: 48px 16px; background: #f3f5f2; color: #1d2a20; font: 17px/1.5 Georgia, serif; }
main { max-width: 520px; margin: 0 auto; padding: 28px; background: #fff; border-radius: 6px; }
h1 { margin: 0 0 12px; font-size: 22px; }
form { margin: 0 0 8px; }
button { padding: 10px 18px; border: 0; border-radius: 4px; background: #1f5c36; color: #fff; font: inherit; }
</style>
</head>
<body><main>
<h1>{{ title }}</h1>
<p>{{ text }}</p>
{% for way, button in buttons.items() %}<form method="post"{% if way %} action="?as={{ way }}"{% endif %}>
<button type="submit">{{ button }}</button></form>
{% endfor %}</main></body>
</html>
"""


@cache
def _page() -> Template:
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE)


async def unsubscribe(request: Request) -> Response:
    """Ask whether e-mails are to end; end them where that was answered, or by the one click of a mail program."""
    try:
        said = _links(request).read_unsubscription(request.path_params["token"])
        if request.method != "POST":
            text = "You are sent no more e-mails of this kind. · No recibirás más correos de este tipo."
            return shown("End these e-mails? · ¿Dejar estos correos?", text, button="End them · Dejarlos")
        now = process_of(request.app).runtime.clock()

        async def work(change: Change) -> None:
            await journeys.unsubscribe(change.session, said=said, now=now)

        await process_of(request.app).runtime.work.run(said.tenant_id, work)
        return shown("Done · Hecho", "You are sent no more of these e-mails. · No recibirás más de estos correos.")
    except Exception as error:
        return refused(request, error)


async def confirm(request: Request) -> Response:
    """Ask whether an address is the reader's; take it where that was answered."""
    try:
        now = process_of(request.app).runtime.clock()
        said = _links(request).read_confirmation(request.path_params["token"], now=now)
        if request.method != "POST":
            title = "Confirm your address · Confirma tu dirección"
            return shown(title, said.email, button="It is mine · Es la mía")

        async def work(change: Change) -> None:
            await journeys.confirm(change.session, said=said, now=now)

        await process_of(request.app).runtime.work.run(said.tenant_id, work)
        return shown("Done · Hecho", f"{said.email} is confirmed. · {said.email} está confirmada.")
    except Exception as error:
        return refused(request, error)


def _links(request: Request) -> MailLinks:
    """Give what reads links, and count who asks: what is signed cannot be guessed, but may be tried."""
    process, address = process_of(request.app), request.client.host if request.client else ""
    process.limits.take(Rate.ANONYMOUS_READS, viewer=None, address=address, now=process.runtime.clock())
    links = mail_links(process.runtime.settings)
    if links is None:
        raise NotFound(message="No links can be read here: no secret is set with which they are signed.")
    return links


def shown(
    title: str,
    text: str,
    *,
    button: str = "",
    buttons: dict[str, str] | None = None,
    status: int = 200,
    more: dict[str, str] | None = None,
) -> Response:
    """Show a page of few words. Each of several buttons is called by what its press says in the address, `as`."""
    page = _page().render(title=title, text=text, buttons=buttons or ({"": button} if button else {}))
    return HTMLResponse(page, status, headers=HEADERS | (more or {}))


def refused(request: Request, error: Exception) -> Response:
    """Show in words why a page is not there. Raises what is a fault of ours."""
    if is_unreachable(error):
        error = DatabaseUnavailable()
    if not isinstance(error, FairwayError):
        raise error
    match error:
        case TooManyTries():
            wait = ceil(error.after(process_of(request.app).runtime.clock()))
            return shown("Later, please", error.message, status=429, more={"Retry-After": str(max(wait, 1))})
        case Unavailable():
            return shown("Later, please", error.message, status=503, more={"Retry-After": "5"})
        case TokenExpired():
            return shown("Expired · Caducado", error.message, status=410)
        case _:
            return shown("Not found · No encontrado", error.message, status=404)
