"""The law of clocks: where only time passes, a worker that was away gives the same end as one that was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from fates import Told
from handling import notes, steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plays import START, changed, order

from orderloom.engine.events import TimeReached
from orderloom.engine.world import World

DRAWN, AWAY = 6, 4  #: processes that are compiled together, and how often the worker of each is away
DAYS = 6  #: the clocks that begin with the process run so long or less, in whole days: so times fall together
REST = """
  - { step: behind, tell: customer, message: shipped }
  - { step: where, choose: [WAYS, { otherwise: gone }] }
  - { step: stay, wait: collected, next: done }
  - { step: long, ask: fulfiller, message: pack-request, within: P60D, on: { late: gone } }
  - { step: done, end: sent }
  - { step: gone, end: lost }
"""


class Clocks:
    """Writes a process of which every clock begins with it, but one that outlasts them all; so it is time alone that differs."""

    def __init__(self, chance: Random, name: str) -> None:
        self.chance, self.name, self.count = chance, name, 0

    def written(self) -> str:
        inner = self.process(f"{self.name}-inner", [self.ask, self.wait, self.parallel])
        return self.process(self.name, [self.ask, self.wait, self.parallel, self.run]) + inner

    def process(self, name: str, firsts: list) -> str:  # type: ignore[type-arg]
        first = self.chance.choice(firsts)()
        quantities = self.chance.sample([1, 2, 3], 2)  # there are two
        ways = [f"{{ when: order.quantity = {n}, next: {to} }}" for n, to in zip(quantities, ["stay", "long"], strict=True)]
        rest = REST.replace("WAYS", ", ".join(ways)).lstrip("\n")
        return f"---\nkind: process\nname: {name}\nfor: fulfillment\nsteps:\n{first}{rest}{self.handlers()}"

    def days(self) -> str:
        return f"P{self.chance.randint(1, DAYS)}D"

    def somewhere(self) -> str:
        return self.chance.choice(["stay", "long", "gone"])

    def next(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def limit(self) -> str:
        """A clock around others, which a compiler lets pass where none of those is longer."""
        return f", within: P{DAYS}D, on: {{ late: {self.somewhere()} }}" if self.chance.random() < 0.7 else ""

    def ask(self) -> str:
        late = f"on: {{ short-picked: stay, late: {self.somewhere()} }}"
        return f"  - {{ step: begin, ask: fulfiller, message: pick-request, within: {self.days()}, {late} }}\n"

    def wait(self) -> str:
        return f"  - {{ step: begin, wait: {self.days()} }}\n"

    def run(self) -> str:
        limit = self.limit()
        ways = f"{limit[:-2]}, lost: gone }}" if limit else ", on: { lost: gone }"
        return f"  - {{ step: begin, run: {self.name}-inner{ways} }}\n"

    def parallel(self) -> str:
        branches = ", ".join(self.branch(number) for number in range(self.chance.randint(2, 3)))
        join = self.chance.choice(["all", "any", "2"])
        return f"  - {{ step: begin, join: {join}, parallel: {{ {branches} }}{self.limit()} }}\n"

    def branch(self, number: int) -> str:
        over = f"{{ step: {self.next()}, tell: customer, message: shipped }}"
        waits = f"{{ step: {self.next()}, wait: {self.days()} }}, {over}"
        late, stop = self.chance.choice([("join", ""), (self.next(), ", {{ step: {}, end: lost }}")])
        asks = f"{{ step: {self.next()}, wait: collected, within: {self.days()}, on: {{ late: {late} }}, next: join }}"
        return f"b{number}: [{self.chance.choice([waits, asks + stop.format(late)])}]"

    def handlers(self) -> str:
        return "handlers:\n" + "".join(self.handler() for _ in range(self.chance.randint(1, 4)))

    def handler(self) -> str:
        at = (START + self.chance.randint(1, DAYS) * timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        when = self.chance.choice([f"after: {self.days()}", f"after: {self.days()}", f"at: 'date and time(\"{at}\")'"])
        fits = self.chance.choice(["> 0", "> 0", "> 0", "= 7"])
        beside = "    beside: true\n" if self.chance.random() < 0.3 else ""
        back = f", next: {self.somewhere()}" if not beside else ""
        does = f"      - {{ step: {self.next()}, tell: customer, message: shipped{back} }}\n"
        return f"  - {when}\n    when: order.quantity {fits}\n{beside}    steps:\n{does}"


def drawn(chance: Random) -> Iterator[World]:
    """Worlds in which each of the processes drawn is that of a unit of work."""
    names = [f"clocks-{n}" for n in range(DRAWN)]
    text = "".join(Clocks(chance, name).written() for name in names)
    whole = changed("spare", "fulfillment", f"\n  - {{ step: s1, end: done }}\n{text}", DC1=5)
    for name in names:
        processes = {**whole.program.processes, "ship-to-customer": whole.program.processes[name]}
        yield World(replace(whole.program, processes=processes), whole.catalog, whole.stock)


def lived(world: World, wakes: Iterable[datetime]) -> tuple[object, ...]:
    """What comes of an order when nothing but time passes, for a worker that is there at these moments, and from then on."""
    play = Told(world, order())
    for now in wakes:
        _worked(play, now)
    while play.due:
        _worked(play, min(play.due.values()))
    ended = {id: each.ended for id, each in play.live.instances.items() if each.root != "order"}
    return ended, {id: steps(play, id) for id in ended}, {id: [t for s, t in notes(play, "time") if s == id] for id in ended}


def _worked(play: Told, now: datetime) -> None:
    """Everything that is due, as a store has it: by its moment, then by its key."""
    while due := sorted((at, key) for key, at in play.due.items() if at <= now):
        play.feed(TimeReached(now, due[0][1]))


def law(chance: Random) -> None:
    for world in drawn(chance):
        there = lived(world, [])
        for _ in range(AWAY):
            hours = sorted(chance.sample(range(1, 24 * (DAYS + 3)), chance.randint(1, 3)))
            assert lived(world, [START + timedelta(hours=each) for each in hours]) == there, f"away until {hours} hours behind"


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_law_of_clocks(seed: int) -> None:
    """72 workers that were away, on 18 processes."""
    law(Random(seed))


@pytest.mark.soak
def test_law_of_many_clocks() -> None:
    """4,800 workers that were away, on 1,200 processes."""
    for seed in range(200):
        try:
            law(Random(seed))
        except Exception as fault:
            raise AssertionError(f"by seed {seed}") from fault
