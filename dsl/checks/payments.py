"""Requests about money have an answer, one receiver for each; what is taken can be given back, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Pair
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AskStep, Process, TellStep
from orderloom.dsl.syntax import Message

CAPTURE, REFUND = "capture", "refund"


def payments(definitions: Definitions) -> Iterator[Diagnostic]:
    about = [(role, pair) for role, named in definitions.roles.items() for pair in named.value.receives if pair.value.money]
    seen: dict[str, Pair[Message]] = {}
    for _, pair in about:
        assert pair.value.money is not None
        first = seen.setdefault(pair.value.money.value, pair)
        if not pair.value.replies:
            words = f"whether money was taken or given is not known: {pair.key.value} has no replies"
            yield Diagnostic("E720", words, pair.value.money.span, hint="declare its replies; the first says that it is done")
        if first is not pair:
            words = f"{pair.key.value} and {first.key.value} are both for money: {pair.value.money.value}"
            labels = (Label(first.key.span, "the other one"),)
            yield Diagnostic("E721", words, pair.value.money.span, labels, "one role has to be asked; delete one of them")
    if CAPTURE in seen and REFUND not in seen:
        capture = seen[CAPTURE].key
        words = f"{capture.value} takes money, and nobody receives a message that gives it back; refunds are only written down"
        hint = f"add a message with money: {REFUND} beside it, or give money back by hand"
        yield Diagnostic("W723", words, capture.span, hint=hint)
    refunds = {(role, pair.key.value) for role, pair in about if pair.value.money and pair.value.money.value == REFUND}
    staffed = {role.value for organization in definitions.organizations.values() for role in organization.roles}
    yield from _unstaffed(definitions, refunds - {(role, name) for role, name in refunds if role in staffed})
    yield from _sent(definitions, refunds)


def _unstaffed(definitions: Definitions, refunds: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    for role, _ in sorted(refunds):
        if "participants" not in definitions.lost:
            words = f"no organization has the role {role}, to which refunds go"
            hint = f"add {role} to the roles of an organization"
            yield Diagnostic("E703", words, definitions.roles[role].key.span, hint=hint)


def _sent(definitions: Definitions, refunds: set[tuple[str, str]]) -> Iterator[Diagnostic]:
    for process in definitions.of_kind(Process).values():
        for step in graph.every_step(process):
            role = step.ask if isinstance(step, AskStep) else step.tell if isinstance(step, TellStep) else None
            message = step.message if isinstance(step, AskStep | TellStep) else None
            if role is not None and message is not None and (role.value, message.value) in refunds:
                hint = "delete the step; whatever gives money back (refund, a return, a cancellation) sends it"
                yield Diagnostic("E722", f"{message.value} is sent by itself with every refund", message.span, hint=hint)
