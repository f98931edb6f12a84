"""Node records: `id`, `type`, `title`, `region`, `lat`, `lon`, `cutoff`, `calendar` and the workspace's own fields of a node."""

from __future__ import annotations

from datetime import time

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.dsl.feel.types import TIME
from orderloom.engine.catalog import Node


def node_of(row: Fields, known: Known) -> Node:
    """The node of a row; of use only when the row has no problems."""
    cutoff = row.value("cutoff", TIME)
    calendar = row.text("calendar")
    if calendar is not None and calendar not in known.calendars:
        row.problem(f"no calendar is called {calendar}")
    return Node(
        id=row.needed("id"),
        type=row.needed("type"),
        title=row.text("title"),
        region=row.text("region"),
        lat=row.degrees("lat", 90),
        lon=row.degrees("lon", 180),
        cutoff=time.fromisoformat(cutoff) if isinstance(cutoff, str) else None,
        calendar=calendar,
        attributes=row.attributes(known.attributes.get("node")),
    )
