from tests.realtime.support import database

__all__ = ["database"]
