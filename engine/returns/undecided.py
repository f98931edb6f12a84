"""Goods of which nobody can tell what becomes of them, as their condition is not known: told before any money is given back."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.dsl.program import Choose, Do, Process, Returns, Step, Tell
from orderloom.engine.decisions import decide
from orderloom.engine.returns.request import Goods
from orderloom.engine.returns.seen import Asked, return_view
from orderloom.engine.turn import Turn
from orderloom.engine.views import View

TAKES_IN, DISPOSES = Do("receive-return"), Do("dispose-return")


def undecided(turn: Turn, policy: Returns, asked: Asked, goods: Iterable[Goods], seen: View) -> str:
    """Why the policy's disposition has no answer for such goods; empty where it has, or where their condition is known."""
    decision = turn.world.program.decisions.get(policy.disposition)
    if decision is None or asked.condition or asked.request.condition:
        return ""
    for each in goods:
        item = return_view(turn.world, turn.state, turn.stock, asked, each.item)
        answer = decide(decision, {"unit": None, **seen, **item})
        if not (isinstance(answer.value, dict) and answer.value.get("next")):
            known = f": {', '.join(policy.conditions)}" if policy.conditions else ""
            return (
                f"decision {decision.name} does not say what becomes of {each.item} in a condition that nobody has told"
                f" ({answer.origin}); tell its condition{known}"
            )
    return ""


def disposes(process: Process) -> bool:
    """Whether the process asks what becomes of the goods."""
    return any(step.verb == DISPOSES for step in process.steps.values())


def taken_at_once(process: Process, seen: View) -> bool:
    """Whether the process takes the goods in before it asks anybody or waits, so that nobody can tell more of them."""
    context, passed, step = {"unit": None, **seen}, set[str](), process.steps.get(process.first)
    while step is not None and step.name not in passed:
        passed.add(step.name)
        entered = step.when is None or step.when(context) is True
        if entered and step.verb == TAKES_IN:
            return True
        if entered and not isinstance(step.verb, (Do, Tell, Choose)):
            return False
        step = process.steps.get(_next(step, context))
    return False


def _next(step: Step, seen: View) -> str:
    if isinstance(step.verb, Choose):
        return next((way.next for way in step.verb.ways if way.when is None or way.when(seen) is True), "")
    return step.next or ""
