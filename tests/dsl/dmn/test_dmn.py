"""DMN models in, out and in again; what they decide; and what is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from orderloom.dsl.compile import compile, compile_pack
from orderloom.dsl.dmn import dmn_export, dmn_import, document_of, yaml_of
from orderloom.dsl.source import Source

MODELS = sorted(Path(__file__).parent.glob("*.dmn"))
MANIFEST = Source("orderloom.yaml", b"orderloom: 1\nworkspace: here\ncurrency: USD\ntimezone: UTC\n")


def imported(name):
    documents, problems = dmn_import(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    assert problems == ()
    return documents


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_in_out_in_is_equal(path):
    documents = imported(path.name)
    again, problems = dmn_import(dmn_export(documents))
    assert problems == ()
    assert again == documents
    assert dmn_export(again) == dmn_export(documents)


def test_boxes_are_read_as_expressions():
    fee, rate, total = imported("boxes.dmn")
    assert (fee.name, fee.given, fee.logic) == ("handling-fee", {"weight": "number"}, "if (weight > 10) then 4.5 else 2")
    assert rate.where == {"zone_name": 'if (miles < 100) then "near" else "far"'}
    assert rate.logic.inputs[0].expression == "zone_name"
    assert dict(total.where) == {
        "heavy": "weights[item > 10]",
        "fees": "for w in weights return handling-fee(weight: w)",
        "rounded": "function(x) round half up(x, 2)",
        "steps": "[{low: 0, share: 1}, {low: 100, share: 0.5}]",
        "inner": "{a: 1, result: (a + 1)}.result",
        "some_heavy": "some w in weights satisfies w > 10",
    }
    assert total.logic == "rounded(sum(fees) * zone-rate(miles) + inner + count(heavy) * steps[2].share)"


def test_boxes_decide_as_drawn():
    decisions = compiled(imported("boxes.dmn"))
    values = {"miles": Decimal(50), "weights": [Decimal(5), Decimal(20)]}
    assert decisions["total"](values) == Decimal("12.25")  # (2 + 4.5) * 1.5 + 2 + 1 * 0.5
    assert decisions["zone-rate"]({"miles": Decimal(300)}) == Decimal(3)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_comes_back_from_yaml(path):
    """In, written as YAML, compiled, out, and in again: the same decisions."""
    documents = imported(path.name)
    again = [document_of(decision) for decision in compiled(documents).values()]
    assert {each.name: parts(each) for each in again} == {each.name: parts(each) for each in documents}


def parts(document):
    """All that YAML says of a decision; in a text table a note has no bar."""
    return document.given, document.where, str(document.logic).replace("|", "/")


def compiled(documents):
    text = "---\n".join(map(yaml_of, documents))
    found = compile([MANIFEST, Source("rules/imported.yaml", text.encode())])
    assert found.program is not None, found.diagnostics
    return found.program.decisions


@pytest.mark.parametrize(
    ("age", "score", "status"),
    [(30, 720, "Approved"), (30, 600, "Referred"), (17, 600, "Declined"), (30, 500, "Declined")],
)
def test_the_imported_tables_decide(age, score, status):
    decision = compiled(imported("loan.dmn"))["approval-status"]
    assert decision({"applicant_age": Decimal(age), "credit_score": Decimal(score)}) == status


def test_names_types_and_notes_are_taken_over():
    risk, approval = imported("loan.dmn")
    assert (risk.name, risk.title, risk.given) == ("risk-category", "Risk Category", {"credit_score": "number"})
    assert approval.given == {"applicant_age": "number", "credit_score": "number"}
    assert [(column.name, column.expression) for column in approval.logic.inputs] == [
        ("Age", "applicant_age"),
        ("risk_category", "risk-category(credit_score)"),
    ]
    assert approval.logic.inputs[1].allowed == '"High", "Medium", "Low"'
    assert approval.logic.rules[0].notes == ("grown up, and not too risky",)
    assert approval.logic.rules[1].cells == ("-", '"Medium"')


def test_expressions_call_what_they_require():
    _, amount, note = imported("returns.dmn")
    assert amount.logic == "refund(days, tags).Share * unit_price"
    assert note.logic == 'if refund-amount(unit_price, days, tags) > 0 then "Refund Amount granted" else "no"'


def test_the_pack_goes_out_and_in():
    program = compile_pack("retail").program
    assert program is not None
    documents = tuple(document_of(decision) for decision in program.decisions.values())
    again, problems = dmn_import(dmn_export(documents))
    assert problems == ()
    assert again == documents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E861"),
        ("<definitions>", "E861"),
        ('<!DOCTYPE d [<!ENTITY a "aaaa">]><definitions>&a;</definitions>', "E861"),
        ("<definitions>&a;</definitions>", "E861"),
        ("<bpmn/>", "E862"),
        ('<definitions><businessKnowledgeModel name="b"/></definitions>', "E863"),
        ('<definitions><decision name="d"><list><decisionTable/></list></decision></definitions>', "E863"),
        (
            '<definitions><decision name="d"><context><contextEntry><variable name="a"/></contextEntry></context></decision>'
            "</definitions>",
            "E863",
        ),
        ('<definitions><decisionService name="s"/></definitions>', "E863"),
        ('<definitions><decision name="d"><decisionTable hitPolicy="BEST"/></decision></definitions>', "E863"),
        ('<definitions><decision name="d"><literalExpression expressionLanguage="urn:js"/></decision></definitions>', "E863"),
        (
            '<definitions><decision name="d"><decisionTable><input/><output/><rule><inputEntry/></rule></decisionTable>'
            "</decision></definitions>",
            "E863",
        ),
    ],
)
def test_what_is_refused(text, code):
    documents, problems = dmn_import(text)
    assert documents == ()
    assert [problem.code for problem in problems] == [code]


def test_a_circle_of_requirements_ends():
    text = """<definitions>
      <decision id="a" name="a"><informationRequirement><requiredDecision href="#b"/></informationRequirement>
        <literalExpression><text>b</text></literalExpression></decision>
      <decision id="b" name="b"><informationRequirement><requiredDecision href="#a"/></informationRequirement>
        <literalExpression><text>a</text></literalExpression></decision>
    </definitions>"""
    documents, problems = dmn_import(text)
    assert problems == ()
    assert [document.logic for document in documents] == ["b()", "a()"]
