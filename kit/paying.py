"""What payment providers are asked, and what they say: words that the domain and the outside world share."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

COARSE = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies of three decimals, of which card networks move whole hundredths alone (ISO 4217 has the decimals)."""


def payable(cents: int, currency: str) -> int:
    """Round a sum in a currency's smallest unit up to one that can be paid by card."""
    return -(-cents // 10) * 10 if currency in COARSE else cents


class Step(Enum):
    """What a provider is asked to do about a deposit."""

    OPEN_PAGE = auto()
    """To make the page on which somebody agrees that the sum is reserved."""
    LOOK = auto()
    """To tell how far it is."""
    CAPTURE = auto()
    """To take what is reserved."""
    CLOSE_PAGE = auto()
    """To close the page, unless somebody has agreed on it: then to tell so."""
    RELEASE = auto()
    """To close the page, and to let go what is reserved."""


class Stage(Enum):
    """How far a deposit is, by its provider."""

    OPEN = auto()
    """The page is open; nobody has agreed yet, or a card was declined."""
    AUTHORISED = auto()
    CAPTURED = auto()
    RELEASED = auto()
    """The page is closed, or what was reserved was let go: nothing was taken, and nothing can be."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a provider is asked, as plain values."""

    step: Step
    key: str
    """The same at each try of the same order, so that it is carried out once."""
    is_repeat: bool
    """Whether it was tried before: then it is looked up first."""
    tenant_id: UUID
    deposit_id: UUID
    amount_cents: int
    currency: str
    account: str
    """The club's account at the provider; empty for the one that the key belongs to."""
    title: str
    """What the payer reads on the page."""
    language: str
    """`en` or `es`."""
    page_id: str = ""
    payment_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """How far a deposit is, by its provider. Sums are in the currency's smallest unit."""

    stage: Stage
    page_id: str = ""
    page_url: str = ""
    payment_id: str = ""
    captured_cents: int = 0
    refunded_cents: int = 0


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """What a provider is asked to give back, as plain values."""

    key: str
    is_repeat: bool
    only_look: bool
    """Whether nothing is to be ordered any more: it was taken, and is looked after."""
    tenant_id: UUID
    deposit_id: UUID
    refund_id: UUID
    amount_cents: int
    currency: str
    account: str
    payment_id: str
    known_as: str = ""
    """The provider's own id of it, once there is one."""


@dataclass(frozen=True, kw_only=True)
class Refunded:
    """What became of a refund: its id at the provider, and whether it failed for good after it was taken."""

    known_as: str
    has_failed: bool = False
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a provider's webhook tells of: a reason to look, and nothing that is believed by itself."""

    event_id: str
    kind: str
    tenant_id: UUID
    deposit_id: UUID
    about_refunds: bool


class ProviderFault(Exception):
    """A provider did not do what it was asked, or nobody knows whether it did."""

    def __init__(
        self,
        said: str,
        *,
        after: timedelta | None = None,
        is_spent: bool = False,
        is_final: bool = False,
        is_silent: bool = False,
    ) -> None:
        """Take what was said, without anything personal.

        `after` is how long to wait at least; `is_spent` that the key's answer is kept, so that a new one is needed;
        `is_final` that the provider refuses it; `is_silent` that it did not answer at all.
        """
        super().__init__(said)
        self.said, self.after, self.is_spent, self.is_final = said[:200], after, is_spent, is_final
        self.is_silent = is_silent


class SignatureRefused(Exception):
    """A webhook was not signed by the provider, or is so old that it may be a replay."""
