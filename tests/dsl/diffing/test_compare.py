"""Two whole programs: exactly what an edit changed is told, and both versions are asked again for every example."""

from __future__ import annotations

import pytest

from orderloom.dsl.compile import compile
from orderloom.dsl.diffing.compare import compare
from orderloom.dsl.feel import Scope, expression
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.questions import ask, question
from orderloom.dsl.source import Source
from orderloom.dsl.tables.extent import shown

FILES = tuple(source for source in pack_sources("retail") if "scenarios" not in source.path)


def edited(*edits: tuple[str, str, str], more: str = "") -> Program:
    """The retail pack where in the files of these names one text is in the place of another; with one file more."""
    sources = []
    for source in FILES:
        text = source.content.decode()
        for name, before, after in edits:
            if source.path.endswith(f"/{name}.yaml"):
                assert before in text, (name, before)
                text = text.replace(before, after)
        sources.append(Source(source.path, text.encode(), source.pack))
    compiled = compile([*sources, *([Source("rules/retail/more.yaml", more.encode(), "retail")] if more else [])])
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program


RETAIL = edited()
THREE = (
    ("parcel-rates", "(300..600]   || 4", "(300..550]   || 4"),
    ("parcel-rates", "(600..1000]", "(550..1000]"),
    ("changes", '"customer-service" || "price"  | null                                       | 5.00',
     '"customer-service" || "price"  | null                                       | 7.50'),
    ("holds", "order.total >= 5000", "order.total > 5000"),
)  # fmt: skip


def test_three_edits_are_the_decisions_that_they_changed_and_nothing_else():
    new = edited(*THREE)
    found = compare(RETAIL, new)
    assert not found.settings and not found.processes and not found.words
    assert [each.what for each in found.decides] == ["decision parcel-zone", "holds amount-review: apply: when", "changes retail"]
    zone, hold, change = (each.verdict for each in found.decides)
    assert [case.within for case in zone.cases] == [{"miles": "(550..600]"}]
    assert [case.within for case in change.cases] == [{"what": '"cancel"', "status": '"picked"', "role": '"customer-service"'}]
    assert [(case.given, case.before, case.after) for case in hold.cases] == [({"order.total": "5000"}, "true", "false")]
    assert found.decides[0].used_by == ("promising retail: zone",)
    for name, verdict in (("parcel-zone", zone), ("retail", change)):
        for case in verdict.cases:
            before, after = (told(program, name, case.given) for program in (RETAIL, new))
            assert (case.before, case.after) == (before, after) and before != after


def told(program: Program, name: str, given: dict[str, str]) -> str:
    """What a version says, asked as `orderloom decide` asks it."""
    decision = program.decisions[name] if name in program.decisions else program.changes[name].table
    asked, problems = question(decision, given)
    assert not problems
    return shown(ask(decision, asked).value)


