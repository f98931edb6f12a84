"""What monitors know of one order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct


class Watched(Struct, frozen=True, omit_defaults=True):
    """The points that were reached, by `SUBJECT/POINT`, and by `SUBJECT/MONITOR`: since when it is in the status that is watched,
    when the timer goes off, and the moment for which it was raised last.
    """

    reached: Mapping[str, datetime] = {}
    since: Mapping[str, datetime] = {}
    timers: Mapping[str, datetime] = {}
    raised: Mapping[str, datetime] = {}


NOTHING = Watched()
