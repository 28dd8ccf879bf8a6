"""By which ways each kind is told, how much it hurries, and until when it makes sense."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from models.deliveries import DeliveryChannel
from models.notifications import NotificationKind as Kind


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a kind is told."""

    is_shown: bool = True
    """Whether the application shows it."""
    email: bool = False
    """Whether it is sent by e-mail."""
    push: bool = True
    """Whether it is pushed to devices."""
    urgency: str = "normal"
    """How much a push hurries, by RFC 8030: `low`, `normal` or `high`."""
    lifetime: timedelta = timedelta(hours=24)
    """How long a push service keeps it for a device that is off, where the notification itself names no end."""
    breaks_quiet: bool = False
    """Whether it is pushed in the hours of quiet."""
    is_owed: bool = False
    """Whether it is the answer to what the user did just now, so that there is nothing to unsubscribe from."""

    @property
    def channels(self) -> tuple[DeliveryChannel, ...]:
        """The ways by which it is sent."""
        ways = ((self.email, DeliveryChannel.EMAIL), (self.push, DeliveryChannel.PUSH))
        return tuple(channel for wanted, channel in ways if wanted)


_AT_ONCE = Ways(urgency="high", breaks_quiet=True)
WAYS: Mapping[Kind, Ways] = MappingProxyType(
    {
        Kind.BOOKING_MOVED: Ways(),
        Kind.BOOKING_UPDATED: Ways(),
        Kind.BOOKING_CANCELLED: Ways(email=True, urgency="high", breaks_quiet=True),
        Kind.BOOKING_UNPAID: Ways(email=True, urgency="high", breaks_quiet=True),
        Kind.DEPOSIT_ASKED: Ways(email=True, urgency="high", breaks_quiet=True, lifetime=timedelta(hours=1)),
        Kind.DEPOSIT_REFUNDED: Ways(email=True),
        Kind.DEPOSIT_REFUND_FAILED: Ways(email=True),
        Kind.BOOKING_RESTORED: Ways(email=True, urgency="high", breaks_quiet=True),
        Kind.BUDDY_ASKED: Ways(),
        Kind.BUDDY_AGREED: Ways(),
        Kind.WAITLIST_OFFER: _AT_ONCE,
        Kind.WAITLIST_OFFER_WITHDRAWN: Ways(),
        Kind.WAITLIST_OFFER_MOVED: _AT_ONCE,
        Kind.STANDING_BOOKING_SKIPPED: Ways(email=True),
        Kind.BALLOT_ENTERED: Ways(),
        Kind.BALLOT_WITHDRAWN: Ways(),
        Kind.BALLOT_DRAWN: Ways(email=True),
        Kind.BALLOT_NOT_DRAWN: Ways(email=True),
        Kind.BALLOT_CANCELLED: Ways(email=True),
        Kind.PACE_CRITICAL: Ways(lifetime=timedelta(hours=1)),
        Kind.TEE_TIMES_DELAYED: _AT_ONCE,
        Kind.TEE_TIMES_ADVANCED: _AT_ONCE,
        Kind.BLOCKED: Ways(),
        Kind.COURSE_CLOSED: _AT_ONCE,
        Kind.COURSE_STATUS_CHANGED: Ways(lifetime=timedelta(hours=4)),
        Kind.WEATHER_STALE: Ways(urgency="low", lifetime=timedelta(hours=4)),
        Kind.BOOKED_FOR_YOU: Ways(),
        Kind.REMINDER_24H: Ways(is_shown=False, email=True, breaks_quiet=True),
        Kind.REMINDER_2H: Ways(is_shown=False, urgency="high", breaks_quiet=True),
        Kind.NEW_TEE_TIMES: Ways(urgency="low"),
        Kind.SLOT_JOINED: Ways(),
        Kind.SLOT_LEFT: Ways(push=False),
        Kind.SLOT_OPEN: Ways(push=False),
        Kind.JOIN_REQUESTED: Ways(),
        Kind.JOIN_ANSWERED: Ways(),
        Kind.TEE_TIME_CANCELLED: Ways(email=True, urgency="high", breaks_quiet=True),
        Kind.WEEKLY_DIGEST: Ways(is_shown=False, email=True, push=False),
        Kind.WELCOME: Ways(is_shown=False, email=True, push=False),
        Kind.EMAIL_CONFIRMATION: Ways(is_shown=False, email=True, push=False, is_owed=True),
    }
)


def mute_key(kind: Kind, channel: DeliveryChannel) -> str:
    """Name a kind and a way as a contact's list of what is not sent does."""
    return f"{channel.value}:{kind.value}"


def may_be_muted(kind: Kind, channel: DeliveryChannel) -> bool:
    """Tell whether a user can choose: the kind is sent by this way, and is nothing that they have just asked for."""
    return channel in WAYS[kind].channels and not WAYS[kind].is_owed
