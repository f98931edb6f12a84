"""What trips and shipments cost: the policy's terms, worked out in their scopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import CostScope, CostTerm, Formula, Origin, Sourcing
from orderloom.engine.numbers import number
from orderloom.engine.sourcing.demand import Want

CANNOT = "cannot be worked out"
ZERO = Decimal(0)
ONE = Decimal(1)
_EMPTY: dict[str, object] = {"quantity": 0, "weight": ZERO, "lines": []}


class Linear(Struct, frozen=True, gc=False):
    """The cost of a shipment as a constant and a multiple of its weight and units. Not exact: no more than the true cost."""

    constant: Decimal
    per_weight: Decimal
    per_unit: Decimal
    exact: bool


class Unknown(Exception):
    """A formula that must give a number gave none: nothing that depends on it can be planned."""

    def __init__(self, what: str, origin: Origin) -> None:
        super().__init__(f"{what} {CANNOT}")
        self.origin = str(origin)


def terms_of(policy: Sourcing, scope: CostScope) -> tuple[CostTerm, ...]:
    """The policy's terms of one scope."""
    return tuple(term for term in policy.terms if term.scope == scope)


def total(terms: Iterable[CostTerm], context: Mapping[str, object]) -> Decimal:
    """The sum of the terms; raises Unknown."""
    return sum([amount(term, context) for term in terms], ZERO)


def amount(term: CostTerm, context: Mapping[str, object]) -> Decimal:
    """The term's value; raises Unknown."""
    value = term.formula.evaluate(context)
    if type(value) is Decimal:
        return value
    found = number(value)
    if found is None:
        raise Unknown(f"its cost term `{term.name}`{_of_line(context)}", term.formula.origin)
    return found


def _of_line(context: Mapping[str, object]) -> str:
    line = context.get("line")
    return f" for line {line['id']}" if isinstance(line, Mapping) else ""


def reads(formula: Formula, *path: str) -> bool:
    """Whether the formula may read the path; what is not known about it may be so."""
    return formula.shape is None or path in formula.shape.reads


def days_late(want: Want, deliver_on: date) -> int:
    """Whole days after the day that the line is wanted by; 0 when it is in time or no day is wanted."""
    want_by = want.line.want_by
    return 0 if want_by is None or deliver_on <= want_by else (deliver_on - want_by).days


def shipment_view(parts: Iterable[tuple[Want, int]], ship_on: date, deliver_on: date) -> dict[str, object]:
    """What expressions see of a shipment with these units of lines; its days late are those of its latest line."""
    lines: list[dict[str, object]] = []
    units = latest = 0
    weight: Decimal | None = ZERO
    for want, quantity in parts:
        late = days_late(want, deliver_on)
        lines.append({"line": want.line.id, "item": want.item_view, "quantity": quantity, "days_late": late})
        units += quantity
        latest = max(latest, late)
        weight = None if weight is None or want.weight is None else weight + want.weight * quantity
    view = {"quantity": units, "weight": weight, "lines": lines}
    return {**view, "ship_on": ship_on, "deliver_on": deliver_on, "days_late": latest}


def linear(
    terms: Iterable[CostTerm], context: Mapping[str, object], wants: Iterable[Want], ship_on: date, deliver_on: date
) -> Linear:
    """The shipment terms as a linear function of what is in the shipment; raises Unknown.

    Terms of another shape count as nothing here, so they must not be negative.
    """
    wants = tuple(wants)
    late = {days_late(want, deliver_on) for want in wants}
    empty = {**_EMPTY, "ship_on": ship_on, "deliver_on": deliver_on, "days_late": max(late, default=0)}
    context = {**context, "shipment": empty}
    constant, per_weight, per_unit, exact = ZERO, ZERO, ZERO, True
    for term in terms:
        shape = term.formula.shape
        if shape is None or not shape.linear or (len(late) > 1 and ("shipment", "days_late") in shape.reads):
            exact = False
            continue
        base = amount(term, context)
        constant += base
        if ("shipment", "weight") in shape.reads:
            per_weight += amount(term, {**context, "shipment": {**empty, "weight": _weight(wants)}}) - base
        if ("shipment", "quantity") in shape.reads:
            per_unit += amount(term, {**context, "shipment": {**empty, "quantity": ONE}}) - base
    return Linear(constant, per_weight, per_unit, exact)


def _weight(wants: tuple[Want, ...]) -> Decimal | None:
    """One unit of weight, None where an item has none: nobody knows what sending it costs."""
    return None if any(want.weight is None for want in wants) else ONE
