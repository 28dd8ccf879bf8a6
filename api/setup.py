"""Getting a process ready: its database, its roles, its secret."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url

from auth.vapid import private_from_secret
from kit.data_folder import has_local_secret, local_secret
from kit.errors import SetupError
from kit.migrations import check_database, upgrade
from kit.postgres import start_postgres
from kit.settings import Settings
from kit.signals import run_until_told


@contextmanager
def prepared(settings: Settings, *, durable: bool = True) -> Iterator[Settings]:
    """Give settings with a database that is there and up to date, for as long as the block lasts.

    Where no DATABASE_URL is set, a PostgreSQL of the program's own is started and migrated. One that is not `durable`
    is faster, and loses what it knows when the machine fails: for data that nobody keeps.
    """
    if not settings.embedded:
        run_until_told(
            check_database(
                settings.app_url,
                settings.system_url,
                direct_url=settings.direct_url,
                pooled=settings.database_pooled,
            )
        )
        yield with_secrets(settings)
        return
    with start_postgres(settings.fairway_data_dir, durable=durable) as postgres:
        urls = {
            "database_url": postgres.app_url.render_as_string(hide_password=False),
            "database_system_url": postgres.system_url.render_as_string(hide_password=False),
        }
        run_until_told(upgrade(postgres.owner_url, app_url=postgres.app_url, system_url=postgres.system_url))
        yield with_secrets(settings).model_copy(update=urls)


@contextmanager
def owned(settings: Settings) -> Iterator[tuple[URL, URL, URL]]:
    """Give the database's addresses as its owner, as the program, and as the role for work across tenants."""
    if settings.embedded:
        with start_postgres(settings.fairway_data_dir) as postgres:
            yield postgres.owner_url, postgres.app_url, postgres.system_url
        return
    owner = make_url(settings.database_owner_url) if settings.database_owner_url else settings.app_url
    yield owner, settings.app_url, settings.system_url


def with_secrets(settings: Settings) -> Settings:
    """Give settings with a way to check tokens: secrets of the data folder's where nothing else is set.

    With a database of one's own, the secret of guests' tokens follows from the other one. Raises SetupError.
    """
    settings = _with_secret(settings)
    if not settings.embedded:
        return settings
    made: dict[str, SecretStr] = {}
    if not settings.guest_token_secret.get_secret_value():
        made["guest_token_secret"] = SecretStr(local_secret(settings.fairway_data_dir, "guest-token-secret"))
    if not settings.vapid_private_key.get_secret_value():
        secret = local_secret(settings.fairway_data_dir, "vapid-private-key")
        made["vapid_private_key"] = SecretStr(private_from_secret(secret))
    return settings.model_copy(update=made)


def _with_secret(settings: Settings) -> Settings:
    """Give settings by which users' tokens can be checked.

    Raises SetupError for a database of one's own without a secret: every process has to know the same one.
    """
    if settings.jwt_secret.get_secret_value() or settings.jwt_jwks_url:
        return settings
    if not settings.embedded:
        raise SetupError(
            message="No tokens can be checked. Set JWT_SECRET to a secret of at least 32 bytes, or JWT_JWKS_URL to "
            "where your identity provider publishes its keys."
        )
    return settings.model_copy(update={"jwt_secret": SecretStr(local_secret(settings.fairway_data_dir))})


def signing(settings: Settings) -> Settings:
    """Give settings with the secret that a server of theirs checks tokens with, and make none.

    Raises SetupError where there is none, or where tokens are signed by somebody else.
    """
    if settings.jwt_algorithm != "HS256":
        raise SetupError(
            message=f"Tokens are {settings.jwt_algorithm} here, and signed by your identity provider: get one from it. "
            "`fairway token` writes HS256 tokens, which no server of these settings takes."
        )
    own = settings.embedded and not settings.jwt_secret.get_secret_value()
    if own and not has_local_secret(settings.fairway_data_dir):
        raise SetupError(
            message=f"No server has made its secret in {settings.fairway_data_dir.expanduser().resolve()} yet, so none "
            "would take the token. Start `fairway serve` first, run this in its folder, name its data folder in "
            "FAIRWAY_DATA_DIR, or set JWT_SECRET to the secret that it has."
        )
    return _with_secret(settings)
