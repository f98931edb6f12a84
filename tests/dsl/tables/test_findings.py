"""Gaps, overlaps and shadowed rows: planted ones are found, and small tables agree with trying every combination."""

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.dates import Date
from orderloom.dsl.feel.types import BOOLEAN, DATE, NUMBER, STRING, one_of
from orderloom.dsl.tables import (
    InputSpec,
    OutputSpec,
    Policy,
    TableSpec,
    Written,
    WrittenRow,
    arrange,
    build,
    findings,
    parse_csv,
    search,
)  # fmt: skip


def kinds(table):
    return [(finding.kind, finding.rows, finding.witness) for finding in findings(table)]


def test_gap_between_intervals(draw):
    table, _ = draw("miles || zone\n<= 150 || 2\n(150..300] || 3\n[400..600] || 4\n> 600 || 5", inputs={"miles": NUMBER})
    assert kinds(table) == [("gap", (), (Decimal(301),))]


def test_gap_between_neighbours_is_a_fraction(draw):
    table, _ = draw("n || x\n<= 5 || 1\n>= 6 || 2", inputs={"n": NUMBER})
    assert kinds(table) == [("gap", (), (Decimal("5.5"),))]


def test_days_have_no_fractions(draw):
    table, _ = draw('day || x\n<= @"2026-01-31" || 1\n>= @"2026-02-01" || 2', inputs={"day": DATE})
    assert kinds(table) == []
    table, _ = draw('day || x\n< @"2026-01-31" || 1\n>= @"2026-02-01" || 2', inputs={"day": DATE})
    assert kinds(table) == [("gap", (), (Date(2026, 1, 31),))]


def test_overlap_has_rows_and_witness(draw):
    text = 'tier | n || x\n"gold" | < 5 || 1\n"gold","silver" | [4..9] || 2\n- | > 9 || 3'
    table, _ = draw(text, inputs={"n": NUMBER, "tier": STRING})
    overlap = next(finding for finding in findings(table) if finding.kind == "overlap")
    assert (overlap.rows, overlap.witness) == ((0, 1), ("gold", Decimal(4)))


def test_any_allows_overlaps_that_agree(draw):
    text = "n || x\n< 5 || 1\n< 3 || 1\n>= 5 || {}"
    agreeing, _ = draw(text.format(2), "any", inputs={"n": NUMBER})
    assert kinds(agreeing) == []
    contrary, _ = draw(text.format(2).replace(">= 5", ">= 4"), "any", inputs={"n": NUMBER})
    assert kinds(contrary) == [("overlap", (0, 2), (Decimal(4),))]


def test_enumerated_texts_are_the_only_ones(draw):
    text = 'tier || x\n"standard" || 1\n"silver" || 2\n"gold" || 3'
    table, _ = draw(text, inputs={"tier": one_of("standard", "silver", "gold")})
    assert kinds(table) == []
    table, _ = draw(text, inputs={"tier": one_of("standard", "silver", "gold", "platinum")})
    assert kinds(table) == [("gap", (), ("platinum",))]
    table, _ = draw(text, inputs={"tier": STRING})
    assert [(finding.witness, finding.unnamed) for finding in findings(table)] == [(("other",), True)]


def test_default_closes_gaps(draw):
    table, _ = draw("n || x\n< 5 || 1", inputs={"n": NUMBER}, outputs=[OutputSpec("x", NUMBER, default="0")])
    assert kinds(table) == []


def test_shadowed_by_several_rows_together(draw):
    text = "n | b || x\n< 5 | - || 1\n>= 5 | true || 2\n[0..9] | true || 3\n- | - || 4"
    table, _ = draw(text, "first", {"n": NUMBER, "b": BOOLEAN})
    found = findings(table)
    assert [(finding.kind, finding.rows[0]) for finding in found] == [("shadowed", 2)]
    assert table.explain(found[0].witness, 2) == ()
    assert table.decide(found[0].witness).rows == found[0].rows[1:]


