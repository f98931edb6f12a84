"""How often something that fails is tried again, and after how long."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

TURNS = 5  #: attempts to apply an event to an order
DELIVERIES = 10  #: attempts to deliver a message

_LONGEST = timedelta(hours=1)


def pause(key: str, attempt: int) -> timedelta:
    """The pause after this attempt: doubled each time from 2 seconds to an hour, less up to a half.

    What is taken off depends on the key alone, so that what failed together is spread out, and a run can be repeated exactly.
    """
    full = min(timedelta(seconds=2**attempt), _LONGEST)
    return full - full / 2 * (crc32(f"{key}#{attempt}".encode()) / 2**32)
