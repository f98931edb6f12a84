"""What every definition refers to: places in the files, and expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from orderloom.dsl.shape import Shape


class Origin(Struct, frozen=True):
    """A place in the analyst's files; lines and columns count from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Formula(Struct, frozen=True, eq=False):
    """A FEEL expression of a definition, compiled. Calling it never raises; what FEEL cannot work out is None.

    `shape` says what it depends on, None when that is not known. Two are equal that say the same at the same place.
    """

    text: str
    origin: Origin
    evaluate: Callable[[Mapping[str, object]], object]
    shape: Shape | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and (self.text, self.origin) == (other.text, other.origin)

    def __hash__(self) -> int:
        return hash((self.text, self.origin))

    def __call__(self, context: Mapping[str, object]) -> object:
        return self.evaluate(context)
