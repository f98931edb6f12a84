"""Changes."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from orderloom.dsl.program.decision import Decision

KEPT = timedelta(minutes=15)  #: how long a preview stands where nobody says otherwise


class Changes(Struct, frozen=True):
    """A table of who may change what, in which status: its answer has `answer`, and what it needs of because, price, approve.

    A preview stands for as long as `keep` says.
    """

    name: str
    title: str
    table: Decision
    keep: timedelta = KEPT
