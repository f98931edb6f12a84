"""An order as it lies before somebody: by which entry of his role he sees it, and which of its units of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from orderloom.dsl.program import Formula, Program, StatusMap
from orderloom.engine.access.grants import granted, home, is_own
from orderloom.engine.access.rights import are_declared
from orderloom.engine.access.who import Who
from orderloom.engine.bringing import lines_of
from orderloom.engine.catalog import Catalog
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.unit import Unit
from orderloom.engine.views import order_view, unit_view

_TOLD = ("status", "placed at", "total", "lines", "prices", "dates", "documents")  #: what customers are told
_OF_STATUS = ("status", "placed at", "dates")  #: all that a relation shows which grants the status alone


class Looked(Struct, frozen=True, eq=False):
    """An order that is looked at: by whom, with what in reach, and by which entry.

    `units` are those that he sees; where it is not `whole`, nothing is told of any other.
    """

    who: Who
    state: OrderState
    program: Program
    catalog: Catalog
    context: Mapping[str, object]
    show: tuple[str, ...]
    units: tuple[Unit, ...]
    whole: bool
    words: StatusMap | None
    history: Sequence[Struct] = ()

    def word(self, status: str) -> str:
        return self.words.word(status) if self.words is not None else status

    def has(self, subject: str | None) -> bool:
        """Whether what is of this unit of work, or of a part of its process, is before him."""
        instance = self.state.instances.get(subject or "")
        of = instance.root if instance is not None else subject
        return self.whole or any(unit.id == of for unit in self.units)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each line are before him: all that was ordered, or what is in the units of work."""
        if self.whole:
            return {line.id: line.quantity for line in self.state.order.lines if line.part_of is None}
        lines = {line.id: line.quantity for line in self.state.order.lines}
        found: dict[str, int] = {}
        for unit in self.units:
            for line, _, many in lines_of(self.state, unit):
                if line in lines:  # what comes back of a line is no more of it than was ordered
                    found[line] = min(found.get(line, 0) + many, lines[line])
        return {line: found[line] for line in lines if line in found}


def unknown(order: str, who: Who) -> Refused:
    """What is said of an order that somebody may not know of: the same, whether there is one or not."""
    return Refused(
        f"there is no order {order} that {who.role} of {who.organization} may see; "
        f"`sees orders` of the role says which it sees, relations say of whom"
    )


def look(
    who: Who, state: OrderState, program: Program, catalog: Catalog, at: datetime, history: Sequence[Struct] = ()
) -> Looked | None:
    """The order as it lies before him, by the first entry of his role that fits; None where he may not know of it."""
    flows = flows_to(program, who, state.order.division)
    if not flows & {"orders", "status"} or who.customer not in (None, state.order.customer.id):
        return None
    of = program.of(state.order.division)
    order = order_view(state.order, catalog, of.attributes, state)
    context = {"now": at, "today": at.date(), "order": order, "user": who.view}
    maps = (each for each in of.status_maps.values() if who.role in each.roles)
    words = next((each for each in maps if each.when is None or each.when(context) is True), None)
    shown = _shown(program, who.role, context, words)
    if shown is None:
        return None
    show, which = shown
    if "orders" not in flows:
        show = tuple(name for name in show if name in _OF_STATUS)
    units = tuple(_units(which, state, catalog, context))
    if which is not None and not units:
        return None
    return Looked(who, state, program, catalog, context, show, units, which is None, words, history)


def _shown(
    program: Program, role: str, context: Mapping[str, object], words: StatusMap | None
) -> tuple[tuple[str, ...], Formula | None] | None:
    """The fields that a role sees of an order, and the condition on units of work; None where it sees nothing.

    Where no role says what it sees of orders, a role for which there is a map of statuses sees what a customer is told.
    """
    known = program.roles.get(role)
    if known is None or not are_declared(program):
        return None if words is None else (_TOLD, None)
    entry = next((each for each in known.sees_orders if each.orders(context) is True), None)
    return None if entry is None else (entry.show, entry.units)


def flows_to(program: Program, who: Who, division: str | None) -> frozenset[str]:
    """What somebody may know and do of orders of a division, by the flows: of those of his own organization all."""
    of = home(program, division)
    flows = ("orders", "modifications", "status", "exceptions")
    if is_own(program, who.organization, of):
        return frozenset(flows)
    return frozenset(flow for flow in flows if next(granted(program, of, who.organization, flow), None) is not None)


def _units(which: Formula | None, state: OrderState, catalog: Catalog, context: Mapping[str, object]) -> Iterator[Unit]:
    for unit in state.units.values():
        seen = {**context, "unit": unit_view(unit, catalog, state), "node": catalog.node_views.get(unit.node)}
        if which is None or which(seen) is True:
            yield unit
