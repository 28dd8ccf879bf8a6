"""The links in e-mails: signed, so that whoever reads the e-mail may use them, and nobody who guesses."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest, digest
from uuid import UUID

from kit.errors import NotFound, TokenExpired
from kit.settings import Settings

CONFIRMED_WITHIN = timedelta(days=3)
HOUSEHOLD = "household"
"""What stands in the place of a kind in a link that is a household's: it is about all e-mails to it."""
_SIGNATURE = 32
_UNREADABLE = "This link is not as it was sent; copy the whole of it from the e-mail."


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscription:
    """Who wants no more e-mails, and of which kind: a contact with a kind, or a household."""

    tenant_id: UUID
    recipient_id: UUID
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Whose address is proven."""

    tenant_id: UUID
    contact_id: UUID
    email: str


class MailLinks:
    """Signs the links in e-mails, and reads them."""

    def __init__(self, secret: bytes, base: str) -> None:
        """Take the secret, which all processes share, and where clients reach them."""
        self.base = base
        self._ended, self._proven = (digest(secret, use, "sha256") for use in (b"mail ended", b"mail proven"))

    def __repr__(self) -> str:
        return "<MailLinks>"

    def to_unsubscribe(self, said: Unsubscription) -> str:
        """Give the address of a page by which somebody ends e-mails. It is good for as long as they exist."""
        data = said.tenant_id.bytes + said.recipient_id.bytes + said.what.encode()
        return f"{self.base}/unsubscribe/{_signed(self._ended, data)}"

    def read_unsubscription(self, token: str) -> Unsubscription:
        """Read the last part of such an address. Raises NotFound."""
        data = _read(self._ended, token)
        return Unsubscription(
            tenant_id=UUID(bytes=data[:16]), recipient_id=UUID(bytes=data[16:32]), what=data[32:].decode()
        )

    def to_confirm(self, said: Confirmation, *, now: datetime) -> str:
        """Give the address of a page by which somebody proves that an e-mail address is theirs."""
        until = int((now + CONFIRMED_WITHIN).timestamp()).to_bytes(8)
        data = said.tenant_id.bytes + said.contact_id.bytes + until + said.email.encode()
        return f"{self.base}/confirm/{_signed(self._proven, data)}"

    def read_confirmation(self, token: str, *, now: datetime) -> Confirmation:
        """Read the last part of such an address. Raises NotFound, or TokenExpired."""
        data = _read(self._proven, token)
        if datetime.fromtimestamp(int.from_bytes(data[32:40]), UTC) <= now:
            raise TokenExpired(message="This link has expired; give your address once more to be sent another.")
        ids = {"tenant_id": UUID(bytes=data[:16]), "contact_id": UUID(bytes=data[16:32])}
        return Confirmation(**ids, email=data[40:].decode())


def mail_links(settings: Settings) -> MailLinks | None:
    """Make what signs links, by the secret of guests' tokens, or else of users'; none where neither is known."""
    secret = settings.guest_token_secret.get_secret_value() or settings.jwt_secret.get_secret_value()
    return MailLinks(secret.encode(), settings.public_base) if secret else None


def _signed(key: bytes, data: bytes) -> str:
    return urlsafe_b64encode(data + digest(key, data, "sha256")).rstrip(b"=").decode()


def _read(key: bytes, token: str) -> bytes:
    try:
        read = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (Error, UnicodeEncodeError, ValueError):
        raise NotFound(message=_UNREADABLE) from None
    data, signature = read[:-_SIGNATURE], read[-_SIGNATURE:]
    if not compare_digest(digest(key, data, "sha256"), signature):
        raise NotFound(message=_UNREADABLE)
    return data
