"""Changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct, field

from orderloom.dsl.program.decision import Decision
from orderloom.dsl.program.formula import Origin

KEPT = timedelta(minutes=15)  #: how long a preview stands where nobody says otherwise


class Until(Struct, frozen=True):
    """Something is refused from a status on: `after` has the statuses, by process, that nothing has before it had that one."""

    status: str
    after: Mapping[str, frozenset[str]]
    origin: Origin

    def passed(self, process: str, status: str) -> bool:
        """Whether what has this status in this process is known to have had the other."""
        return status in self.after.get(process, ())


class Changes(Struct, frozen=True):
    """A table of who may change what, in which status: its answer has `answer`, and what it needs of because, price, approve.

    A preview stands for as long as `keep` says. `until` limits what is changed, whatever the table says.
    """

    name: str
    title: str
    table: Decision
    keep: timedelta = KEPT
    until: Mapping[str, Until] = field(default_factory=dict)
