"""What roles see of stock: every field is known, and every entry can apply."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.nodes import Map, Seq
from orderloom.dsl.program import STOCK_FIELDS, named_supply
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Promising, StockView


def views(definitions: Definitions) -> Iterator[Diagnostic]:
    types = {named_supply(pair.key.value) for each in definitions.of_kind(Promising).values() for pair in each.supply}
    for role in definitions.roles.values():
        for view in role.value.sees_stock:
            yield from _fields(view, {*STOCK_FIELDS, *types}, "promising" in definitions.lost)
        yield from _order(tuple(view.nodes for view in role.value.sees_stock if view.nodes is not None))
        entries = tuple(view for view in role.value.sees_orders if view.units is None)
        yield from _order(tuple(view.orders for view in entries if view.orders is not None))
        yield from _order(tuple(view.exceptions for view in role.value.sees_exceptions if view.exceptions is not None))


def _fields(view: StockView, known: set[str], unsure: bool) -> Iterator[Diagnostic]:
    first: dict[str, Located[str]] = {}
    for field in view.show:
        if field.value not in known and not unsure:
            words = f"nothing of stock is called {field.value}"
            yield Diagnostic("E705", words, field.span, hint=hint_for(field.value, known))
        if field.value in first:
            labels = (Label(first[field.value].span, "the first"),)
            yield Diagnostic("E602", f"the field {field.value} stands here twice", field.span, labels, "delete one of them")
        first.setdefault(field.value, field)
    if "dates" in first and not {"available", "in stock"} & first.keys():
        words = "nothing that is shown here changes with the date"
        yield Diagnostic("E706", words, first["dates"].span, hint="show available or in stock, too")
    yield from shown(view.read_from, view.show)


def shown(entry: Map, show: tuple[Located[str], ...]) -> Iterator[Diagnostic]:
    """An entry shows something."""
    written = entry.get("show")
    if isinstance(written, Seq) and not show and not written.items:
        yield Diagnostic("E706", "nothing is shown here", written.span, hint="name what is seen, or delete the entry")


def _order(conditions: tuple[Located[str], ...]) -> Iterator[Diagnostic]:
    """An entry of which it is plain that it can never be the first that fits."""
    before: dict[str, Located[str]] = {}
    for condition in conditions:
        text = " ".join(condition.value.split())
        ahead = before.get("true") or before.get(text)
        if ahead is not None:
            labels = (Label(ahead.span, "fits already"),)
            yield Diagnostic("E706", "this entry can never apply", condition.span, labels, "put it first, or delete it")
        elif text == "false":
            yield Diagnostic("E706", "this entry can never apply", condition.span, hint="say what it is about")
        before.setdefault(text, condition)
