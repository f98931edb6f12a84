"""What comes of an appeasement: the return is saved, or the units come back all the same."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.appeasements.appeasement import GRANTED
from orderloom.engine.effects import KeepAppeasement
from orderloom.engine.state import ORDER
from orderloom.engine.turn import Turn


def returned(turn: Turn, line: str, first: int, count: int) -> None:
    """Units of a line come back: what was granted for any of them has saved no return."""
    for each in tuple(turn.state.appeasements.values()):
        if each.status == GRANTED and each.returned_at is None and each.concerns(line, first, count):
            now = replace(each, returned_at=turn.at)
            turn.change(appeasements={**turn.state.appeasements, each.id: now})
            turn.emit(KeepAppeasement(turn.state.order.customer.id, now))
            turn.note(ORDER, "appeasement", f"{each.id}: the units come back all the same")
