"""A process of 300 steps, 40 parallel branches and 5 levels of processes within processes: checked, run, drawn."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

from plays import START, Play, changed, order

from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.pictures import mermaid, svg
from orderloom.dsl.source import Source
from orderloom.engine.events import Replied, TimeReached

LEVELS, BRANCHES, STEPS = 5, 40, 7
HEAD = b"orderloom: 1\nworkspace: large\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"


def large() -> str:
    """40 branches of 7 steps, and 20 steps behind them; the first branch runs a process that runs a process."""
    branches = "".join(branch(number) for number in range(1, BRANCHES + 1))
    rest = "".join(f"  - {{ step: rest-{n}, wait: PT1H }}\n" for n in range(1, 300 - BRANCHES * STEPS - 1))
    return f"\n  - step: all-at-once\n    parallel:\n{branches}{rest}  - {{ step: done, end: delivered }}\n{called()}"


def branch(number: int) -> str:
    own = ["run: level-1"] if number == 1 else ["wait: PT1H"]
    own += ["ask: fulfiller, message: pick-request, on: { short-picked: join }", "tell: customer, message: shipped"]
    own += ["wait: PT1H"] * (STEPS - len(own))
    return f"      b{number}:\n" + "".join(f"        - {{ step: s{number}-{n}, {verb} }}\n" for n, verb in enumerate(own, 1))


def called() -> str:
    text = ""
    for level in range(1, LEVELS + 1):
        verb = f"run: level-{level + 1}" if level < LEVELS else "wait: PT1H"
        text += f"---\nkind: process\nname: level-{level}\nfor: fulfillment\nsteps:\n"
        text += f"  - {{ step: down, {verb} }}\n  - {{ step: done, end: up }}\n"
    return text


def checked() -> Compiled:
    own = f"kind: process\nname: ship-to-customer\nfor: fulfillment\nsteps:{large()}"
    return compile((Source("orderloom.yaml", HEAD), Source("large.yaml", own.encode()), *pack_sources("retail")))


def test_it_is_checked_in_less_than_a_second(record_property: Callable[[str, str], None]) -> None:
    compile((Source("orderloom.yaml", HEAD), *pack_sources("retail")))  # what is loaded once
    began = process_time()
    compiled = checked()
    took = process_time() - began
    assert compiled.program is not None, compiled.diagnostics[:3]
    assert len(compiled.program.processes["ship-to-customer"].steps) == 300
    record_property("report", f"a process of 300 steps, 40 branches and 5 levels, and its pack: checked in {took:.2f} s of CPU")
    assert took < 1


def test_it_runs_to_its_end() -> None:
    play = Play(changed("ship-to-customer", "fulfillment", large(), DC1=5), order())
    assert len(play.running()) == 2 + BRANCHES + LEVELS
    while not play.live.ended:
        waiting = [each for each in play.live.instances.values() if each.ended is None and each.waiting]
        due = [each for each in waiting if each.waiting and each.waiting.kind in ("time", "reply")]
        for each in due:
            key = f"O1/{each.key}"
            play.feed(Replied(START, key, "picked") if each.waiting and each.waiting.kind == "reply" else TimeReached(START, key))
    assert play.live.instances["O1-1"].ended == "delivered"
    assert play.timers() == set()


def test_it_is_drawn() -> None:
    program = checked().program
    assert program is not None
    process = program.processes["ship-to-customer"]
    assert svg(process).count("data-step=") == 300
    drawn = mermaid(process)
    assert (drawn.count("subgraph"), drawn.count("[[")) == (BRANCHES, 1)
