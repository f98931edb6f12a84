"""Stands between somebody and a store: what he may not do is refused, and of what he asks for he gets what he may see.

It goes by the version of the definitions that new orders run on: a right taken away is gone with the next version, whatever
version an order runs on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from orderloom.dsl.program import Program, SavedView
from orderloom.dsl.rights import EXCEPTION_FIELDS, SEES
from orderloom.dsl.suggest import hint_for
from orderloom.engine.access.grants import home
from orderloom.engine.access.needs import NOTHING, Needs
from orderloom.engine.access.rights import Of, allowed, are_declared
from orderloom.engine.access.who import Who
from orderloom.engine.catalog import Catalog
from orderloom.engine.desk.explained import explained, seen_difference, seen_requests
from orderloom.engine.desk.found import Found, find
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.returns import elsewhere
from orderloom.engine.desk.returns import order_of as return_of
from orderloom.engine.desk.seen_exceptions import queued_view, seen_exception
from orderloom.engine.desk.seen_tasks import seen_tasks
from orderloom.engine.looked import Looked, flows_to, look, unknown
from orderloom.engine.modifications.request import Difference
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.seen import Seen, seen_in
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, queries, task_queries
from orderloom.engine.store.appeasements import Kept
from orderloom.engine.store.queries import PAGE, ExceptionLine, OrderLine, WholeOrder
from orderloom.engine.store.task_queries import TaskLine
from orderloom.engine.views import order_view

T = TypeVar("T")


class Gate:
    """For one request of somebody who is not the operator; the operator needs none."""

    def __init__(self, lookup: Lookup, store: Store, program: Program, who: Who, now: datetime) -> None:
        self.who, self.program = who, program
        self._lookup, self._store, self._now = lookup, store, now

    def admits(self, right: str | tuple[str, ...], named: Mapping[str, object]) -> Refused | None:
        """Why he may not give a command, or call a route, that needs this right and names an `order`, a `task`, an `exception`,
        a `returned`, a `repair` or a `customer`; None where he may. What needs one of several rights only shows."""
        if right == SEES:
            return None
        if isinstance(right, tuple):
            return self.may_look(right, about(named))
        order, task, exception, customer = about(named), named.get("task"), named.get("exception"), named.get("customer")
        refused = self.may(right, order)
        if refused is None and right == "work" and task:
            refused = self.may_do(str(task))
        if refused is None and right == "resolve" and order is not None and exception:
            refused = self.may_decide(order, str(exception))
        if refused is None and right == "receive":
            refused = self.may_receive(str(named.get("returned")))
        if refused is None and right == "customer" and self.who.customer not in (None, customer):
            refused = Refused(f"there is no customer {customer} that {self.who.customer} may see")
        return refused

    def may(self, right: str, order: str | None = None) -> Refused | None:
        """Why he may not do this, to this order; None where he may. Of an order that he does not see he learns nothing."""
        said = allowed(self.program, self.who, right)
        if not isinstance(said, Refused) and order is not None:
            found = next(iter(self._find([order])), None)
            if found is None or not self._knows(found):
                return unknown(order, self.who)
            said = allowed(self.program, self.who, right, Of(f"order {order}", home(self.program, found.division)))
        return said if isinstance(said, Refused) else None

    def may_look(self, rights: Sequence[str], order: str | None = None) -> Refused | None:
        """Why he may not be shown what any of these rights is about, of this order; None where he may."""
        said = [allowed(self.program, self.who, right) for right in rights]
        refused = [each for each in said if isinstance(each, Refused)]
        if len(refused) == len(said):
            return refused[0]
        found = next(iter(self._find([order])), None) if order is not None else None
        hidden = order is not None and (found is None or not self._knows(found))
        return unknown(str(order), self.who) if hidden else None

    def may_receive(self, returned: str) -> Refused | None:
        """Why goods of a return are not his to take in; None where they come to the node where he works, or are not known."""
        found = next(iter(self._find([return_of(returned)])), None)
        if found is None or found.state is None:
            return None
        looked = self.look(found.state)
        if looked is not None and not looked.has(returned):
            return Refused(f"there is no return {returned} that {self.who.role} of {self.who.organization} may see")
        return elsewhere(found.state, returned, self.who)

    def may_for(self, right: str, order: Order) -> Refused | None:
        """Why he may not do this with an order that is not there yet; None where he may."""
        if self.who.customer not in (None, order.customer.id):
            return Refused(f"{self.who.role} {self.who.customer} acts for {self.who.customer} alone")
        said = allowed(self.program, self.who, right, Of(f"order {order.id}", home(self.program, order.division)))
        return said if isinstance(said, Refused) else None

    def may_see(self, order: str) -> Refused | None:
        """Why he may not see an order; None where he may."""
        found = self._find([order])
        return None if found and self._knows(found[0], sees=True) else unknown(order, self.who)

    def may_hear(self, order: str) -> bool:
        """Whether he may hear that an order is there: he sees it; of what waits for a worker, a customer his own."""
        found = next(iter(self._find([order])), None)
        if found is not None and found.state is None:
            return self.who.customer is not None and self.who.customer == found.customer
        return found is not None and self._knows(found, sees=True)

    def may_decide(self, order: str, exception: str) -> Refused | None:
        """Why he may not decide an exception: who decides it sees it."""
        found = queries.order(self._store, order)
        lines = [line for line in found.exceptions if line.id == exception] if found is not None else []
        if any(True for _ in self.exceptions(lines)):
            return None
        words = f"there is no exception {exception} that {self.who.role} of {self.who.organization} may see"
        return Refused(f"{words}; `sees exceptions` of the role says which it sees")

    def may_do(self, task: str) -> Refused | None:
        """Why a task is not his to do."""
        line = task_queries.task(self._store, task)
        if line is not None and any(True for _ in self.tasks([line])):
            return None
        if line is not None and self._is_shown(line):
            return Refused(f"{self.who.role} may not do {task}; who may: {line.task.role}")
        return Refused(f"there is no task {task} for {self.who.role} of {self.who.organization}")

    def _is_shown(self, line: TaskLine) -> bool:
        """Whether his view of the order has this task, though it is not for him."""
        found = next(iter(self._find([line.order])), None)
        looked = self.look(found.state) if found is not None and found.state is not None else None
        return looked is not None and bool(seen_tasks(looked, [line.task], ()))

    def saved(self, name: str | None) -> SavedView | Refused | None:
        """A saved view of his role."""
        role = self.program.roles.get(self.who.role)
        if name is None or role is None:
            return None
        known = ", ".join(role.views) or "none is saved"
        return role.views.get(name) or Refused(f"{role.name} has no view {name}; {hint_for(name, role.views) or known}")

    def look(self, state: OrderState, history: Sequence[Struct] = ()) -> Looked | None:
        """An order as it lies before him; None where he may not know of it."""
        return look(self.who, state, self.program, self._catalog([state]), self._now, history)

    def order(self, whole: WholeOrder, saved: SavedView | None = None) -> Seen | Refused:
        """What he sees of an order."""
        looked = self.look(whole.state, whole.history) if whole.state is not None else None
        if looked is None:
            return unknown(whole.summary.id, self.who)
        seen = seen_in(looked, saved)
        if isinstance(seen, Refused):
            return seen
        if saved is None or not saved.show or "tasks" in saved.show:
            seen |= seen_tasks(looked, whole.tasks, self.tasks([TaskLine(whole.summary.id, "", task) for task in whole.tasks]))
        if isinstance(allowed(self.program, self.who, "report"), Refused):
            return seen
        return seen | seen_requests(looked, whole.messages)

    def explained(self, whole: WholeOrder) -> Seen | Refused:
        """Why an order stands as it does, as far as he may know."""
        looked = self.look(whole.state, whole.history) if whole.state is not None else None
        if looked is None:
            return unknown(whole.summary.id, self.who)
        return explained(looked, whole.records, (seen for _, seen in self.exceptions(whole.exceptions)))

    def difference(self, whole: WholeOrder, found: Difference) -> Seen:
        """What a change of an order comes to, as far as he may know."""
        return seen_difference(self.look(whole.state) if whole.state is not None else None, found)

    def orders(
        self, ask: Callable[[str], Sequence[OrderLine]], after: str, limit: int, fits: Callable[[Looked, Seen], bool],
        saved: SavedView | None = None,
    ) -> list[Seen]:  # fmt: skip
        """Of the orders that are asked for page by page, those that he sees and that fit, by what he sees of them."""
        seen: list[Seen] = []
        while len(seen) < limit:
            page = ask(after)
            for found in self._find([line.id for line in page]):
                if found.state is None:
                    continue
                looked = self.look(found.state)
                told = seen_in(looked, saved) if looked is not None else None
                if looked is not None and isinstance(told, dict) and fits(looked, told):
                    seen.append(told)
            if len(page) < PAGE:
                break
            after = page[-1].id
        return seen[:limit]

    def exceptions(self, lines: Sequence[ExceptionLine], needs: Needs = NOTHING) -> Iterator[tuple[ExceptionLine, Seen]]:
        """Of some exceptions those that he sees, with what he sees of them; only where he sees what he `needs`."""
        role = self.program.roles.get(self.who.role)
        orders = {found.id: found for found in self._find({line.order for line in lines})}
        for line in lines:
            found = orders.get(line.order)
            if found is None or not self._leads(found, "exceptions"):
                continue
            if role is None or not are_declared(self.program):
                yield line, seen_exception(line, ())
                continue
            context = self._context(found) | {"exception": queued_view(line)}
            entry = next((each for each in role.sees_exceptions if each.exceptions(context) is True), None)
            if entry is not None and needs.exception <= set(entry.show or EXCEPTION_FIELDS) and self._shows(found, needs.order):
                yield line, seen_exception(line, entry.show)

    def appeasements(self, rows: Sequence[Kept]) -> Iterator[Kept]:
        """Of some appeasements those that he sees: of lines that are before him, where he is shown customer and documents."""
        orders = {found.id: found for found in self._find({row.order for row in rows})}
        for row in rows:
            found = orders.get(row.order)
            looked = self.look(found.state) if found is not None and found.state is not None else None
            if (
                looked is not None
                and {"documents", "customer"} <= set(looked.show)
                and (looked.whole or row.line in looked.counts)
            ):
                yield row

    def tasks(self, lines: Sequence[TaskLine]) -> Iterator[TaskLine]:
        """Of some tasks those of his role, of orders that he may know of."""
        orders = {found.id: found for found in self._find({line.order for line in lines})}
        for line in lines:
            found = orders.get(line.order)
            theirs = found is not None and self._leads(found, "orders") and self._knows(found)
            if theirs and line.task.role == self.who.role:
                yield line

    def _leads(self, found: Found, flow: str) -> bool:
        """Whether a flow leads from an order to him; to a customer only from his own."""
        return self.who.customer in (None, found.customer) and flow in flows_to(self.program, self.who, found.division)

    def _shows(self, found: Found, fields: frozenset[str]) -> bool:
        """Whether he is shown these fields of the whole of an order."""
        if not fields or found.state is None:
            return not fields
        looked = self.look(found.state)
        return looked is not None and looked.whole and fields <= set(looked.show)

    def _knows(self, found: Found, sees: bool = False) -> bool:
        """Whether he may know of an order: he sees something of it; or a flow leads to him, unless it is about what he `sees`."""
        role = self.program.roles.get(self.who.role)
        if self.who.customer not in (None, found.customer):
            return False
        if role is None or not (role.sees_orders or sees):
            return bool(flows_to(self.program, self.who, found.division))
        if found.state is None:
            return False
        return self.look(found.state) is not None

    def _context(self, found: Found) -> dict[str, object]:
        state = found.state
        order = order_view(state.order, self._catalog([state]), self.program.attributes, state) if state else None
        return {"now": self._now, "today": self._now.date(), "order": order, "user": self.who.view}

    def _catalog(self, states: Iterable[OrderState]) -> Catalog:
        return self._lookup.world({line.item for state in states for line in state.order.lines}).catalog

    def _find(self, ids: Iterable[str]) -> list[Found]:
        return find(self._store, ids)


def about(named: Mapping[str, object]) -> str | None:
    """The order that a command or a route is about: named itself, or by a task, an exception, a return or a repair of it."""
    work, returned = named.get("task") or named.get("exception"), named.get("returned") or named.get("repair")
    of = task_queries.order_of(str(work)) if work else return_of(str(returned)) if returned else None
    return str(named.get("order") or of or "") or None