def test_shadowed_by_priority(draw):
    outputs = [OutputSpec("x", STRING, '"high", "low"')]
    table, _ = draw('n || x\n< 5 || "low"\n< 9 || "high"\n- || "low"', "priority", {"n": NUMBER}, outputs)
    assert [(kind, rows) for kind, rows, _ in kinds(table)] == [("shadowed", (0, 1))]
    assert findings(table)[0].witness[0] < 5


def test_values_that_cannot_come_in(draw):
    rows = tuple(WrittenRow((Written(cell),), (Written("1"),)) for cell in ("< 0", ">= 0"))
    table, problems = build(TableSpec(Policy.UNIQUE, (InputSpec("n", NUMBER, ">= 0"),), (OutputSpec("x"),), rows), Scope())
    assert problems == ()
    assert [(finding.kind, finding.rows) for finding in findings(table)] == [("shadowed", (0,))]


def test_null_comes_in_where_a_cell_names_it(draw):
    inputs = {"tier": one_of("silver", "gold"), "b": BOOLEAN}
    table, _ = draw('tier | b || x\nnull | true || 1\n"silver", "gold" | - || 2', inputs=inputs)
    (gap,) = findings(table)
    assert (gap.kind, gap.witness, gap.nulls, gap.unnamed) == ("gap", (None, False), {0}, False)
    table, _ = draw('tier | b || x\nnull | - || 1\nnot("gold") | - || 2\n"gold" | - || 3', inputs=inputs)
    assert [(found.kind, found.rows, found.nulls) for found in findings(table)] == [("overlap", (0, 1), {0})]
    table, _ = draw('tier | b || x\n"silver" | - || 1\n"gold" | - || 3', inputs=inputs)
    assert kinds(table) == []
    table, _ = draw("tier | b || x\nnot(null) | - || 1", inputs=inputs)  # whoever writes this knows of null
    assert kinds(table) == []


def test_a_last_row_takes_null(draw):
    text = "b || x\ntrue || 1\nfalse || 2\n- || 3\n- || 4"
    table, _ = draw(text, "first", {"b": BOOLEAN})
    assert [(kind, rows[0]) for kind, rows, _ in kinds(table)] == [("shadowed", 3)]
    listed = (InputSpec("b", BOOLEAN, "true, false"),)  # what occurs is said: null does not
    rows = tuple(WrittenRow((Written(cell),), (Written("1"),)) for cell in ("true", "false", "-", "null"))
    table, problems = build(TableSpec(Policy.FIRST, listed, (OutputSpec("x"),), rows), Scope())
    assert problems == ()
    assert [(kind, rows[0]) for kind, rows, _ in kinds(table)] == [("shadowed", 3), ("shadowed", 2)]


def test_conditions_are_given_the_benefit_of_the_doubt(draw):
    scope = Scope({"limit": NUMBER})
    table, _ = draw("n || x\n< 5 || 1\n> limit || 2\n> limit || 3", inputs={"n": NUMBER}, scope=scope)
    assert kinds(table) == []


def test_work_is_bounded(draw):
    columns = 12
    rows = [" | ".join(f"[{row + at}..{row + at + 3}]" for at in range(columns)) for row in range(40)]
    heading = " | ".join(f"c{at}" for at in range(columns))
    text = "\n".join([f"{heading} || x", *(f"{row} || 1" for row in rows)])
    table, _ = draw(text, inputs={f"c{at}": NUMBER for at in range(columns)})
    found = search(table, work=2_000)
    assert not found.complete
    assert all(table.decide(finding.witness).rows == finding.rows for finding in found.findings)


