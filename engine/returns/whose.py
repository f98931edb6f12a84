"""Whose the nodes are that goods are brought to: nobody fills the stock of others unless a relation grants that."""

from __future__ import annotations

from orderloom.dsl.program import Decision
from orderloom.dsl.rights import US
from orderloom.engine.access.grants import is_own, owner, trusted
from orderloom.engine.decisions import decide
from orderloom.engine.turn import Turn
from orderloom.engine.views import View


def not_granted(turn: Turn, node: str) -> str:
    """Why goods of the order may not be brought to a node; empty where they may."""
    program = turn.world.program
    mine, seen = program.division.name if program.division is not None else US, turn.world.catalog.node_views[node]
    of = owner(program, seen)
    if is_own(program, mine, of) or trusted(program, mine, seen) is not None:
        return ""
    return f"{node} is {of}'s, which grants {mine} nothing of its stock; `{of} grants {mine}: availability` would"


def sent_to_others(turn: Turn, decision: Decision, seen: View) -> str:
    """Why what a disposition says, as far as is known, would bring the goods where they may not go; empty where it does not."""
    answer = decide(decision, {**seen, "unit": None})
    node = answer.value.get("node") if isinstance(answer.value, dict) else None
    because = not_granted(turn, str(node)) if node in turn.world.catalog.nodes else ""
    return f"{because} ({answer.origin})" if because else ""
