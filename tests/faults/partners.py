"""Partners that write down what reaches them, outside of the store, so that nobody can forget or double it unseen."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from orderloom.adapters.simulator import Simulator
from orderloom.engine import wire
from orderloom.engine.shell.ports import Adapter, Delivery, Incoming, Outgoing

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Counting:
    """Notes every message in a log before it is acted on; `moment` is called when it is noted, and when the answer is known."""

    log: Path
    partner: Adapter
    moment: Callable[[], None] = lambda: None

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        note(self.log, messages)
        self.moment()
        answers = self.partner.deliver(messages, settings)
        self.moment()
        return answers


def note(log: Path, messages: Sequence[Outgoing]) -> None:
    """One write to a file that is only ever added to: no kill leaves half of it."""
    lines = "".join(f"{sent.key}\t{_digest(sent)}\n" for sent in messages)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    assert os.write(file, lines.encode()) == len(lines.encode())
    os.close(file)


def _digest(sent: Outgoing) -> str:
    what = (sent.key, sent.order, sent.organization, sent.role, sent.message, sent.body)
    return sha256(wire.dump(what).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Seen:
    """What reached the partners: how often each message came, and what it said. It acts on a key once, so that `effects` are
    what it did."""

    times: Mapping[str, int]
    effects: Mapping[str, frozenset[str]]

    @property
    def repeated(self) -> int:
        """Deliveries beyond the first of each message."""
        return sum(self.times.values()) - len(self.times)


def seen(log: Path) -> Seen:
    """Reads a log."""
    times, effects = defaultdict[str, int](int), defaultdict[str, set[str]](set)
    for line in log.read_text().splitlines() if log.exists() else ():
        key, digest = line.split("\t")
        times[key] += 1
        effects[key].add(digest)
    return Seen(times, {key: frozenset(digests) for key, digests in effects.items()})


@dataclass(frozen=True)
class Prompt:
    """Answers everything at once, as is hoped for."""

    simulator: Simulator

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        at_once = {"messages": {sent.message: {"after": "PT0S"} for sent in messages}}
        return self.simulator.deliver(messages, at_once)


@dataclass(frozen=True)
class Twice:
    """Whatever goes to the partner, and whatever comes back, comes twice."""

    partner: Adapter

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        first, again = self.partner.deliver(messages, settings), self.partner.deliver(messages, settings)
        return [
            replace(each, incoming=(*reversed(late.incoming), *each.incoming)) for each, late in zip(first, again, strict=True)
        ]


@dataclass(frozen=True)
class Punctual:
    """Lets whatever the partner answers happen at a full hour, so that much is due at one moment."""

    partner: Adapter

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        answers = self.partner.deliver(messages, settings)
        return [replace(each, incoming=tuple(_at_full_hour(fact) for fact in each.incoming)) for each in answers]


def _at_full_hour(fact: Incoming) -> Incoming:
    return replace(fact, event=replace(fact.event, at=_full_hour(fact.event.at)))


def _full_hour(at: datetime) -> datetime:
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + HOUR


def proved_once(told: Seen) -> bool:
    """A message that came again said the same, so that its key makes it known."""
    return all(len(said) == 1 for said in told.effects.values())
