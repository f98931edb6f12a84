"""What a worker sends to one participant, and when: as much as it takes, and next to nothing while it takes nothing.

A circuit breaker keeps messages from a participant that is down, so that they wait without using up their attempts. It is a
worker's own: each finds out by a few calls, and nobody has to write and read on every call what all would share.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from orderloom.engine.shell.observe import Breaker

MOST = 100  #: messages a call
FAILURES = 5  #: calls one after the other in which nothing was delivered, then the breaker opens
SHORT, LONG = 1.0, 5.0  #: seconds of a call after which the next one takes twice as many messages, or half
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  #: seconds before an open breaker lets a message through to try


@dataclass(slots=True)
class Gate:
    """A participant as one worker knows it. Moments are seconds of a clock that never goes back."""

    breaker: Breaker = field(default=Breaker.CLOSED, init=False)
    calls: int = field(default=0, init=False)
    _limit: int = field(default=1, init=False)
    _failures: int = field(default=0, init=False)
    _closed_until: float = field(default=0.0, init=False)

    def room(self, now: float, concurrency: int) -> int:
        """How many messages the next call may take; 0 where there must be none now."""
        if now < self._closed_until or self.calls >= concurrency:
            return 0
        if self.breaker is Breaker.CLOSED:
            return self._limit
        return 0 if self.calls else 1

    def began(self, messages: int, now: float, rate: Decimal | None) -> None:
        """A call with so many messages begins. At a rate, the next one waits until these would have gone one by one."""
        self.calls += 1
        if self.breaker is Breaker.OPEN:
            self.breaker = Breaker.HALF_OPEN
        if rate is not None:
            self._closed_until = max(self._closed_until, now) + messages / float(rate)

    def ended(self, reached: bool, now: float, seconds: float, retry_after: float = 0.0) -> None:
        """A call has ended after so many seconds. It `reached` the participant where anything was delivered."""
        self.calls -= 1
        if reached:
            self.breaker, self._failures = Breaker.CLOSED, 0
            if seconds < SHORT:
                self._limit = min(2 * self._limit, MOST)
            elif seconds > LONG:
                self._limit = max(self._limit // 2, 1)
            return
        self._failures += 1
        self._limit = 1
        self._closed_until = max(self._closed_until, now + retry_after)
        if self._failures >= FAILURES:
            self.breaker = Breaker.OPEN
            pause = min(FIRST_PAUSE * 2.0 ** min(self._failures - FAILURES, 10), LONGEST_PAUSE)
            self._closed_until = max(self._closed_until, now + pause * random.uniform(0.5, 1))
