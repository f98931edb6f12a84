"""Changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from orderloom.dsl.program.decision import Decision

KEPT = timedelta(minutes=15)  #: how long a preview stands where nobody says otherwise


@dataclass(frozen=True, slots=True)
class Changes:
    """A table of who may change what, in which status: its answer has `answer`, and what it needs of because, price, approve.

    A preview stands for as long as `keep` says.
    """

    name: str
    title: str
    table: Decision
    keep: timedelta = KEPT
