"""Monitors: levels that can be crossed both ways, and a window where a figure looks back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.checks.levels import meeting, possible
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.feel import Scope, parse, paths_used
from orderloom.dsl.feel.types import NUMBER
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Monitor
from orderloom.dsl.syntax.monitor import FIGURES, MOVING

_SCOPE = Scope(dict.fromkeys(FIGURES, NUMBER))
_DAY = timedelta(days=1)


def monitors(definitions: Definitions) -> Iterator[Diagnostic]:
    for monitor in definitions.of_kind(Monitor).values():
        yield from _window(monitor)
        yield from _levels(monitor)


def _window(monitor: Monitor) -> Iterator[Diagnostic]:
    over = monitor.over
    if over is not None and (over.value < _DAY or over.value % _DAY):
        hint = "write days, as in P14D"
        yield Diagnostic("E653", f"velocity is of whole days, and {over.node.text} is none", over.span, hint=hint)
    if monitor.read_from.get("over") is not None:
        return
    for written in (monitor.when, monitor.until):
        used = [name for name in MOVING if name in _reads(written)]
        if used:
            words = f"{' and '.join(used)} look{'s' if len(used) == 1 else ''} back, and nobody says how far"
            yield Diagnostic("E653", words, written.span, hint="add a window, as in over: P14D")
            return


def _reads(written: Located[str] | None) -> frozenset[str]:
    tree = parse(written.value, _SCOPE)[0] if written is not None else None
    return frozenset(path[0] for path in paths_used(tree)) if tree is not None else frozenset()


def _levels(monitor: Monitor) -> Iterator[Diagnostic]:
    """Told only of conditions that compare figures with numbers: of others nobody can say."""
    if monitor.when is None or monitor.until is None:
        return
    when, until = (parse(written.value, _SCOPE)[0] for written in (monitor.when, monitor.until))
    if when is None or until is None:
        return
    both = (("when", monitor.when, when), ("until", monitor.until, until))
    never = [(name, written) for name, written, tree in both if possible(tree) is False]
    for name, written in never:
        result = "raised" if name == "when" else "cleared"
        words = f"`{name}` can never hold, so the alert is never {result}"
        yield Diagnostic("E652", words, written.span, hint="availability, velocity and cover are never below 0")
    witness = None if never else meeting(when, until)
    if witness is not None:
        case = " and ".join(
            f"{name} = {round(Decimal(value.numerator) / value.denominator, 4).normalize():f}" for name, value in witness.items()
        )
        labels = (Label(monitor.when.span, "and so does `when`"),)
        hint = "leave a gap between the two levels, as in when: available < 20, until: available > 40"
        yield Diagnostic("E651", f"with {case} `until` holds", monitor.until.span, labels, hint)
