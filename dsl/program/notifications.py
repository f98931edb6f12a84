"""Notifications."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin

Template = tuple[str | Formula, ...]  #: what stands there, and what is to be put there


class Words(Struct, frozen=True):
    """A notification in one language."""

    subject: Template
    text: Template


class Channel(Struct, frozen=True):
    """A way to an address, by an organization; None where by that which has the role."""

    address: Formula
    through: str | None
    when: Formula | None


class Notice(Struct, frozen=True):
    """What is told when the point `on` is reached by an order, a unit of work or a line (`of`), once `per` value.

    `message` is the message that takes it along instead, where that is its cause. `by` names channels.
    """

    name: str
    on: str
    message: str | None
    of: str
    when: Formula | None
    by: tuple[str, ...]
    per: Formula | None
    texts: Mapping[str, Words]
    origin: Origin


class Notifications(Struct, frozen=True):
    """What a role is told; each notice has words in the language `fallback`."""

    name: str
    title: str
    role: str
    language: Formula | None
    fallback: str
    channels: Mapping[str, Channel]
    notices: tuple[Notice, ...]
