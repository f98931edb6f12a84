"""Text tables: reading, positions, and printing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.tables import Grid, Written, arrange, parse_text, print_text

TEXT = """
  method   | node          | supply         || process            | note
  "pick|up" | "store"      | "on-hand"      || "pick-up-in-store" |

  "ship"   | "dc","store"  |  "on-hand"||"ship-to-customer"
  "ship"   | "supplier"    | "on-hand"      || "drop-ship" | the vendor's 5" stock
  -        | -             | not("on-hand") || "backorder"        | in transit or on order
"""
ALIGNED = """\
method    | node         | supply         || process            | note
"pick|up" | "store"      | "on-hand"      || "pick-up-in-store" |
"ship"    | "dc","store" | "on-hand"      || "ship-to-customer" |
"ship"    | "supplier"   | "on-hand"      || "drop-ship"        | the vendor's 5" stock
-         | -            | not("on-hand") || "backorder"        | in transit or on order
"""


def test_cells_and_where_they_stand():
    grid, problems = parse_text(TEXT)
    assert grid is not None and problems == ()
    assert grid.inputs == 3
    assert [cell.text for cell in grid.rows[0]] == ['"pick|up"', '"store"', '"on-hand"', '"pick-up-in-store"', ""]
    assert [row[0].place for row in grid.rows] == ["line 3", "line 5", "line 6", "line 7"]
    for row in (grid.headings, *grid.rows):
        assert [TEXT[cell.offset : cell.offset + len(cell.text)] for cell in row] == [cell.text for cell in row]


def test_prints_aligned():
    grid, _ = parse_text(TEXT)
    assert grid is not None
    assert print_text(grid) == ALIGNED


words = st.text("ab1 <>.-,()é", min_size=1, max_size=8).map(str.strip).filter(bool)
texts = st.one_of(words, words.map(lambda word: f'"{word}|{word}"'), words.map(lambda word: f'"\\"{word}"'))


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_parse_undoes_print(left, right, data):
    line = st.lists(texts, min_size=left + right, max_size=left + right).map(lambda cells: tuple(map(Written, cells)))
    grid = Grid(data.draw(line), tuple(data.draw(st.lists(line, max_size=4))), left)
    again, problems = parse_text(print_text(grid))
    assert problems == ()
    assert again == grid
    assert print_text(again) == print_text(grid)


@pytest.mark.parametrize(
    ("text", "code", "place", "at"),
    [
        ("", "E810", "", ""),
        ("a | b", "E810", "line 1", "a"),
        ("a || x\n1 | 2", "E811", "line 2", "1"),
        ("a | b || x\n1 || 2", "E811", "line 2", "1"),
        ("a || x\n1 | 2 || 3", "E811", "line 2", "2"),
        ("a || x\n1 || 3 | 4", "E811", "line 2", "4"),
        ("a || x\n1 || 3 || 4", "E811", "line 2", "4"),
    ],
)
def test_faults_of_shape(text, code, place, at):
    _, problems = parse_text(text)
    assert [(problem.code, problem.place) for problem in problems] == [(code, place)]
    assert text[problems[0].offset : problems[0].offset + problems[0].end] == at


def test_a_missing_output_is_an_empty_cell():
    grid, problems = parse_text("a || x | note\n1 ||\n2 || 5")
    assert problems == ()
    assert grid is not None
    assert [[cell.text for cell in row] for row in grid.rows] == [["1", "", ""], ["2", "5", ""]]


def test_columns_by_heading_in_any_order():
    grid, _ = parse_text("b | a || why | y | x\n1 | 2 || because | 3 | 4")
    assert grid is not None
    arranged, problems = arrange(grid, ["a", "b"], ["x", "y"])
    assert problems == ()
    assert arranged is not None
    (row,) = arranged.rows
    assert [cell.text for cell in row.cells + row.results] == ["2", "1", "4", "3"]
    assert (row.notes, arranged.annotations) == (("because",), ("why",))


def test_an_input_and_an_output_may_share_a_name():
    grid, _ = parse_text("a || a\n1 || 2")
    assert grid is not None
    arranged, _ = arrange(grid, ["a"], ["a"])
    assert arranged is not None
    assert [cell.text for cell in arranged.rows[0].cells + arranged.rows[0].results] == ["1", "2"]


def test_headings_that_do_not_fit():
    grid, _ = parse_text("methd | node || process\n1 | 2 || 3")
    assert grid is not None
    arranged, problems = arrange(grid, ["method", "node"], ["process", "cost"])
    assert arranged is None
    assert [problem.message for problem in problems] == [
        "there is no input methd",
        "no column is headed cost, the output",
    ]
    assert [problem.hint for problem in problems] == ["did you mean method?", "add a column `cost` after ||"]
