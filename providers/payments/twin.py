"""A payment provider that moves no money: for tests, the demo, and trying out. Its payments are files of a folder.

It answers as a real one does, also to what is asked twice, and signs what it tells.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import orjson

from kit.clock import Clock
from kit.ids import new_id, parse_id, public_id
from kit.paying import Found, Order, ProviderFault, Refunded, RefundOrder, SignatureRefused, Stage, Told
from providers.payments.signatures import check_signature, signed

HEADER = "fairway-signature"
NAME = "twin"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment of the twin's."""

    id: str
    stage: str
    tenant: str
    deposit: str
    title: str
    amount_cents: int
    currency: str
    language: str
    captured_cents: int = 0
    refunds: dict[str, int] = field(default_factory=dict)


class Twin:
    """The provider. Several processes of one machine share its folder."""

    name = NAME

    def __init__(self, folder: Path, *, secret: str, base_url: str, clock: Clock) -> None:
        """Take where its payments are kept, by what it signs, and where its pages are reached."""
        self._folder, self._secret, self._base, self._clock = folder, secret, base_url, clock

    async def authorise(self, order: Order) -> Found:
        """Make a page, or give the one that was made by the same key."""
        payment_id = f"twin_{sha256(order.key.encode()).hexdigest()[:24]}"
        known = self.find(payment_id) or self._keep(
            Payment(
                id=payment_id,
                stage=Stage.OPEN.name,
                tenant=str(order.tenant_id),
                deposit=public_id("deposit", order.deposit_id),
                title=order.title,
                amount_cents=order.amount_cents,
                currency=order.currency,
                language=order.language,
            )
        )
        return self._found(known)

    async def look(self, order: Order) -> Found:
        """Tell how far it is."""
        return self._found(self._get(order.page_id or order.payment_id))

    async def capture(self, order: Order) -> Found:
        """Take what is reserved."""
        payment = self._get(order.payment_id)
        if payment.stage == Stage.AUTHORISED.name:
            payment = self._keep(replace(payment, stage=Stage.CAPTURED.name, captured_cents=payment.amount_cents))
        return self._found(payment)

    async def close_page(self, order: Order) -> Found:
        """Close the page, unless somebody has agreed."""
        return self._found(self._release(order, {Stage.OPEN.name}))

    async def release(self, order: Order) -> Found:
        """Close the page, and let go what is reserved."""
        return self._found(self._release(order, {Stage.OPEN.name, Stage.AUTHORISED.name}))

    async def refund(self, order: RefundOrder) -> Refunded:
        """Give back a part, once."""
        payment, refund_id = self._get(order.payment_id), public_id("deposit_refund", order.refund_id)
        if refund_id not in payment.refunds:
            if sum(payment.refunds.values()) + order.amount_cents > payment.captured_cents:
                raise ProviderFault("more than was taken", is_final=True)
            self._keep(replace(payment, refunds=payment.refunds | {refund_id: order.amount_cents}))
        return Refunded(known_as=refund_id)

    def read_event(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Told | None:
        """Read what it tells itself."""
        check_signature(body, headers.get(HEADER, ""), [self._secret], now=now)
        try:
            event = orjson.loads(body)
            return Told(
                event_id=event["id"],
                kind=event["kind"],
                tenant_id=UUID(event["tenant"]),
                deposit_id=parse_id("deposit", event["deposit"]),
                about_refunds=False,
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            raise SignatureRefused("it is no event of the twin's") from None

    def find(self, payment_id: str) -> Payment | None:
        """Find a payment of the folder."""
        if not payment_id.isidentifier():
            return None
        try:
            return Payment(**orjson.loads((self._folder / f"{payment_id}.json").read_bytes()))
        except FileNotFoundError:
            return None

    def agree(self, payment_id: str) -> Payment | None:
        """Let the payer agree on the page, if it is open."""
        payment = self.find(payment_id)
        if payment is None or payment.stage != Stage.OPEN.name:
            return payment
        return self._keep(replace(payment, stage=Stage.AUTHORISED.name))

    def event(self, payment: Payment) -> tuple[bytes, dict[str, str]]:
        """Write what a webhook would tell now of a payment, with its signature."""
        about = {"tenant": payment.tenant, "deposit": payment.deposit}
        body = orjson.dumps({"id": f"evt_{new_id().hex}", "kind": f"payment.{payment.stage.lower()}", **about})
        return body, {HEADER: signed(body, self._secret, now=self._clock())}

    def _release(self, order: Order, stages: set[str]) -> Payment:
        payment = self._get(order.page_id or order.payment_id)
        return self._keep(replace(payment, stage=Stage.RELEASED.name)) if payment.stage in stages else payment

    def _get(self, payment_id: str) -> Payment:
        payment = self.find(payment_id)
        if payment is None:
            raise ProviderFault("there is no such payment", is_final=True)
        return payment

    def _found(self, payment: Payment) -> Found:
        return Found(
            stage=Stage[payment.stage],
            page_id=payment.id,
            page_url=f"{self._base}/payments/twin/{payment.id}",
            payment_id=payment.id if payment.stage != Stage.OPEN.name else "",
            captured_cents=payment.captured_cents,
            refunded_cents=sum(payment.refunds.values()),
        )

    def _keep(self, payment: Payment) -> Payment:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".payment-")
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(asdict(payment)))
        Path(draft).replace(self._folder / f"{payment.id}.json")
        return payment
