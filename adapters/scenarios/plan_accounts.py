"""What a scenario can look at before an order is placed, as plain maps and lists: plans, options, offers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from orderloom.adapters.scenarios.accounts import Account, by_line
from orderloom.engine.offering import Offered
from orderloom.engine.plan import Plan, PlannedShipment
from orderloom.engine.promises.options import Menu


def plan(made: Plan) -> Account:
    """A plan; `excluded` has, by node, every reason why it gives nothing or not all."""
    excluded: dict[str, list[object]] = {}
    for candidate in made.candidates:
        excluded.setdefault(candidate.node, []).append(candidate.because)
    return {
        "policy": made.policy,
        "outcome": made.outcome,
        "cost": made.cost,
        "terms": dict(made.terms),
        "shipments": [_shipment(shipment) for shipment in made.shipments],
        "unfilled": [{"line": u.line, "item": u.item, "quantity": u.quantity, "because": u.because} for u in made.unfilled],
        "excluded": excluded,
        "fees": sum(made.fees.values(), Decimal(0)),
    }


def _shipment(shipment: PlannedShipment) -> Account:
    return {
        "node": shipment.node,
        "method": shipment.method,
        "service": shipment.service,
        "supply": shipment.supply_type,
        "lines": by_line((a.line, a.quantity) for a in shipment.allocations),
        "work": {each.work: each.on for a in shipment.allocations for each in a.work},
        "release at": shipment.release_at,
        "ship on": shipment.ship_on,
        "deliver on": shipment.deliver_on,
        "cost": sum(shipment.costs.values(), Decimal(0)),
        "costs": dict(shipment.costs),
    }


def options(menu: Menu) -> list[Account]:
    """What may be offered, the cheapest first; `lines` by the day on which the last of each arrives."""
    return [
        {
            "option": each.option,
            "ways": list(each.ways),
            "deliver by": each.deliver_by,
            "lines": dict(each.lines),
            "price": each.price,
            "cost": each.cost,
            "slots": dict(each.slots),
            "nodes": [shipment.node for shipment in each.plan.shipments],
            "because": each.because,
        }
        for each in menu.offered
    ]


def declined(menu: Menu) -> list[Account]:
    """What is not offered, and why."""
    return [{"name": each.what, "because": each.because} for each in menu.declined]


def offers(found: Offered) -> Mapping[str, list[Account]]:
    """What may be offered, the best first, and what is not offered."""
    made: list[Account] = [
        {
            "item": each.item,
            "offer": each.offer,
            "sells": each.sells,
            "basis": each.basis,
            "line": each.line,
            "quantity": each.quantity,
            "price": each.price,
            "deliver by": each.deliver_by,
            "available": each.available,
            "because": each.because,
        }
        for each in found.made
    ]
    declined: list[Account] = [{"item": each.item, "offer": each.offer, "because": each.because} for each in found.declined]
    return {"offers": made, "not offered": declined}
