"""No policy takes stock of another organization that no relation grants; none is asked that is not to know of orders.

What nodes there will be nobody knows here. A node is looked for among those that the conditions tell apart: what is found is a
witness, so that nothing is told in vain; what is not found is refused when it comes to it (`engine/promising/borders.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from orderloom.dsl import graph
from orderloom.dsl.checks.apart import Path, in_words, reads, witness
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.program import Formula
from orderloom.dsl.relations import granted_in
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rights import US
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.steps import AskStep, Process, TellStep
from orderloom.dsl.syntax import Organization, Relation, Sourcing


def ungranted(definitions: Definitions, words: Vocabulary, formulas: Compiled) -> Iterator[Diagnostic]:
    outside = [o for o in definitions.organizations.values() if o.external is not None and o.external.value == "true"]
    if not outside or {"participants", "sourcing"} & definitions.lost:
        return
    for organization in outside:
        operates = formulas.get(organization.operates) if organization.operates is not None else None
        for policy in definitions.of_kind(Sourcing).values() if operates is not None else ():
            yield from _taken(policy, organization, operates, definitions, words, formulas)
    yield from _told(definitions, {o.name.value: o for o in outside})
    yield from _empty(definitions, words, formulas)


def granting(definitions: Definitions, granter: str | None, grantee: str | None, *flows: str) -> list[Relation]:
    """The relations by which the one grants the other one of these flows; None stands for anybody."""
    manifest = definitions.manifest
    own = manifest.workspace.value if manifest is not None and manifest.workspace is not None else US
    return [
        relation
        for relation in definitions.relations
        for each in islice(granted_in(relation), 1)
        if granter in (None, each.granter, US if each.granter == own else None)
        and grantee in (None, each.grantee, US if each.grantee == own else None)
        and set(flows) & set(each.flows)
    ]


def _taken(
    policy: Sourcing,
    owner: Organization,
    operates: Formula | None,
    definitions: Definitions,
    words: Vocabulary,
    formulas: Compiled,
) -> Iterator[Diagnostic]:
    """A pool takes nodes of the organization that no relation grants to anybody."""
    granted = granting(definitions, owner.name.value, None, "availability")
    if any(relation.nodes is None for relation in granted):
        return
    later = _behind(owner, definitions)
    outs = (*(r.nodes for r in granted), *later, *(e.when for e in policy.exclude))
    never = [formulas[each] for each in outs if each is not None and each in formulas]
    for pool in policy.candidates:
        if pool.nodes is None or pool.nodes not in formulas:
            continue
        found = witness([operates, formulas[pool.nodes]], never, words) if operates is not None else None
        if found is not None:
            labels = (Label(owner.name.span, "an organization of its own"),)
            case = _case(found, formulas[pool.nodes])
            text = f"{policy.name.value} takes stock of {owner.name.value} that no relation grants: a node with {case}"
            hint = f"add to relations: - {owner.name.value} grants {US}: availability; or take its nodes out of the pool"
            yield Diagnostic("E716", text, pool.nodes.span, labels, hint)


def _behind(owner: Organization, definitions: Definitions) -> list[Located[str]]:
    """The nodes of organizations behind this one: of several that fit the last one counts."""
    names = list(definitions.organizations)
    after = names[names.index(owner.name.value) + 1 :]
    return [o.operates for o in (definitions.organizations[name] for name in after) if o.operates is not None]


def _told(definitions: Definitions, outside: Mapping[str, Organization]) -> Iterator[Diagnostic]:
    """A process asks or tells an organization that is granted nothing of orders."""
    for process in definitions.of_kind(Process).values():
        for step in graph.every_step(process):
            role = step.ask if isinstance(step, AskStep) else step.tell if isinstance(step, TellStep) else None
            for organization in outside.values():
                having = role is not None and role.value in (each.value for each in organization.roles)
                flows = ("orders",) if isinstance(step, AskStep) else ("orders", "status")
                if role is not None and having and not granting(definitions, None, organization.name.value, *flows):
                    labels = (Label(organization.name.span, "an organization of its own"),)
                    text = f"{organization.name.value} is {role.value}, and no relation grants it {' or '.join(flows)}"
                    hint = f"add to relations: - {US} grants {organization.name.value}: {flows[0]}"
                    yield Diagnostic("E718", text, role.span, labels, hint)


def _empty(definitions: Definitions, words: Vocabulary, formulas: Compiled) -> Iterator[Diagnostic]:
    """A relation is about nodes none of which the granter operates."""
    for relation in definitions.relations:
        granter = next((each.granter for each in granted_in(relation)), None)
        owner = definitions.organizations.get(granter or "")
        if owner is None or relation.nodes is None or relation.nodes not in formulas:
            continue
        operates = formulas.get(owner.operates) if owner.operates is not None else None
        if operates is None or witness([operates, formulas[relation.nodes]], [], words) is None:
            labels = (Label(owner.name.span, "declared here"),)
            text = f"none of these nodes is operated by {granter}"
            yield Diagnostic("E719", text, relation.nodes.span, labels, f"name nodes that {granter} operates")


def _case(found: Mapping[Path, object], pool: Formula) -> str:
    """The witness by what matters of it."""
    return in_words({path: value for path, value in found.items() if path[0] == "node" or reads(pool, path)})
