"""Money."""

from schema.describe import output


@output
class Money:
    """An amount of money."""

    amount_cents: int
    """The amount in the currency's smallest unit: 4550 is 45.50."""
    currency: str
    """ISO 4217 code, as in EUR."""
