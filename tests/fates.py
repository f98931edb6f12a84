"""What may happen to an order next: what brings it on, by chance something else, too early, too late, twice or wrong."""

from __future__ import annotations

from datetime import datetime
from random import Random

from msgspec.structs import replace
from plays import START, Play

from orderloom.engine.awaited import awaited
from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.events import (
    Cancelled,
    Captured,
    Claimed,
    Completed,
    Delegated,
    Event,
    Happened,
    HoldApplied,
    HoldResolved,
    ModificationAsked,
    Released,
    Replied,
    Resolved,
    TimeReached,
    Undelivered,
)
from orderloom.engine.modifications.request import Part
from orderloom.engine.state import Instance

EVENTS = ("collected", "vendor-shipped", "nothing-known", "dented", "address-changed", "called-up", "sent-back")
HOLDS = ("by-hand", "by-hand", "a-while", "of-a-line", "by-rule", "no-such-hold")
PEOPLE = ("ann", "bob")


class Told(Play):
    """A play that keeps what was told, the moments of its clocks, and the moment at which it is by now."""

    def feed(self, event: Event):  # type: ignore[no-untyped-def]
        self.told: list[Event] = [*getattr(self, "told", []), event]
        self.due: dict[str, datetime] = getattr(self, "due", {})
        if isinstance(event, TimeReached):
            self.due.pop(event.key, None)
        step = super().feed(event)
        for effect in step.effects:
            if isinstance(effect, SetTimer):
                self.due[effect.key] = effect.due_at
            elif isinstance(effect, ClearTimer):
                self.due.pop(effect.key, None)
        return step

    @property
    def now(self) -> datetime:
        return self.told[-1].at

    def running(self) -> list[Instance]:  # type: ignore[override]
        return [each for each in self.live.instances.values() if each.ended is None]

    def strike(self, key: str) -> TimeReached:
        """The time of a clock has come, and not before it."""
        return TimeReached(max(self.now, self.due.get(key, START)), key)


def progress(play: Told, each: Instance, chance: Random | None = None) -> Event | None:
    """What would bring a waiting instance on: the best that can happen, or by chance something else."""
    assert each.waiting is not None
    key, now, waits = f"O1/{each.key}", play.now, each.waiting.kind
    if chance and key in play.due and chance.random() < 0.3:
        return play.strike(key)
    match waits:
        case "reply" if chance and chance.random() < 0.1:
            return Undelivered(now, key, "nobody is there")
        case "reply":
            return _reply(play, each, key, chance)
        case "event" if each.waiting.name not in ("units-ended", "followers-ended"):
            known = list(awaited(play.world.program.processes[each.process].steps[each.step]))
            name = chance.choice(known) if chance else known[0]
            return Happened(now, name, each.root if each.root != "order" else None)
        case "exception":
            issue = play.live.exceptions[each.waiting.name]
            option = chance.choice(issue.options) if chance else issue.options[0]
            return Resolved(now, issue.id, option, issue.claimed_by or "ann")
        case "task":
            task = play.live.tasks[each.waiting.name]
            outcome = chance.choice(task.outcomes) if chance else task.outcomes[0]
            return Completed(now, task.id, task.claimed_by or "ann", outcome, {task.form[0].name: 7} if task.form else {})
        case "hold":
            hold, _, line = each.waiting.name.partition(", ")[0].partition("/")
            return HoldResolved(now, hold, "operations", "ann", line or None)
        case "time" if key in play.due:
            return play.strike(key)
        case _:
            return None


def _reply(play: Told, each: Instance, key: str, chance: Random | None) -> Replied:
    verb = play.world.program.processes[each.process].steps[each.step].verb
    main, *others = play.world.program.roles[verb.role].receives[verb.message].replies  # type: ignore[union-attr]
    if chance is None or not others or chance.random() < 0.6:
        return Replied(play.now, key, main)
    return Replied(play.now, key, others[0], {"picked": {"1": chance.randint(0, 2)}} if chance.random() < 0.5 else {})


def any_event(play: Told, chance: Random) -> Event | None:
    """Something that happens: in time, late, doubled, early, wrong, or not at all."""
    waiting = [each for each in play.running() if each.waiting]
    what = chance.choices((_on, _again, _reported, _strange, _stroke, _person, _held, _changed), (55, 8, 10, 8, 5, 5, 6, 3))[0]
    if what is _on:
        return progress(play, chance.choice(waiting), chance) if waiting else None
    return what(play, chance)


def _on(play: Told, chance: Random) -> Event | None:
    raise AssertionError("what waits is brought on by `progress`")


def _again(play: Told, chance: Random) -> Event | None:
    told = [event for event in play.told if not isinstance(event, Captured)]
    return replace(chance.choice(told), at=play.now) if told else None


def _reported(play: Told, chance: Random) -> Event:
    name = chance.choice(EVENTS)
    data: dict[str, object] = {"urgent": chance.choice([True, False, "wrong"])} if name == "address-changed" else {}
    return Happened(play.now, name, chance.choice(["O1-1", "O1-1", "O1-2", None, "O1-9"]), data)


def _strange(play: Told, chance: Random) -> Event:
    key = f"O1/{chance.choice(list(play.live.instances.values())).id}:{chance.randint(0, 5)}"
    return chance.choice([Replied(play.now, key, "wrong"), Undelivered(play.now, key, "late"), TimeReached(play.now, key)])


def _stroke(play: Told, chance: Random) -> Event | None:
    """A clock runs out, or one that ran out or was cleared before is told of late."""
    ever = {effect.key for effect in play.effects if isinstance(effect, SetTimer)}
    keys = sorted(play.due) if play.due and chance.random() < 0.7 else sorted(ever)
    return play.strike(chance.choice(keys)) if keys else None


def _person(play: Told, chance: Random) -> Event | None:
    work = [*play.live.tasks, *play.live.exceptions]
    if not work:
        return None
    id, by = chance.choice(work), chance.choice(PEOPLE)
    wrong = Completed(play.now, id, by, "no-such-outcome", {"no": "field"})
    return chance.choice([Claimed(play.now, id, by), Released(play.now, id, by), Delegated(play.now, id, by, "bob"), wrong])


def _held(play: Told, chance: Random) -> Event:
    hold, role = chance.choice(HOLDS), chance.choice(["operations", "operations", "customer"])
    line = chance.choice(["1", "9"]) if hold == "of-a-line" else None
    return chance.choice([HoldApplied, HoldApplied, HoldResolved])(play.now, hold, role, "ann", line)


def _changed(play: Told, chance: Random) -> Event:
    if chance.random() < 0.6:
        return Cancelled(play.now, "ann", agreed=chance.random() < 0.7)
    line = chance.choice(play.live.order.lines).id
    part = chance.choice([Part("cancel", line=line, quantity=1), Part("quantity", line=line, quantity=chance.randint(1, 4))])
    return ModificationAsked(play.now, f"M{len(play.told)}", (part,), "customer-service", "ann")
