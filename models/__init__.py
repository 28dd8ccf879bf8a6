"""All tables, so that whoever imports this package knows them."""

from sqlalchemy import MetaData

from models import deliveries, history, idempotency, intervals, log, notifications, payments, pictures, revocations
from models.base import Base
from models.caddies import tables as caddies
from models.carts import tables as carts
from models.clubs import players
from models.clubs import tables as clubs
from models.course import tables as course
from models.guests import households, occasions, posts, seating
from models.matching import golfers, hosted, messages, news, ratings, relations
from models.tee_sheet import ballots, desk, groups, ledger, play, standing, waitlist
from models.tee_sheet import tables as tee_sheet

__all__ = [
    "ballots",
    "caddies",
    "carts",
    "clubs",
    "course",
    "deliveries",
    "desk",
    "golfers",
    "groups",
    "history",
    "hosted",
    "households",
    "idempotency",
    "intervals",
    "is_ours",
    "ledger",
    "log",
    "messages",
    "metadata",
    "news",
    "notifications",
    "occasions",
    "payments",
    "pictures",
    "play",
    "players",
    "posts",
    "ratings",
    "relations",
    "revocations",
    "seating",
    "standing",
    "tee_sheet",
    "waitlist",
]

metadata: MetaData = Base.metadata


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:  # noqa: FBT001 - the signature is Alembic's
    """Tell whether the migrations of this project keep a table; the job queue's library keeps its own."""
    return not (kind == "table" and (name or "").startswith("pgqueuer"))
