"""Who may do what, to what, and why not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.access.grants import home, owner, trusted
from orderloom.engine.access.rights import Allowed, Of, allowed, are_declared
from orderloom.engine.access.who import OPERATOR, Who, somebody
from orderloom.engine.refused import Refused

MANIFEST = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
TEXT = b"""
kind: participants
name: extra
roles:
  associate: { may: [capture, modify] }
  dealer: { may: [modify] }
organizations:
  - name: dealers
    external: true
    roles: [fulfiller, dealer]
    operates: [D1]
    connect: { adapter: simulator }
people:
  anna: { roles: [associate], at: S1 }
  berta: { roles: [dealer, fulfiller], of: dealers }
relations:
  - us grants dealers: [orders, status]
  - dealers grants us: [availability, modifications]
    nodes: [D1]
    trust: 0.5
  - dealers grants us: availability
    nodes: [D1]
    trust: 0.25
  - us grants dealers: availability
    nodes: [DC1]
"""


@pytest.fixture(scope="module")
def program() -> Program:
    compiled = compile([Source("orderloom.yaml", MANIFEST), *pack_sources("retail"), Source("rules/extra.yaml", TEXT)])
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program


def because(found: object) -> str:
    assert isinstance(found, Refused)
    return found.because


def test_the_operator_may_do_everything(program: Program) -> None:
    assert isinstance(allowed(program, OPERATOR, "deploy", Of("order W1", "dealers")), Allowed)


def test_a_role_may_do_what_it_says_and_nothing_else(program: Program) -> None:
    assert are_declared(program)
    assert isinstance(allowed(program, Who("a", "associate"), "capture"), Allowed)
    said = because(allowed(program, Who("a", "associate"), "cancel"))
    assert said.startswith("associate has not the right `cancel` (cancels orders);") and "`may: [cancel]` in the role" in said
    assert "there is no role asociate; did you mean associate?" in because(allowed(program, Who("a", "asociate"), "cancel"))


def test_of_another_organization_only_what_a_relation_grants(program: Program) -> None:
    dealer, ours = Who("b", "dealer", "dealers"), Who("a", "associate")
    assert isinstance(allowed(program, dealer, "modify", Of("order D7", "dealers")), Allowed)
    said = because(allowed(program, dealer, "modify", Of("order W1")))
    assert said == "order W1 is of us: no relation grants dealers its modifications; `us grants dealers: modifications` would"
    found = allowed(program, ours, "modify", Of("order D7", "dealers"))
    assert isinstance(found, Allowed) and "dealers grants us modifications (" in found.because


def test_what_is_where_is_whose(program: Program) -> None:
    assert [home(program, name) for name in (None, "us", "vendors", "dealers", "nobody")] == ["us", "us", "us", "dealers", "us"]
    nodes = {id: {"id": id, "type": "store", "region": None} for id in ("D1", "S1", "DC1")}
    assert [owner(program, node) for node in nodes.values()] == ["dealers", "us", "us"]
    assert trusted(program, "us", nodes["D1"]) == Decimal("0.5")  # the better of two relations
    assert trusted(program, "us", nodes["S1"]) == 1
    assert trusted(program, "dealers", nodes["S1"]) is None
    assert trusted(program, "dealers", nodes["DC1"]) == 1


def test_somebody_is_named_by_role_person_or_organization(program: Program) -> None:
    assert somebody(program, "associate", "x") == Who("x", "associate")
    assert somebody(program, "associate@S2", "x") == Who("x", "associate", node="S2")
    assert somebody(program, "customer#C1", "x") == Who("x", "customer", customer="C1")
    assert somebody(program, "anna", "x") == Who("anna", "associate", "us", "S1")
    assert somebody(program, "berta:dealer", "x") == Who("berta", "dealer", "dealers")
    assert somebody(program, "dealers:fulfiller", "x") == Who("dealers", "fulfiller", "dealers")
    nodes = {"D1": {"id": "D1"}, "DC1": {"id": "DC1"}}
    at_home = somebody(program, "dealers:fulfiller@D1", "x", nodes.get)
    assert at_home == Who("dealers", "fulfiller", "dealers", "D1")
    for away in ("dealers:fulfiller@DC1", "dealers:fulfiller@D9", "berta:dealer@DC1"):
        assert "dealers does not operate the node " in because(somebody(program, away, "x", nodes.get)), away
    assert because(somebody(program, "berta", "x")) == "berta has several roles; say berta:dealer, berta:fulfiller"
    assert "has not the role customer" in because(somebody(program, "berta:customer", "x"))
    assert "did you mean associate?" in because(somebody(program, "asociate", "x"))


def test_a_person_has_its_own_roles_only(program: Program) -> None:
    assert "anna has not the role dealer" in because(somebody(program, "dealer", "anna"))
