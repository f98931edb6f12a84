"""Simulated partners: every message of any role is answered by its declared replies, with delays and faults from a seed.

What becomes of a message is a pure function of the seed, its key and the settings, so a repeated delivery, a restart or another
order of delivery changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct, field

from orderloom.adapters.behaviour import LATE, LATE_BY, NEVER, NO_ANSWER, TWICE, Behaviour, Settings, settings_of
from orderloom.adapters.chance import between, draw, pick
from orderloom.dsl.program import Message, Program, Role
from orderloom.engine.events import Event, Happened, Replied
from orderloom.engine.shell.ports import Adapter, Delivery, Incoming, Outgoing

NAME = "simulator"  #: under which organizations name it
SHORT = "short-picked"  #: the reply that says how much of each line was found


class Simulator(Struct, frozen=True):
    """The adapter. `forced` names replies that are given whatever chance says, by (role, message).

    Where it is `faultless`, chance brings delays alone: every other reply is the main one, and nothing is lost or late.
    """

    roles: Mapping[str, Role]
    seed: int = 0
    forced: Mapping[tuple[str, str], str] = field(default_factory=dict)
    faultless: bool = False

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        known = settings_of(settings)
        return [self._treat(message, known) for message in messages]

    def _treat(self, sent: Outgoing, settings: Settings | str) -> Delivery:
        role = self.roles.get(sent.role)
        message = role.receives.get(sent.message) if role else None
        if isinstance(settings, str):
            return Delivery(sent.key, failed=settings)
        if message is None:
            return Delivery(sent.key, failed=f"no role {sent.role} that receives {sent.message}")
        behaviour = settings.messages.get(sent.message, Behaviour())
        return Delivery(sent.key, incoming=self._facts(sent, message, behaviour))

    def _facts(self, sent: Outgoing, message: Message, behaviour: Behaviour) -> tuple[Incoming, ...]:
        certain = self.faultless or not behaviour.rates
        chance = None if certain else pick(behaviour.rates, draw(self.seed, sent.key, "outcome"))
        outcome = self.forced.get((sent.role, sent.message), chance)
        if outcome == NO_ANSWER:
            return ()
        main = message.replies[0] if message.replies else None
        reply = outcome if outcome in message.replies else main
        at = self._answered_at(sent, behaviour, outcome)
        facts = self._replies(sent, reply, at, twice=outcome == TWICE) if reply else []
        if behaviour.sends and reply == main and outcome != NEVER:
            facts.append(_event(sent, behaviour.sends, _not_before(at, sent, behaviour.on)))
        return tuple(facts)

    def _answered_at(self, sent: Outgoing, behaviour: Behaviour, outcome: str | None) -> datetime:
        least, most = behaviour.delay
        at = sent.at + (least if least == most else between(least, most, draw(self.seed, sent.key, "delay")))
        if not behaviour.sends:
            at = _not_before(at, sent, behaviour.on)
        return at + LATE_BY if outcome == LATE else at

    def _replies(self, sent: Outgoing, reply: str, at: datetime, twice: bool) -> list[Incoming]:
        data: dict[str, object] = {"picked": self._picked(sent)} if reply == SHORT else {}
        times = (at, at + timedelta(hours=1)) if twice else (at,)
        return [_fact(sent, f"{reply}/{n}", Replied(when, sent.key, reply, data)) for n, when in enumerate(times, 1)]

    def _picked(self, sent: Outgoing) -> dict[str, int]:
        """By line, how much of it was found: one line, whichever chance takes, lacks at least a unit."""
        wanted = lines_of(sent.body)
        if not wanted:
            return {}
        short = list(wanted)[int(draw(self.seed, sent.key, "short line") * len(wanted))]
        return wanted | {short: int(draw(self.seed, sent.key, "found") * wanted[short])}


class Double(Struct, frozen=True):
    """Plays participants that are really reached in another way, and so have no settings for the simulator."""

    simulator: Simulator

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        return self.simulator.deliver(messages, {})


def simulator(program: Program) -> Simulator:
    """The factory of the entry point."""
    return Simulator(program.roles)


def simulated(
    program: Program, seed: int = 0, forced: Mapping[tuple[str, str], str] | None = None, *, faultless: bool = False
) -> Mapping[str, Adapter]:
    """Every adapter that the program's organizations name, played, so that nobody outside is reached."""
    played = Simulator(program.roles, seed, forced or {}, faultless)
    names = {organization.adapter for organization in program.organizations.values()}
    return {name: played if name == NAME else Double(played) for name in names}


def lines_of(body: Mapping[str, object]) -> dict[str, int]:
    """Units by line of a message about a unit of work; a line pegged to several supplies counts once."""
    found: dict[str, int] = {}
    lines = body.get("lines")
    for part in lines if isinstance(lines, list | tuple) else ():
        found[str(part["line"])] = found.get(str(part["line"]), 0) + int(part["quantity"])
    return found


def _not_before(at: datetime, sent: Outgoing, name: str | None) -> datetime:
    """The moment, or later on the day that the body's field names, at the same time of day."""
    day = sent.body.get(name) if name else None
    if day is None:
        return at
    return max(at, datetime.combine(datetime.fromisoformat(str(day)).date(), time(at.hour, at.minute, at.second), UTC))


def _event(sent: Outgoing, name: str, at: datetime) -> Incoming:
    unit = sent.body.get("unit")
    return _fact(sent, name, Happened(at, name, None if unit is None else str(unit)))


def _fact(sent: Outgoing, what: str, event: Event) -> Incoming:
    return Incoming(f"{sent.key}/{what}", sent.organization, sent.order, event)
