"""The law of processes: whatever happens in whatever order, every part of an order ends or waits where somebody will wake it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from random import Random
from unittest.mock import patch

import pytest
from fates import Told, any_event, progress
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plays import changed, node, order, position, world
from sketches import Sketch
from surroundings import SURROUNDINGS

from orderloom.dsl.program import Program
from orderloom.engine import views, wire
from orderloom.engine.advance import advance
from orderloom.engine.change import Fields, applied, change_of, state_of
from orderloom.engine.effects import Send
from orderloom.engine.events import Cancelled, Event
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.order import Order
from orderloom.engine.process.actions import ACTIONS
from orderloom.engine.process.holds import standing_holds, timer_of
from orderloom.engine.process.tasks import ESCALATE
from orderloom.engine.state import Instance
from orderloom.engine.world import World

PROCESSES, PLAYS = 3, 4  #: drawn of each kind and compiled together, and how often each is played
ROUNDS = 500  #: of every process that is drawn here, when all goes well
STOCK = {("TEE", "DC1"): 5, ("TEE", "DC2"): 4, ("CAP", "DC2"): 3}
FAULTY = ("ship", "invoice", "finish", "take-payment", "refund")  #: actions that fail now and then


class Watched(Told):
    """Looks at every state."""

    def feed(self, event: Event):  # type: ignore[no-untyped-def]
        step = super().feed(event)
        _stands_well(self)
        _money_is_right(self)
        return step


def _stands_well(play: Told) -> None:
    state, asked = play.live, {e.key.partition("#")[0] for e in play.effects if isinstance(e, Send)}
    running = play.running()
    for each in running:
        assert each.step in play.world.program.processes[each.process].steps
        assert each.parent is None or state.instances[each.parent].ended is None or _undoes(each)
        _has_an_owner(play, each, asked)
    keys = {f"O1/{each.key}" for each in running} | {f"{work}{ESCALATE}" for work in (*state.tasks, *state.exceptions)}
    keys |= {f"O1/{each.clock(first)}" for each in running for first, due_at in each.clocks.items() if due_at is not None}
    if not state.ended:
        keys |= {timer_of("O1", hold) for hold in ("by-time", *standing_holds(state))}
    assert set(play.due) <= keys, "a timer is left behind"
    ids = {each.id for each in running}
    assert all(work.instance in ids for work in (*state.exceptions.values(), *state.tasks.values()))


def _undoes(part: Instance) -> bool:
    """What undoes something is a part of what did it, though that may have ended."""
    return ".undo." in part.id.rpartition("/")[2]


def _has_an_owner(play: Told, each: Instance, asked: set[str]) -> None:
    """A clock, a participant that was asked, a person with work, a hold, a fact that will come, or parts that run."""
    assert each.waiting is not None, f"{each.id} neither waits nor has ended"
    state, key, name = play.live, f"O1/{each.key}", each.waiting.name
    parts = [part for part in play.running() if part.parent == each.id]
    match each.waiting.kind:
        case "time":
            assert key in play.due
        case "reply":
            assert key in asked
        case "exception":
            assert name in state.exceptions
        case "task":
            assert name in state.tasks
        case "hold":
            assert set(name.split(", ")) <= set(standing_holds(state))
        case "children":
            assert len(parts) >= each.waiting.left >= 1
        case "undo":
            undoing = {undoing.part for undoing in state.undoing.values()}
            assert any(other.id in undoing for other in play.running())
        case "event" if name == "units-ended":
            assert any(unit.outcome is None for unit in state.units.values()), "no unit of work is left that could end"
        case kind:
            assert kind == "event"


def _money_is_right(play: Told) -> None:
    """Nothing is billed beyond the order but what was taken back, nor given back beyond what came in; a payment comes once."""
    made = {
        kind: sum((each.amount for each in play.live.documents if each.kind == kind), Decimal(0))
        for kind in ("invoice", "refund", "payment", "credit-memo")
    }
    total = play.most = max(getattr(play, "most", Decimal(0)), play.live.order.total)  # type: ignore[attr-defined]
    assert 0 <= made["refund"] <= made["invoice"] + made["payment"] <= 2 * total + made["credit-memo"]
    assert made["invoice"] - made["refund"] - made["credit-memo"] <= total and made["payment"] <= total


def _to_the_end(play: Told) -> None:
    for _ in range(ROUNDS):
        if not (waiting := play.running()):
            return
        event = next((event for each in reversed(waiting) if (event := progress(play, each)) is not None), None)
        assert event is not None, "nothing brings the order on"
        play.feed(event)
    raise AssertionError("the order does not end")


def law(chance: Random) -> None:
    """Some processes are drawn and compiled together, and each is played again and again."""
    with _faults():
        for program in _drawn(chance):
            for _ in range(PLAYS):
                _played(program, chance)


@contextmanager
def _faults() -> Iterator[None]:
    """Actions fail at every third event of an order; to work through its history again fails just so."""

    def faulty(name: str):  # type: ignore[no-untyped-def]
        def action(turn, instance):  # type: ignore[no-untyped-def]
            if turn.state.sequence % 3 == 0:
                raise ConnectionError("nobody is there")
            return ACTIONS_BEFORE[name](turn, instance)

        return action

    with patch.dict(ACTIONS, {name: faulty(name) for name in FAULTY}):  # type: ignore[arg-type]
        yield


ACTIONS_BEFORE = dict(ACTIONS)


def _drawn(chance: Random) -> list[Program]:
    """Programs in which some of the processes drawn are that of the order and that of a unit of work; the rest is the pack's."""
    kinds = {"ship-to-customer": "fulfillment", "sales-order": "order"}
    names = {name: [f"{purpose}-{n}" for n in range(PROCESSES)] for name, purpose in kinds.items()}
    documents = "".join(
        f"---\nkind: process\nname: {each}\nfor: {kinds[name]}\nsteps:{Sketch(chance, f'{each}-part', kinds[name]).whole()}\n"
        for name, drawn in names.items()
        for each in drawn
    )
    whole = changed("spare", "fulfillment", f"\n  - {{ step: s1, end: done }}\n{documents}{SURROUNDINGS}").program

    def programs() -> Iterator[Program]:
        for n in range(PROCESSES):
            for which in (["ship-to-customer"], ["sales-order"], list(kinds)):
                replaced = {name: whole.processes[names[name][n]] for name in which}
                yield replace(whole, processes={**whole.processes, **replaced})

    return list(programs())


