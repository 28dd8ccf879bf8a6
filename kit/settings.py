"""Settings, read from the environment and from a `.env` file in the working folder."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from kit.errors import SetupError
from kit.limiter import Allowance
from kit.sending_settings import SendingSettings
from kit.setting_types import AtCommas
from kit.sign_in_settings import SignInSettings

SECRET_MIN_BYTES = 32
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#*A-Z]+")
"""An origin as browsers send it: no path, and nothing in capitals."""


def _is_allowance(text: str) -> str:
    Allowance.parse(text)
    return text


AllowanceText = Annotated[str, AfterValidator(_is_allowance)]


class Settings(SignInSettings, SendingSettings):
    """Everything that can be set, with the values that hold when nothing is.

    The environment variable of a setting is its name in capitals.
    """

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address that the server listens on.")
    ws_port: int = Field(3001, ge=0, le=65_535, description="Port of the server, for HTTP and WebSocket alike.")
    instance_name: str = Field(
        "", description="Name of this process in acknowledgements and logs; host and pid if empty."
    )
    fairway_data_dir: Path = Field(Path(".fairway"), description="Where the embedded PostgreSQL keeps its data.")
    environment: Literal["development", "production"] = Field(
        "development", description="`production` hides GraphiQL, introspection and field suggestions."
    )
    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe line that is logged."
    )

    database_url: str = Field(
        "", repr=False, description="PostgreSQL 15 or later, as a role without rights of its own; embedded if empty."
    )
    database_system_url: str = Field(
        "", repr=False, description="The same database, as the role for work across tenants."
    )
    database_owner_url: str = Field(
        "", repr=False, description="The same database, as the owner of its tables; only for `fairway migrate`."
    )
    database_direct_url: str = Field(
        "",
        repr=False,
        description="The same as DATABASE_SYSTEM_URL past a pooler, for the worker, which listens.",
    )
    database_pooled: bool = Field(
        default=False,
        description="Whether DATABASE_URL leads through PgBouncer or the like: statements then have no names.",
    )
    database_pool_size: int = Field(10, ge=1, le=500, description="Connections kept to the database by a process.")

    database_timeout_ms: int = Field(
        5_000, ge=100, le=60_000, description="Milliseconds without an answer after which the database counts as away."
    )

    redis_url: str = Field(
        "", repr=False, description="Redis that carries news between processes; none is needed for one process."
    )

    jwt_secret: SecretStr = Field(SecretStr(""), description="Secret of HS256 tokens, at least 32 bytes.")
    jwt_jwks_url: str = Field("", description="Where the keys of RS256, ES256 or EdDSA tokens are published.")
    jwt_algorithm: Literal["HS256", "RS256", "ES256", "EdDSA"] = Field(
        "HS256", description="The one algorithm accepted."
    )
    jwt_issuer: str = Field("", description="`iss` that tokens must have, if set.")
    jwt_max_lifetime_days: int = Field(
        400, ge=1, le=3_650_000, description="Days that a token may live: so long a revocation is remembered."
    )
    jwt_audience: str = Field("", description="`aud` that tokens must have, if set.")

    guest_token_secret: SecretStr = Field(
        SecretStr(""), description="Secret of the tokens that households get for their codes, at least 32 bytes."
    )

    public_url: str = Field(
        "", description="Where clients reach the server, for addresses that it gives them; by default on this machine."
    )
    allowed_origins: AtCommas = Field(
        (), description="Origins of web pages that may use the API, separated by commas; `*` for all."
    )
    persisted_documents: Path | None = Field(
        None, description="Manifest of documents that clients name by an id, or a folder of manifests; none if unset."
    )
    persisted_documents_only: bool = Field(
        default=False, description="Run documents of the manifests alone, and no others."
    )
    introspection: bool | None = Field(None, description="Allow introspection; by default in development alone.")
    compare_answers: bool = Field(
        default=False,
        description="Work each query out a second time by graphql-core, and log what differs: a check, and slow.",
    )
    graphiql: bool | None = Field(None, description="Serve GraphiQL at /graphql; by default in development alone.")

    graphql_max_tokens: int = Field(2_000, ge=200, description="Tokens that a GraphQL document may have.")
    graphql_max_depth: int = Field(15, ge=1, le=100, description="Levels of fields that a document may have.")
    graphql_max_fields: int = Field(2_000, ge=1, description="Fields that an operation may have, its fragments spread.")
    graphql_max_aliases: int = Field(50, ge=0, description="Aliases that an operation may have, its fragments spread.")

    http_head_timeout: int = Field(
        10_000, ge=100, description="Milliseconds until a request's head has to be there, from the connection on."
    )
    http_body_timeout: int = Field(30_000, ge=100, description="Milliseconds that its body may take from there on.")
    http_upload_timeout: int = Field(
        120_000, ge=100, description="The same for a picture that is uploaded to an address that was given for it."
    )
    http_max_connections: int = Field(20_000, ge=1, description="HTTP connections that a process takes, silent or not.")
    http_max_connections_per_address: int = Field(500, ge=1, description="The same from one address.")

    ws_heartbeat_interval: int = Field(30_000, ge=100, description="Milliseconds between pings on a socket.")
    ws_auth_timeout: int = Field(10_000, ge=100, description="Milliseconds a socket may take to send connection_init.")
    ws_keys_timeout: int = Field(
        25_000, ge=0, description="Milliseconds a socket waits for an identity provider's keys that are out of reach."
    )
    ws_pong_timeout: int = Field(
        90_000, ge=100, description="Milliseconds that a client may leave pings unanswered before it is cut off."
    )
    ws_stall_timeout: int = Field(
        10_000, ge=100, description="Milliseconds that a client may take nothing before it is cut off."
    )
    ws_close_code_on_stop: Literal[1001, 1012] = Field(
        1001, description="Close code when the server stops; 1012 where a client takes 1001 as final."
    )
    ws_stop_spread: int = Field(
        1_000, ge=0, le=1_500, description="Milliseconds over which sockets are closed when the server stops."
    )
    ws_max_connections: int = Field(20_000, ge=1, description="Sockets that a process takes at the same time.")
    ws_max_connections_per_address: int = Field(
        500, ge=1, description="The same from one address, of all processes that share a Redis."
    )
    ws_max_connections_per_user: int = Field(
        50, ge=1, description="The same of one user, of all processes that share a Redis."
    )
    ws_max_operations: int = Field(100, ge=1, description="Operations that one socket may have open.")
    ws_max_message_bytes: int = Field(65_536, ge=1_024, description="Largest message that a socket may send.")

    rate_limit_sign_in_failures: AllowanceText = Field("60/minute", description="Refused tokens from an address.")
    rate_limit_codes: AllowanceText = Field("10/minute", description="Tries by a user of what takes a code.")
    rate_limit_bookings: AllowanceText = Field(
        "60/minute", description="Holds, bookings and changes of these by a user."
    )
    rate_limit_messages: AllowanceText = Field("20/minute", description="Messages of a user that others are told.")
    rate_limit_uploads: AllowanceText = Field("20/minute", description="Files of a user that are kept.")
    rate_limit_imports: AllowanceText = Field(
        "6/minute", description="Files of a user that are read with all that is in them."
    )
    rate_limit_anonymous_reads: AllowanceText = Field(
        "1200/minute", description="Operations from an address without a token, but for queries that were ready."
    )
    rate_limit_staff_factor: int = Field(20, ge=1, description="How many times as much a user of the staff may do.")
    rate_limit_address_factor: int = Field(
        40, ge=1, description="How many times as much as one of them all users of an address but the staff may do."
    )

    storage_url: str = Field(
        "",
        repr=False,
        description="Where pictures are kept: `s3://bucket/prefix` or `file:///folder`; by default in the data folder.",
    )

    demo_plays: bool = Field(
        default=False, description="Whether groups of the demo's clubs arrive, go out and come in by the clock."
    )

    weather_provider: Literal["open-meteo", "demo", "none"] = Field(
        "open-meteo",
        description="Whose weather decides about courses; `demo` is made up, for the demo's courses alone.",
    )
    open_meteo_url: str = Field(
        "", description="Address of an Open-Meteo server; by default its free plan's, with a key its paid plan's."
    )
    open_meteo_api_key: SecretStr = Field(SecretStr(""), description="Key of Open-Meteo's paid plan.")
    weather_check_interval_ms: int = Field(
        900_000, ge=60_000, le=21_600_000, description="Milliseconds between looks at the weather of all courses."
    )
    course_status_hysteresis: int = Field(
        10, ge=0, le=40, description="Points by which the score has to rise above a threshold to undo what it did."
    )
    weather_alert_cooldown_ms: int = Field(
        3_600_000, ge=0, le=604_800_000, description="Milliseconds between notifications of the weather on a course."
    )

    payment_provider: Literal["none", "twin", "stripe"] = Field(
        "none",
        description="Who takes deposits; `twin` moves no money, for the demo and for trying out; nobody is asked for "
        "one without it.",
    )
    stripe_secret_key: SecretStr = Field(SecretStr(""), description="Secret key of Stripe's API.")
    stripe_webhook_secrets: SecretStr = Field(
        SecretStr(""),
        description="Secrets by which Stripe signs what it tells, separated by commas while they change.",
    )
    stripe_url: str = Field("https://api.stripe.com", description="Address of Stripe's API.")
    payment_return_url: str = Field(
        "", description="Page of your own to which payers come back; by default one of the server's."
    )

    event_retention_days: int = Field(7, ge=1, description="Days for which events can be replayed.")
    sweep_interval_ms: int = Field(
        5_000, ge=50, description="Milliseconds between looks at the log while Redis is well."
    )
    sweep_interval_degraded_ms: int = Field(500, ge=50, description="The same while Redis is away or not set.")

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise ValueError(f"names {origin}, which is not an origin like https://club.example")
        return value

    @field_validator("ws_close_code_on_stop", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        """Read the number that the environment gives as text: a choice of numbers is not read as one by itself."""
        return int(value) if isinstance(value, str) and value.strip().isdecimal() else value

    @field_validator("jwt_secret", "guest_token_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        length = len(value.get_secret_value().encode())
        if 0 < length < SECRET_MIN_BYTES:
            raise ValueError(f"needs at least {SECRET_MIN_BYTES} bytes, has {length}")
        return value

    @field_validator("database_url", "database_system_url", "database_owner_url", "database_direct_url")
    @classmethod
    def _asyncpg(cls, value: str) -> str:
        if not value:
            return value
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is not a URL like postgresql://user:password@host:5432/database") from None
        if url.get_backend_name() not in {"postgresql", "postgres"}:
            raise ValueError(f"names {url.get_backend_name()}; only PostgreSQL will do")
        return url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)

    @field_validator("storage_url")
    @classmethod
    def _storage(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            named = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
            usable = (
                (parts.scheme == "s3" and bool(parts.hostname) and named.keys() <= {"region", "endpoint"})
                or (parts.scheme == "file" and not parts.netloc and parts.path.startswith("/") and not parts.query)
            ) and not parts.fragment
        except ValueError:
            usable = False
        if value and not usable:
            raise ValueError(
                "is not a URL like file:///srv/pictures or s3://key:secret@bucket/prefix?region=eu-west-1, with "
                "&endpoint=https://… for a service that is not Amazon's"
            )
        return value

    @field_validator("public_url", "open_meteo_url", "stripe_url", "payment_return_url")
    @classmethod
    def _web(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if value and (not usable or parts.query or parts.fragment):
            raise ValueError("is not a URL like https://api.example.com")
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("is not a URL like redis://host:6379/0")
        return value

    @property
    def embedded(self) -> bool:
        """Whether the program runs its own PostgreSQL."""
        return not self.database_url

    @property
    def in_production(self) -> bool:
        """Whether what helps developers is hidden."""
        return self.environment == "production"

    @property
    def public_base(self) -> str:
        """Where clients reach the server, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.ws_port}"

    @property
    def shows_graphiql(self) -> bool:
        """Whether /graphql shows GraphiQL to a browser."""
        return self.graphiql if self.graphiql is not None else not self.in_production

    @property
    def allows_introspection(self) -> bool:
        """Whether clients may read the schema."""
        return self.introspection if self.introspection is not None else not self.in_production

    @property
    def app_url(self) -> URL:
        """The database, as the role that serves requests."""
        return make_url(self.database_url)

    @property
    def system_url(self) -> URL:
        """The database, as the role for work across tenants: by default the user `fairway_system`, same password."""
        return (
            make_url(self.database_system_url)
            if self.database_system_url
            else self.app_url.set(username="fairway_system")
        )

    @property
    def direct_url(self) -> URL:
        """The database, as the role for work across tenants, by connections that nobody shares."""
        return make_url(self.database_direct_url) if self.database_direct_url else self.system_url

    @property
    def database_timeout(self) -> float:
        """Seconds without an answer after which the database counts as away."""
        return self.database_timeout_ms / 1000

    @property
    def weather_check_interval(self) -> timedelta:
        """How often the weather is looked at."""
        return timedelta(milliseconds=self.weather_check_interval_ms)

    @property
    def weather_alert_cooldown(self) -> timedelta:
        """How long nobody is notified again of the weather on a course."""
        return timedelta(milliseconds=self.weather_alert_cooldown_ms)

    @property
    def jwt_max_lifetime(self) -> timedelta:
        """How long a token may live."""
        return timedelta(days=self.jwt_max_lifetime_days)

    @property
    def retention(self) -> timedelta:
        """How long events are kept."""
        return timedelta(days=self.event_retention_days)


def load_settings(**overrides: object) -> Settings:
    """Read the settings. Raises SetupError that names each wrong one."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"{'_'.join(map(str, e['loc'])).upper()} {e['msg'].removeprefix('Value error, ')}" for e in error.errors()
        ]
        raise SetupError(message="Wrong setting: " + "; ".join(lines) + ".") from None
