"""How often what is random or a race is tried: usually a few times, and many times where a run is to be thorough."""

import os

THOROUGH = os.environ.get("FAIRWAY_TESTS") == "thorough"


def times(many: int, *, usually: int) -> int:
    """Give a number of repetitions. The fewer have to be enough to find the faults that are known to be found so."""
    return many if THOROUGH else usually
