"""What a record is checked against: the workspace's own fields and names, and the items and nodes that the store has."""

from __future__ import annotations

from collections.abc import Container, Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import select

from orderloom.adapters.imports.fields import Fields
from orderloom.dsl.feel.types import Type
from orderloom.dsl.program import Bill, Program
from orderloom.engine.bills import by_item
from orderloom.engine.ledger.stock import GOOD
from orderloom.engine.methods import methods_of_any
from orderloom.engine.store import Store, tables


class Known(Struct, frozen=True):
    """`zone` is that of moments which name none; `supply_types`, `stock_classes` and `work` are named in promising rules.

    `bills` say what items are made up of, by item.
    `resources` have slots; of each how many visits it makes at a time. `methods` are those that a line may name; any, if none.
    """

    attributes: Mapping[str, Mapping[str, Type]]
    currency: str
    zone: ZoneInfo
    calendars: Container[str]
    supply_types: frozenset[str]
    items: Container[str]
    nodes: Container[str]
    stock_classes: frozenset[str] = frozenset({GOOD})
    work: frozenset[str] = frozenset()
    bills: Mapping[str, Bill] = field(default_factory=dict)
    resources: Mapping[str, int] = field(default_factory=dict)
    program: Program | None = None
    methods: frozenset[str] = frozenset()

    def of(self, division: str | None) -> Known:
        """What an order of this division is checked against."""
        if self.program is None or not self.program.divisions or division is None:
            return self
        return replace(self, methods=methods_of_any(self.program, division))

    def item(self, row: Fields, name: str) -> str:
        """The id of an item, needed; one that nobody knows is a problem."""
        return self._one_of(row, name, self.items, "item")

    def node(self, row: Fields, name: str) -> str:
        """The id of a node, needed; one that nobody knows is a problem."""
        return self._one_of(row, name, self.nodes, "node")

    def node_or_none(self, row: Fields, name: str) -> str | None:
        """The id of a node, where there is one."""
        return None if row.raw(name) is None else self.node(row, name)

    def stock_class(self, row: Fields) -> str:
        """The stock class, good where none is named; one that no promising rule names is a problem, since nothing counts it."""
        found = row.text("stock_class") or GOOD
        if found not in self.stock_classes and found != GOOD:
            known = ", ".join(sorted(self.stock_classes | {GOOD}))
            row.problem(f"no promising rule names the stock class {found}; known: {known}")
        return found

    def _one_of(self, row: Fields, name: str, names: Container[str], what: str) -> str:
        found = row.needed(name)
        if found and found not in names:
            row.problem(f"unknown {what} {found}")
        return found


def known_by(program: Program, items: Container[str], nodes: Container[str]) -> Known:
    """What the program declares, and these items and nodes."""
    rules = program.promising.values()
    types = frozenset(kind for promising in rules for kind in promising.supply)
    classes = frozenset(name for promising in rules for name in promising.stock_classes)
    work = frozenset(work.name for promising in rules for work in promising.work)
    zone = ZoneInfo(program.timezone)
    bills = by_item(program.bills.values())
    visits = {name: resource.capacity for name, resource in program.resources.items()}
    named = program.attributes, program.currency, zone, program.calendars, types
    return Known(*named, items, nodes, classes, work, bills, visits, program, methods_of_any(program, None))


def known_in(store: Store, program: Program) -> Known:
    """What the program declares, and the items and nodes that the store has."""
    with store.reading() as connection:
        items = frozenset(connection.execute(select(tables.items.c.id).where(tables.items.c.shard == store.shard)).scalars())
        nodes = frozenset(connection.execute(select(tables.nodes.c.id).where(tables.nodes.c.shard == store.shard)).scalars())
    return known_by(program, items, nodes)
