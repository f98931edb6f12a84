"""Faults that pass: what failed so is tried again as it is, and nobody is to blame for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from orderloom.engine.shell.writes import Conflict
from orderloom.engine.store.trouble import trouble

T = TypeVar("T")

TIMES = 20  #: so often what is contended for is tried at once, then as anything else that waits for the store
LONGEST = 0.2  #: seconds between two such attempts

#: Serialization failure, deadlock, lock not available: of several transactions one was taken back.
_CONTENDED = frozenset({"40001", "40P01", "55P03"})
_LIMIT = "54"  #: the class of what is too large for the database, however often it is tried


def contended(fault: Exception) -> bool:
    """Whether others were at the same rows meanwhile."""
    return isinstance(fault, Conflict) or (isinstance(fault, DBAPIError) and _state(fault) in _CONTENDED)


def out_of_reach(fault: Exception) -> bool:
    """Whether the store could not be reached or used for a moment: it is down, cut off, locked, full, or has moved."""
    too_large = isinstance(fault, DBAPIError) and _state(fault).startswith(_LIMIT)
    return trouble(fault) is not None and not too_large


def persist(work: Callable[[], T], wait: Callable[[float], object], contended_for: Callable[[], None]) -> T:
    """Does the work again where it was contended for, after a pause that grows and is different each time."""
    for attempt in range(TIMES):
        try:
            return work()
        except Exception as fault:
            if not contended(fault):
                raise
            contended_for()
            wait(random.uniform(0.5, 1) * min(0.005 * 2**attempt, LONGEST))
    return work()


def _state(fault: DBAPIError) -> str:
    return getattr(fault.orig, "sqlstate", None) or ""
