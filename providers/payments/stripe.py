"""Stripe, by its public API (https://docs.stripe.com/api): pages of Checkout whose payments are captured from here.

A payer's card is reserved on Stripe's page, and only taken once the booking is seen to hold still: what is not wanted
any more is let go, and costs nobody anything.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson

from kit.ids import parse_id, public_id
from kit.paying import Found, Order, ProviderFault, Refunded, RefundOrder, SignatureRefused, Stage, Told
from providers.payments.signatures import check_signature
from providers.push.service import usual_tls

VERSION = "2025-07-30.basil"
"""The version of the API that is asked for: answers stay as they are described for it."""
TIMEOUT = 15.0
BUSY, TOO_MANY, BROKEN = 409, 429, 500
UNKNOWN_CALLER = frozenset({401, 403})
ASKED_LATER = timedelta(hours=1)
OF_INTENT = {
    "requires_capture": Stage.AUTHORISED,
    "succeeded": Stage.CAPTURED,
    "canceled": Stage.RELEASED,
}
FAILED = frozenset({"failed", "canceled"})
WHOLE_UNITS = frozenset({"ISK", "UGX"})
"""Without decimals by ISO 4217, and with two at Stripe (https://docs.stripe.com/currencies#special-cases)."""


def to_stripe(cents: int, currency: str) -> int:
    """Write a sum in a currency's smallest unit as Stripe does."""
    return cents * 100 if currency in WHOLE_UNITS else cents


def from_stripe(amount: int, currency: str) -> int:
    """Read a sum as Stripe writes it in a currency's smallest unit."""
    return amount // 100 if currency in WHOLE_UNITS else amount


class Stripe:
    """Stripe, as the platform of the clubs' accounts, or with one account of its own."""

    name = "stripe"

    def __init__(self, *, key: str, secrets: tuple[str, ...], url: str, done_url: str, left_url: str) -> None:
        """Take the secret key, the secrets of webhooks, the API's address, and where payers come back to."""
        self._key, self._secrets, self._url = key, secrets, url
        self._done_url, self._left_url = done_url, left_url

    async def authorise(self, order: Order) -> Found:
        """Make a page of Checkout. Asked again by the same key, Stripe gives the page that it has made.

        It would stay open for a day: it is closed from here when its time is over, which may be shorter than Stripe's
        shortest. What is asked is the same at each try, as Stripe demands of a key.
        """
        known = self._known(order.tenant_id, order.deposit_id)
        line = "line_items[0]"
        form = {
            "mode": "payment",
            "payment_method_types[0]": "card",
            "client_reference_id": known["deposit"],
            f"{line}[quantity]": "1",
            f"{line}[price_data][currency]": order.currency.lower(),
            f"{line}[price_data][unit_amount]": str(to_stripe(order.amount_cents, order.currency)),
            f"{line}[price_data][product_data][name]": order.title,
            "payment_intent_data[capture_method]": "manual",
            "success_url": self._done_url,
            "cancel_url": self._left_url,
            "locale": order.language,
        }
        form |= {f"metadata[{name}]": value for name, value in known.items()}
        form |= {f"payment_intent_data[metadata][{name}]": value for name, value in known.items()}
        made = await self._post("/v1/checkout/sessions", form, account=order.account, key=order.key)
        if made.get("status") == "open":
            return Found(stage=Stage.OPEN, page_id=made["id"], page_url=made.get("url") or "")
        return await self._look(made["id"], "", order)

    async def look(self, order: Order) -> Found:
        """Ask how far it is."""
        return await self._look(order.page_id, order.payment_id, order)

    async def capture(self, order: Order) -> Found:
        """Take what is reserved. Whether a try before this one has taken it is asked first."""
        if order.is_repeat and (found := await self.look(order)).stage is not Stage.AUTHORISED:
            return found
        path = f"/v1/payment_intents/{order.payment_id}/capture"
        try:
            taken = await self._post(path, {"expand[0]": "latest_charge"}, account=order.account, key=order.key)
        except ProviderFault as fault:
            if not fault.is_final or (found := await self.look(order)).stage is Stage.AUTHORISED:
                raise
            return found
        return self._of_intent(taken, order)

    async def close_page(self, order: Order) -> Found:
        """Let the page expire. Stripe refuses that where somebody has agreed by now, and tells so when it is asked."""
        try:
            if order.page_id:
                await self._post(f"/v1/checkout/sessions/{order.page_id}/expire", {}, account=order.account)
        except ProviderFault as fault:
            if not fault.is_final:
                raise
        return await self.look(order)

    async def release(self, order: Order) -> Found:
        """Close the page, and cancel the payment where one is reserved."""
        found = await self.close_page(order)
        if found.stage is not Stage.AUTHORISED:
            return found
        path = f"/v1/payment_intents/{found.payment_id}/cancel"
        try:
            await self._post(path, {"cancellation_reason": "abandoned"}, account=order.account)
        except ProviderFault as fault:
            if not fault.is_final:
                raise
        return await self.look(order)

    async def refund(self, order: RefundOrder) -> Refunded:
        """Give back a part of what was taken. One that was tried before is looked for first, by what it was given."""
        if order.known_as:
            return _refunded(await self._get(f"/v1/refunds/{order.known_as}", {}, account=order.account))
        refund_id = public_id("deposit_refund", order.refund_id)
        if order.is_repeat or order.only_look:
            asked = {"payment_intent": order.payment_id, "limit": "100"}
            listed = await self._get("/v1/refunds", asked, account=order.account)
            made = [one for one in listed.get("data", ()) if (one.get("metadata") or {}).get("refund") == refund_id]
            if made:
                return _refunded(made[0])
        form = {
            "payment_intent": order.payment_id,
            "amount": str(to_stripe(order.amount_cents, order.currency)),
            "metadata[refund]": refund_id,
        }
        form |= {f"metadata[{n}]": value for n, value in self._known(order.tenant_id, order.deposit_id).items()}
        return _refunded(await self._post("/v1/refunds", form, account=order.account, key=order.key))

    def read_event(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Told | None:
        """Read an event: what it is about says our own metadata, which Stripe hands back."""
        check_signature(body, headers.get("stripe-signature", ""), self._secrets, now=now)
        try:
            event = orjson.loads(body)
            kind, about = str(event["type"]), event["data"]["object"].get("metadata") or {}
            tenant, deposit = about.get("tenant"), about.get("deposit")
            if not tenant or not deposit:
                return None
            return Told(
                event_id=str(event["id"])[:255],
                kind=kind,
                tenant_id=UUID(tenant),
                deposit_id=parse_id("deposit", deposit),
                about_refunds=kind.startswith(("refund.", "charge.refund")),
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError):
            raise SignatureRefused("it is no event of Stripe's") from None

    async def _look(self, page_id: str, payment_id: str, order: Order) -> Found:
        if not page_id:
            asked = {"expand[0]": "latest_charge"}
            return self._of_intent(
                await self._get(f"/v1/payment_intents/{payment_id}", asked, account=order.account), order
            )
        asked = {"expand[0]": "payment_intent.latest_charge"}
        page = await self._get(f"/v1/checkout/sessions/{page_id}", asked, account=order.account)
        if page["status"] == "complete" and isinstance(page.get("payment_intent"), dict):
            found = self._of_intent(page["payment_intent"], order)
            return Found(
                stage=found.stage,
                page_id=page_id,
                payment_id=found.payment_id,
                captured_cents=found.captured_cents,
                refunded_cents=found.refunded_cents,
            )
        stage = Stage.RELEASED if page["status"] == "expired" else Stage.OPEN
        return Found(stage=stage, page_id=page_id, page_url=page.get("url") or "")

    @staticmethod
    def _of_intent(intent: Mapping[str, Any], order: Order) -> Found:
        charge = intent.get("latest_charge")
        refunded = charge.get("amount_refunded", 0) if isinstance(charge, dict) else 0
        return Found(
            stage=OF_INTENT.get(intent["status"], Stage.OPEN),
            page_id=order.page_id,
            payment_id=intent["id"],
            captured_cents=from_stripe(intent.get("amount_received") or 0, order.currency),
            refunded_cents=from_stripe(refunded, order.currency),
        )

    @staticmethod
    def _known(tenant_id: UUID, deposit_id: UUID) -> dict[str, str]:
        return {"tenant": str(tenant_id), "deposit": public_id("deposit", deposit_id)}

    async def _post(self, path: str, form: Mapping[str, str], *, account: str, key: str = "") -> dict[str, Any]:
        return await self._ask("POST", path, account=account, key=key, data=dict(form))

    async def _get(self, path: str, asked: Mapping[str, str], *, account: str) -> dict[str, Any]:
        return await self._ask("GET", path, account=account, params=dict(asked))

    async def _ask(self, method: str, path: str, *, account: str, key: str = "", **given: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}", "Stripe-Version": VERSION}
        headers |= {"Stripe-Account": account} if account else {}
        headers |= {"Idempotency-Key": key} if key else {}
        try:
            async with httpx.AsyncClient(base_url=self._url, timeout=TIMEOUT, verify=usual_tls()) as client:
                answer = await client.request(method, path, headers=headers, **given)
        except httpx.HTTPError as error:
            raise ProviderFault(f"no answer: {type(error).__name__}", is_silent=True) from None
        if answer.is_success:
            return _json(answer)
        raise _fault(answer)


def _refunded(made: Mapping[str, Any]) -> Refunded:
    fault = str(made.get("failure_reason") or "")
    return Refunded(known_as=made["id"], has_failed=made.get("status") in FAILED, fault=fault)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise ProviderFault(f"an answer {answer.status_code} that is no JSON") from None
    if not isinstance(found, dict):
        raise ProviderFault(f"an answer {answer.status_code} that is no object")
    return found


def _fault(answer: httpx.Response) -> ProviderFault:
    """Read a refusal by its status (https://docs.stripe.com/error-low-level): what is broken keeps its answer to a key,
    and what is too much, or at it already, has none.
    """
    status = answer.status_code
    wait = answer.headers.get("retry-after", "")
    after = timedelta(seconds=min(int(wait), 3600)) if wait.isascii() and wait.isdigit() else None
    if status >= BROKEN:
        return ProviderFault(f"status {status}", after=after, is_spent=True)
    if status in {BUSY, TOO_MANY}:
        return ProviderFault(f"status {status}", after=after)
    if status in UNKNOWN_CALLER:
        return ProviderFault(f"status {status}: the key is not taken", after=ASKED_LATER)
    try:
        said = orjson.loads(answer.content)["error"]
        code = said.get("code") or said.get("type") or ""
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        code = ""
    return ProviderFault(f"status {status} {code}".strip(), is_final=True)
