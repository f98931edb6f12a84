"""Items and nodes: reference data that expressions read and that changes seldom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal

from msgspec import Struct


class Item(Struct, frozen=True, omit_defaults=True):
    """What can be ordered. `weight` is in the workspace's unit of weight."""

    id: str
    title: str | None = None
    weight: Decimal | None = None
    attributes: dict[str, object] = {}


class Node(Struct, frozen=True, omit_defaults=True):
    """A place that can hold, make, ship or receive. `cutoff` is local to its calendar's time zone."""

    id: str
    type: str
    title: str | None = None
    region: str | None = None
    lat: Decimal | None = None
    lon: Decimal | None = None
    cutoff: time | None = None
    calendar: str | None = None
    attributes: dict[str, object] = {}


class Catalog(Struct, frozen=True):
    """All nodes, and the items in play, by id, each with the context that expressions see (see `views`)."""

    items: Mapping[str, Item]
    nodes: Mapping[str, Node]
    item_views: Mapping[str, Mapping[str, object]]
    node_views: Mapping[str, Mapping[str, object]]
