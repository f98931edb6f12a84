"""Participants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orderloom.dsl.program.formula import Formula, Origin


@dataclass(frozen=True, slots=True)
class Message:
    """A message that a role receives; a request has replies, a notice has none. The first reply is the main one."""

    name: str
    title: str
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a participant is for another: the messages that it receives and the events that it sends."""

    name: str
    title: str
    receives: Mapping[str, Message]
    sends: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Organization:
    """A participant; `nodes` is a condition on `node`, None where the organization operates none."""

    name: str
    title: str
    roles: tuple[str, ...]
    nodes: Formula | None
    adapter: str
    settings: Mapping[str, object]
    origin: Origin
