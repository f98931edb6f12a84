"""Durations in words."""

from __future__ import annotations

from datetime import timedelta


def duration_words(duration: timedelta) -> str:
    """A duration in its largest whole units: `2 days`, `90 min`."""
    for seconds, word in ((86400, "day"), (3600, "h"), (60, "min")):
        count, rest = divmod(int(duration.total_seconds()), seconds)
        if count and not rest:
            return f"{count} {word}" + ("s" if word == "day" and count > 1 else "")
    return f"{int(duration.total_seconds())} s"
