"""What every payment provider can be asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from kit.paying import Found, Order, Refunded, RefundOrder, Told


class PaymentProvider(Protocol):
    """Somebody who takes money. Whatever is asked twice by the same key is done once. Card data go to it alone."""

    name: str

    async def authorise(self, order: Order) -> Found:
        """Make the page on which a payer agrees that a sum is reserved. Raises ProviderFault."""

    async def look(self, order: Order) -> Found:
        """Tell how far a deposit is. Raises ProviderFault."""

    async def capture(self, order: Order) -> Found:
        """Take what is reserved. Raises ProviderFault."""

    async def close_page(self, order: Order) -> Found:
        """Close the page, unless somebody has agreed on it by now: then tell so. Raises ProviderFault."""

    async def release(self, order: Order) -> Found:
        """Close the page and let go what is reserved; tells so if it was taken already. Raises ProviderFault."""

    async def refund(self, order: RefundOrder) -> Refunded:
        """Give back a part of what was taken, or look after it. Raises ProviderFault."""

    def read_event(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Told | None:
        """Read what a webhook tells; None for what is no concern of ours. Raises SignatureRefused."""
