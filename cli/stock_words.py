"""Answers about stock in words and tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from orderloom.cli.output import Table, shown
from orderloom.engine.desk.inquiry import Inquiry, Projection, Why
from orderloom.engine.promising.calendars import day_name
from orderloom.engine.promising.stock_views import Seen
from orderloom.engine.supply.projection import Day

FEW = 3  #: movements of a day that are named


def stock_table(asked: Inquiry, found: list[Seen]) -> Table:
    """What is seen, a row for each node and day; what is not seen of a node is left blank."""
    rows = [row for seen in found for row in _by_day(seen)]
    names = tuple(dict.fromkeys(name for row in rows for name in row)) or ("node",)
    cells = [[_cell(row.get(name, "")) for name in names] for row in rows]
    title = f"{asked.item} for {asked.method}" + ("" if asked.who.is_operator else f", as {asked.who.role} sees it")
    return Table(title, tuple(name.replace("_", " ") for name in names), cells)


def _by_day(seen: Seen) -> Iterator[Seen]:
    dates = seen.get("dates")
    if not isinstance(dates, list):
        yield seen
        return
    about = {name: value for name, value in seen.items() if name not in ("dates", "available", "in_stock")}
    for number, each in enumerate(dates):
        yield {**(dict.fromkeys(about, "") if number else about), **each}


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "in stock" if value else "out of stock"
    return value.isoformat() if isinstance(value, date) else value


def why_words(found: Why) -> Iterator[str]:
    """The answer, and below it what led to it."""
    yield f"{found.item} at {found.node} for {found.method} on {day_name(found.day)}: {found.available} available"
    yield from (f"  {sentence}" for sentence in found.sentences)
    for claim in found.claims:
        until = f", until {shown(claim.expires_at)}" if claim.expires_at else ""
        ships = f", ships {day_name(claim.ship_on)}" if claim.ship_on else ""
        yield f"  {claim.quantity} of {claim.supply} reserved by order {claim.order} line {claim.line}{ships}{until}"


def projection_words(found: Projection) -> tuple[str, Table]:
    """A line of figures, and the days as a table."""
    inbound = [f"{quantity:,} {name.replace('-', ' ')}" for name, quantity in sorted(found.to_come.items())]
    figures = [f"{found.on_hand:,} on hand", *inbound, f"{found.claimed:,} reserved", f"{found.waiting:,} waiting for a source"]
    title = found.item + (f" at {found.node}" if found.node else "")
    rows = [[day.day.isoformat(), day.supply, day.demand, day.balance, _named(day)] for day in found.days]
    table = Table("Projection", ("day", "supply", "demand", "balance", "what"), rows)
    return f"{title}: {', '.join(figures)}", table


def _named(day: Day) -> str:
    named = [f"{'+' if each.kind == 'supply' else '-'}{each.quantity:,} {each.reference}" for each in day.movements[:FEW]]
    more = len(day.movements) - FEW
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")
