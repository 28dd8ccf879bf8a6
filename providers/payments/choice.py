"""Which provider takes payments, by the settings."""

from kit.clock import Clock
from kit.data_folder import local_secret
from kit.errors import SetupError
from kit.settings import Settings
from providers.payments.provider import PaymentProvider
from providers.payments.stripe import Stripe
from providers.payments.twin import Twin

DONE, LEFT = "/payments/done", "/payments/left"


def payments_of(settings: Settings, *, clock: Clock) -> PaymentProvider | None:
    """Give the provider that is set; None where none is. Raises SetupError where a secret is missing."""
    if settings.payment_provider == "twin":
        return twin_of(settings, clock=clock)
    if settings.payment_provider == "stripe":
        return _stripe(settings)
    return None


def twin_of(settings: Settings, *, clock: Clock) -> Twin:
    """Give the provider that moves no money, with its folder in the data folder."""
    secret = local_secret(settings.fairway_data_dir, "payment-twin-secret")
    folder = settings.fairway_data_dir.expanduser().resolve() / "payments"
    return Twin(folder, secret=secret, base_url=settings.public_base, clock=clock)


def _stripe(settings: Settings) -> Stripe:
    key = settings.stripe_secret_key.get_secret_value()
    secrets = [one.strip() for one in settings.stripe_webhook_secrets.get_secret_value().split(",")]
    if not key or not any(secrets):
        raise SetupError(
            message="PAYMENT_PROVIDER is stripe: set STRIPE_SECRET_KEY to the secret key of your account, and "
            "STRIPE_WEBHOOK_SECRETS to the signing secret of the webhook."
        )
    back = settings.payment_return_url
    return Stripe(
        key=key,
        secrets=tuple(one for one in secrets if one),
        url=settings.stripe_url,
        done_url=back or f"{settings.public_base}{DONE}",
        left_url=back or f"{settings.public_base}{LEFT}",
    )
