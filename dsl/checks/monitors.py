"""Monitors have what their shape needs, and nothing else; those of stock levels that can be crossed both ways, and a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.checks.levels import meeting, possible
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.feel import Scope, parse, paths_used
from orderloom.dsl.feel.types import NUMBER
from orderloom.dsl.fields import Located, keys
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Monitor
from orderloom.dsl.syntax.monitor import EVENTS, FIGURES, MOVING, OF_ORDERS, OF_STOCK

_SCOPE = Scope(dict.fromkeys(FIGURES, NUMBER))
_DAY = timedelta(days=1)
_DOCS = {each.text: each.doc for each in keys(Monitor)}


def monitors(definitions: Definitions) -> Iterator[Diagnostic]:
    for monitor in definitions.of_kind(Monitor).values():
        yield from _shape(monitor)
        yield from _window(monitor)
        yield from _levels(monitor)


_RULES = ("not-reached", "reached", "stays")
_OF_STOCK = ("method", "when", "until")
#: By what is watched: the keys that are needed, and those that may stand there besides.
_SHAPES = {
    **dict.fromkeys(OF_STOCK, (_OF_STOCK, ("nodes", "over"))),
    **dict.fromkeys(OF_ORDERS, ((), ("where", *_RULES))),
    EVENTS: (("pattern",), ()),
}
_ALWAYS = ("kind", "name", "title", "watch", "active", "raise")


def _shape(monitor: Monitor) -> Iterator[Diagnostic]:
    if monitor.watch is None or monitor.name is None:
        return
    watch, there = monitor.watch, {entry.key.text: entry.key for entry in monitor.read_from.entries}
    needed, more = _SHAPES[watch.value]
    for name in needed:
        if name not in there:
            words = f"a monitor that watches `{watch.value}` says `{name}`"
            yield Diagnostic("E654", words, watch.span, hint=f"{name}: {_DOCS[name]}")
    for name, place in there.items():
        if name in _DOCS and name not in (*_ALWAYS, *needed, *more):
            words = f"`{name}` says nothing to a monitor that watches `{watch.value}`"
            yield Diagnostic("E654", words, place.span, hint="delete it, or watch something else")
    rules = [name for name in _RULES if name in there]
    if watch.value in OF_ORDERS and len(rules) != 1:
        words = "it watches for one thing, and this says " + (" and ".join(rules) or "none")
        place = there[rules[1]] if rules else monitor.watch.node
        yield Diagnostic("E654", words, place.span, hint=f"one of {', '.join(_RULES)}")


def _window(monitor: Monitor) -> Iterator[Diagnostic]:
    over = monitor.over
    if over is not None and (over.value < _DAY or over.value % _DAY):
        hint = "write days, as in P14D"
        yield Diagnostic("E653", f"velocity is of whole days, and {over.node.text} is none", over.span, hint=hint)
    if monitor.read_from.get("over") is not None:
        return
    for written in (monitor.when, monitor.until):
        used = [name for name in MOVING if name in _reads(written)]
        if used and written is not None:
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
