"""Events of a user's own stream."""

from events.notifications import NotificationCreated, NotificationsRead, NotificationsRemoved
from schema.events import event_types, event_union, shows

FACTS = (NotificationCreated, NotificationsRead, NotificationsRemoved)
shows(*FACTS)

NotificationStreamEvent = event_union("NotificationStreamEvent", FACTS, "What `notifications` sends.")
NotificationEventType = event_types("NotificationEventType", FACTS, "The events of your own stream, by wire name.")
