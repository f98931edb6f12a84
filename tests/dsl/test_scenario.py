from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from orderloom.dsl.compile import Compiled

TEXT = """\
kind: scenario
name: save the sale at the counter
covers: [88, 89]
clock: 2026-03-02T10:00:00Z
given:
  items: { TEE: { title: Tee, unit_price: 29.00 } }
  stock: { S2: { TEE: 2 } }
when:
  - capture: { order: { id: A1, lines: [{ item: TEE, quantity: 1 }] } }
  - at: 2026-03-05T21:00:00Z
then:
  - order.status: pickup expired
  - stock: { S2: { TEE: { available: 2 } } }
"""


def test_a_scenario_is_plain_values_with_their_places(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(TEXT)
    assert compiled.diagnostics == ()
    scenario = next(s for s in compiled.scenarios if s.pack is None)
    assert scenario.name == scenario.title == "save the sale at the counter"
    assert scenario.covers == (88, 89)
    assert scenario.clock == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert scenario.given == {"items": {"TEE": {"title": "Tee", "unit_price": Decimal("29.00")}}, "stock": {"S2": {"TEE": 2}}}
    assert [(entry.key, entry.origin.line) for entry in scenario.when] == [("capture", 9), ("at", 10)]
    assert scenario.when[0].value == {"order": {"id": "A1", "lines": [{"item": "TEE", "quantity": 1}]}}
    assert [(entry.key, entry.value) for entry in scenario.then] == [
        ("order.status", "pickup expired"),
        ("stock", {"S2": {"TEE": {"available": 2}}}),
    ]


def test_a_moment_needs_its_offset(compile_file: Callable[[str], Compiled]) -> None:
    found = compile_file(TEXT.replace("10:00:00Z", "10:00:00")).diagnostics
    assert [(d.code, d.span.line, d.span.column) for d in found] == [("E110", 4, 8)]
