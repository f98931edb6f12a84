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
        ('<definitions><decision name="d"><context/></decision></definitions>', "E863"),
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
