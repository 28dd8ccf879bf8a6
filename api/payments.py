"""Where payment providers tell what has happened, where payers come back to, and the page of the twin.

No card data come here: they are typed on a provider's own page.
"""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.mail_pages import refused, shown
from api.process import process_of
from auth.limits import Rate
from domain.payments.deposits import note_event
from events import figures
from events.work import Change
from kit.database import is_unreachable
from kit.errors import NotFound
from kit.paying import SignatureRefused, Stage
from providers.payments.choice import payments_of, twin_of
from providers.payments.provider import PaymentProvider
from providers.payments.twin import NAME, Payment, Twin
from realtime.runtime import Runtime

LARGEST_EVENT = 256 * 1024
"""Bytes that an event may have; Stripe's have some thousands."""
log = structlog.get_logger(__name__)


async def webhook(request: Request) -> Response:
    """Take what a provider tells: it is noted, once, and looked up. Answers 200 once that is committed.

    What is not signed is refused with 400, so that nobody who guesses the address has anything done.
    """
    runtime: Runtime = process_of(request.app).runtime
    provider = payments_of(runtime.settings, clock=runtime.clock)
    if provider is None or provider.name != request.path_params["provider"]:
        return JSONResponse({"error": "no such provider is set here"}, 404)
    body = await _body(request)
    if body is None:
        return _answer(provider, "too large", 413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return await take_event(runtime, provider, body, headers)


async def take_event(runtime: Runtime, provider: PaymentProvider, body: bytes, headers: dict[str, str]) -> Response:
    """Take an event by its body, as it came, and its headers."""
    now = runtime.clock()
    try:
        told = provider.read_event(body, headers, now=now)
    except SignatureRefused as refusal:
        log.warning("an event of a payment provider was refused", provider=provider.name, why=str(refusal))
        return _answer(provider, "refused", 400)
    if told is None:
        return _answer(provider, "not ours", 200)

    async def note(change: Change) -> bool:
        return await note_event(
            change.session,
            provider=provider.name,
            event_id=told.event_id,
            kind=told.kind,
            deposit_id=told.deposit_id,
            about_refunds=told.about_refunds,
            now=now,
        )

    try:
        is_new = await runtime.work.run(told.tenant_id, note)
    except Exception as error:
        if not is_unreachable(error):
            raise
        return _answer(provider, "later", 503)
    return _answer(provider, "taken" if is_new else "known", 200)


def _answer(provider: PaymentProvider, outcome: str, status: int) -> Response:
    figures.payment_events.labels(provider.name, outcome).inc()
    return JSONResponse({"outcome": outcome}, status)


async def _body(request: Request) -> bytes | None:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_EVENT:
            return None
        parts.append(part)
    return b"".join(parts)


async def done(_: Request) -> Response:
    """Thank who comes back from paying: whether it is paid, the booking says."""
    text = "Your booking shows in a moment that it is paid. · Tu reserva mostrará enseguida que está pagada."
    return shown("Thank you · Gracias", text)


async def left(_: Request) -> Response:
    """Say to who comes back without paying that it can still be paid."""
    text = (
        "You can still pay until the time that your booking shows. · Puedes pagar hasta la hora que muestra tu reserva."
    )
    return shown("Not paid · Sin pagar", text)


async def twin_page(request: Request) -> Response:
    """The page of the provider that moves no money: it can be paid, declined, or paid without a word of it."""
    try:
        twin, payment = _twin_payment(request)
        if request.method != "POST":
            return _twin_page(payment)
        chosen = request.query_params.get("as", "")
        if chosen == "declined":
            return _twin_page(payment, "The card was declined; try another one. · Tarjeta rechazada; prueba otra.")
        payment = twin.agree(payment.id) or payment
        if chosen != "silent":
            await take_event(process_of(request.app).runtime, twin, *twin.event(payment))
        return _twin_page(payment)
    except Exception as error:
        return refused(request, error)


def _twin_payment(request: Request) -> tuple[Twin, Payment]:
    process, address = process_of(request.app), request.client.host if request.client else ""
    settings, clock = process.runtime.settings, process.runtime.clock
    process.limits.take(Rate.ANONYMOUS_READS, viewer=None, address=address, now=clock())
    twin = twin_of(settings, clock=clock)
    payment = twin.find(request.path_params["payment_id"]) if settings.payment_provider == NAME else None
    if payment is None:
        raise NotFound(message="There is no such payment here.")
    return twin, payment


def _twin_page(payment: Payment, said: str = "") -> Response:
    sum_ = f"{payment.amount_cents / 100:.2f} {payment.currency}"
    if payment.stage == Stage.OPEN.name:
        buttons = {"paid": "Pay · Pagar", "declined": "Be declined · Ser rechazado", "silent": "Pay, and lose the news"}
        return shown(payment.title, said or f"{sum_}. No money moves here. · Aquí no se mueve dinero.", buttons=buttons)
    ends = {Stage.RELEASED.name: "This page is closed; nothing was taken. · Página cerrada; no se ha cobrado nada."}
    return shown(payment.title, ends.get(payment.stage, f"{sum_}: thank you. · {sum_}: gracias."))
