"""What an event changed of an order's state, so that the state of any moment can be put together from the history alone.

The order as captured is in its event already and not told twice. Histories that an older release began have no changes; the
first that is known of them then has the whole state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

from msgspec import Struct

from orderloom.engine import wire
from orderloom.engine.effects import ClearTimer, Effect, SetTimer
from orderloom.engine.events import Captured, Drafted, Event
from orderloom.engine.state import OrderState

Fields = dict[str, Any]  #: of a state, as its JSON has them
Timers = dict[str, datetime | None]  #: moments by key; None for one that was cleared

#: Fields that have entries by key, of which only those that differ are told.
_MAPPINGS = frozenset(
    (
        "units", "instances", "cancelled", "exceptions", "early", "holds", "modifications", "tasks", "answers", "replies",
        "appeasements",
    )
)  # fmt: skip
_TOLD = tuple(name for name in OrderState.__struct_fields__ if name not in ("order", "sequence"))
_told = attrgetter(*_TOLD)


class Change(Struct, frozen=True, omit_defaults=True):
    """What one event changed: `state` has fields by name, null for an entry that is gone, `timers` what was set and cleared.

    `order` is True where the order is from then on that of the event.
    """

    state: Fields = {}
    timers: Timers = {}
    order: bool = False


def change_of(before: OrderState | None, after: OrderState, effects: Iterable[Effect], event: Event | None = None) -> Change:
    """The change from one state to the next, by this event: an order that it does not have as it is told with the state."""
    was = before or OrderState(after.order, "")
    differing = [each for each in zip(_TOLD, _told(was), _told(after), strict=True) if each[1] is not each[2]]
    state: Fields = {name: _entries(old, new) if name in _MAPPINGS else new for name, old, new in differing}
    anew = before is None or before.order is not after.order
    in_event = event is None
    if isinstance(event, (Captured, Drafted)):
        in_event = event.order.division == after.order.division  # another where a division's condition said whose it is
    if anew and not in_event:
        state["order"] = after.order
    return Change(state, _timers(effects), anew and in_event)


def _entries(old: Mapping[str, Any], new: Mapping[str, Any]) -> Fields:
    entries = {key: value for key, value in new.items() if old.get(key) is not value}
    gone = old.keys() - new.keys()
    return entries | dict.fromkeys(sorted(gone)) if gone else entries


def _timers(effects: Iterable[Effect]) -> Timers:
    timers = (effect for effect in effects if isinstance(effect, (SetTimer, ClearTimer)))
    return {effect.key: effect.due_at if isinstance(effect, SetTimer) else None for effect in timers}


def baseline(state: OrderState, timers: Timers) -> Change:
    """A change from nothing to the whole state, with the timers that are set."""
    fields: Fields = wire.load(wire.dump(state), dict[str, Any])
    return Change({name: value for name, value in fields.items() if name != "sequence"}, timers)


def applied(fields: Fields | None, sequence: int, event: str, change: str) -> Fields | None:
    """The fields after an event, of which both texts are stored; None where they are not known."""
    if not change:
        return None
    found = wire.load(change, Change)
    after = dict(fields or {})
    for name, value in found.state.items():
        after[name] = _merged(after.get(name, {}), value) if name in _MAPPINGS else value
    if found.order:
        told = wire.load_event(event)
        assert isinstance(told, (Captured, Drafted)), "an order comes with its capture or its draft alone"
        after["order"] = told.order
    return after | {"sequence": sequence} if "order" in after else None


def _merged(before: Fields, entries: Fields) -> Fields:
    after = dict(before)
    for key, value in entries.items():
        if value is None:
            after.pop(key, None)
        else:
            after[key] = value
    return after


def timers_after(timers: Mapping[str, datetime], fired: str, change: str) -> dict[str, datetime]:
    """The timers that are set after an event, by those set before; `fired` is the one by which it came, if it came by one."""
    left = {key: due for key, due in timers.items() if key != fired}
    told = wire.load(change, Change).timers if change else {}
    return {key: due for key, due in {**left, **told}.items() if due is not None}


def state_of(fields: Fields) -> OrderState:
    """The state with these fields; raises msgspec's ValidationError where they are none."""
    return wire.load_state(wire.dump({"wire": wire.WIRE, "body": fields}))