def test_rate_card_with_a_planted_gap_and_overlap():
    """20,000 rows: 8 zones, 5 services, 50 weight steps, 10 regions; one row taken out, one doubled."""
    rows = [
        f'{zone},S{service},"[{weight}..{weight + 1})",R{region},{zone + weight}.25'
        for zone in range(8) for service in range(5) for weight in range(50) for region in range(10)
    ]  # fmt: skip
    missing, doubled = 7_777, 12_345
    lines = ["zone,service,weight,region,rate", *rows[:missing], *rows[missing + 1 :], rows[doubled]]
    grid, problems = parse_csv("\n".join(lines))
    assert grid is not None and not problems
    arranged, _ = arrange(grid, ["zone", "service", "weight", "region"], ["rate"])
    assert arranged is not None
    inputs = (
        InputSpec("zone", NUMBER, ", ".join(map(str, range(8)))),
        InputSpec("service", one_of(*(f"S{at}" for at in range(5)))),
        InputSpec("weight", NUMBER, "[0..50)"),
        InputSpec("region", one_of(*(f"R{at}" for at in range(10)))),
    )
    table, wrong = build(TableSpec(Policy.UNIQUE, inputs, (OutputSpec("rate", NUMBER),), arranged.rows), Scope())
    assert table is not None, wrong[:3]
    hit = table.decide([Decimal(3), "S2", Decimal("7.5"), "R4"])
    assert hit.value == Decimal("10.25")
    found = search(table)
    assert found.complete
    assert [finding.kind for finding in found.findings] == ["gap", "overlap"]
    zone, rest = divmod(missing, 2500)
    service, rest = divmod(rest, 500)
    weight, region = divmod(rest, 10)
    gap, overlap = found.findings
    assert gap.witness[:2] + gap.witness[3:] == (Decimal(zone), f"S{service}", f"R{region}")
    assert weight <= gap.witness[2] < weight + 1
    assert overlap.rows == (doubled - 1, 19_999)


NUMBER_CELLS = ["-", "1", "2", "< 2", "<= 2", "> 1", ">= 3", "[1..3)", "(1..3]", "not(2)", "not(< 2)", "1, > 2"]
STRING_CELLS = ["-", '"a"', '"b"', '"a", "b"', 'not("a")', "null", 'null, "a"', "not(null)"]
BOOLEAN_CELLS = ["-", "true", "false"]
NUMBER_VALUES = [Decimal(text) for text in ("0", "1", "1.5", "2", "2.5", "3", "4")]
STRING_VALUES = ["a", "b", "something else"]
cells = st.tuples(st.sampled_from(NUMBER_CELLS), st.sampled_from(STRING_CELLS), st.sampled_from(BOOLEAN_CELLS))


@settings(max_examples=300, deadline=None)
@given(st.lists(cells, min_size=1, max_size=7), st.sampled_from([Policy.UNIQUE, Policy.FIRST]))
def test_agrees_with_trying_everything(rows, policy):
    written = tuple(WrittenRow(tuple(map(Written, row)), (Written(str(at)),)) for at, row in enumerate(rows))
    inputs = (InputSpec("n", NUMBER), InputSpec("s", STRING), InputSpec("b", BOOLEAN))
    table, _ = build(TableSpec(policy, inputs, (OutputSpec("x"),), written), Scope())
    found = search(table)
    assert found.complete

    expected = [*STRING_VALUES, *([None] if any(row[1] in ("null", 'null, "a"') for row in rows) else [])]
    combinations = list(product(NUMBER_VALUES, expected, [True, False]))
    matching = [tuple(at for at in range(len(rows)) if not table.explain(values, at)) for values in combinations]
    gaps = [finding for finding in found.findings if finding.kind == "gap"]
    assert bool(gaps) == (() in matching)
    assert all(table.decide(gap.witness).rows == () for gap in gaps)

    overlaps = [finding for finding in found.findings if finding.kind == "overlap"]
    assert bool(overlaps) == (policy is Policy.UNIQUE and any(len(fired) > 1 for fired in matching))
    assert all(table.decide(overlap.witness).rows == overlap.rows for overlap in overlaps)

    shadowed = [finding for finding in found.findings if finding.kind == "shadowed"]
    everything = product([*NUMBER_VALUES, None], [*STRING_VALUES, None], [True, False, None])
    never = set(range(len(rows))) - {row for values in everything for row in table.decide(values).rows[:1]}
    assert {finding.rows[0] for finding in shadowed} == (never if policy is Policy.FIRST else set())
    assert all(table.decide(finding.witness).rows == finding.rows[1:] for finding in shadowed)
