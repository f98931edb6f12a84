"""Messages match what a role receives, and some organization has each role that is asked or told."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AskStep, Process, TellStep
from orderloom.dsl.suggest import hint_for


def messages(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    staffed = {role.value for organization in definitions.organizations.values() for role in organization.roles}
    for step in graph.every_step(process):
        if not isinstance(step, AskStep | TellStep):
            continue
        role = step.ask if isinstance(step, AskStep) else step.tell
        if role is None or role.value not in definitions.roles:
            continue
        if role.value not in staffed and "participants" not in definitions.lost:
            words = f"no organization has the role {role.value}"
            yield Diagnostic("E703", words, role.span, hint=f"add {role.value} to the roles of an organization")
        if step.message is not None:
            yield from _message(step, role, step.message, definitions)


def _message(
    step: AskStep | TellStep, role: Located[str], message: Located[str], definitions: Definitions
) -> Iterator[Diagnostic]:
    received = definitions.messages(role.value)
    if message.value not in received and "participants" in definitions.lost:
        return
    if message.value not in received:
        others = [name for name in definitions.roles if message.value in definitions.messages(name)]
        hint = f"it is a message for {', '.join(others)}" if others else hint_for(message.value, received)
        yield Diagnostic("E701", f"{role.value} does not receive a message {message.value}", message.span, hint=hint)
        return
    declared = next(pair.key for pair in definitions.roles[role.value].value.receives if pair.key.value == message.value)
    replies = received[message.value].replies
    if isinstance(step, AskStep) and not replies:
        yield _mismatch(message, declared, "has no replies", "use tell, or declare its replies")
    elif isinstance(step, TellStep) and replies:
        yield _mismatch(message, declared, "has replies, which nobody waits for", "use ask, or take its replies away")


def _mismatch(message: Located[str], declared: Located[str], what: str, hint: str) -> Diagnostic:
    labels = (Label(declared.span, "declared here"),)
    return Diagnostic("E702", f"the message {message.value} {what}", message.span, labels, hint)


def shared_nodes(definitions: Definitions) -> Iterator[Diagnostic]:
    """An organization that operates no nodes cannot be the one of two with a role that a node's work goes to."""
    for role in definitions.roles:
        having = [o for o in definitions.organizations.values() if role in (named.value for named in o.roles)]
        without = [o for o in having if o.operates is None]
        for organization in without[1:]:
            labels = (Label(without[0].name.span, "the first"),)
            words = f"two organizations have the role {role}, and nothing says which is meant"
            yield Diagnostic(
                "E704", words, organization.name.span, labels, "say which nodes each operates, or take the role from one"
            )
