"""The law of processes: whatever happens in whatever order, every part of an order ends or waits where somebody will wake it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plays import START, Play, changed, order, world
from sketches import Sketch

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.advance import advance
from orderloom.engine.change import Fields, applied, change_of, state_of
from orderloom.engine.effects import Send, SetTimer
from orderloom.engine.events import Cancelled, Captured, Event, Happened, Replied, Resolved, TimeReached, Undelivered
from orderloom.engine.state import Instance, OrderState
from orderloom.engine.world import World

PROCESSES, PLAYS = 5, 4  #: drawn and compiled together, and how often each is played
ROUNDS = 400  #: of every process that is drawn here, when all goes well


class Told(Play):
    """Keeps what happened, and looks at every state."""

    def feed(self, event: Event):  # type: ignore[no-untyped-def]
        self.told = [*getattr(self, "told", []), event]
        step = super().feed(event)
        _stands_well(self)
        return step


def _stands_well(play: Told) -> None:
    state, timers, asked = play.live, play.timers(), {e.key.partition("#")[0] for e in play.effects if isinstance(e, Send)}
    running = [each for each in state.instances.values() if each.ended is None]
    for each in running:
        assert each.step in play.world.program.processes[each.process].steps
        assert each.parent is None or state.instances[each.parent].ended is None
        _has_an_owner(play, each, timers, asked)
    keys = {f"{state.order.id}/{each.key}" for each in running}
    assert timers <= keys, "a timer is left behind"
    assert all(f"{issue.instance}" in {each.id for each in running} for issue in state.exceptions.values())


def _has_an_owner(play: Told, each: Instance, timers: set[str], asked: set[str]) -> None:
    """A clock, a participant that was asked, a person with an exception, a fact that will come, or parts that run."""
    assert each.waiting is not None, f"{each.id} neither waits nor has ended"
    key = f"{play.live.order.id}/{each.key}"
    match each.waiting.kind:
        case "time":
            assert key in timers
        case "reply":
            assert key in asked
        case "exception":
            assert each.waiting.name in play.live.exceptions
        case "children":
            parts = [part for part in play.live.instances.values() if part.parent == each.id and part.ended is None]
            assert len(parts) >= each.waiting.left >= 1
        case kind:
            assert kind == "event"


def _progress(play: Told, each: Instance, chance: Random | None = None) -> Event | None:
    """What would bring a waiting instance on: the best that can happen, or by chance something else."""
    assert each.waiting is not None
    key = f"O1/{each.key}"
    match each.waiting.kind:
        case "reply" if chance and chance.random() < 0.1:
            return Undelivered(START, key, "nobody is there")
        case "reply" if chance and key in play.timers() and chance.random() < 0.3:
            return TimeReached(START, key)
        case "reply":
            return Replied(START, key, chance.choice(["picked", "short-picked"]) if chance else "picked")
        case "event" if each.waiting.name != "units-ended":
            return Happened(START, each.waiting.name, each.root)
        case "exception":
            options = play.live.exceptions[each.waiting.name].options
            return Resolved(START, each.waiting.name, chance.choice(options) if chance else options[0], "ann")
        case "time" | "children" if key in play.timers() and (chance or each.waiting.kind == "time"):
            return TimeReached(START, key)
        case _:
            return None


def _any_event(play: Told, chance: Random) -> Event | None:
    """Something that happens: in time, late, doubled, early, wrong, or not at all."""
    waiting = [each for each in play.live.instances.values() if each.ended is None and each.waiting]
    kind = chance.random()
    if kind < 0.65 and waiting:
        return _progress(play, chance.choice(waiting), chance)
    if kind < 0.75:
        return chance.choice([event for event in play.told if not isinstance(event, Captured)] or [None])
    if kind < 0.85:
        return Happened(
            START, chance.choice(["collected", "vendor-shipped", "nothing-known"]), chance.choice(["O1-1", None, "O1-9"])
        )
    if kind < 0.95:
        key = f"O1/{chance.choice(list(play.live.instances.values())).id}:{chance.randint(0, 5)}"
        clocks = sorted({effect.key for effect in play.effects if isinstance(effect, SetTimer)})  # that were ever set
        late = [TimeReached(START, chance.choice(clocks))] if clocks else []
        return chance.choice([Replied(START, key, "wrong"), Undelivered(START, key, "late"), *late])
    return Cancelled(START, "ann") if kind > 0.99 else None


def _to_the_end(play: Told) -> None:
    for _ in range(ROUNDS):
        if play.live.ended:
            return
        waiting = [each for each in play.live.instances.values() if each.ended is None and each.waiting]
        event = next((event for each in reversed(waiting) if (event := _progress(play, each)) is not None), None)
        assert event is not None, "nothing brings the order on"
        play.feed(event)
    raise AssertionError("the order does not end")


def law(chance: Random) -> None:
    """Some processes are drawn and compiled together, and each is played again and again."""
    for process in _drawn(chance):
        for _ in range(PLAYS):
            _played(process, chance)


def _drawn(chance: Random) -> list[Program]:
    """Programs in which one of the processes drawn is that of a unit of work."""
    texts = [Sketch(chance, f"called-{n}").whole() for n in range(PROCESSES)]
    more = "".join(
        f"---\nkind: process\nname: drawn-{n}\nfor: fulfillment\nsteps:{text}\n" for n, text in enumerate(texts[1:], 1)
    )
    whole = changed("ship-to-customer", "fulfillment", texts[0] + more, DC1=5).program
    drawn = [whole.processes[f"drawn-{n}"] for n in range(1, PROCESSES)]
    return [whole, *(replace(whole, processes={**whole.processes, "ship-to-customer": each}) for each in drawn)]


def _played(program: Program, chance: Random) -> None:
    play = Told(_world(program), order())
    for _ in range(chance.randint(0, 30)):
        if (event := _any_event(play, chance)) is not None:
            play.feed(event)
    _to_the_end(play)
    _all_is_accounted_for(play)
    _told_again(play)


def _all_is_accounted_for(play: Told) -> None:
    """What was ordered is delivered or given up; nothing is reserved, no clock runs, no exception is open."""
    state = play.live
    for line in state.order.lines:
        at_work = sum(p.quantity for unit in state.units.values() if not unit.released for p in unit.lines if p.line == line.id)
        assert at_work + state.cancelled.get(line.id, 0) == line.quantity
    found = play.world.stock.position("TEE", "DC1")
    assert found is not None
    assert sum(supply.reserved for supply in found.supplies) == 0
    assert (found.on_hand, play.timers(), dict(state.exceptions)) == (5, set(), {})
    assert all(each.ended is not None and each.waiting is None for each in state.instances.values())


def _told_again(play: Told) -> None:
    """The same facts give the same order, and what each changed adds up to it."""
    first = _world(play.world.program)
    state: OrderState | None = None
    fields: Fields | None = None
    for event in play.told:
        event = wire.load_event(wire.dump_event(event))
        step = advance(first, state, event)
        change = wire.dump(change_of(state, step.state, step.effects))
        fields = applied(fields, step.state.sequence, wire.dump_event(event), change)
        state, first = wire.load_state(wire.dump_state(step.state)), World(first.program, first.catalog, step.stock)
    assert wire.dump_state(play.live) == wire.dump_state(state)  # type: ignore[arg-type]
    assert fields is not None
    assert wire.dump_state(state_of(fields)) == wire.dump_state(play.live)


def _world(program: Program) -> World:
    """The world as it is before the order."""
    plain = world(DC1=5)
    return World(program, plain.catalog, plain.stock)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_law_of_processes(seed: int) -> None:
    """100 orders on 25 processes."""
    law(Random(seed))


@pytest.mark.soak
def test_law_of_many_processes() -> None:
    """2,000 orders on 500 processes."""
    for seed in range(2000 // (PROCESSES * PLAYS)):
        try:
            law(Random(seed))
        except Exception as fault:
            raise AssertionError(f"by seed {seed}") from fault
