"""A condition on exceptions, as whoever decides many of them writes it: of the exception and of its order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from orderloom.dsl.feel import Scope, expression, paths_used
from orderloom.dsl.feel.types import BOOLEAN, DATE, DATE_TIME, NUMBER, STRING, ContextType
from orderloom.dsl.functions import FUNCTIONS
from orderloom.dsl.program import Program
from orderloom.dsl.scopes import types_of
from orderloom.engine import wire
from orderloom.engine.access.needs import NOTHING, Needs, needs_of
from orderloom.engine.access.rights import are_declared
from orderloom.engine.desk.gate import Gate
from orderloom.engine.refused import Refused
from orderloom.engine.shell.bulk import Meant
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.store import Store, tables
from orderloom.engine.store.queries import ExceptionLine
from orderloom.engine.views import order_view

_EXCEPTION = ContextType(
    {
        "id": STRING,
        "type": STRING,
        "role": STRING,
        "subject": STRING,
        "cause": STRING,
        "priority": NUMBER,
        "claimed_by": STRING,
        "opened_at": DATE_TIME,
        "due_at": DATE_TIME,
    }
)


class Condition(Struct, frozen=True):
    """The exceptions of a page for which an expression is true."""

    store: Store
    program: Program
    now: datetime
    evaluate: object
    paths: frozenset[tuple[str, ...]]

    def __call__(self, page: Sequence[ExceptionLine]) -> Sequence[ExceptionLine]:
        views = self._orders({line.order for line in page})
        return [line for line in page if self._holds(line, views.get(line.order))]

    def _holds(self, line: ExceptionLine, order: dict[str, object] | None) -> bool:
        told = {name: getattr(line, name) for name in _EXCEPTION.fields}
        context = {"now": self.now, "today": self.now.date(), "order": order, "exception": told}
        return self.evaluate(context) is True  # type: ignore[operator]

    def _orders(self, ids: set[str]) -> dict[str, dict[str, object]]:
        o = tables.orders.c
        asked = select(o.id, o.state).where(o.shard == self.store.shard, o.id.in_(sorted(ids)), o.state.is_not(None))
        shelf = Shelf(self.store.shard)
        with self.store.reading() as connection:
            states = {id: wire.load_state(state) for id, state in connection.execute(asked)}
            items = {line.item for state in states.values() for line in state.order.lines}
            shelf.refresh(connection, items)
        catalog = shelf.catalog(self.program, items, {})
        return {id: order_view(state.order, catalog, self.program.attributes, state) for id, state in states.items()}


def condition(store: Store, program: Program, now: datetime, text: str) -> Condition | Refused:
    """The condition of a text such as `order.total < 100 and exception.cause = ""`."""
    entities = types_of(program.attributes)
    names = {"now": DATE_TIME, "today": DATE, "order": entities["order"], "exception": _EXCEPTION}
    found, kind, problems = expression(text, Scope(names, FUNCTIONS, entities))
    if found is None:
        return Refused("; ".join(problem.message for problem in problems) or f"{text} cannot be read")
    if kind != BOOLEAN:
        return Refused(f"{text} gives a {kind}, and must be true or false")
    return Condition(store, program, now, found.evaluate, paths_used(found.tree))


def meant(store: Store, program: Program, now: datetime, text: str | None, gate: Gate | None) -> Meant | Refused:
    """Of a page of exceptions those that somebody sees and that a condition is true for; he asks by what he sees."""
    by_text = condition(store, program, now, text) if text is not None else None
    if isinstance(by_text, Refused):
        return by_text
    needs = _needs(gate, by_text)
    if isinstance(needs, Refused):
        return needs

    def chosen(page: Sequence[ExceptionLine]) -> Sequence[ExceptionLine]:
        seen = page if gate is None else [line for line, _ in gate.exceptions(page, needs)]
        return seen if by_text is None else by_text(seen)

    return chosen


def _needs(gate: Gate | None, by_text: Condition | None) -> Needs | Refused:
    if gate is None or by_text is None or not are_declared(gate.program):
        return NOTHING
    role = gate.program.roles.get(gate.who.role)
    return NOTHING if role is None else needs_of(gate.program, role, by_text.paths)
