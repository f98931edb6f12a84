"""Policies of returns: each is for some orders, its process for returns, and its disposition says what becomes of the goods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from orderloom.dsl.checks.unreached import unreached
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located, Pair, WrittenType
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import Process
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Decision
from orderloom.dsl.syntax.returns import NEXT_STEPS, Returns

_DAY = timedelta(days=1)
_COLUMNS = ("next", "node", "stock_class", "code")


def returns(definitions: Definitions) -> Iterator[Diagnostic]:
    policies = definitions.of_kind(Returns).values()
    yield from unreached(policies, "E864", "order")
    for policy in policies:
        yield from _process(policy, definitions)
        yield from _twice(policy)
        yield from _blind(policy)
        decision = definitions.of_kind(Decision).get(policy.disposition.value if policy.disposition is not None else "")
        if decision is not None:
            yield from _disposition(policy, decision)


def _process(policy: Returns, definitions: Definitions) -> Iterator[Diagnostic]:
    process = definitions.of_kind(Process).get(policy.process.value if policy.process is not None else "")
    if process is not None and process.purpose is not None and process.purpose.value != "return":
        words = f"the process {process.name.value} is for {process.purpose.value}"
        yield Diagnostic("E865", words, policy.process.span, hint="name a process with `for: return`")


def _twice(policy: Returns) -> Iterator[Diagnostic]:
    for what, values in (("reason", policy.reasons), ("condition", policy.conditions)):
        known: dict[str, Located[str]] = {}
        for value in values:
            first = known.setdefault(value.value, value)
            if first is not value:
                words = f"the {what} {value.value} stands here twice"
                yield Diagnostic("E866", words, value.span, (Label(first.span, "the first"),), "delete one of them")


def _blind(policy: Returns) -> Iterator[Diagnostic]:
    """What is worth nothing, whoever brings it, is not taken back."""
    if policy.blind is not None and policy.blind.price is not None and policy.blind.price.value < _DAY:
        words = "no order is so young: everything that comes back without its order is refused"
        yield Diagnostic("E857", words, policy.blind.price.span, hint="write whole days, such as P90D")


def _disposition(policy: Returns, decision: Decision) -> Iterator[Diagnostic]:
    if decision.given:
        words = f"{decision.name.value} is called by expressions, it does not see the return"
        hint = "leave out `given`: its inputs see request, order, line, item, node and position"
        yield Diagnostic("E867", words, decision.name.span, (Label(policy.disposition.span, "asked here"),), hint)
        return
    columns = {pair.key.value: pair for pair in decision.outputs}
    for name in ("next", "node"):
        if name not in columns:
            words = f"{decision.name.value} does not say {'what becomes of the goods' if name == 'next' else 'where they go'}"
            hint = f"give it an output `{name}`" + (": one of " + ", ".join(NEXT_STEPS) if name == "next" else ": string")
            yield Diagnostic("E868", words, decision.name.span, (Label(policy.disposition.span, "asked here"),), hint)
    for name in columns.keys() - set(_COLUMNS):
        words = f"nobody asks a disposition for {name}"
        yield Diagnostic("E868", words, columns[name].key.span, hint=hint_for(name, _COLUMNS))
    yield from _next_steps(columns)


def _next_steps(columns: Mapping[str, Pair[WrittenType]]) -> Iterator[Diagnostic]:
    """The values of the column `next` are declared, so that each cell is checked, and known."""
    column = columns.get("next")
    if column is None:
        return
    if column.value.text is not None:
        words = "what may become of the goods must be declared, so that every row is checked"
        yield Diagnostic("E868", words, column.value.text.span, hint=f"write a list, such as [{', '.join(NEXT_STEPS)}]")
    for value in column.value.values:
        if value.value not in NEXT_STEPS:
            words = f"{value.value} is nothing that becomes of goods"
            yield Diagnostic("E869", words, value.span, hint=hint_for(value.value, NEXT_STEPS))
