"""Every hit policy and aggregator, by hand."""

from decimal import Decimal

import pytest

from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.types import NUMBER, STRING
from orderloom.dsl.tables import OutputSpec

AGES = """
    age   || rate
    >= 18 || "best"
    >= 12 || "standard"
    < 12  || "none"
"""
BONUS = """
    years || salary
    > 1   || 100
    > 2   || 200
    > 3   || 300
    > 5   || 500
"""


@pytest.mark.parametrize(
    ("policy", "age", "value", "rows"),
    [
        ("unique", 13, "standard", (1,)),
        ("unique", 5, "none", (2,)),
        ("unique", 19, None, (0, 1)),
        ("any", 19, None, (0, 1)),
        ("any", 13, "standard", (1,)),
        ("first", 19, "best", (0,)),
        ("first", 13, "standard", (1,)),
        ("rule order", 19, ["best", "standard"], (0, 1)),
        ("rule order", 13, ["standard"], (1,)),
        ("collect", 19, ["best", "standard"], (0, 1)),
        ("collect count", 19, Decimal(2), (0, 1)),
        ("collect count", 3, Decimal(1), (2,)),
        ("collect max", 19, "standard", (0, 1)),
        ("collect min", 19, "best", (0, 1)),
        ("collect sum", 19, None, (0, 1)),
    ],
)
def test_one_output(draw, policy, age, value, rows):
    table, problems = draw(AGES, policy)
    assert problems == ()
    hit = table.decide([age])
    assert (hit.value, hit.rows) == (value, rows)


@pytest.mark.parametrize(
    ("policy", "years", "value"),
    [
        ("collect sum", 6, 1100),
        ("collect sum", 3, 300),
        ("collect sum", 2, 100),
        ("collect min", 6, 100),
        ("collect max", 6, 500),
        ("collect max", 4, 300),
        ("collect count", 6, 4),
        ("collect", 4, [100, 200, 300]),
    ],
)
def test_figures(draw, policy, years, value):
    table, _ = draw(BONUS, policy)
    assert table.decide([years]).value == value


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ("unique", None),
        ("first", None),
        ("collect", []),
        ("rule order", []),
        ("collect count", Decimal(0)),
        ("collect sum", None),
        ("collect min", None),
    ],
)
def test_no_row(draw, policy, value):
    table, _ = draw(BONUS, policy)
    hit = table.decide([0])
    assert (hit.value, hit.rows) == (value, ())


@pytest.mark.parametrize("policy", ["unique", "any", "first", "collect", "collect sum"])
def test_default_when_no_row_matches(draw, policy):
    table, _ = draw(BONUS, policy, outputs=[OutputSpec("salary", NUMBER, default="50 / 2")])
    assert table.decide([0]).value == Decimal(25)


def test_any_agrees(draw):
    table, _ = draw("a || x\n< 5 || 1\n< 9 || 1.0\n> 7 || true", "any")
    assert table.decide([3]).value == 1
    assert table.decide([3]).rows == (0, 1)
    assert table.decide([8]).value is None
    assert table.decide([10]).value is True


APPROVAL = """
    age   | risk           || status     | rate
    >= 18 | "med", "low"   || "approved" | "basic"
    < 18  | -              || "declined" | "standard"
    -     | "high"         || "approved" | "standard"
"""
STATUS = [OutputSpec("status", STRING, '"approved", "declined"'), OutputSpec("rate", STRING)]


def test_priority_goes_by_allowed_values(draw):
    table, _ = draw(APPROVAL, "priority", outputs=STATUS)
    hit = table.decide([17, "high"])
    assert hit.value == {"status": "approved", "rate": "standard"}
    assert hit.rows == (2,)
    assert table.decide([19, "low"]).value == {"status": "approved", "rate": "basic"}


def test_output_order_sorts_by_allowed_values(draw):
    table, _ = draw(APPROVAL, "output order", outputs=STATUS)
    hit = table.decide([17, "high"])
    assert [value["status"] for value in hit.value] == ["approved", "declined"]
    assert hit.rows == (2, 1)


def test_priority_of_equals_is_the_order_of_rows(draw):
    outputs = [OutputSpec("x", NUMBER, "2, 1"), OutputSpec("y")]
    table, _ = draw('a || x | y\n- || 1 | "p"\n- || 1 | "q"', "priority", outputs=outputs)
    assert table.decide([0]).value == {"x": 1, "y": "p"}


def test_policies_that_need_more(draw):
    _, problems = draw("a || x\n- || 1", "priority")
    assert [problem.code for problem in problems] == ["E815"]
    _, problems = draw("a || x | y\n- || 1 | 2", "collect sum")
    assert [problem.code for problem in problems] == ["E815"]


def test_results_and_cells_see_the_context(draw):
    scope = Scope({"limit": NUMBER, "fee": NUMBER})
    table, problems = draw("a || x\n> limit || a + fee\n<= limit || fee", scope=scope.extend({"a": NUMBER}))
    assert problems == ()
    assert table.decide([7], {"limit": 5, "fee": 2, "a": 7}).value == 9
    assert table.decide([5], {"limit": 5, "fee": 2, "a": 5}).value == 2


def test_explains_which_cells_failed(draw):
    table, _ = draw(APPROVAL, "first")
    assert table.explain([17, "high"], 0) == (0, 1)
    assert table.explain([19, "high"], 0) == (1,)
    assert table.explain([17, "high"], 1) == ()


def test_rows_keep_place_and_notes(draw):
    table, _ = draw("a || x | note\n- || 1 | why\n\n- || 2 |", "first")
    assert [(row.place, row.notes) for row in table.rows] == [("line 2", ("why",)), ("line 4", ("",))]
    assert table.annotations == ("note",)
