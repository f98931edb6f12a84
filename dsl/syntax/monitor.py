"""Monitors as they are written."""

from __future__ import annotations

from datetime import timedelta

from orderloom.dsl.fields import Duration, Formula, Located, Name, OneOf, Syntax, Text, key

#: What a monitor's conditions may be about, besides the item, and the node of a position.
FIGURES = ("available", "on_hand", "velocity", "cover")
#: Those of them that look back over a window.
MOVING = ("velocity", "cover")


class Monitor(Syntax, frozen=True, eq=False):
    """Watches the availability of items, and raises an alert where it crosses a level."""

    name: Located[str] = key("name", Name(), "Name, unique among monitors.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    watch: Located[str] = key(
        "watch",
        OneOf(("item", "position")),
        "`item`: all nodes of an item together. `position`: each node of an item by itself.",
        required=True,
    )
    nodes: Located[str] | None = key("nodes", Formula("node", "boolean"), "The nodes that count; all without it.")
    method: Located[str] = key("method", Text(), "The way to the customer for which units are available.", required=True)
    when: Located[str] = key("when", Formula("monitor", "boolean"), "The alert is raised when this is true.", required=True)
    until: Located[str] = key(
        "until", Formula("monitor", "boolean"), "A raised alert is cleared when this is true, and not before.", required=True
    )
    over: Located[timedelta] | None = key("over", Duration(), "The whole days over which `velocity` and `cover` look back.")
    event: Located[str] = key("raise", Name(), "The alert's name, which expressions see in `item.alerts`.", required=True)
