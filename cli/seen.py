"""Orders and exceptions as somebody sees them, who has a role: what he may not see is not there."""

from __future__ import annotations

from collections.abc import Sequence

import click

from orderloom.adapters.seen import listed
from orderloom.adapters.standing import stopped
from orderloom.cli.order_words import seen_words
from orderloom.cli.output import Table, print_json, print_tables, shown
from orderloom.cli.paging import go_on
from orderloom.cli.stop import granted
from orderloom.dsl.program import SavedView
from orderloom.engine.desk.gate import Gate
from orderloom.engine.seen import Seen
from orderloom.engine.store import Store
from orderloom.engine.store.queries import WholeOrder
from orderloom.engine.store.search import Asked


def show_as(gate: Gate, found: WholeOrder, saved: SavedView | None, form: str) -> None:
    """Prints what he sees of an order."""
    seen = granted(gate.order(found, saved))
    if form == "json":
        print_json(seen)
        return
    told = [f"{seen['status']}" if "status" in seen else "", f"{seen['total']:.2f} {seen['currency']}" if "total" in seen else ""]
    words = ", ".join(word for word in told if word)
    click.echo(f"{seen['order']}: {words}\n" if words else f"{seen['order']}\n")
    single = [[name.replace("_", " "), _text(value)] for name, value in seen.items() if _is_single(name, value)]
    tables = [Table("Order", ("field", "value"), single)] if single else []
    print_tables([*tables, *(_table(name, value) for name, value in seen.items() if isinstance(value, list))])


def explain_as(gate: Gate, found: WholeOrder, currency: str, form: str) -> None:
    """Prints of why an order stands as it does what he may know."""
    seen = granted(gate.explained(found))
    if form == "json":
        print_json(seen)
        return
    for line in seen_words(seen, currency):
        click.echo(line)


def list_as(gate: Gate, store: Store, asked: Asked, saved: SavedView | None, after: str, limit: int, form: str) -> None:
    """Prints what he sees of the orders that are asked for, where he sees by what they are asked for."""
    found = listed(gate, store, asked, after, limit + 1, saved)
    if form == "json":
        print_json(found[:limit])
    else:
        print_tables([_table("orders", [_flat(each) for each in found[:limit]])])
    go_on(found, limit, lambda last: str(found[last]["order"]))


def print_seen(title: str, rows: Sequence[Seen], form: str) -> None:
    """Prints rows that have the same fields, or fewer."""
    if form == "json":
        print_json(list(rows))
    else:
        print_tables([_table(title, list(rows))])


def _is_single(name: str, value: object) -> bool:
    return not isinstance(value, list) and name not in ("order", "status", "total", "currency")


def _flat(seen: Seen) -> Seen:
    """An order in a list: without its parts; its status says what stops it, where he is shown that."""
    flat = {name: value for name, value in seen.items() if not isinstance(value, list)}
    words = stopped(_names(seen, "exceptions", "type"), _names(seen, "holds", "hold"))
    return flat | ({"status": f"{flat['status']} ({words})"} if words and "status" in flat else {})


def _names(seen: Seen, parts: str, name: str) -> list[str]:
    found = seen.get(parts, [])
    assert isinstance(found, list)
    return [str(each[name]) + (f"/{each['line']}" if each.get("line") else "") for each in found]


def _table(name: str, rows: list[Seen]) -> Table:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    return Table(name.replace("_", " ").capitalize(), tuple(column.replace("_", " ") for column in columns), cells)


def _text(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items() if each not in (None, {}, []))
    return ", ".join(str(_text(each)) for each in value) if isinstance(value, (list, tuple)) else shown(value)