def _played(program: Program, chance: Random) -> None:
    play = Watched(_world(program), _order(chance))
    for _ in range(chance.randint(0, 30)):
        if (event := any_event(play, chance)) is not None:
            play.feed(event)
    if chance.random() < 0.3:
        play.feed(Cancelled(play.now, "ann", agreed=True))
    _to_the_end(play)
    _all_is_accounted_for(play)
    _told_again(play)


def _all_is_accounted_for(play: Told) -> None:
    """What was ordered is delivered or given up; nothing is reserved, no clock runs, nothing is open, no hold stands."""
    state, stock = play.live, play.world.stock
    for line in state.order.lines:
        at_work = sum(p.quantity for unit in state.units.values() if not unit.released for p in unit.lines if p.line == line.id)
        assert at_work + state.cancelled.get(line.id, 0) == line.quantity
    for (item, at), on_hand in STOCK.items():
        found = stock.position(item, at)
        assert found is not None
        left = sum(
            p.quantity for unit in state.units.values() if unit.shipped and unit.node == at for p in unit.lines if p.item == item
        )
        assert (found.on_hand, sum(supply.reserved for supply in found.supplies)) == (on_hand - left, 0)
    assert (play.due, dict(state.exceptions), dict(state.tasks), dict(standing_holds(state)), dict(state.undoing)) == ({},) * 5
    assert all(each.ended is not None and each.waiting is None for each in state.instances.values())


def _told_again(play: Told) -> None:
    """The same facts give the same order, and what each changed adds up to it."""
    first, state = _world(play.world.program), None
    fields: Fields | None = None
    for event in play.told:
        event = wire.load_event(wire.dump_event(event))
        step = advance(first, state, event)
        change = wire.dump(change_of(state, step.state, step.effects, event))
        fields = applied(fields, step.state.sequence, wire.dump_event(event), change)
        state, first = wire.load_state(wire.dump_state(step.state)), World(first.program, first.catalog, step.stock)
    assert wire.dump_state(play.live) == wire.dump_state(state)  # type: ignore[arg-type]
    assert fields is not None
    assert state_of(fields) == state


def _world(program: Program) -> World:
    """The world as it is before the order: two items in two places."""
    tee = world().catalog.items["TEE"]
    items, nodes = {"TEE": tee, "CAP": replace(tee, id="CAP")}, {at: node(at, "dc") for at in ("DC1", "DC2")}
    positions = {(item, at): position(at, quantity, item) for (item, at), quantity in STOCK.items()}
    return World(program, views.catalog(items, nodes, program.attributes), Stock(positions, {}))


def _order(chance: Random) -> Order:
    """One to three lines, some of which cannot be served in full."""
    one = order()
    items = chance.choice([["TEE"], ["TEE"], ["TEE", "CAP"], ["TEE", "CAP", "TEE"]])
    lines = [replace(one.lines[0], id=str(n), item=item, quantity=chance.randint(1, 4)) for n, item in enumerate(items, 1)]
    return replace(one, lines=tuple(lines))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_law_of_processes(seed: int) -> None:
    """288 orders on 48 processes of orders and of units of work."""
    law(Random(seed))


@pytest.mark.soak
def test_law_of_many_processes() -> None:
    """2,000 orders on 340 processes."""
    for seed in range(2000 // (3 * PROCESSES * PLAYS) + 1):
        try:
            law(Random(seed))
        except Exception as fault:
            raise AssertionError(f"by seed {seed}") from fault
