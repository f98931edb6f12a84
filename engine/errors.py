"""What stops an instance. A user never sees it as a traceback."""

from __future__ import annotations


class NoWayForward(Exception):
    """The definition gives no way on for what is the case; becomes an exception in the queue of operations."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because
