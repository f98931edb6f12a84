"""Maps of statuses."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax.status_map import StatusMap


def lowered_status_map(written: StatusMap, formulas: Compiled) -> program.StatusMap:
    return program.StatusMap(
        name=written.name.value,
        title=text(written.title, written.name.value),
        roles=tuple(role.value for role in written.roles),
        when=formula(written.when, formulas),
        words={status.value: pair.key.value for pair in written.words for status in pair.value},
        otherwise=text(written.otherwise, ""),
        origin=origin(written.name.span),
    )
