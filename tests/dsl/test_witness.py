from __future__ import annotations

from decimal import Decimal

import pytest

from orderloom.dsl.checks.witness import shown


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, "any"), (True, "true"), (Decimal("1E+2"), "100"), ('5" pipe', '"5\\" pipe"'), ("a\\b", '"a\\\\b"')],
)
def test_a_value_stands_as_a_cell_has_it(value: object, cell: str) -> None:
    assert shown(value) == cell
