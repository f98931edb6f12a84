"""A case that shows what conditions have in common: values for which some are true, and others are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice, product

from orderloom.dsl.checks.witness import shown
from orderloom.dsl.feel.types import BOOLEAN, NUMBER, STRING, ContextType, ListType, Simple, Type
from orderloom.dsl.program import Formula
from orderloom.dsl.scopes import Vocabulary

MOST = 20_000  #: cases that are looked at
_TEXT, _NUMBER = re.compile(r'"((?:[^"\\]|\\.)*)"'), re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?")
_OTHER = "other"  #: a text that no condition names

Path = tuple[str, ...]


def witness(all_true: Sequence[Formula], none_true: Sequence[Formula], words: Vocabulary) -> Mapping[Path, object] | None:
    """Values for which all of the first are true and none of the others; None where none was found."""
    everything = (*all_true, *none_true)
    fields = sorted({path for each in everything if each.shape is not None for path in each.shape.reads})
    domains = [_values(_type(path, words), [each.text for each in everything if reads(each, path)]) for path in fields]
    for case in islice(product(*domains), MOST):
        context = _context(dict(zip(fields, case, strict=True)))
        if all(each(context) is True for each in all_true) and not any(each(context) is True for each in none_true):
            return {path: value for path, value in zip(fields, case, strict=True) if value not in (None, [])}
    return None


def reads(formula: Formula, path: Path) -> bool:
    """Whether a condition asks for a field."""
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


def in_words(found: Mapping[Path, object]) -> str:
    """A case as one reads it."""
    return ", ".join(f"{'.'.join(path)} = {_words(value)}" for path, value in found.items()) or "any values"


def _words(value: object) -> str:
    return f"[{', '.join(shown(each) for each in value)}]" if isinstance(value, list) else shown(value)
