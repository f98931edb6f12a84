"""Supply records: a dated quantity on its way to a node, `id`, `item`, `node`, `type`, `quantity`, `due_on`."""

from __future__ import annotations

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.engine.ledger.stock import ON_HAND, Supply

#: What other systems call a supply type, where no promising rule knows their word for it.
OTHER_NAMES = {"in_transit": "in-transit", "on_order": "on-order", "confirmed": "on-order"}


def supply_of(row: Fields, known: Known) -> Supply:
    """The supply of a row; of use only when the row has no problems."""
    written = row.needed("type")
    kind = written if written in known.supply_types else OTHER_NAMES.get(written, written)
    if kind == ON_HAND:
        row.problem("what is on hand is imported with `import stock`")
    elif kind and kind not in known.supply_types:
        row.problem(f"no promising rule counts supply of the type {kind}; known: {', '.join(sorted(known.supply_types))}")
    return Supply(
        id=row.needed("id"),
        item=known.item(row, "item"),
        node=known.node(row, "node"),
        type=kind,
        quantity=row.count("quantity", least=1, needed=True),
        due_on=row.day("due_on", needed=True),
        stock_class=known.stock_class(row),
    )
