"""The seams between the engine's shell and what is around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from orderloom.engine.events import Event


class Outgoing(Struct, frozen=True):
    """A message on its way to a participant. `key` is the idempotency key; `attempt` counts from 1."""

    key: str
    order: str
    organization: str
    role: str
    message: str
    body: dict[str, object]
    at: datetime
    attempt: int = 1


class Incoming(Struct, frozen=True):
    """A fact that a participant reports about an order; `key` makes a repetition known. It takes effect at `event.at`."""

    key: str
    participant: str
    order: str
    event: Event


class Delivery(Struct, frozen=True, omit_defaults=True):
    """What became of a message: delivered, with the facts that came back at once, or `failed` with the reason."""

    key: str
    failed: str | None = None
    incoming: tuple[Incoming, ...] = ()


class Adapter(Protocol):
    """Reaches participants. It may be given a message twice, and must then act on it once (by its key)."""

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        """Delivers messages to one organization, whose `connect` settings are given; one result for each, in order."""
        ...
