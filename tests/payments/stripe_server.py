"""A small Stripe on loopback: pages of Checkout, payments, refunds and keys, as its API documents them.

It answers a repeated key as the first time, a key with other words by a refusal, keeps what a fault has answered to a
key, and can lose an answer after it has done what was asked.
"""

import asyncio
import hmac
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import listening

KEY, SECRET, VERSION = "sk_test_of_the_tests", "whsec_of_the_tests", "2025-07-30.basil"
LOSE, LOSE_BEFORE = "lose the answer", "lose the question"
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 404: "Not Found"}
REASONS |= {409: "Conflict", 429: "Too Many Requests", 500: "Internal Server Error"}
Answer = tuple[int, dict[str, Any]]


@dataclass
class StripeServer:
    """The service, with all that it knows."""

    port: int = 0
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    faults: list[tuple[str, int | str]] = field(default_factory=list)
    """What goes wrong next: a part of the path, and a status or a way to lose something."""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    """How often something was really done."""
    before_answer: Callable[[str], Any] | None = None
    """Waited for after something was done, and before it is answered."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def page(self) -> dict[str, Any]:
        """The page that was made last."""
        return list(self.pages.values())[-1]

    def pay(self, page: dict[str, Any] | None = None) -> dict[str, Any]:
        """Let somebody agree on a page: their card is reserved."""
        page = page or self.page
        assert page["status"] == "open", "a page that is closed takes nothing"
        intent = {
            "id": f"pi_{len(self.intents) + 1}",
            "object": "payment_intent",
            "status": "requires_capture",
            "amount": page["amount_total"],
            "amount_received": 0,
            "metadata": page["intent_metadata"],
            "latest_charge": None,
        }
        self.intents[intent["id"]] = intent
        page |= {"status": "complete", "payment_intent": intent["id"], "url": None}
        self.done["reserved"] += 1
        return intent

    def event(
        self, kind: str, about: dict[str, Any], *, now: datetime, number: int = 1, secret: str = SECRET
    ) -> tuple[bytes, dict[str, str]]:
        """Write an event as Stripe posts it."""
        shown = {"id": about["id"], "object": about.get("object", "checkout.session"), "metadata": about["metadata"]}
        event = {"id": f"evt_{kind}_{about['id']}_{number}", "object": "event", "type": kind}
        body = json.dumps(event | {"data": {"object": shown}}).encode()
        at = int(now.timestamp())
        mac = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
        return body, {"Stripe-Signature": f"t={at},v1={mac},v0=ignored", "Content-Type": "application/json"}

    def give_back_by_hand(self, intent: dict[str, Any], amount: int) -> None:
        """Refund at the dashboard, without a word of it beforehand."""
        self._refund({"payment_intent": intent["id"], "amount": str(amount)})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in head[1:] if line)}
            body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
            path, query = urlsplit(target).path, urlsplit(target).query
            given = dict(parse_qsl(body if method == "POST" else query, keep_blank_values=True))
            self.asked.append((method, path, given))
            fault = self._fault(path)
            if fault == LOSE_BEFORE:
                return
            status, said = self._answer(method, path, given, headers, fault)
            if self.before_answer:
                await self.before_answer(path)
            if fault == LOSE:
                return
            text = json.dumps(said).encode()
            more = "Retry-After: 90\r\n" if status == 429 else ""
            start = f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-type: application/json\r\n{more}"
            writer.write(f"{start}content-length: {len(text)}\r\nconnection: close\r\n\r\n".encode() + text)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def _fault(self, path: str) -> int | str | None:
        for number, (part, fault) in enumerate(self.faults):
            if part in path:
                del self.faults[number]
                return fault
        return None

    def _answer(
        self, method: str, path: str, given: dict[str, str], headers: dict[str, str], fault: int | str | None
    ) -> Answer:
        if headers.get("authorization") != f"Bearer {KEY}":
            return 401, {"error": {"type": "invalid_request_error", "message": "no such key"}}
        assert headers["stripe-version"] == VERSION
        if fault == 429:
            return 429, {"error": {"type": "rate_limit_error"}}
        key, words = headers.get("idempotency-key"), f"{method} {path} {sorted(given.items())}"
        if key in self.kept:
            before, answer = self.kept[key]
            return answer if before == words else (400, {"error": {"type": "idempotency_error"}})
        answer = (500, {"error": {"type": "api_error"}}) if fault == 500 else self._do(method, path, given)
        if key:
            self.kept[key] = (words, answer)
        return answer

    def _do(self, method: str, path: str, given: dict[str, str]) -> Answer:
        parts = path.removeprefix("/v1/").split("/")
        found = self._of_pages(method, parts, given) or self._of_money(method, parts, given)
        return found or (404, {"error": {"type": "invalid_request_error", "code": "resource_missing"}})

    def _of_pages(self, method: str, parts: list[str], given: dict[str, str]) -> Answer | None:
        match method, *parts:
            case "POST", "checkout", "sessions":
                return 200, self._make_page(given)
            case "GET", "checkout", "sessions", page_id if page_id in self.pages:
                page = self.pages[page_id]
                return 200, page | {"payment_intent": self.intents.get(str(page["payment_intent"]))}
            case "POST", "checkout", "sessions", page_id, "expire":
                if self.pages[page_id]["status"] != "open":
                    return 400, {"error": {"type": "invalid_request_error"}}
                self.pages[page_id] |= {"status": "expired", "url": None}
                return 200, self.pages[page_id]
        return None

    def _of_money(self, method: str, parts: list[str], given: dict[str, str]) -> Answer | None:
        match method, *parts:
            case "GET", "payment_intents", intent_id if intent_id in self.intents:
                return 200, self.intents[intent_id]
            case "POST", "payment_intents", intent_id, ("capture" | "cancel") as act:
                return self._end(self.intents[intent_id], act)
            case "POST", "refunds":
                return self._refund(given)
            case "GET", "refunds":
                made = [one for one in self.refunds.values() if one["payment_intent"] == given["payment_intent"]]
                return 200, {"object": "list", "data": made}
            case "GET", "refunds", refund_id if refund_id in self.refunds:
                return 200, self.refunds[refund_id]
        return None

    def _make_page(self, given: dict[str, str]) -> dict[str, Any]:
        assert given["mode"] == "payment"
        assert given["payment_intent_data[capture_method]"] == "manual"
        page_id = f"cs_{len(self.pages) + 1}"
        self.pages[page_id] = {
            "id": page_id,
            "object": "checkout.session",
            "status": "open",
            "url": f"https://checkout.example/{page_id}",
            "amount_total": int(given["line_items[0][price_data][unit_amount]"]),
            "payment_intent": None,
            "metadata": {name: given[f"metadata[{name}]"] for name in ("tenant", "deposit")},
            "intent_metadata": {n: given[f"payment_intent_data[metadata][{n}]"] for n in ("tenant", "deposit")},
        }
        self.done["page"] += 1
        return self.pages[page_id]

    def _end(self, intent: dict[str, Any], act: str) -> Answer:
        if intent["status"] != "requires_capture":
            code = "payment_intent_unexpected_state"
            return 400, {"error": {"type": "invalid_request_error", "code": code}}
        self.done[act] += 1
        if act == "cancel":
            intent["status"] = "canceled"
        else:
            charge = {"id": f"ch_{intent['id']}", "amount_refunded": 0}
            intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge}
        return 200, intent

    def _refund(self, given: dict[str, str]) -> Answer:
        intent, amount = self.intents[given["payment_intent"]], int(given["amount"])
        charge = intent["latest_charge"]
        if charge is None or charge["amount_refunded"] + amount > intent["amount_received"]:
            return 400, {"error": {"type": "invalid_request_error", "code": "charge_already_refunded"}}
        charge["amount_refunded"] += amount
        about = {
            name: given[f"metadata[{name}]"] for name in ("tenant", "deposit", "refund") if f"metadata[{name}]" in given
        }
        made: dict[str, Any] = {
            "id": f"re_{len(self.refunds) + 1}",
            "object": "refund",
            "status": "succeeded",
            "amount": amount,
        }
        self.refunds[made["id"]] = made | {"amount": amount, "payment_intent": intent["id"], "metadata": about}
        self.done["refund"] += 1
        return 200, self.refunds[made["id"]]


@asynccontextmanager
async def stripe_server() -> AsyncIterator[StripeServer]:
    """Run one until the block ends."""
    server = StripeServer()
    async with listening(server.serve) as server.port:
        yield server
