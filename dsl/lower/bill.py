"""Bills."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax import Bill, Component, Refusal


def lowered_bill(bill: Bill, formulas: Compiled) -> program.Bill:
    return program.Bill(
        name=bill.name.value,
        title=text(bill.title, bill.name.value),
        items=tuple(item.value for item in bill.items),
        components=tuple(_component(each, formulas) for each in bill.components),
        refusals=tuple(_refusal(each, formulas) for each in bill.refuse),
        apart=bill.shipped is not None and bill.shipped.value == "apart",
        origin=origin(bill.name.span),
    )


def _component(component: Component, formulas: Compiled) -> program.Component:
    return program.Component(
        name=component.name.value,
        item=component.item.value if component.item is not None else None,
        item_from=formula(component.item_from, formulas),
        quantity=formula(component.quantity, formulas),
        when=formula(component.when, formulas),
        origin=origin(component.name.span),
    )


def _refusal(refusal: Refusal, formulas: Compiled) -> program.Refusal:
    return program.Refusal(formulas[refusal.when], refusal.because.value, origin(refusal.when.span))
