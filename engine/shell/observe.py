"""What a worker tells whoever watches it: values, each of something that has happened, after it was written down.

Nothing of a customer is in them, and nothing of what messages, facts and failures say: only names, numbers and times. `began` and
`seconds` are of the monotonic clock (`time.perf_counter`), so that a watcher knows when something was and how long it took.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct


class Turned(Struct, frozen=True):
    """An order had a turn by an event of this kind; `fault` names what it raised, then it is tried again after the `attempt`;
    `untold` what the patterns of `version` could not be told of it, which is nothing to the order.

    `brought` is the trace that the order's channel brought, for `trace.trace_of`.
    """

    order: str
    brought: str | None
    division: str | None
    event: str
    attempt: int
    began: float
    seconds: float
    fault: str | None = None
    untold: str | None = None
    version: str | None = None


class Opened(Struct, frozen=True):
    """An exception was opened in the queue of a role."""

    order: str
    brought: str | None
    division: str | None
    id: str
    type: str
    role: str


class Batched(Struct, frozen=True):
    """A batch of turns was written, together with the exceptions that they opened."""

    turns: tuple[Turned, ...]
    opened: tuple[Opened, ...]
    began: float
    seconds: float


class Conflicted(Struct, frozen=True):
    """A batch was taken back, because somebody else changed one of its orders meanwhile; it is tried again."""


class Delivered(Struct, frozen=True):
    """A message was handed over, or was not: `result` is delivered, failed (it is tried again) or given-up.

    `traceparent` is what the message brought along; `fault` names what the adapter raised.
    """

    order: str
    traceparent: str
    key: str
    organization: str
    role: str
    message: str
    attempt: int
    result: str
    began: float
    seconds: float
    fault: str | None = None


class Fenced(Struct, frozen=True):
    """Acknowledgements came after their lease, when somebody else had the messages already; they changed nothing."""

    organization: str
    messages: int


class Breaker(StrEnum):
    """Whether messages go to a participant: all, none, or one to try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Broke(Struct, frozen=True):
    """The circuit breaker of a participant moved."""

    organization: str
    breaker: Breaker


class Looked(Struct, frozen=True):
    """One of the loops, `turns` or `messages`, looked for what is due, and did so much of it."""

    loop: str
    done: int


Report = Turned | Batched | Conflicted | Delivered | Fenced | Broke | Looked
Observer = Callable[[Report], None]


def nobody(report: Report) -> None:
    """Watches nothing."""


FAILURE = "failure"  #: what has no name
_FAULT = re.compile(r"[A-Z]\w+(?=: )")


def fault_of(failure: str) -> str:
    """The name of the exception that a failure tells of, without what it says; `FAILURE` where it tells of none."""
    found = _FAULT.match(failure)
    return found[0] if found else FAILURE
