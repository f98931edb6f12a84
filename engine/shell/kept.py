"""What a migration remembers of an order, so that it can be taken back: how it stood before, and how it stood afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from orderloom.engine.events import Back
from orderloom.engine.state import ORDER, Instance, OrderState
from orderloom.engine.statemap import running

#: Fields of a state that a move changes by itself; what else has changed is work that cannot be taken back.
_OF_A_MOVE = frozenset({"sequence", "program", "status", "instances", "units"})


class Kept(Struct, frozen=True, omit_defaults=True):
    """`after` has process, step, visit and what is waited for, by instance. `worked` is True where more than places changed."""

    back: tuple[Back, ...]
    clocks: dict[str, datetime]
    after: dict[str, tuple[str, ...]]
    worked: bool = False


def kept_of(before: OrderState, after: OrderState, timers: Mapping[str, datetime], sent: bool) -> Kept:
    """What is to be remembered; `timers` are those that were set before, `sent` is True where the move has sent or reserved."""
    moved = list(running(before))
    keys = [f"{before.order.id}/{key}" for each in moved for key in (each.key, *map(each.clock, each.clocks))]
    clocks = {key: timers[key] for key in keys if key in timers}
    back = tuple(_back(each, before) for each in moved)
    return Kept(back, clocks, places(after), sent or _worked(before, after))


def _back(instance: Instance, state: OrderState) -> Back:
    waiting = (instance.waiting.kind, instance.waiting.name) if instance.waiting else ("", "")
    where = instance.process, instance.step, instance.visit
    status = state.status if instance.root == ORDER else state.units[instance.root].status
    return Back(instance.id, *where, waiting, instance.tries, status, dict(instance.clocks))


def places(state: OrderState) -> dict[str, tuple[str, ...]]:
    """Where each instance stands, and what it waits for."""
    return {each.id: _place(each) for each in state.instances.values()}


def _place(each: Instance) -> tuple[str, ...]:
    waiting = (each.waiting.kind, each.waiting.name) if each.waiting else ("", "")
    return (each.process, each.step, str(each.visit), str(each.tries), *waiting, each.ended or "")


def _worked(before: OrderState, after: OrderState) -> bool:
    others = (name for name in OrderState.__struct_fields__ if name not in _OF_A_MOVE)
    if any(getattr(before, name) != getattr(after, name) for name in others) or before.units.keys() != after.units.keys():
        return True
    if any(replace(unit, status="") != replace(after.units[id], status="") for id, unit in before.units.items()):
        return True
    return any(each.ended is not None and before.instances[each.id].ended is None for each in after.instances.values())
