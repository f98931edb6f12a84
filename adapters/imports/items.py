"""Item records: `id`, `title`, `weight` and the workspace's own fields of an item."""

from __future__ import annotations

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.engine.catalog import Item


def item_of(row: Fields, known: Known) -> Item:
    """The item of a row; of use only when the row has no problems."""
    own = row.attributes(known.attributes.get("item"))
    return Item(id=row.needed("id"), title=row.text("title"), weight=row.amount("weight"), attributes=own)
