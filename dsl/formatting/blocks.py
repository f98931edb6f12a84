"""Texts that stand as a block below `|` or `>`."""

from __future__ import annotations

import re

from msgspec import Struct

_HEAD = re.compile(r"[|>][-+0-9]*")


class Block(Struct, frozen=True):
    """A block: its head, a comment behind that, its lines without their indentation, and the place where it ends.

    `indicator` is the indentation that its head tells, 0 where it tells none.
    """

    head: str
    comment: str
    lines: tuple[str, ...]
    end: int
    indicator: int = 0


def block(text: str, start: int, outer: int) -> Block:
    """The block that begins at a place, in what is indented by `outer`."""
    first, *rest = text[start:].split("\n")
    head = _HEAD.match(first).group()  # type: ignore[union-attr]  # it begins with one of the two
    indicator = int("".join(re.findall(r"\d", head)) or 0)
    indent = max(outer, 0) + indicator if indicator else _indent(next((line for line in rest if line.strip()), ""))
    taken: list[str] = []
    for line in rest:
        if line.strip() and (_indent(line) < indent or indent <= outer):
            break
        taken.append(line)
    while "+" not in head and taken and not taken[-1].strip():
        taken.pop()
    if "+" in head and len(taken) == len(rest) and taken and not taken[-1]:
        taken.pop()  # behind the last line break there is no line
    end = start + len(first) + sum(len(line) + 1 for line in taken)
    return Block(head, first[len(head) :].strip(), tuple(line[indent:] for line in taken), end, indicator)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