#: One edit each: the file, the texts, and what is told of it.
EDITS = [
    ("appeasements", 'not("gold")      || ["fifth-off", "keep-it"]', 'not("gold") || ["keep-it"]', "decision offers-for-return"),
    ("appeasements", "quantity * item.unit_cost", "item.unit_cost", "appeasements goodwill: expected: salvage"),
    ("appeasements", "amount, title", "price, title", "appeasements goodwill: offers: gift-card: cost"),
    ("sourcing", '"store" and node.id != order.pickup_node', '"store"',
     "sourcing cheapest: exclude: a store does not ship oversize items: when"),
    ("sourcing", "split: 2.00", "split: 2.50", "sourcing cheapest: costs: split"),
    ("sourcing", "min(25, 2 + days_late)", "min(20, 2 + days_late)", "sourcing cheapest: costs: late"),
    ("promising", "node.id = order.pickup_node then 0", "node.id = order.pickup_node then 1", "promising retail: lead days"),
    ("promising", "not(l.item.ground_only)", "l.item.ground_only", "promising retail: services: TWO_DAY: when"),
    ("promising", "when: days <= 2", "when: days <= 3", "promising retail: options: express: when"),
    ("returns", "request.days > 90", "request.days > 60", "returns standard: refuse: business customers have ninety days: when"),
    ("returns", '"damaged"    | -            | -        | >= 20', '"damaged" | - | - | > 20', "decision disposition"),
    ("process-selection", '"dc", "store" | "on-hand"', '"dc" | "on-hand"', "decision process-for-unit"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after", "what"), EDITS, ids=[each[3] for each in EDITS])
def test_what_an_edit_decides_otherwise_has_an_example(file, before, after, what):
    more = [("returns", "[5..20)", "[5..20]")] if what == "decision disposition" else []
    found = compare(RETAIL, edited((file, before, after), *more))
    assert what in [each.what for each in found.decides]
    assert all(each.verdict.cases and not each.verdict.unsure for each in found.decides)
    assert all(case.before != case.after for each in found.decides for case in each.verdict.cases)
    assert not found.none


def test_an_example_of_an_expression_has_what_it_needs_and_no_more():
    found = compare(RETAIL, edited(("sourcing", '"store" and node.id != order.pickup_node', '"store"')))
    [case] = found.decides[0].verdict.cases
    assert set(case.given) == {"line.item.oversize", "node.type", "node.id", "order.pickup_node"}
    for program, answer in ((RETAIL, case.before), (edited(("sourcing", "and node.id != order.pickup_node", "")), case.after)):
        context: dict = {}
        for path, text in case.given.items():
            *above, name = path.split(".")
            inner = context
            for part in above:
                inner = inner.setdefault(part, {})
            value, _, _ = expression(text, Scope())
            assert value is not None
            inner[name] = value.evaluate({})
        assert shown(program.sourcing["cheapest"].exclusions[1].when(context)) == answer


def test_what_is_only_written_otherwise_is_said_to_be_without_effect():
    found = compare(RETAIL, edited(("returns", 'order.division = "B2B" and request.days > 90',
                                    'request.days > 90 and order.division = "B2B"')))  # fmt: skip
    [each] = found.decides
    assert found.none and each.same and each.verdict.idle == ("rules/retail/returns.yaml:11",)
    assert compare(RETAIL, edited(("holds", "order.total >= 5000", "(order.total >= 5000)"))).none


def test_values_and_words_are_told_apart():
    found = compare(RETAIL, edited(("promising", "least days saved: 2", "least days saved: 3"),
                                   ("sourcing", "title: Cheapest", "title: The cheapest")))  # fmt: skip
    assert [(each.what, each.before, each.after) for each in found.settings] == [
        ("promising retail: if supply slips: days saved", "2", "3")
    ]
    assert [each.what for each in found.words] == ["sourcing cheapest: title"]
    assert found.decides == ()


def test_a_step_that_is_called_otherwise_is_no_other_step():
    found = compare(RETAIL, edited(
        ("ship-to-customer", "step: pack\n", "step: wrap\n"), ("ship-to-customer", "ask-again: pack,", "ask-again: wrap,"),
        ("ship-to-customer", "otherwise: pack", "otherwise: wrap"),
    ))  # fmt: skip
    [change] = found.processes
    assert change.changes == ("step pack is called wrap now",)
    assert change.steps == ("pack",)


def test_a_process_is_told_by_its_steps_and_by_who_follows_it():
    asked = "    ask: fulfiller\n    message: pack-request\n    within: P1D\n    on: { late: pack-late }\n"
    inserted = f"  - step: inspect\n{asked}\n"
    new = edited(
        ("ship-to-customer", "  - step: hand-over\n", f"{inserted}  - step: hand-over\n"),
        ("ship-to-customer", "status: picking", "status: being picked"),
        ("ship-to-customer", "within: P2D", "within: P3D"),
        ("ship-to-customer", "unit.quantity = 0", "unit.quantity < 2"),
    )
    found = compare(RETAIL, new)
    [change] = found.processes
    assert change.process == "ship-to-customer"
    assert "step inspect is added after pack" in change.changes
    assert "step pack leads to inspect (packed), and no longer to hand-over (packed)" in change.changes
    assert "step pick: status is being picked, and was picking" in change.changes
    assert "step pick: within is P3D, and was P2D" in change.changes
    [choice] = change.decides
    assert choice.what == "step after-shortage: chooses"
    assert [(case.given, case.before, case.after) for case in choice.verdict.cases] == [
        ({"unit.quantity": "1"}, '"pack"', '"re-sourced"')
    ]
    assert change.followed_by == (
        'units of work with method "ship", node "dc", "store", supply "on-hand" (rules/retail/process-selection.yaml:11)',
    )


def test_what_only_one_version_has_is_told():
    more = "kind: event\nname: weighed\ntitle: It was weighed\nabout: unit\n---\nkind: decision\nname: late-fee\nvalue: 5\n"
    found = compare(RETAIL, edited(more=more))
    assert {(each.what, each.before, each.after) for each in found.settings} == {
        ("event weighed", "nothing", "there"), ("decision late-fee", "nothing", "there"),
    }  # fmt: skip


def test_a_division_is_compared_where_it_has_rules_of_its_own():
    north = "kind: division\nname: north\noverride:\n  sourcing.cheapest.costs.per extra shipment.split: {}\n"
    text = north.replace("costs.", "minimise.")
    old, new = (edited(more=text.format(price)) for price in ("2.50", "3.50"))
    found = compare(old, new)
    assert [each.what for each in found.decides] == ["for north: sourcing cheapest: costs: split"]
    assert [(case.before, case.after) for case in found.decides[0].verdict.cases] == [("2.5", "3.5")]
    all_of_them = compare(old, edited(("sourcing", "split: 2.00", "split: 2.20"), more=text.format("2.50")))
    assert [each.what for each in all_of_them.decides] == ["sourcing cheapest: costs: split"]


def test_a_field_of_the_user_is_no_text_whatever_it_is_called():
    fields = "kind: attributes\nname: own\norder: {{note: {}, title: {}}}\n"
    found = compare(edited(more=fields.format("string", "string")), edited(more=fields.format("number", "boolean")))
    assert [(each.what, each.before, each.after) for each in found.settings] == [
        ("attributes order: note", "string", "number"), ("attributes order: title", "string", "boolean"),
    ]  # fmt: skip
    assert not found.words and not found.none


def test_null_is_not_false_but_where_only_a_condition_is_asked():
    value = "kind: decision\nname: late\ngiven: {{a: boolean}}\nvalue: if a then true else {}\n"
    found = compare(*(edited(more=value.format(text)) for text in ("null", "false")))
    assert [(case.before, case.after) for case in found.decides[0].verdict.cases] == [("null", "false")]
    when = "order.total >= 5000"
    found = compare(*(edited(("holds", when, f"if {when} then true else {text}")) for text in ("null", "false")))
    assert not any(each.verdict.cases for each in found.decides)
