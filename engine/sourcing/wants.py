"""Wants: an order's demand, line by line; lines that are alike become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from orderloom.engine.order import Line
from orderloom.engine.sourcing.costs import ZERO, total
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.goals import BEFORE_GOALS
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.views import View
from orderloom.engine.world import World

#: What a unit without a source costs in the search where leaving it out may not be weighed against sending it.
PROHIBITIVE = Decimal(10**9)
_OWN: View = {"id": None, "quantity": None}  #: the fields in which lines that are alike may differ

#: What a node adds to what is seen of a want.
_HERE: View = {"node": None, "lane": None, "position": None, "opportunity_cost": ZERO}
_TO_COME: View = {"service": None, "days_late": 0, "left": None, "load": None}

Asked = tuple[Line, View, int]


def weighed(rates: Rates) -> bool:
    """Whether the plan may leave a unit out because sending it costs more: with the fallback `cancel` and a price for it.

    Without both, a unit is left out only where no source can be had for it.
    """
    return rates.policy.fallback == "cancel" and bool(rates.cancelled)


def prohibitive_of(rates: Rates) -> Decimal:
    """What it costs in the search to leave a unit out that must not be: more than any plan, whatever its goals count."""
    return BEFORE_GOALS if rates.goals else PROHIBITIVE


def wants_of(rates: Rates, demand: Demand, world: World, base: Mapping[str, object], view: View) -> tuple[Want, ...]:
    """The wants of a demand, in the order of its lines; raises Unknown where leaving a unit out has no cost that can be told."""
    views = {each["id"]: each for each in view["lines"]} if isinstance(view["lines"], list) else {}
    asked = [(demand.order.line(line), views[line], quantity) for line, quantity in demand.quantities if quantity > 0]
    together: Counter[str] = Counter()
    for line, _, quantity in asked:
        together[line.item] += quantity
    groups = [[each] for each in asked]
    if len(together) < len(asked) and rates.lines_alike:
        groups = _alike(asked)
    return tuple([_want(group, together[group[0][0].item], rates, world, base) for group in groups])


def rivals_of(wants: Sequence[Want]) -> tuple[tuple[int, ...], ...]:
    """The wants, by index, that ask for the same item."""
    by_item: dict[str, list[int]] = {}
    for index, want in enumerate(wants):
        by_item.setdefault(want.line.item, []).append(index)
    return tuple([tuple(group) for group in by_item.values() if len(group) > 1])


def _alike(asked: Sequence[Asked]) -> list[list[Asked]]:
    """Together what differs in nothing but its id and its quantity."""
    groups: list[list[Asked]] = []
    for each in asked:
        like = next((group for group in groups if _seen(group[0][1]) == _seen(each[1])), None)
        if like is None:
            groups.append([each])
        else:
            like.append(each)
    return groups


def _seen(view: View) -> View:
    return {**view, **_OWN}


def _want(group: Sequence[Asked], together: int, rates: Rates, world: World, base: Mapping[str, object]) -> Want:
    line, view, _ = group[0]
    item_view = world.catalog.item_views[line.item]
    cost = total(rates.cancelled, {**base, "line": view, "item": item_view})
    return Want(
        line=line,
        parts=tuple([(each.id, quantity) for each, _, quantity in group]),
        quantity=sum([quantity for _, _, quantity in group]),
        together=together,
        view=view,
        item_view=item_view,
        seen={**base, **_HERE, "line": view, "method": line.method, "item": item_view, **_TO_COME},
        weight=world.catalog.items[line.item].weight,
        left_out=cost if weighed(rates) else cost + prohibitive_of(rates),
    )
