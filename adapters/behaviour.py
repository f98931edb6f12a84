"""How a simulated participant treats a message: the `connect` settings of an organization whose adapter is `simulator`.

connect:
  adapter: simulator
  messages:
    pick-request: { after: [PT1H, PT6H], rates: { short-picked: 0.005, no answer: 0.001 } }
    drop-ship-order: { after: PT6H, sends: vendor-shipped, on: ship_on, rates: { rejected: 0.01, never: 0.002 } }
    transport-request: { on: deliver_on, rates: { lost: 0.002 } }
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import msgspec
from msgspec import Struct

NO_ANSWER = "no answer"  #: the request is never answered
TWICE = "twice"  #: the answer comes, and comes again an hour later
LATE = "late"  #: the answer comes, `LATE_BY` later than it should
NEVER = "never"  #: the answer comes, the event that should follow does not

LATE_BY = timedelta(days=15)


class Behaviour(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to one message; every part may be left out.

    `after` is the time to the answer, a duration or a pair between which it falls. `on` names a date of the message's body: what
    comes last (the event if there is one, else the answer) waits for that day. `rates` has the share of messages that get a
    reply other than the main one, or suffer a fault (`no answer`, `twice`, `late`, `never`). `sends` is an event that the
    participant reports after its main answer.
    """

    after: timedelta | tuple[timedelta, timedelta] = (timedelta(hours=1), timedelta(hours=4))
    on: str | None = None
    rates: dict[str, Decimal] = {}
    sends: str | None = None

    @property
    def delay(self) -> tuple[timedelta, timedelta]:
        """Least and most time to the answer."""
        return self.after if isinstance(self.after, tuple) else (self.after, self.after)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The simulator's settings of one organization."""

    messages: dict[str, Behaviour] = {}


def settings_of(values: Mapping[str, object]) -> Settings | str:
    """The settings as they stand in `connect`, or in a sentence what is wrong with them."""
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as fault:
        return f"the simulator's settings are wrong: {fault}"
