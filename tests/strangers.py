"""Strangers to a shop: rights, relations and views by chance, and once more, in a few lines, what each may know."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from orderloom.adapters.props import Props
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.program import ExceptionView, Formula, OrderView, Origin, Program, Relation, Role, StockView
from orderloom.dsl.rights import EXCEPTION_FIELDS, FLOWS, ORDER_FIELDS, RIGHTS, US
from orderloom.engine.access.who import Who
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.store import queries

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
WORKSPACE = Path(__file__).parent / "scenarios" / "divisions"
PLACE = Origin("rules/generated.yaml", 1, 1)
NODES = {"DC1": "dc", "DC3": "dc", "S1": "store", "S2": "store", "V1": "supplier"}
OWNERS = {"DC1": "harbour", "DC3": "northgate", "S1": "harbour", "S2": "harbour", "V1": "tailor"}
PARTIES = (US, "harbour", "northgate", "tailor")
ABOVE = {US: (US,), "harbour": ("harbour", US), "northgate": ("northgate", "harbour", US), "tailor": ("tailor",)}
ORDERS = {
    "H-1": ("harbour", "C-1"),
    "H-2": ("harbour", "C-2"),
    "N-1": ("northgate", "C-1"),
    "N-2": ("northgate", "C-3"),
    "H-4": ("harbour", "C-2"),
}
MANY = {"H-4": 300}  #: an order of as many units that no node has them all; of the others each is of one
STUCK = ("H-2", "N-2")  #: orders of an item that nobody has
GUESSED = ("H-3", "N-9", "H-1 ", "h-1", "", "X", "H-1/H-1-1", "%", "'; drop table orders")
#: The secret in each field of an order, with the field that shows it.
SECRETS = {"name": "customer", "email": "customer", "street": "ship to", "channel": "channel"}


def secret(order: str, field: str) -> str:
    return f"secret-{field}-of-{order}-"


def an_order(id: str) -> Order:
    division, customer = ORDERS[id]
    whose = Customer(customer, name=secret(id, "name"), email=secret(id, "email"))
    to = Address(region="EAST", street=secret(id, "street"))
    line = Line("1", "Y" if id in STUCK else "X", MANY.get(id, 1), Decimal("913.37"))
    return Order(id, secret(id, "channel"), NOW, whose, (line,), "USD", division, ship_to=to)


def strangers_shop() -> Stage:
    """A shop with orders of two divisions; two of the orders have no plan, and wait for somebody to decide."""
    program = compile_workspace(WORKSPACE).program
    assert program is not None
    there = tuple(
        Position("X", node, supplies=(Supply("OH", "X", node, ON_HAND, 101 + 7 * number),)) for number, node in enumerate(NODES)
    )
    made = stage(program, Props((Item("X"), Item("Y")), tuple(Node(id, type) for id, type in NODES.items()), there, ()), NOW)
    for id in ORDERS:
        made.submit(an_order(id))
    return made


def says(text: str) -> Formula:
    """One of a few conditions, which the law understands, too."""
    return Formula(text, PLACE, lambda context: CONDITIONS[text](context))


def _of_customer(context: object) -> bool:
    return context["order"]["customer"]["id"] == context["user"]["customer"]  # type: ignore[index,no-any-return]


def _where_he_works(context: object) -> bool:
    return context["unit"]["node"]["id"] == context["user"]["node"]  # type: ignore[index,no-any-return]


CONDITIONS = {"all": lambda _: True, "none": lambda _: False, "own": _of_customer, "at": _where_he_works}
OF_ORDERS = ("all", "none", "own")


def drawn(chance: random.Random, program: Program) -> Program:
    """The program with rights, views and relations by chance."""

    def some(of: tuple[str, ...], most: int = 6) -> tuple[str, ...]:
        return tuple(chance.sample(of, chance.randint(1, min(most, len(of)))))

    roles = dict(program.roles)
    for name in ("seller", "vendor", "customer"):
        units = chance.choice((None, None, says("at")))
        roles[name] = Role(
            name, name, {}, (), PLACE,
            sees_stock=(StockView(Formula("all", PLACE, lambda _: True), ("node", "available"), PLACE),),
            may=some(tuple(RIGHTS)),
            sees_orders=(OrderView(says(chance.choice(OF_ORDERS)), some(ORDER_FIELDS), PLACE, units),),
            sees_exceptions=(ExceptionView(says(chance.choice(OF_ORDERS)), some(EXCEPTION_FIELDS), PLACE),),
        )  # fmt: skip
    relations = tuple(
        Relation(*chance.sample(PARTIES, 2), some(FLOWS), PLACE, trust=Decimal(chance.choice(("0", "0.5", "1"))))
        for _ in range(chance.randint(0, 4))
    )
    return replace(program, roles=roles, relations=relations)


def somebody(chance: random.Random) -> Who:
    return Who(
        "somebody", chance.choice(("seller", "vendor", "customer")), chance.choice(PARTIES), chance.choice((None, "DC1", *NODES)),
        chance.choice((None, None, "C-1", "C-2", "C-9")),
    )  # fmt: skip


def flows(program: Program, who: Who, of: str) -> set[str]:
    """What a relation grants, worked out again."""
    if of == who.organization or (who.organization == US and of in ("harbour", "northgate")):
        return set(FLOWS)
    return {flow for r in program.relations if r.granter == of and r.grantee in ABOVE[who.organization] for flow in r.flows}


def expected(shop: Stage, program: Program, who: Who, order: str) -> set[str]:
    """The fields of an order that somebody may see; none where he may not know of it."""
    division, customer = ORDERS[order]
    granted, view = flows(program, who, division), program.roles[who.role].sees_orders[0]
    fits = {"all": True, "none": False, "own": who.customer == customer}[view.orders.text]
    if not fits or who.customer not in (None, customer) or (view.units and who.node not in nodes_of(shop, order)):
        return set()
    if "orders" in granted:
        return set(view.show) | {"order"}
    return {"order", *({"status", "placed at", "dates"} & set(view.show))} if "status" in granted else set()


def nodes_of(shop: Stage, order: str) -> set[str]:
    """The nodes that work on an order."""
    whole = queries.order(shop.store, order)
    assert whole is not None and whole.state is not None
    return {unit.node for unit in whole.state.units.values()}


def hidden_of(shop: Stage, program: Program, who: Who, order: str) -> list[str]:
    """What nothing that he is told of an order may say."""
    may, view = expected(shop, program, who, order), program.roles[who.role].sees_orders[0]
    hidden = [secret(order, name) for name, field in SECRETS.items() if field not in may]
    hidden += [] if {"prices", "total"} & may else ["913.37"]
    seen = {who.node} if view.units else set(NODES)
    hidden += [] if "history" in may else sorted(set(NODES) - (seen if "nodes" in may else set()))
    hidden += ["274011.00"] if view.units else []  # what all of H-4 costs; nobody who sees a part of it learns that
    return hidden + [secret(other, name) for other in ORDERS if other != order for name in SECRETS]


def sees_exceptions(program: Program, who: Who, order: str) -> bool:
    """Whether somebody sees the exceptions of an order."""
    division, customer = ORDERS[order]
    condition = program.roles[who.role].sees_exceptions[0].exceptions.text
    fits = {"all": True, "none": False, "own": who.customer == customer}[condition]
    return fits and who.customer in (None, customer) and "exceptions" in flows(program, who, division)


def lent_to(program: Program, who: Who, node: str) -> bool:
    """Whether somebody may know of stock at a node: his own, of those above him, or where a relation grants it."""
    own = {"tailor": {"tailor"}, US: {US, "harbour", "northgate"}}.get(who.organization, set(ABOVE[who.organization]))
    granted = (r for r in program.relations if r.granter == OWNERS[node] and r.grantee in ABOVE[who.organization])
    return OWNERS[node] in own or any("availability" in r.flows for r in granted)
