"""What every definition refers to: places in the files, and expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orderloom.dsl.shape import Shape


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in the analyst's files; lines and columns count from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Formula:
    """A FEEL expression of a definition, compiled. Calling it never raises; what FEEL cannot work out is None.

    `shape` says what it depends on, None when that is not known.
    """

    text: str
    origin: Origin
    evaluate: Callable[[Mapping[str, object]], object] = field(compare=False, repr=False)
    shape: Shape | None = field(default=None, compare=False, repr=False)

    def __call__(self, context: Mapping[str, object]) -> object:
        return self.evaluate(context)
