"""Events of the feed: what happens to tee times that suit somebody, with how well they do."""

from domain.matching.index import Heard
from events.matching.feed import FeedFact, FeedOutdated, FeedTeeTimeUpdated, NewTeeTimeInFeed
from schema.events import event_types, event_union, shows
from schema.matching.feed_types import Match
from schema.matching.photos import OF_HOST


def match_of(_fact: FeedFact, heard: Heard | None) -> Match | None:
    """How well it suits you; none where it is not for you, or not any more."""
    return Match.of(heard.match) if heard and heard.match else None


def in_feed_of(_fact: FeedFact, heard: Heard | None) -> bool:
    """Whether it is in your feed from now on."""
    return bool(heard and heard.in_feed)


FACTS = (NewTeeTimeInFeed, FeedTeeTimeUpdated, FeedOutdated)
shows(NewTeeTimeInFeed, by_class={"match": match_of}, when_shown=OF_HOST)
shows(FeedTeeTimeUpdated, by_class={"match": match_of, "in_feed": in_feed_of}, when_shown=OF_HOST)
shows(FeedOutdated)

FeedStreamEvent = event_union("FeedStreamEvent", FACTS, "What `teeTimeFeed` sends.")
FeedEventType = event_types("FeedEventType", FACTS, "The events of the feed, by wire name.")
