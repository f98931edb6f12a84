"""Asking a decision, with what an explanation of its answer needs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orderloom.dsl.program import Decision, Formula


class Answer(Struct, frozen=True):
    """What a decision says: `origin` is the file and line of the row that fired, or of the decision; inputs are texts."""

    value: object
    origin: str
    inputs: dict[str, object]


def decide(decision: Decision, context: Mapping[str, object]) -> Answer:
    """Works out a decision's inputs in the context and looks them up."""
    seen = decision.seen(context)
    if isinstance(decision.logic, Formula):
        return Answer(decision.logic(seen), str(decision.origin), {})
    values = {name: formula(seen) for name, formula in decision.inputs.items()}
    hit = decision.logic.decide(tuple(values.values()), seen)
    return Answer(hit.value, decision.row_origin(hit.rows), _in_json(values))


def _in_json(values: Mapping[str, object]) -> dict[str, object]:
    """The values, as texts where JSON has no such type."""
    return {key: value if isinstance(value, (str, int, bool, type(None))) else str(value) for key, value in values.items()}
