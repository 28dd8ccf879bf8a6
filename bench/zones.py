"""Time zones of the bench's own, one for each minute of a day, so that a day can begin somewhere at any minute.

Booking windows open at midnight on the club's clock. Python finds these zones by PYTHONTZPATH, before the system's.
"""

import struct
import sysconfig
from datetime import datetime, timedelta
from functools import cache

from bench.build import BUILD

MINUTES = 24 * 60
EASTMOST = 14 * 60
"""Minutes that a zone is ahead of UTC at the most, as in the real ones."""


@cache
def zone_path() -> str:
    """Write the zones, once; gives the path on which a program has to look for zones."""
    folder = BUILD / "zones" / "Bench"
    folder.mkdir(parents=True, exist_ok=True)
    for offset in range(EASTMOST - MINUTES + 1, EASTMOST + 1):
        (folder / _name(offset)).write_bytes(_fixed(offset))
    return ":".join([str(folder.parent), sysconfig.get_config_var("TZPATH") or "/usr/share/zoneinfo"])


def zone_of_midnight(moment: datetime) -> str:
    """Name the zone in which a day begins at a moment, given in UTC and in whole minutes."""
    offset = -(moment.hour * 60 + moment.minute) % MINUTES
    return f"Bench/{_name(offset if offset <= EASTMOST else offset - MINUTES)}"


def date_from(moment: datetime) -> datetime:
    """Give the clock in that zone, which then shows midnight."""
    offset = -(moment.hour * 60 + moment.minute) % MINUTES
    return moment + timedelta(minutes=offset if offset <= EASTMOST else offset - MINUTES)


def _name(offset: int) -> str:
    return f"{'East' if offset >= 0 else 'West'}{abs(offset):03d}"


def _fixed(offset: int) -> bytes:
    """Write a zone that is always so many minutes ahead of UTC (RFC 8536, version 1)."""
    name = b"BCH\0"
    head = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, len(name))
    return head + struct.pack(">lbb", offset * 60, 0, 0) + name
