"""Frames around the blocks of a process: branches, runs for elements, handlers, and what undoes a step.

A block's steps may stand in several columns; those that follow each other in one column have a frame, so that no frame holds
a step of another block. The name stands above the first box, left of what enters there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from textwrap import shorten

from msgspec import Struct

from orderloom.dsl.duration_words import duration_words
from orderloom.dsl.program import Each, Handler, Parallel, Process

STRIP = 17.0  #: room for a frame's name on each side of its boxes
NAME = 10.0  #: size of type
LONGEST = 44  #: characters of a name that are drawn


class Frame(Struct, frozen=True):
    """The name of a block, and those of its steps that stand below each other in one column."""

    name: str
    steps: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name as it is drawn."""
        return shorten(self.name, LONGEST, placeholder=" …")


def frames(process: Process, column: Mapping[str, int], row: Mapping[str, int]) -> Iterator[Frame]:
    """Every frame of a picture, by column from top to bottom."""
    names = block_names(process)
    standing = sorted(process.steps.values(), key=lambda step: (column[step.name], row[step.name]))
    for (_, block), run in groupby(standing, key=lambda step: (column[step.name], step.block)):
        if block:
            yield Frame(names.get(block, block), tuple(step.name for step in run))


def block_names(process: Process) -> Mapping[str, str]:
    """What each block is called in a picture."""
    found: dict[str, str] = {}
    for step in process.steps.values():
        found[f"{step.name}.undo"] = f"undo {step.name}"
        if isinstance(step.verb, Parallel):
            found |= {f"{step.name}.{branch.name}": branch.name for branch in step.verb.branches}
        if isinstance(step.verb, Each):
            found[step.name] = f"each {step.verb.name}"
    for handler in process.handlers:
        only = f", when {handler.when.text}" if handler.when is not None else ""
        found[handler.block] = ("beside, " if handler.beside else "") + trigger(handler) + only
    return found


def trigger(handler: Handler) -> str:
    """What a handler is for: an event, or a time."""
    if handler.at is not None:
        return f"at {handler.at.text}"
    return f"after {duration_words(handler.after)}" if handler.after is not None else f"on {handler.event}"
