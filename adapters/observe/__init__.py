"""Watchers of a worker: logs, metrics, traces and its heartbeat, each an `Observer`."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.engine.shell.observe import Observer, Report, nobody


def together(observers: Sequence[Observer]) -> Observer:
    """One observer that tells all of these, in order."""
    if not observers:
        return nobody

    def tell(report: Report) -> None:
        for observer in observers:
            observer(report)

    return tell
