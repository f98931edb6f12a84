"""Text to tree, against the names in scope. A text that cannot be read gives a problem, never an exception."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import lark
from lark import Lark
from lark.exceptions import UnexpectedToken
from msgspec.structs import replace

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.build import Builder
from orderloom.dsl.feel.builtins import BUILTINS
from orderloom.dsl.feel.lexer import FeelLexer, Refused, Source
from orderloom.dsl.feel.names import Lexicon
from orderloom.dsl.feel.nesting import too_deep
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.syntax_errors import describe
from orderloom.dsl.feel.types import BY_NAME, ContextType, FunctionType, ListType, RangeType, Type
from orderloom.dsl.feel.typetexts import resolve

MAX_LENGTH = 50_000
_PROPERTIES = ("time offset", "start included", "end included")
_NEGATED = re.compile(r"\s*not\s*\(.*\)\s*", re.DOTALL)
_NONE = Lexicon()
_BUILT_IN = Lexicon(BUILTINS)
_TYPES = Lexicon(BY_NAME)


@cache
def grammar() -> Lark:
    """The parser. Its tables take a quarter of a second to build, so they are kept in the user's own cache folder."""
    text = Path(__file__).with_name("feel.lark").read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer=FeelLexer,
        transformer=Builder(),
        start=["expression", "unary_tests", "type"],
        keep_all_tokens=True,
        maybe_placeholders=False,
        cache=_cache() or False,
    )


def _cache() -> str | None:
    """A file that only the user can write, since it is unpickled; None where there is no place for one."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "orderloom"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return str(folder / f"feel-{sys.implementation.cache_tag}-{lark.__version__}.table")


def parse(text: str, scope: Scope) -> tuple[tree.Expr | None, tuple[Problem, ...]]:
    """The tree of an expression, or None and what is wrong with it."""
    return _read(_source(text, scope), "expression")


def parse_tests(text: str, scope: Scope) -> tuple[tree.Tests | None, tuple[Problem, ...]]:
    """The tree of a decision table's cell (unary tests); `?` is the value that is tested.

    `not(...)` negates the tests when it is the whole cell; in `not(a) or b` it is the function.
    """
    source = _source(text, scope)
    if _NEGATED.fullmatch(text):
        tests, _ = _read(replace(source, negated=True), "unary_tests")
        if tests is not None:
            return tests, ()
    return _read(source, "unary_tests")


def parse_type(text: str, named: Mapping[str, Type]) -> tuple[Type | None, tuple[Problem, ...]]:
    """The type that a text like `list<string>` names; `named` are the caller's own types."""
    source = Source(text, _NONE, _NONE, (), (_TYPES, Lexicon(named)))
    written, problems = _read(source, "type")
    if written is None:
        return None, problems
    return resolve(written, named)


def _source(text: str, scope: Scope) -> Source:
    members = Lexicon([*_PROPERTIES, *_fields_of(scope.names.values())])
    functions, types = (_BUILT_IN, Lexicon(scope.functions)), (_TYPES, Lexicon(scope.types))
    return Source(text, Lexicon(scope.names), members, functions, types)


def _fields_of(types: Iterable[Type]) -> Iterator[str]:
    """All field names anywhere in the types: which of them may follow a dot is the checker's business."""
    for kind in types:
        match kind:
            case ContextType(fields):
                yield from fields
                yield from _fields_of(fields.values())
            case ListType(of) | RangeType(of):
                yield from _fields_of((of,))
            case FunctionType(_, result):
                yield from _fields_of((result,))


def _read(source: Source, start: str) -> tuple[Any, tuple[Problem, ...]]:
    if len(source.text) > MAX_LENGTH:
        return None, (
            Problem("E209", 0, len(source.text), "this expression is too long", f"keep it below {MAX_LENGTH:,} characters"),
        )
    try:
        node: Any = grammar().parse(source, start=start)
    except Refused as refused:
        return None, (refused.problem,)
    except UnexpectedToken as error:
        return None, (describe(source.text, error),)
    except ArithmeticError:
        return None, (Problem("E206", 0, len(source.text), "a number here is too large", "numbers go up to 34 digits and E6144"),)
    deep = too_deep(node)
    return (None, (deep,)) if deep else (node, ())
