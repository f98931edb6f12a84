"""Which levels of a monitor meet, and which can never be crossed: every answer against all small cases tried out."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.checks.levels import meeting, possible
from orderloom.dsl.feel import Scope, parse
from orderloom.dsl.feel.tree import Expr
from orderloom.dsl.feel.types import NUMBER

SCOPE = Scope(dict.fromkeys(("available", "on_hand", "velocity", "cover"), NUMBER))


def tree(text: str) -> Expr:
    found, problems = parse(text, SCOPE)
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    ("when", "until", "witness"),
    [
        ("available < 20", "available > 40", None),
        ("available < 20", "available >= 20", None),
        ("available < 20", "available > 18", {"available": 19}),
        ("available < 20", "available > 19", None),  # units are whole
        ("available < 20 or cover < 3", "available > 40 and cover > 6", None),
        ("velocity > 5 and available < 20", "cover > 10", None),  # 19 units last 3.8 days at most
        ("velocity > 5 and available < 20", "cover > 3", {"available": 18, "cover": 3, "velocity": 6}),
        ("20 > available", "available + 1 > 3", None),  # more than figures and numbers: nobody can say
    ],
)
def test_where_both_hold(when: str, until: str, witness: dict[str, int] | None) -> None:
    found = meeting(tree(when), tree(until))
    assert (found is None) == (witness is None)
    if found is not None and witness is not None:
        assert found.keys() == witness.keys()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("available < 0", False),
        ("available > 40 and available < 30", False),
        ("cover > 36500", False),
        ("cover > 36499", True),
        ("available > 3.2 and available < 3.9", False),
        ("velocity > 3.2 and velocity < 3.9", True),
        ("available = 7 and cover = 2", True),
        ("available in [1..5]", None),
    ],
)
def test_what_can_hold(text: str, answer: bool | None) -> None:
    assert possible(tree(text)) is answer


ATOM = st.builds(
    lambda name, op, value: f"{name} {op} {value}",
    st.sampled_from(["available", "velocity", "cover"]),
    st.sampled_from(["<", "<=", ">", ">=", "="]),
    st.integers(-1, 6),
)
CONDITION = st.recursive(
    ATOM,
    lambda inner: st.builds(lambda a, op, b: f"({a}) {op} ({b})", inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=4,
)


@given(CONDITION)
def test_a_condition_that_holds_somewhere_is_possible(text: str) -> None:
    cases = (
        {
            "available": Fraction(units),
            "velocity": speed,
            "cover": min(units / speed, Fraction(36500)) if speed else Fraction(36500),
        }
        for units, speed in product(range(9), [Fraction(half, 2) for half in range(15)])
    )
    if any(eval(text.replace(" = ", " == "), {}, case) for case in cases):
        assert possible(tree(text)) is True


def test_a_witness_is_one() -> None:
    found = meeting(tree("available < 20"), tree("cover > 2 and velocity > 1"))
    assert found is not None
    assert found["available"] < 20 and found["velocity"] > 1
    assert found["cover"] == found["available"] / found["velocity"] > 2
