"""Where an order stands, in a few words: how it ended, or what it waits for."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.engine.process.blocks import CHILDREN
from orderloom.engine.process.holds import standing_holds
from orderloom.engine.state import ORDER, Instance, OrderState


def standing(state: OrderState) -> str:
    """The outcome of an order that has ended; else, of what it waits for, what needs somebody most."""
    root = state.instances.get(ORDER)
    if root is not None and root.ended is not None:
        return root.ended
    if stops := stopped((issue.type for issue in state.exceptions.values()), standing_holds(state)):
        return stops
    waiting = [instance for instance in state.instances.values() if instance.ended is None and not _has_parts(instance)]
    units = [instance for instance in waiting if instance.root != ORDER]
    return "waiting: " + ", ".join(sorted({_words(instance) for instance in units or waiting})) if waiting else "captured"


def stopped(exceptions: Iterable[str], holds: Iterable[str]) -> str:
    """What stops an order: its open exceptions by type, else the holds that stand; nothing where nothing does."""
    if types := sorted(set(exceptions)):
        return "exception: " + ", ".join(types)
    names = ", ".join(holds)
    return f"held: {names}" if names else ""


def _has_parts(instance: Instance) -> bool:
    """Its parts say more of where it stands."""
    return instance.waiting is not None and instance.waiting.kind == CHILDREN


def _words(instance: Instance) -> str:
    return f"{instance.process} at {instance.step}"
