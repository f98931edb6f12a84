"""What goes wrong though the types go together is told of the fields of orders, not of an analyst's own names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orderloom.dsl.compile import Compiled

DECISION = "kind: decision\nname: mine\n{given}value: {value}\n"


@pytest.mark.parametrize(
    ("given", "value", "codes"),
    [
        ("", "order.total > order.quantity", ["W315"]),
        ("", "sum(order.lines.unit_price) > order.quantity", ["W315"]),
        ("given: { order: context }\n", "order.total > order.quantity", []),
        ("", "order.total > 5", []),
    ],
)
def test_measures_are_known_of_fields_of_ours(
    compile_file: Callable[[str], Compiled], given: str, value: str, codes: list[str]
) -> None:
    found = [each.code for each in compile_file(DECISION.format(given=given, value=value)).diagnostics]
    assert [code for code in found if code != "W410"] == codes
