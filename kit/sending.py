"""What is handed to those who bring it, and what they say of it: words that the domain and the outside world share."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID


class Verdict(Enum):
    """What became of something that was handed over."""

    TAKEN = auto()
    """It was taken, and will be brought."""
    LATER = auto()
    """It was refused for now, or nobody was there; nothing was taken."""
    REFUSED = auto()
    """It was refused for good."""
    NO_SUCH_ADDRESS = auto()
    """The address was refused for good: nothing else that is sent there will be taken either."""
    LOST = auto()
    """The connection broke when all had been said, and before the answer: it may have been taken."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of it, and what was said."""

    verdict: Verdict
    after: timedelta | None = None
    """How long to wait at least before it is tried again, if that was said."""
    said: str = ""
    """The answer's number, or the kind of fault; nothing personal."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An e-mail, as plain values."""

    id: UUID
    """The same at each try, so that a server that gets it twice can know."""
    to: str
    language: str
    """`en` or `es`."""
    subject: str
    paragraphs: tuple[str, ...]
    label: str = ""
    """What the one button says, if there is one."""
    url: str = ""
    """Where it leads."""
    unsubscribe: str | None = None
    """Where it can be ended, for what is not owed."""


@dataclass(frozen=True, kw_only=True)
class Push:
    """A push message to one device, as plain values."""

    id: UUID
    endpoint: str
    server_key: str
    """The public key of ours that the device was registered with."""
    p256dh: str
    auth: str
    title: str
    body: str
    kind: str
    tag: str
    """Names what it is about: a device shows one of a tag, and a push service keeps the newest."""
    about: tuple[tuple[str, str], ...]
    """What it refers to, as names and public ids."""
    urgency: str
    lifetime: timedelta
