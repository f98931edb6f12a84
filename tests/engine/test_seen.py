"""Who sees only some units of work of an order learns nothing of the others: no money, no node, no hold, no history."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace
from strangers import NOW, drawn, says, strangers_shop

from orderloom.adapters.seen import listed
from orderloom.adapters.stage import Stage
from orderloom.dsl.program import OrderView, Program
from orderloom.dsl.rights import ORDER_FIELDS
from orderloom.engine.access.who import Who
from orderloom.engine.desk.customers import Timeline, timeline
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.looked import look
from orderloom.engine.order import Line
from orderloom.engine.seen import Seen, cut
from orderloom.engine.state import Document, Held, OrderState
from orderloom.engine.store import queries
from orderloom.engine.store.queries import HistoryLine
from orderloom.engine.store.search import Asked


@pytest.fixture(scope="module")
def shop() -> Iterator[Stage]:
    made = strangers_shop()
    yield made
    made.store.close()


def at_a_node(shop: Stage, node: str | None) -> tuple[Program, Who]:
    """A seller of harbour who is shown every field, of the units of work of the node where he works."""
    program = drawn(random.Random("seen"), shop.program)
    view = OrderView(says("all"), ORDER_FIELDS, program.roles["seller"].origin, says("at") if node else None)
    seller = replace(program.roles["seller"], sees_orders=(view,), may=("customer", "inspect"))
    return replace(program, roles={"seller": seller}, relations=()), Who("ann", "seller", "harbour", node)


def split(shop: Stage) -> OrderState:
    """An order of three nodes; two of them have sent an invoice, and another line is held."""
    found = queries.order(shop.store, "H-4")
    assert found is not None and found.state is not None and len(found.state.units) >= 2
    state = found.state
    papers = tuple(Document("invoice", f"I-{u.id}", NOW, Decimal(100 + n), u.id) for n, u in enumerate(state.units.values(), 1))
    other = Line("9", "Y", 1, Decimal("77.77"))
    order = replace(state.order, lines=(*state.order.lines, other))
    held = {key: Held(key, NOW, "bo", "", line) for key, line in (("fraud", None), ("recall", "9"))}
    return replace(state, order=order, documents=(*papers, Document("payment", "P-1", NOW, Decimal(900))), holds=held)


def seen(shop: Stage, state: OrderState, node: str | None) -> Seen:
    program, who = at_a_node(shop, node)
    history = [HistoryLine(1, NOW, "", "captured", "{}"), HistoryLine(1, NOW, "order", "status", "placed")]
    for number, unit in enumerate(state.units.values(), 2):
        history += [HistoryLine(number, NOW, "", "replied", "{}"), HistoryLine(number, NOW, unit.id, "status", unit.node)]
    found = look(who, state, program, Lookup(shop.store, program).world({"X", "Y"}).catalog, NOW, history)
    assert found is not None
    return cut(found)


def test_what_is_of_other_units_is_not_told(shop: Stage) -> None:
    state = split(shop)
    whole, total = seen(shop, state, None), Decimal(0)
    for unit in state.units.values():
        told = seen(shop, state, unit.node)
        text = msgspec.json.encode(told, enc_hook=str).decode()
        assert isinstance(told["total"], Decimal)
        assert told["total"] == sum(part.quantity for part in unit.lines) * Decimal("913.37") < state.order.total
        total += told["total"]
        assert [each["number"] for each in told["documents"]] == [f"I-{unit.id}"]  # type: ignore[attr-defined]
        assert [each["hold"] for each in told["holds"]] == ["fraud"]  # type: ignore[attr-defined]
        assert [each.get("text") for each in told["history"]] == [None, unit.node]  # type: ignore[attr-defined]
        assert [line["line"] for line in told["lines"]] == ["1"] and told["status"] == unit.status  # type: ignore[attr-defined]
        others = [each for each in state.units.values() if each.node != unit.node]
        assert not [each for each in others if f'"{each.node}"' in text or each.id in text], text
    assert total + Decimal("77.77") == whole["total"] == state.order.total
    assert len(whole["documents"]) == len(state.documents) and len(whole["holds"]) == 2  # type: ignore[arg-type]


def test_nor_in_what_is_known_of_a_customer_nor_by_what_orders_are_found(shop: Stage) -> None:
    state = split(shop)
    node = next(iter(state.units.values())).node
    program, who = at_a_node(shop, node)
    gate = Gate(Lookup(shop.store, program), shop.store, program, who, shop.now)
    found = timeline(shop.store, "C-2", gate)
    assert isinstance(found, Timeline) and [each.order for each in found.orders] == ["H-4"]
    assert found.orders[0].total == found.open and found.open is not None and found.open < state.order.total
    assert [each["order"] for each in listed(gate, shop.store, Asked(item="X", customer="C-2"), "", 9)] == ["H-4"]
    assert listed(gate, shop.store, Asked(item="Y"), "", 9) == []


def test_an_amount_in_the_history_is_for_who_sees_documents(shop: Stage) -> None:
    state = split(shop)
    program, who = at_a_node(shop, None)
    line = HistoryLine(1, NOW, "order", "document", "invoice I-1 913.37")
    for show, told in ((("history",), None), (("history", "documents"), line.text)):
        entry = replace(program.roles["seller"].sees_orders[0], show=show)
        sees = replace(program, roles={"seller": replace(program.roles["seller"], sees_orders=(entry,))})
        found = look(who, state, sees, Lookup(shop.store, sees).world({"X", "Y"}).catalog, NOW, [line])
        assert found is not None
        (happened,) = cut(found)["history"]  # type: ignore[misc]
        assert happened.get("text") == told
