"""The core on one page: `advance(world, state, event) -> Step`, pure. Time enters only as `event.at`."""

from __future__ import annotations

from dataclasses import dataclass

from orderloom.engine.effects import Effect
from orderloom.engine.events import Event
from orderloom.engine.state import OrderState
from orderloom.engine.stock import Stock
from orderloom.engine.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """What one event makes of an order: its new state, the effects, and the stock after the turn's entries.

    Every ledger entry is among the effects (`Post`) and already in `stock`.
    """

    state: OrderState
    effects: tuple[Effect, ...]
    stock: Stock


def advance(world: World, state: OrderState | None, event: Event) -> Step:
    """Applies a fact to an order; `state` is None for `Captured` alone.

    Runs every process of the order until it waits or has ended. Never refuses: a fact that no longer fits is noted.
    """
    raise NotImplementedError
