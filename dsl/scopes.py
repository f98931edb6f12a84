"""What each place of a definition may speak of, as FEEL scopes: the built-in entities with the user's fields."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.entities import ENTITIES, EXTENSIBLE, SCOPES
from orderloom.dsl.feel import Function, Scope, parse_type
from orderloom.dsl.feel.memo import Memo
from orderloom.dsl.feel.types import ANY, BY_NAME, ContextType, ListType, Type, one_of
from orderloom.dsl.fields import Located, Pair, WrittenType
from orderloom.dsl.problems import located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Monitor, Promising, Returns


class Vocabulary(Struct, frozen=True):
    """The types of the entities, and the types of the user's own fields among them."""

    entities: Mapping[str, Type]
    attributes: Mapping[str, Mapping[str, Type]]
    memo: Memo | None = None

    def scope(self, place: str, functions: Mapping[str, Function], lane: Type) -> Scope:
        """The scope of a place that `entities.SCOPES` lists; `lane` has the values that promising rules name."""
        named = {**self.entities, "lane": lane}
        return Scope({name: _known(kind, named) for name, kind in SCOPES[place].items()}, functions, self.entities, self.memo)


def vocabulary(definitions: Definitions, memo: Memo | None = None) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    """The types in force; a field whose type is not known is of type Any."""
    found: list[Diagnostic] = []
    attributes: dict[str, dict[str, Type]] = {}
    for entity, fields in definitions.attributes.items():
        attributes[entity] = {name: _field(entity, pair, found) for name, pair in fields.items()}
    entities: dict[str, Type] = {}
    named = _named(definitions)
    for entity, built_in in ENTITIES.items():
        known = {**{name: _known(kind, entities) for name, kind in built_in.items()}, **named.get(entity, {})}
        own = "line" if entity == "asked_line" else entity
        may_have_more = own in EXTENSIBLE and "attributes" in definitions.lost
        entities[entity] = ContextType({**known, **attributes.get(own, {})}, open=may_have_more)
    return Vocabulary(entities, attributes, memo), tuple(found)


def types_of(attributes: Mapping[str, Mapping[str, Type]]) -> Mapping[str, Type]:
    """The types of the entities where these are the user's own fields."""
    entities: dict[str, Type] = {}
    for entity, built_in in ENTITIES.items():
        known = {name: _known(kind, entities) for name, kind in built_in.items()}
        entities[entity] = ContextType({**known, **attributes.get(entity, {})})
    return entities


def _named(definitions: Definitions) -> Mapping[str, Mapping[str, Type]]:
    """Built-in fields whose values are names in other documents: a text that none of them names is a slip of the pen."""
    found = {**_named_by_promising(definitions), **_named_by_monitors(definitions)}
    manifest = definitions.manifest
    if manifest is not None and manifest.currency is not None:
        found["order"] = {"currency": one_of(manifest.currency.value)}  # an order in another one is not taken in
    return {**found, "request": _named_by_returns(definitions)}


def _named_by_returns(definitions: Definitions) -> Mapping[str, Type]:
    """Reasons and conditions, where every policy of returns says which there are."""
    policies = definitions.of_kind(Returns).values()
    if not policies or "returns" in definitions.lost:
        return {}
    said = {
        "reason": [{each.value for each in policy.reasons} for policy in policies],
        "condition": [{each.value for each in policy.conditions} for policy in policies],
    }
    return {name: one_of(*sorted(set().union(*values))) for name, values in said.items() if all(values)}


def _named_by_monitors(definitions: Definitions) -> Mapping[str, Mapping[str, Type]]:
    monitors = definitions.of_kind(Monitor).values()
    if not monitors or "monitor" in definitions.lost:
        return {}
    events = {each.raises.alert.value for each in monitors if each.raises is not None and each.raises.alert is not None}
    if not events:
        return {}
    alerts = {"alerts": ListType(one_of(*sorted(events)))}
    return {"item": alerts, "position": alerts}


def _named_by_promising(definitions: Definitions) -> Mapping[str, Mapping[str, Type]]:
    rules = definitions.of_kind(Promising).values()
    if not rules or "promising" in definitions.lost:
        return {}
    kinds = {pair.key.value for each in rules for pair in each.supply}
    classes = {"good"} | {pair.key.value for each in rules for pair in each.stock_classes}
    work = {work.name.value for each in rules for work in each.work if work.name is not None}
    supply = {"type": one_of(*sorted(kinds)), "stock_class": one_of(*sorted(classes))}
    return {"supply": supply, "line": {"services": ListType(one_of(*sorted(work)))} if work else {}}


def written_type(written: WrittenType, found: list[Diagnostic]) -> Type:
    """The type that was written; Any where it is not known, which is told."""
    if written.text is None:
        return one_of(*(value.value for value in written.values))
    return named_type(written.text, found)


def named_type(text: Located[str], found: list[Diagnostic]) -> Type:
    known = BY_NAME.get(text.value)
    if known is not None:
        return known
    kind, problems = parse_type(text.value, {})
    found += [located(problem, text.node) for problem in problems]
    return kind or ANY


def _field(entity: str, pair: Pair[WrittenType], found: list[Diagnostic]) -> Type:
    if pair.key.value in ENTITIES[entity]:
        words = f"{entity}.{pair.key.value} is a built-in field"
        found.append(Diagnostic("E420", words, pair.key.span, hint="give yours another name"))
    return written_type(pair.value, found)


def _known(text: str, named: Mapping[str, Type]) -> Type:
    """The type of a built-in field, whose texts are simple."""
    if text.startswith("list<"):
        return ListType(_known(text[5:-1], named))
    return named[text] if text in named else BY_NAME[text]
