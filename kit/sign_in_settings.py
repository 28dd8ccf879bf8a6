"""Settings of the identity provider that the board and GraphiQL sign people in at."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from kit.setting_types import AtCommas

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SignInSettings(BaseSettings):
    """Who signs people in, by OpenID Connect; by nobody where no issuer is set."""

    oidc_issuer: str = Field(
        "", description="Identity provider that the board and GraphiQL sign people in at, by OpenID Connect."
    )
    oidc_client_id: str = Field("", description="What the identity provider knows the board by: a public client.")
    oidc_scope: str = Field(
        "openid", description="What is asked of it, separated by spaces; with `offline_access`, a token to renew by."
    )
    oidc_audience: str = Field("", description="`audience` that is asked of it, where it wants one named.")
    oidc_origins: AtCommas = Field(
        (), description="Origins that it answers at beside its issuer's, separated by commas."
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
            usable = safe and bool(parts.hostname) and parts.port != 0 and not parts.query and not parts.fragment
        except ValueError:
            usable = False
        if value and not usable:
            raise ValueError("is not a URL like https://login.club.example/realms/club")
        return value

    @field_validator("oidc_scope")
    @classmethod
    def _scope(cls, value: str) -> str:
        words = value.split()
        if "openid" not in words:
            raise ValueError("has to name openid, as in: openid offline_access")
        return " ".join(words)

    @field_validator("oidc_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin_of(origin) != origin:
                raise ValueError(f"names {origin}, which is not an origin like https://tokens.club.example")
        return value

    @property
    def provider_origins(self) -> tuple[str, ...]:
        """Where the identity provider answers."""
        return tuple(dict.fromkeys((origin_of(self.oidc_issuer), *self.oidc_origins))) if self.oidc_issuer else ()


def origin_of(url: str) -> str:
    """Give the origin of a web address, as browsers write it; an empty text for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"https", "http"} or not parts.netloc or set(parts.netloc) & set("@ ;,*'"):
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}"
