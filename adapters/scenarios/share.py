"""How much of a definition scenarios have exercised."""

from __future__ import annotations

from msgspec import Struct


class Missed(Struct, frozen=True):
    """A step, a way or a row that was never exercised, and where it stands."""

    what: str
    at: str


class Share(Struct, frozen=True):
    """How much of one definition was exercised: the steps or ways of a process, the rows of a decision, the rules of a policy."""

    of: str
    kind: str  # steps | ways | rows | rules
    all: int
    missed: tuple[Missed, ...]

    @property
    def covered(self) -> int:
        """How many were exercised."""
        return self.all - len(self.missed)

    @property
    def percent(self) -> int:
        """The same of a hundred, rounded down; all of nothing is 100."""
        return 100 * self.covered // self.all if self.all else 100
