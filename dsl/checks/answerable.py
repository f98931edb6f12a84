"""Appeasements by role and reason: whoever may offer them has authority, and each reason is known where offers are chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rights import EVERYTHING
from orderloom.dsl.syntax import Appeasements, Decision

_CALL = re.compile(r"\s*([\w-]+)\s*\(([^()]*)\)\s*")
_RIGHT = "appease"


def answerable(policies: Sequence[Appeasements], definitions: Definitions) -> Iterator[Diagnostic]:
    if policies and "appeasements" not in definitions.lost and "participants" not in definitions.lost:
        if not definitions.overridden:  # a division may take authority from whom it will
            yield from _without_authority(policies, definitions)
        for policy in policies:
            yield from _without_right(policy, definitions)
    for policy in policies:
        yield from _unknown_reasons(policy, definitions.of_kind(Decision))


def _rights(definitions: Definitions) -> Mapping[str, Mapping[str, Located[str]]]:
    """The rights of each role that says what it may."""
    return {name: {right.value: right for right in pair.value.may} for name, pair in definitions.roles.items()}


def _without_authority(policies: Sequence[Appeasements], definitions: Definitions) -> Iterator[Diagnostic]:
    known = {pair.key.value for policy in policies for pair in policy.authority}
    for role, rights in _rights(definitions).items():
        if _RIGHT in rights and role not in known:
            words = f"{role} may offer appeasements, and no policy gives it authority: whatever it asks for is refused"
            labels = (Label(policies[-1].name.span, "a policy of appeasements"),)
            hint = f"add {role} to `authority` of a policy, or take this right away"
            yield Diagnostic("W835", words, rights[_RIGHT].span, labels, hint)


def _without_right(policy: Appeasements, definitions: Definitions) -> Iterator[Diagnostic]:
    """A right that no role has is left to the operator, who needs none."""
    rights = _rights(definitions)
    if not any(_RIGHT in each for each in rights.values()):
        return
    for pair in policy.authority:
        role = pair.key.value
        agrees = policy.approve is not None and policy.approve.value == role
        if role in rights and not agrees and not {_RIGHT, EVERYTHING} & rights[role].keys():
            words = f"{role} has authority over appeasements here, and may not offer any"
            labels = (Label(definitions.roles[role].key.span, "declared here"),)
            yield Diagnostic("W835", words, pair.key.span, labels, f"add {_RIGHT} to its `may`, or delete it here")


def _unknown_reasons(policy: Appeasements, known: Mapping[str, Decision]) -> Iterator[Diagnostic]:
    """Where offers are chosen by one call alone, its parameter for the reason must know each reason of the policy."""
    call = _CALL.fullmatch(policy.choose.value) if policy.choose is not None else None
    decision = known.get(call[1]) if call is not None else None
    if call is None or decision is None:
        return
    for at, given in enumerate(call[2].split(",")):
        name, _, value = (part.strip() for part in given.rpartition(":"))
        takes = next(
            (pair for place, pair in enumerate(decision.given) if (pair.key.value == name if name else place == at)), None
        )
        if value != "reason" or takes is None or not takes.value.values:
            continue
        listed = [each.value for each in takes.value.values]
        for reason in policy.reasons:
            if reason.value not in listed:
                words = f"{decision.name.value} does not know the reason {reason.value}, so nobody could be answered for it"
                labels = (Label(takes.key.span, "the reasons that it knows"),)
                yield Diagnostic(
                    "E830", words, reason.span, labels, f"add it to `{takes.key.value}`, and the rows that answer it"
                )
