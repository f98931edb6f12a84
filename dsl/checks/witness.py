"""The case that shows a finding of a table, in words and as a small example."""

from __future__ import annotations

import re
from typing import Any

from orderloom.dsl.syntax import Decision
from orderloom.dsl.tables import Finding, Table, extent

_PATH = re.compile(r"[a-z]\w*(\.[a-z]\w*)*")


def case(table: Table, finding: Finding) -> str:
    """The witness by columns."""
    values = enumerate(zip(table.inputs, finding.witness, strict=True))
    return ", ".join(f"{column.name} = {'null' if at in finding.nulls else shown(value)}" for at, (column, value) in values)


def example(decision: Decision, finding: Finding) -> str:
    """The witness as the order, unit and node that it stands for; empty where columns look at more than single fields."""
    paths = [pair.value.value for pair in decision.inputs]
    if not paths or not all("." in path and _PATH.fullmatch(path) for path in paths):
        return ""
    whole: dict[str, Any] = {}
    for path, value in zip(paths, finding.witness, strict=False):
        inner, (*above, name) = whole, path.split(".")
        for part in above:
            inner = inner.setdefault(part, {})
        if value is not None:
            inner[name] = value
    return _drawn(whole)


def _drawn(value: object) -> str:
    if not isinstance(value, dict):
        return shown(value)
    return "{ " + ", ".join(f"{name}: {_drawn(part)}" for name, part in value.items()) + " }" if value else "{}"


def shown(value: object) -> str:
    """A value as a cell has it; null stands for any."""
    return "any" if value is None else extent.shown(value)
