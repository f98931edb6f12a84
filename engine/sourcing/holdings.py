"""What a position has to give, remembered until it, or what is known of its item and its node, is another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from orderloom.dsl.program import Formula, Promising
from orderloom.engine.ledger.stock import Position
from orderloom.engine.promising.availability import Availability, availability
from orderloom.engine.sourcing.lots import Lots, Stowed, lots_of
from orderloom.engine.sourcing.memory import ROOTS
from orderloom.engine.views import Attributes, View, position_view

ROOM = 20_000  #: positions that are remembered before it starts afresh
_OWN = frozenset({"position", "item", "node", "method", "supply"})

#: By item, node and method. An entry counts while the position, the views and the alerts are the very ones that it was made of.
Holdings = dict[tuple[str, str, object], "Holding"]


class Holding(Struct, frozen=True, eq=False):
    """What expressions see of a position, what of it may be promised, and what both came from.

    `lots` are by the units that are wanted, `stowed` by these, how many lots there are, and whether the day waits.
    """

    made_of: tuple[Position, Sequence[str], object, object, Attributes]
    view: View
    available: Availability
    lots: dict[int, Lots]
    stowed: dict[tuple[int, int, bool], Stowed]

    def lots_of(self, position: Position, wanted: int) -> Lots:
        """What may be taken of the position where so many units are wanted."""
        found = self.lots.get(wanted)
        if found is None:
            found = self.lots[wanted] = lots_of(position, self.available, wanted)
        return found


def holding(
    kept: Holdings | None, position: Position, alerts: Sequence[str], seen: dict[str, object], rules: Promising, own: Attributes
) -> Holding:
    """The holding of a position; its view is put beside what else is seen. Nothing is remembered without `kept`."""
    item, node = seen["item"], seen["node"]
    key = (position.item, position.node, seen["method"])
    known = None if kept is None else kept.get(key)
    if known is not None:
        its, raised, of, at, fields = known.made_of
        if its is position and at is node and of is item and raised is alerts and fields is own:
            seen["position"] = known.view
            return known
    seen["position"] = view = position_view(position, own, alerts)
    made_of = (position, alerts, item, node, own)
    found = Holding(made_of, view, availability(position, rules, seen, position.item, position.node), {}, {})
    if kept is not None:
        if len(kept) >= ROOM:
            kept.clear()
        kept[key] = found
    return found


def holdings_of(promising: Promising) -> Holdings | None:
    """An empty memory; None where what may be promised of a position is not the same for all orders."""
    return {} if all(_own(formula) for formula in _asked(promising)) else None


def _asked(promising: Promising) -> Iterator[Formula | None]:
    yield promising.floor
    yield from (rule.when for rule in promising.stock_classes.values())
    yield from (rule.trust for rule in promising.supply.values() if isinstance(rule.trust, Formula))


def _own(formula: Formula | None) -> bool:
    if formula is None:
        return True
    return formula.shape is not None and {path[0] for path in formula.shape.reads if path[0] in ROOTS} <= _OWN
