"""Events of the players whom a club knows, for its staff."""

from events.players import PlayerAdded, PlayersMerged, PlayerUpdated
from schema.events import event_types, event_union, shows

PLAYER_FACTS = (PlayerAdded, PlayerUpdated, PlayersMerged)
shows(*PLAYER_FACTS)

PlayerStreamEvent = event_union("PlayerStreamEvent", PLAYER_FACTS, "What `playerEvents` sends.")
PlayerEventType = event_types("PlayerEventType", PLAYER_FACTS, "The events of players, by wire name.")
