"""The seams between the engine's shell and what is around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event as Flag
from typing import Protocol

from msgspec import Struct

from orderloom.engine.events import Event


class Outgoing(Struct, frozen=True):
    """A message on its way to a participant. `key` is the idempotency key; `attempt` counts from 1.

    `traceparent` is the header by which the participant's trace becomes a part of the order's.
    """

    key: str
    order: str
    organization: str
    role: str
    message: str
    body: dict[str, object]
    at: datetime
    attempt: int = 1
    traceparent: str = ""


class Incoming(Struct, frozen=True):
    """A fact that a participant reports about an order; `key` makes a repetition known. It takes effect at `event.at`."""

    key: str
    participant: str
    order: str
    event: Event


class Delivery(Struct, frozen=True, omit_defaults=True):
    """What became of a message: delivered, with the facts that came back at once, or `failed` with the reason.

    `retry_after` is the time that the participant asks for before the message is tried again.
    """

    key: str
    failed: str | None = None
    incoming: tuple[Incoming, ...] = ()
    retry_after: timedelta = timedelta(0)


class Waker(Protocol):
    """Tells that something may have become due. No work depends on it."""

    def listen(self, wake: Callable[[], None], stopped: Flag) -> None:
        """Calls `wake` at each hint, until it is stopped."""
        ...


class Adapter(Protocol):
    """Reaches participants. It may be given a message twice, and must then act on it once (by its key)."""

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        """Delivers messages to one organization, whose `connect` settings are given; one result for each, in order."""
        ...
