"""What is checked of each document by itself, and what of the whole; what is known of either is not checked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Document
from orderloom.dsl.resolve import Definitions

Check = Callable[[Definitions], Iterable[Diagnostic]]


class each:  # noqa: N801  # reads as a word in the list of checks
    """The check of every document of a kind, or of every `Document` there is, by what checks one of them."""

    def __init__(self, kind: type[Any], *checks: Callable[[Any, Definitions], Iterable[Diagnostic]]) -> None:
        self._kind, self._checks = kind, checks

    def __call__(self, definitions: Definitions) -> Iterator[Diagnostic]:
        for by_name in self._all(definitions):
            for one in by_name.values():
                yield from definitions.remembered(self._checks, one, partial(self._told, one, definitions))

    def _told(self, one: Any, definitions: Definitions) -> tuple[Diagnostic, ...]:
        return tuple(told for check in self._checks for told in check(one, definitions))

    def _all(self, definitions: Definitions) -> Iterable[Mapping[str, Any]]:
        return definitions.documents.values() if self._kind is Document else (definitions.of_kind(self._kind),)


def told_of(definitions: Definitions, check: Check) -> tuple[Diagnostic, ...]:
    """What a check of the list tells."""
    if isinstance(check, each):
        return tuple(check(definitions))
    return definitions.remembered(check, None, lambda: tuple(check(definitions)))
