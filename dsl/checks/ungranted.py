"""No policy takes stock of another organization that no relation grants; none is asked that is not to know of orders.

What nodes there will be nobody knows here. A node is looked for among those that the conditions tell apart: what is found is a
witness, so that nothing is told in vain; what is not found is refused when it comes to it (`engine/promising/borders.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice, product

from orderloom.dsl import graph
from orderloom.dsl.checks.witness import shown
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.feel.types import BOOLEAN, NUMBER, STRING, ContextType, ListType, Simple, Type
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.program import Formula
from orderloom.dsl.relations import granted_in
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rights import US
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.steps import AskStep, Process, TellStep
from orderloom.dsl.syntax import Organization, Relation, Sourcing

MOST = 20_000  #: cases that are looked at, for each policy and organization
_TEXT, _NUMBER = re.compile(r'"((?:[^"\\]|\\.)*)"'), re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?")
_OTHER = "other"  #: a text that no condition names

Path = tuple[str, ...]


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


def witness(all_true: Sequence[Formula], none_true: Sequence[Formula], words: Vocabulary) -> Mapping[Path, object] | None:
    """Values for which all of the first are true and none of the others; None where none was found."""
    everything = (*all_true, *none_true)
    reads = sorted({path for each in everything if each.shape is not None for path in each.shape.reads})
    domains = [_values(_type(path, words), [each.text for each in everything if _reads(each, path)]) for path in reads]
    for case in islice(product(*domains), MOST):
        context = _context(dict(zip(reads, case, strict=True)))
        if all(each(context) is True for each in all_true) and not any(each(context) is True for each in none_true):
            return {path: value for path, value in zip(reads, case, strict=True) if value not in (None, [])}
    return None


def _reads(formula: Formula, path: Path) -> bool:
    return formula.shape is not None and path in formula.shape.reads


def _values(kind: Type | None, conditions: Sequence[str]) -> Sequence[object]:
    """The values of a field that the conditions which read it tell apart; of fields of other types, and of functions, none."""
    texts = list(dict.fromkeys(text for each in conditions for text in _TEXT.findall(each)))
    if isinstance(kind, ListType):
        return [[], [*texts, _OTHER]] if isinstance(kind.of, Simple) and kind.of.name == STRING.name else (None,)
    if isinstance(kind, Simple) and kind.name == STRING.name:
        return [_OTHER, *texts]
    if kind == NUMBER:
        named = (Decimal(number) for each in conditions for number in _NUMBER.findall(_TEXT.sub("", each)))
        return sorted({number + step for number in named for step in (-1, 0, 1)}) or [Decimal(1)]
    return (False, True) if kind == BOOLEAN else (None,)


def _type(path: Path, words: Vocabulary) -> Type | None:
    kind: Type | None = words.entities.get(path[0]) or {"method": STRING}.get(path[0])
    for name in path[1:]:
        kind = kind.fields.get(name) if isinstance(kind, ContextType) else None
    return kind


def _context(values: Mapping[Path, object]) -> dict[str, object]:
    whole: dict[str, object] = {}
    for path, value in values.items():
        inner = whole
        for part in path[:-1]:
            below = inner.setdefault(part, {})
            inner = below if isinstance(below, dict) else {}
        inner.setdefault(path[-1], value)
    return whole


def _case(found: Mapping[Path, object], pool: Formula) -> str:
    """The witness by what matters of it."""
    told = {path: value for path, value in found.items() if path[0] == "node" or _reads(pool, path)}
    return ", ".join(f"{'.'.join(path)} = {_words(value)}" for path, value in told.items()) or "any values"


def _words(value: object) -> str:
    return f"[{', '.join(shown(each) for each in value)}]" if isinstance(value, list) else shown(value)
