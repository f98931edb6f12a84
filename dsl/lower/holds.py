"""Holds."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.checks.holds import holds_of
from orderloom.dsl.fields import Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax.holds import (
    Apply,
    ApplyToLine,
    ApplyToOrder,
    LineHold,
    OrderHold,
    Resolve,
    ResolveOfLine,
    ResolveOfOrder,
)

OPERATIONS = "operations"  #: owns what no role may resolve by hand


def lowered_holds(definitions: Definitions, formulas: Compiled) -> dict[str, program.Hold]:
    return {name: _hold(pair, formulas) for name, pair in holds_of(definitions).items()}


def _hold(pair: Pair[OrderHold] | Pair[LineHold], formulas: Compiled) -> program.Hold:
    name, hold = pair.key.value, pair.value
    return program.Hold(
        name=name,
        title=text(hold.title, name),
        because=hold.because.value,
        of_line=isinstance(hold, LineHold),
        blocks=frozenset(step.value for step in hold.blocks),
        apply=_rule(hold.apply, formulas),
        resolve=_rule(hold.resolve, formulas),
        owner=hold.resolve.by[0].value if hold.resolve.by else OPERATIONS,
        again=hold.after_a_change is not None and hold.after_a_change.value == "ask again",
        origin=origin(pair.key.span),
    )


def _rule(rule: Apply | Resolve, formulas: Compiled) -> program.HoldRule:
    assert isinstance(rule, ApplyToOrder | ApplyToLine | ResolveOfOrder | ResolveOfLine), "as declared for orders and lines"
    after, into = (rule.after, rule.into) if isinstance(rule, Resolve) else (None, None)
    return program.HoldRule(
        by=tuple(role.value for role in rule.by),
        on=tuple(event.value for event in rule.on),
        when=formula(rule.when, formulas),
        at=formula(rule.at, formulas),
        after=after.value if after is not None else None,
        into=into.value if into is not None else None,
    )
