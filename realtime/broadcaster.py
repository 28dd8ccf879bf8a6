"""Which broadcaster a process uses: Redis where it is set, its own memory otherwise."""

from broadcaster import Broadcast

from realtime.redis_backend import RedisBackend


def make_broadcast(redis_url: str) -> tuple[Broadcast, RedisBackend | None]:
    """Give the broadcaster, and its way through Redis if there is one, to ask for its health.

    Without a URL news stays within the process. Raises SetupError when the URL is not usable.
    """
    if not redis_url:
        return Broadcast("memory://"), None
    backend = RedisBackend(redis_url)
    return Broadcast(backend=backend), backend
