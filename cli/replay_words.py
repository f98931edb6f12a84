"""A replay as tables, and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from orderloom.adapters.replay.compare import Comparison, Difference, Whole
from orderloom.adapters.replay.run import Replay
from orderloom.cli.output import Table

SHORT = 12  #: characters of a digest, as it is named
TOLD = 3  #: sources of an order that a row has


def headline(found: Replay) -> Iterator[str]:
    """What was played, on what."""
    here, *others = [f"{variant.name} ({variant.digest[:SHORT]})" for variant in found.variants]
    beside = f", {found.beside:,} others beside them" if found.beside else ""
    yield f"{_several(found.orders, 'order')} played {here} and {' and '.join(others)}{beside}"
    yield f"{_several(found.windows, 'window')}, stock {found.source.stock}"
    ran = [f"{count:,} on {digest[:SHORT]}" for digest, count in sorted(found.source.ran_on.items())]
    if ran:
        yield f"they ran {', '.join(ran)}"
    if found.source.archived:
        yield f"not played, and not there to take of the stock: {_several(found.source.archived, 'order')} in an archive"
    if found.source.unplayed:
        yield f"{_several(len(found.source.unplayed), 'order')} could not be played"


def tables_of(found: Replay) -> list[Table]:
    """Outcomes, lines, cost, promises, exceptions; the greatest differences; what could not be played."""
    names = [variant.name for variant in found.variants]
    tables = [
        _figures("Orders by outcome", "outcome", names, found.wholes, _outcomes),
        _figures("Lines and units", "what", names, found.wholes, _lines),
        _figures("Cost of the plans", "term", names, found.wholes, _costs),
        _figures("Promises", "what", names, found.wholes, _promises),
        _figures("Exceptions", "type", names, found.wholes, _exceptions),
    ]
    for name, comparison in zip(names[1:], found.comparisons, strict=True):
        tables += [_moves(name, comparison), _top(name, comparison)]
    if unplayed := found.source.unplayed:
        tables.append(Table("Not played", ("order", "because"), [[each.order, each.because] for each in unplayed]))
    return tables


def as_json(found: Replay) -> dict[str, object]:
    """The same for programs; `against` has a comparison of the first version with each of the others."""
    names = [variant.name for variant in found.variants]
    return {
        "orders": found.orders,
        "beside": found.beside,
        "archived": found.source.archived,
        "windows": found.windows,
        "stock": found.source.stock,
        "ran_on": dict(sorted(found.source.ran_on.items())),
        "versions": [
            {
                "name": variant.name,
                "digest": variant.digest,
                "outcomes": _outcomes(whole),
                "lines": whole.figures.lines,
                "units": whole.figures.units,
                "cost": _costs(whole),
                "promises": _promises(whole),
                "exceptions": _exceptions(whole),
            }
            for variant, whole in zip(found.variants, found.wholes, strict=True)
        ],
        "against": [
            {
                "name": name,
                "cost": found.wholes[0].cost - before.cost,
                "decisions_changed": comparison.decisions,
                "orders_differing": comparison.differing,
                "promised_lines": {what: comparison.promises[what] for what in _MOVES},
                "top": comparison.top,
            }
            for name, before, comparison in zip(names[1:], found.wholes[1:], found.comparisons, strict=True)
        ],
        "unplayed": found.source.unplayed,
    }


_MOVES = ("kept", "earlier", "later", "gained", "lost")
Counts = Mapping[str, int | Decimal]


def _figures(title: str, what: str, names: Sequence[str], wholes: Sequence[Whole], figures: Callable[[Whole], Counts]) -> Table:
    """The figures of each version; beside those that it is set against, how the first one differs from them."""
    first, *others = found = [figures(whole) for whole in wholes]
    rows = []
    for name in dict.fromkeys(name for counts in found for name in counts):
        row: list[object] = [name, first.get(name, 0)]
        for other in others:
            row += [other.get(name, 0), first.get(name, 0) - other.get(name, 0)]
        rows.append(row)
    columns = (what, names[0], *(column for name in names[1:] for column in (name, "difference")))
    return Table(title, columns, rows)


def _outcomes(whole: Whole) -> Counts:
    """By how orders ended, all channels together."""
    found = Counter[str]()
    for (_, standing), count in sorted(whole.figures.orders.items()):
        found[standing] += count
    return found


def _lines(whole: Whole) -> Counts:
    figures = whole.figures
    return {f"lines {what}": n for what, n in figures.lines.items()} | {f"units {what}": n for what, n in figures.units.items()}


def _costs(whole: Whole) -> Counts:
    return {**whole.figures.costs, "total": whole.cost}


def _promises(whole: Whole) -> Counts:
    """Lines that were promised and in how many days, and by unit of work how that was kept."""
    kept = {f"units of work {what}": whole.figures.promises[what] for what in ("kept", "missed")}
    return {"lines promised": whole.promised, "mean days to delivery": whole.mean_days, **kept}


def _exceptions(whole: Whole) -> Counts:
    return {f"{type}: {how}": count for (type, how), count in sorted(whole.figures.exceptions.items())}


def _moves(name: str, comparison: Comparison) -> Table:
    """How many decisions and promised days are others."""
    rows: list[list[object]] = [
        ["orders that differ", comparison.differing],
        ["of them with other sources", comparison.decisions],
    ]
    rows += [[f"promised lines {what}", comparison.promises[what]] for what in _MOVES]
    return Table(f"Here against {name}", ("what", "count"), rows)


def _top(name: str, comparison: Comparison) -> Table:
    rows = [[each.order, each.cost, each.days, *_both(each)] for each in comparison.top]
    return Table(f"Greatest differences from {name}", ("order", "cost", "days later", f"only {name}", "only here"), rows)


def _both(each: Difference) -> tuple[str, str]:
    """What of sources and ends is only before, and only after."""
    before, after = ((*sources, end) for sources, end in zip((each.before, each.after), each.standing, strict=True))
    return _but(before, after), _but(after, before)


def _but(these: Sequence[str], those: Sequence[str]) -> str:
    found = [what for what in these if what not in those]
    more = f" and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return ", ".join(found[:TOLD]) + more or "-"


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
