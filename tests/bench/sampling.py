"""Where a run's time goes: the stack is looked at every millisecond, and the innermost frame that a part names decides."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

EVERY = 0.001  #: seconds

#: What ends a path of a file, and a function in it where not all of the file is meant; the first that fits.
PARTS: Mapping[tuple[str, str], str] = {
    ("sqlalchemy/engine/default.py", "do_commit"): "commit",
    ("shell/claims.py", ""): "claim",
    ("store/agenda.py", ""): "claim",
    ("engine/wire.py", "load"): "decode",
    ("engine/wire.py", "load_event"): "decode",
    ("engine/wire.py", "load_state"): "decode",
    ("engine/wire.py", "dump"): "encode",
    ("store/statements.py", "run"): "write",
    ("shell/writes.py", ""): "rows",
    ("shell/shelf.py", ""): "load",
    ("shell/foresight.py", ""): "load",
    ("shell/watch.py", ""): "load",
    ("engine/sourcing/", ""): "decide: sourcing",
    ("engine/promising/", ""): "decide: sourcing",
    ("engine/views.py", ""): "decide: views",
    ("dsl/", ""): "decide: expressions",
    ("engine/advance.py", ""): "decide: process",
    ("shell/inbox.py", ""): "deliver",
    ("shell/deliver.py", ""): "deliver",
    ("shell/outgoing.py", ""): "deliver",
    ("adapters/", ""): "participants",
}
ORDER = (*dict.fromkeys(PARTS.values()), "other")


@contextmanager
def sampled() -> Iterator[Counter[str]]:
    """Counts milliseconds of wall time by part; in the main thread."""
    found: Counter[str] = Counter()
    known: dict[tuple[str, str], str | None] = {}

    def look(_signal: int, frame: FrameType | None) -> None:
        found[_part(frame, known)] += 1

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _part(frame: FrameType | None, known: dict[tuple[str, str], str | None]) -> str:
    while frame is not None:
        place = (frame.f_code.co_filename, frame.f_code.co_name)
        if place not in known:
            known[place] = _part_of(*place)
        if (part := known[place]) is not None:
            return part
        frame = frame.f_back
    return "other"


def _part_of(file: str, function: str) -> str | None:
    fitting = (part for (path, name), part in PARTS.items() if path in file and name in ("", function))
    return next(fitting, None)
