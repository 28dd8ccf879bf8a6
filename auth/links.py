"""Addresses that open one thing to whoever has them: signed here, and checked without asking anybody."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hmac import compare_digest, digest
from uuid import UUID

from kit.errors import NotFound, TokenExpired
from kit.ids import public_id
from kit.pictures import PictureSize
from kit.settings import Settings

DAYS_SHOWN = 2
"""An address of a picture is good until so many days have begun after the one that it was given on, in UTC.

So it is good for a day at least, and all who are given one on the same day are given the same: what many are sent can
be shared, and browsers find again what they have.
"""
UPLOAD_MINUTES = 15
_SIGNATURE = 32
_SHORT = 16
_EXPIRED = "This address has expired; ask for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What an address for an upload says: which picture may be sent there, and until when."""

    tenant_id: UUID
    picture_id: UUID
    expires_at: datetime


class PictureLinks:
    """Signs the addresses at which pictures are sent and shown, and checks them."""

    def __init__(self, secret: bytes, base: str) -> None:
        """Take the secret, which all processes share, and where clients reach them."""
        self._base = base
        self._sent, self._shown = (digest(secret, use, "sha256") for use in (b"pictures sent", b"pictures shown"))

    def __repr__(self) -> str:
        return "<PictureLinks>"

    def to_send(self, *, tenant_id: UUID, picture_id: UUID, now: datetime) -> tuple[str, datetime]:
        """Give an address to which a picture can be sent, and when it expires."""
        expires_at = (now + timedelta(minutes=UPLOAD_MINUTES)).replace(microsecond=0)
        said = tenant_id.bytes + picture_id.bytes + int(expires_at.timestamp()).to_bytes(8)
        return f"{self._base}/uploads/{_written(said + digest(self._sent, said, 'sha256'))}", expires_at

    def read(self, token: str, *, now: datetime) -> Upload:
        """Read the last part of an address to send to. Raises NotFound, or TokenExpired."""
        try:
            read = urlsafe_b64decode(token.encode("ascii") + b"==")
        except (Error, UnicodeEncodeError):
            read = b""
        said, signature = read[:-_SIGNATURE], read[-_SIGNATURE:]
        if not compare_digest(digest(self._sent, said, "sha256"), signature) or _written(read) != token:
            raise NotFound(message="Nothing can be sent to this address; ask for one by uploadPicture.")
        expires_at = datetime.fromtimestamp(int.from_bytes(said[32:]), UTC)
        if expires_at <= now:
            raise TokenExpired(message=_EXPIRED)
        return Upload(tenant_id=UUID(bytes=said[:16]), picture_id=UUID(bytes=said[16:32]), expires_at=expires_at)

    def to_show(self, picture_id: UUID, size: PictureSize, *, now: datetime) -> str:
        """Give the address at which a picture is shown, the same one to all on the same day."""
        until = f"{shown_until(now):%Y%m%d}"
        path = f"/pictures/{public_id('picture', picture_id)}/{size}"
        return f"{self._base}{path}?until={until}&signature={self._signed(path, until)}"

    def check(self, path: str, *, until: str, signature: str, now: datetime) -> datetime:
        """Check the address of a picture, and give when it expires. Raises NotFound, or TokenExpired."""
        if not compare_digest(self._signed(path, until).encode(), signature.encode()):
            raise NotFound(message="There is no picture at this address.")
        expires_at = datetime.combine(date.fromisoformat(until), time(), UTC)
        if expires_at <= now:
            raise TokenExpired(message=_EXPIRED)
        return expires_at

    def _signed(self, path: str, until: str) -> str:
        return _written(digest(self._shown, f"{path}?{until}".encode(), "sha256")[:_SHORT])


def shown_until(now: datetime) -> datetime:
    """Tell until when an address is good that is given now: the end of a day."""
    return day_after(now) + timedelta(days=DAYS_SHOWN - 1)


def day_after(now: datetime) -> datetime:
    """Tell when the next day begins, in UTC: from then on other addresses are given."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def picture_links(settings: Settings) -> PictureLinks | None:
    """Make what signs addresses by the secret of guests' tokens, or else of users'; none where neither is known."""
    secret = settings.guest_token_secret.get_secret_value() or settings.jwt_secret.get_secret_value()
    return PictureLinks(secret.encode(), settings.public_base) if secret else None


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
