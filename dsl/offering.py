"""The decisions by which appeasements choose their offers: what such a table leaves open, nobody could answer a customer."""

from __future__ import annotations

import re

from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Appeasements, Decision


def choosing(definitions: Definitions) -> frozenset[str]:
    """The names of the decisions that any policy calls to choose its offers."""
    policies = definitions.of_kind(Appeasements).values()
    return frozenset(name for policy in policies for name in chosen_by(policy, definitions))


def chosen_by(policy: Appeasements, definitions: Definitions) -> tuple[str, ...]:
    """The decisions that a policy calls to choose its offers."""
    if policy.choose is None:  # at fault, and told of
        return ()
    text = policy.choose.value
    known = definitions.of_kind(Decision)
    return tuple(name for name, each in known.items() if each.given and re.search(rf"(?<![\w-]){re.escape(name)}\s*\(", text))
