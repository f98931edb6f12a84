"""What a monitor sees of an item, and what it makes of it: whether an alert is raised, cleared, or stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import asdict

from orderloom.dsl.program import Formula, StockMonitor
from orderloom.dsl.program.monitor import LONGEST
from orderloom.engine.ledger.stock import Key
from orderloom.engine.promising.browse import browsed
from orderloom.engine.views import position_view
from orderloom.engine.world import World

ALL_NODES = ""  #: in place of the node where an item's nodes are watched together

Shipped = Mapping[Key, int]  #: units that left, by item and node


class Figures(Struct, frozen=True):
    """Units that can be promised to ship today, units that are here, units a day, and the days that what is available lasts.

    velocity = (units shipped within the window + units reserved now) / days of the window; 0 without a window.
    cover = available / velocity, at most `LONGEST`, which it also is where nothing moves.
    """

    available: int
    on_hand: int
    velocity: Decimal
    cover: Decimal


class Watched(Struct, frozen=True):
    """An item, or its position at a node, and what a monitor sees of it."""

    item: str
    node: str
    figures: Figures


def watched(monitor: StockMonitor, item: str, world: World, shipped: Shipped, at: datetime) -> Iterator[Watched]:
    """What the monitor sees of an item: one for all nodes together, or one for each; nothing where no node that counts has it."""
    nodes = [node for node in world.stock.nodes_of(item) if _counts(monitor.nodes, node, world)]
    if monitor.watch == "item" and nodes:
        yield Watched(item, ALL_NODES, figures((monitor.method, monitor.days), item, nodes, world, shipped, at))
    elif monitor.watch == "position":
        for node in nodes:
            yield Watched(item, node, figures((monitor.method, monitor.days), item, [node], world, shipped, at))


def crossed(monitor: StockMonitor, seen: Watched, raised: bool, world: World, at: datetime) -> bool:
    """Whether the alert changes: one that is not raised when `when` holds alone, a raised one when `until` holds alone.

    Where both hold, or none, it stays as it is, so that it never comes and goes between two levels.
    """
    context: dict[str, object] = {
        "now": at,
        "today": at.date(),
        "item": world.catalog.item_views[seen.item],
        **asdict(seen.figures),
    }
    if seen.node != ALL_NODES:
        position = world.stock.position(seen.item, seen.node)
        assert position is not None, "only positions are watched"
        context["node"] = world.catalog.node_views[seen.node]
        context["position"] = position_view(position, world.program.attributes)
    low, high = monitor.when(context) is True, monitor.until(context) is True
    return high and not low if raised else low and not high


def reads(monitor: StockMonitor, names: Collection[str]) -> bool:
    """Whether its conditions may read one of these figures."""
    shapes = [formula.shape for formula in (monitor.when, monitor.until)]
    return any(shape is None or any(path[0] in names for path in shape.reads) for shape in shapes)


def _counts(nodes: Formula | None, node: str, world: World) -> bool:
    view = world.catalog.node_views.get(node)
    return view is not None and (nodes is None or nodes({"node": view}) is True)


def figures(
    by: tuple[str, int | None], item: str, nodes: Collection[str], world: World, shipped: Shipped, at: datetime
) -> Figures:
    """What is seen of an item at these nodes: available for a method, and moved within so many days."""
    method, days = by
    positions = [position for node in nodes if (position := world.stock.position(item, node))]
    available = sum([browsed(world, item, node, method, at).by(at.date()) for node in nodes])
    reserved = sum([supply.reserved for position in positions for supply in position.supplies])
    moved = reserved + sum([shipped.get((item, node), 0) for node in nodes])
    velocity = Decimal(moved) / days if days else Decimal(0)
    cover = min(available / velocity, LONGEST) if velocity else LONGEST
    return Figures(available, sum([position.on_hand for position in positions]), velocity, cover)
