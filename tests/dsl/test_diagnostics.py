from __future__ import annotations

from orderloom.dsl.diagnostics import Diagnostic, Label, ordered, render, to_json
from orderloom.dsl.source import Source, Span
from orderloom.dsl.suggest import closest, hint_for

SOURCE = Source("rules/a.yaml", "é: 1\n\tlong: order.totl\n".encode())
SPAN = Span(SOURCE, SOURCE.text.index("totl"), SOURCE.text.index("totl") + 4)


def test_the_carets_stand_below_the_words() -> None:
    text = render(
        Diagnostic("E402", "there is no field totl", SPAN, (Label(Span(SOURCE, 0, 1), "see here"),), "did you mean total?")
    )
    assert text == (
        "rules/a.yaml:2:14: error[E402]: there is no field totl\n"
        "  |\n"
        "2 |  long: order.totl\n"
        "  |              ^^^^\n"
        "  = rules/a.yaml:1:1: see here\n"
        "  = hint: did you mean total?"
    )


def test_a_long_line_is_shown_around_the_place() -> None:
    source = Source("a.yaml", b"x" * 5_000_000 + b"!" + b"y" * 5_000_000)
    lines = render(Diagnostic("E005", "here", Span(source, 5_000_000, 5_000_001))).splitlines()
    assert max(map(len, lines)) < 140
    assert lines[2][lines[3].index("^")] == "!"


def test_findings_are_in_the_order_of_the_text_and_told_once() -> None:
    later, first = (Diagnostic(code, "m", Span(SOURCE, at, at)) for code, at in (("E402", 9), ("E101", 2)))
    warning = Diagnostic("W001", "m", Span(SOURCE, 2, 2))
    assert ordered([later, warning, first, later]) == (first, warning, later)
    assert [d.severity for d in ordered([first, warning])] == ["error", "warning"]


def test_json_counts_from_one_and_ends_behind_the_last() -> None:
    assert to_json(Diagnostic("E402", "there is no field totl", SPAN)) == {
        "code": "E402",
        "severity": "error",
        "message": "there is no field totl",
        "hint": "",
        "path": "rules/a.yaml",
        "line": 2,
        "column": 14,
        "end_line": 2,
        "end_column": 18,
        "labels": [],
    }


def test_did_you_mean() -> None:
    assert closest("fulfiler", ["customer", "fulfiller", "carrier"]) == "fulfiller"
    assert closest("sihpped", ["shipped", "skipped"]) == "shipped"
    assert closest("x", ["deliver", "done"]) is None
    assert hint_for("totl", ["total", "tools"]) == "did you mean total?"
    assert hint_for("zzz", ["b", "a"]) == "known: a, b"
    assert hint_for("zzz", []) == ""
    assert hint_for("zzz", [f"name-{n}" for n in range(50)]) == ""
