"""What stops an instance, or refuses a command. A user never sees these as tracebacks."""

from __future__ import annotations


class NoWayForward(Exception):
    """The definition gives no way on for what is the case; becomes an exception in the queue of operations."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because
