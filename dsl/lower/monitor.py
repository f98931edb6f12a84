"""Monitors."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax import Monitor


def lowered_monitor(monitor: Monitor, formulas: Compiled) -> program.Monitor:
    return program.Monitor(
        name=monitor.name.value,
        title=text(monitor.title, monitor.name.value),
        watch="position" if monitor.watch.value == "position" else "item",
        nodes=formula(monitor.nodes, formulas),
        method=monitor.method.value,
        when=formulas[monitor.when],
        until=formulas[monitor.until],
        days=monitor.over.value.days if monitor.over is not None else None,
        event=monitor.event.value,
        origin=origin(monitor.name.span),
    )
