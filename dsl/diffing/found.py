"""What a comparison finds, as values that can be printed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Case(Struct, frozen=True):
    """An input that two versions decide differently, as both were asked.

    `given` is the input by path, parameter or column, in FEEL; `before` and `after` are the answers. `within` has, by column,
    the inputs around it for which the same is true, as a cell; columns that have no part in it are left out. `was` and `now`
    are the places of the rows that answer.
    """

    given: Mapping[str, str]
    before: str
    after: str
    within: Mapping[str, str] = {}
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


class Verdict(Struct, frozen=True):
    """How two logics differ: in these `cases`; `idle` are places of rows that differ without changing any answer.

    `unsure` says why more could not be told; empty where the cases are all that there is, so that none means the same behaviour.
    """

    cases: tuple[Case, ...] = ()
    idle: tuple[str, ...] = ()
    unsure: str = ""


class Decides(Struct, frozen=True):
    """Something that decides, by its address in the analyst's words, and where it stands in both versions.

    `used_by` are the addresses of what asks it.
    """

    what: str
    was_at: str
    now_at: str
    verdict: Verdict
    used_by: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is proved to decide as before."""
        return not self.verdict.cases and not self.verdict.unsure


class Setting(Struct, frozen=True):
    """A value that is another, or something that only one version has (the other side is empty then)."""

    what: str
    before: str
    after: str
    at: str


class Wording(Setting, frozen=True):
    """A text that decides nothing."""


class ProcessChange(Struct, frozen=True):
    """A process that is another: what became of its steps, in sentences, and which orders and units of work follow it."""

    process: str
    at: str
    changes: tuple[str, ...]
    followed_by: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()  #: the steps of the old version that are touched
    decides: tuple[Decides, ...] = ()  #: conditions of its steps


class Differences(Struct, frozen=True):
    """How one version of the definitions behaves otherwise than another. `words` are texts that decide nothing."""

    decides: tuple[Decides, ...] = ()
    settings: tuple[Setting, ...] = ()
    processes: tuple[ProcessChange, ...] = ()
    words: tuple[Wording, ...] = ()

    def __add__(self, more: Differences) -> Differences:
        """All of both, each kind in its order."""
        both = ((getattr(self, name), getattr(more, name)) for name in self.__struct_fields__)
        return Differences(*(first + then for first, then in both))

    @property
    def none(self) -> bool:
        """Whether no order would fare differently."""
        return not self.settings and not self.processes and all(each.same for each in self.decides)
