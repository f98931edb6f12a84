"""The figures of a store as tables."""

from __future__ import annotations

from decimal import Decimal

from orderloom.adapters.figures import Figures
from orderloom.cli.output import Table


def tables_of(figures: Figures) -> list[Table]:
    """Orders, lines, cost, promises, exceptions."""
    return [_orders(figures), _lines(figures), _cost(figures), _promises(figures), _exceptions(figures)]


def as_json(figures: Figures) -> dict[str, object]:
    """The same figures for programs."""
    channels: dict[str, dict[str, int]] = {}
    for (channel, standing), count in sorted(figures.orders.items()):
        channels.setdefault(channel, {})[standing] = count
    exceptions = [{"type": type, "settled": how, "count": n} for (type, how), n in sorted(figures.exceptions.items())]
    return {
        "orders": channels,
        "lines": dict(figures.lines),
        "units": dict(figures.units),
        "cost": figures.costs | {"total": _total(figures)},
        "promises": dict(figures.promises),
        "exceptions": exceptions,
    }


def _orders(figures: Figures) -> Table:
    channels = sorted({channel for channel, _ in figures.orders})
    standings = sorted({standing for _, standing in figures.orders}, key=lambda name: (":" in name, name))
    counts = [[figures.orders[channel, standing] for channel in channels] for standing in standings]
    counts.append([sum(column) for column in zip(*counts, strict=True)])
    rows = [[name, *row, sum(row)] for name, row in zip([*standings, "all"], counts, strict=True)]
    return Table("Orders by channel and outcome", ("outcome", *channels, "all"), rows)


def _lines(figures: Figures) -> Table:
    whole = figures.lines["all"]
    rows = [[what, count, _share(count, whole)] for what, count in figures.lines.items()]
    rows += [[f"units {what}", count, _share(count, figures.units["ordered"])] for what, count in figures.units.items()]
    return Table("Lines", ("lines", "count", "%"), rows)


def _cost(figures: Figures) -> Table:
    orders = sum(figures.orders.values())
    costs = figures.costs | {"total": _total(figures)}
    rows = [[term, cost, cost / orders if orders else Decimal(0)] for term, cost in costs.items()]
    return Table("Cost of the plans", ("term", "amount", "an order"), rows)


def _total(figures: Figures) -> Decimal:
    return sum(figures.costs.values(), Decimal(0))


def _promises(figures: Figures) -> Table:
    whole = sum(figures.promises.values())
    rows = [[what, figures.promises[what], _share(figures.promises[what], whole)] for what in ("kept", "missed")]
    return Table("Promises, by unit of work", ("promise", "count", "%"), rows)


def _exceptions(figures: Figures) -> Table:
    rows = [[type, how, count] for (type, how), count in sorted(figures.exceptions.items())]
    return Table("Exceptions", ("type", "settled", "count"), rows)


def _share(part: int, whole: int) -> Decimal:
    return Decimal(100 * part) / whole if whole else Decimal(0)
