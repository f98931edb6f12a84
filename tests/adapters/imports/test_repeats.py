"""Orders that come in again, in any order, under any id: the first one counts, and nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.adapters.imports.file import Warned
from orderloom.adapters.imports.repeats import captured, differing
from orderloom.adapters.props import Props
from orderloom.adapters.stage import stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.store import queries

COMPILED = compile_workspace(Path(__file__).parents[2] / "scenarios" / "channels")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def order(id: str, quantity: int = 1) -> Order:
    lines = (Line("1", "HDMI", quantity, Decimal(15)),)
    return Order(id, "marketplace", NINE, Customer("C"), lines, "USD", external_id="AMZ-1", ship_to=Address(region="EAST"))


#: By which feed it comes: its id there, whether the content is another one, and whether a worker comes to it first.
TOLD = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from((1, 1, 1, 2)), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=15, deadline=None)
@given(TOLD)
def test_any_order_of_captures_gives_one_order(told: list[tuple[str, int, bool]]) -> None:
    assert COMPILED.program is not None
    shop = stage(COMPILED.program, Props((Item("HDMI"),)), NINE)
    first, quantity, _ = told[0]
    for place, (id, wanted, worked) in enumerate(told):
        [found] = captured(shop.store, [order(id, wanted)], COMPILED.program.digest, NINE)
        if place == 0:
            assert found == "added"
        elif wanted != quantity:
            assert isinstance(found, Refused) and first in found.because and found.because.endswith("lines")
        elif id == first:
            assert found == "unchanged"
        else:
            assert isinstance(found, Warned) and (found.verdict, found.known_as) == ("unchanged", first)
        if worked:
            shop.run()
    shop.run()
    assert [line.id for line in queries.orders(shop.store)] == [first]
    story = shop.story(first)
    assert story is not None and story.state.order.quantity == quantity
    assert audit(shop.store) == ()
    shop.store.close()


def test_neither_the_id_nor_the_trace_is_content() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert differing(replace(order("A"), traceparent=trace), order("B")) == []
    assert differing(replace(order("A"), customer=Customer("D"), priority=1), order("B")) == ["customer", "priority"]
