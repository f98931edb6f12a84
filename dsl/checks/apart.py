"""A case that shows what conditions have in common: values for which some are true, and others are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice, product
from math import prod

from orderloom.dsl.checks.witness import shown
from orderloom.dsl.feel.types import BOOLEAN, NUMBER, STRING, ContextType, ListType, Simple, Type
from orderloom.dsl.program import Formula
from orderloom.dsl.scopes import Vocabulary

MOST = 20_000  #: cases that are looked at
_TEXT, _NUMBER = re.compile(r'"((?:[^"\\]|\\.)*)"'), re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?")
_OTHER = "other"  #: a text that no condition names

#: Paths, each alone, compared with texts or with true and false, or one of a list of texts; joined by and, or, not.
_PLAIN = re.compile(
    r"(?:\s|\b(?:and|or|true|false)\b|\bnot\s*\(|[()]|[a-z_]\w*(?:\.\w+)+"
    r"(?:\s*!?=\s*(?:\"\"|true\b|false\b)|\s+in\s*[(\[](?:\s*\"\"\s*,?)+[)\]])?)+"
)

Path = tuple[str, ...]


def witness(all_true: Sequence[Formula], none_true: Sequence[Formula], words: Vocabulary) -> Mapping[Path, object] | None:
    """Values for which all of the first are true and none of the others; None where none was found."""
    fields, domains = _domains((*all_true, *none_true), words)
    found = _case(fields, domains, all_true, none_true)
    return {path: value for path, value in found.items() if value not in (None, [])} if found is not None else None


def _domains(everything: Sequence[Formula], words: Vocabulary) -> tuple[list[Path], list[Sequence[object]]]:
    """The fields that are read, and the values of each that matter."""
    fields = sorted({path for each in everything if each.shape is not None for path in each.shape.reads})
    return fields, [_values(_type(path, words), [each.text for each in everything if reads(each, path)]) for path in fields]


def _case(
    fields: Sequence[Path], domains: Sequence[Sequence[object]], all_true: Sequence[Formula], none_true: Sequence[Formula]
) -> Mapping[Path, object] | None:
    for case in islice(product(*domains), MOST):
        context = _context(dict(zip(fields, case, strict=True)))
        if all(each(context) is True for each in all_true) and not any(each(context) is True for each in none_true):
            return dict(zip(fields, case, strict=True))
    return None


def never(all_true: Sequence[Formula], none_true: Sequence[Formula], words: Vocabulary) -> bool:
    """Whether there are certainly no such values: conditions that only compare texts and ask for booleans are tried out whole.

    Others among those that must not hold are left out, which makes a case only easier to find.
    """
    if not all(is_plain(each, words) for each in all_true):
        return False
    plain = [each for each in none_true if is_plain(each, words)]
    everything = (*all_true, *plain)
    fields, domains = _domains(everything, words)
    domains = [[*values, None] for values in domains]  # any of them may be absent
    return prod(map(len, domains)) <= MOST and _case(fields, domains, all_true, plain) is None


def is_plain(formula: Formula, words: Vocabulary) -> bool:
    """Whether a condition only compares texts and asks for booleans."""
    kinds = [_type(path, words) for path in formula.shape.reads - {("not",)}] if formula.shape is not None else [None]
    simple = all(isinstance(kind, Simple) and kind.name in (STRING.name, BOOLEAN.name) for kind in kinds)
    return simple and _PLAIN.fullmatch(_TEXT.sub('""', formula.text)) is not None


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
