"""What is made up of components: kits, bundles, and what is configured or built to order.

A line of such an item stays what the customer ordered and pays for. Beside it stand lines for its components, which are sourced,
worked on and shipped. How much of the line itself is delivered or cancelled follows from them: as many as there are whole sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program import Bill, Component
from orderloom.engine.modifications.request import Part
from orderloom.engine.numbers import number
from orderloom.engine.order import Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.views import View, own_fields

Fields = Mapping[str, Type] | None  #: the workspace's own fields of a line


def made_up(order: Order, bills: Mapping[str, Bill], fields: Fields) -> tuple[Order, tuple[str, ...]]:
    """The order with the components of its lines, and why some of them cannot be made up; `bills` are by item.

    Lines that are made up already stay as they are.
    """
    lines: list[Line] = []
    problems: list[str] = []
    for line in order.lines:
        bill = bills.get(line.item) if line.part_of is None and line.bill is None else None
        if bill is None:
            lines.append(line)
            continue
        view = _asked(line, fields)
        problems += [f"line {line.id}: {each.because} ({each.origin})" for each in bill.refusals if each.when(view) is True]
        parts = list(_components(line, bill, view, problems))
        if not parts and not problems:
            problems.append(f"line {line.id}: {bill.title} has no component for it ({bill.origin})")
        lines += [replace(line, bill=bill.name), *parts]
    return (replace(order, lines=tuple(lines)) if len(lines) > len(order.lines) else order), tuple(problems)


def added(order: Order, part: Part, bills: Mapping[str, Bill], fields: Fields) -> Part | Refused:
    """A part of a change, with the components of the line that it adds; they are worked out once, when it is asked."""
    if part.add is None:
        made = part.item is not None and part.item in bills
        return Refused(f"{part.item} is made up of components; remove the line, and add it instead") if made else part
    alone, problems = made_up(replace(order, lines=(part.add,)), bills, fields)
    if problems:
        return Refused("; ".join(problems))
    return replace(part, add=alone.lines[0], components=alone.lines[1:])


def by_item(bills: Iterable[Bill]) -> dict[str, Bill]:
    """The bills by the items that they are for."""
    return {item: bill for bill in bills for item in bill.items}


def _components(line: Line, bill: Bill, view: View, problems: list[str]) -> Iterator[Line]:
    for component in bill.components:
        if component.when is not None and component.when(view) is not True:
            continue
        item = component.item or (component.item_from and component.item_from(view))
        quantity = number(component.quantity(view), 1) if component.quantity else Decimal(1)
        if not isinstance(item, str) or quantity is None or quantity % 1:
            problems.append(f"line {line.id}: {_lacking(component, item)}")
            continue
        yield replace(
            line,
            id=f"{line.id}.{component.name}",
            item=item,
            quantity=line.quantity * int(quantity),
            unit_price=Decimal(0),
            services=(),
            part_of=line.id,
            apart=bill.apart,
        )


def _lacking(component: Component, item: object) -> str:
    what = "quantity" if isinstance(item, str) else "item"
    return f"it cannot be told which {what} the component {component.name} has ({component.origin})"


def _asked(line: Line, fields: Fields) -> View:
    view: View = {
        "id": line.id,
        "item": line.item,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "method": line.method,
        "want_by": line.want_by,
        "want_from": line.want_from,
        "services": list(line.services),
    }
    return {"line": view | own_fields(line.attributes, fields)}
