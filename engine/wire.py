"""The one codec between values and the JSON that is stored: exact, compact, versioned.

Decimals are JSON numbers with their digits kept (12.50 stays 12.50); where a type says no more than `object`, a number without
a fraction comes back as int, of equal value. Moments are UTC. What outlives a release is wrapped as `{"wire": 1, "body": ...}`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct, ValidationError, json

from orderloom.engine.events import Event
from orderloom.engine.state import OrderState

WIRE = 1  #: the version that this release writes

T = TypeVar("T")


class Versioned(Struct, Generic[T], frozen=True):
    """A value with the version of its shape."""

    wire: int
    body: T


class _Header(Struct):
    wire: int


class NewerWire(Exception):
    """A stored value was written by a newer release."""


_STATES, _EVENTS = Versioned[OrderState], Versioned[Event]
_making = Lock()
_encoder = json.Encoder(decimal_format="number")


def dump(value: object) -> str:
    """JSON of any value that the engine stores."""
    return _encoder.encode(value).decode()


def load(text: str | bytes, kind: type[T]) -> T:
    """The value of this type; raises msgspec's ValidationError or DecodeError when the text is not one."""
    value: T = _decoder(cast(Any, kind)).decode(text)
    return value


@lru_cache
def _decoder(kind: Any) -> json.Decoder[Any]:
    """Made when it is wanted, which takes longer than some commands have; two threads that make some at once crash msgspec."""
    with _making:
        return json.Decoder(kind, float_hook=Decimal)


def dump_state(state: OrderState) -> str:
    """A state, versioned."""
    return dump(Versioned(WIRE, state))


def load_state(text: str | bytes) -> OrderState:
    """The state; raises NewerWire when a newer release wrote it."""
    state: OrderState = _body(_decoder(_STATES), text)
    return state


def dump_event(event: Event) -> str:
    """An event, versioned."""
    return dump(Versioned(WIRE, event))


def load_event(text: str | bytes) -> Event:
    """The event; raises NewerWire when a newer release wrote it."""
    event: Event = _body(_decoder(_EVENTS), text)
    return event


def _body(decoder: json.Decoder[Any], text: str | bytes) -> Any:
    try:
        return decoder.decode(text).body
    except ValidationError:
        version = load(text, _Header).wire
        if version > WIRE:
            raise NewerWire(f"written as version {version}, this release reads up to {WIRE}") from None
        raise


@lru_cache(maxsize=1024)  # a turn writes its moment in every row
def moment_text(moment: datetime) -> str:
    """A moment as text of fixed width in UTC: it sorts as text, and reads the same in every store."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime:
    """The moment of such a text."""
    return datetime.fromisoformat(text)


def day_text(day: date | None) -> str | None:
    """A day as text, None for none."""
    return day.isoformat() if day else None


def day_of(text: str | None) -> date | None:
    """The day of such a text."""
    return date.fromisoformat(text) if text else None
