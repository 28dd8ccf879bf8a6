"""Settings of what is sent to people: e-mails, letters, pushes."""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from kit.setting_types import AtCommas
from kit.text import EMAIL


class SendingSettings(BaseSettings):
    """By whom e-mails and pushes go out, and from whom they come; none go where nothing is set."""

    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server that e-mails are handed to: `smtp://user:password@host:587`, or `smtps://…`; none are "
        "sent without it.",
    )
    mail_from: str = Field("", description="Address that e-mails come from, like `Old Course <golf@club.example>`.")
    invitation_url: str = Field(
        "", description="Page of your own that opens an invitation, with `{code}` in it; e-mails have the link to it."
    )
    vapid_private_key: SecretStr = Field(
        SecretStr(""),
        description="Private key of Web Push, 32 bytes as base64url; with the embedded database one is made.",
    )
    vapid_subject: str = Field(
        "", description="Whom push services turn to, `mailto:…` or `https://…`; nobody is pushed to without it."
    )
    push_hosts: AtCommas = Field(
        (), description="Hosts of push services beside those of the known browsers, separated by commas."
    )
    notification_batch_minutes: int = Field(
        15, ge=1, le=1_440, description="Minutes after a new tee time for which a golfer is told of more as one."
    )
    outbox_dir: Path | None = Field(
        None, description="Folder in which e-mails and pushes are put instead of being sent, to be seen at /outbox."
    )

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(value.get_secret_value())
            usable = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if value.get_secret_value() and (not usable or parts.path.strip("/") or parts.query or parts.fragment):
            raise ValueError("is not a URL like smtp://user:password@mail.example:587 or smtps://mail.example")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and (not value.isprintable() or not EMAIL.fullmatch(parseaddr(value)[1])):
            raise ValueError("is not an address like golf@club.example, or Old Course <golf@club.example>")
        return value

    @field_validator("invitation_url")
    @classmethod
    def _page(cls, value: str) -> str:
        if value and (not value.startswith(("https://", "http://")) or "{code}" not in value):
            raise ValueError("is not like https://club.example/invitations/{code}")
        return value

    @field_validator("vapid_subject")
    @classmethod
    def _push_contact(cls, value: str) -> str:
        address = value.removeprefix("mailto:")
        mail = value.startswith("mailto:") and EMAIL.fullmatch(address)
        host = urlsplit(value).hostname or "" if value.startswith("https://") else ""
        if value and not mail and (not host or host == "localhost" or "." not in host):
            raise ValueError(
                "is not like mailto:golf@club.example or https://club.example; push services refuse others"
            )
        return value

    @property
    def notification_batch(self) -> timedelta:
        """For how long more new tee times are gathered, to be told as one."""
        return timedelta(minutes=self.notification_batch_minutes)
