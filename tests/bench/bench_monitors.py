"""Monitors at work: `bench_monitors.py [EVENTS]`, 100,000 unless said; `bench_monitors.py --pattern [EVENTS]`, 1,000,000.

The first lets the worker go through so many events of orders that monitors of all five kinds watch (a stock level, a milestone,
a status for so long, a pattern, what does not happen), and through a tenth of the orders without monitors. Each row is a tenth:
events a second of wall time and of CPU time, and the memory of the process. The second asks the matchers alone, event by event.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from alarmed import events, filled, program, raised, worker

from orderloom.dsl.program import Program
from orderloom.engine.monitoring.pattern import Events, Matcher, Seen, Shape, told
from orderloom.engine.monitoring.plain import Plain

PER_ORDER = 4  #: events that come of an order, and a few more
KEYS = 2000
SHAPES = {"three within a window": Shape((3,), 4_000_000), "one and not the other": Shape((1, 0), 4_000_000)}


def main() -> None:
    pattern = "--pattern" in sys.argv
    sizes = [int(text) for text in sys.argv[1:] if text.isdecimal()]
    if pattern:
        for name, shape in SHAPES.items():
            alone(name, shape, sizes[0] if sizes else 1_000_000)
        return
    orders = (sizes[0] if sizes else 100_000) // PER_ORDER
    watched = program()
    bare = replace(watched, monitors={}, digest="none")
    for title, each, number in (("five kinds of monitors", watched, orders), ("none", bare, orders // 10)):
        print(f"-- {title}: {number:,} orders")
        life(each, number)


def life(program: Program, orders: int) -> None:
    """All orders of a store from capture on, until nothing is due."""
    with tempfile.TemporaryDirectory() as folder:
        store = filled(f"sqlite:///{folder}/store.sqlite", program, orders)
        began, worked, done, told = perf_counter(), process_time(), 0, 0
        mine = worker(store, program, orders)
        while part := mine.run_once():
            done += part.turns
            if done >= told + orders * PER_ORDER // 10:
                told = done
                print(f"{done:>9,} events  {rates(done, began, worked)}  {memory():>6.0f} MB", flush=True)
        seconds, number = perf_counter() - began, events(store)
        print(
            f"{number:>9,} events in {seconds:.1f} s: {rates(number, began, worked)}, {len(raised(store)):,} alarms", flush=True
        )


def rates(number: int, began: float, worked: float) -> str:
    """Events a second since then, of wall time and of CPU time."""
    return f"{number / (perf_counter() - began):>7,.0f}/s  {number / (process_time() - worked):>7,.0f}/s of CPU"


def alone(name: str, shape: Shape, number: int, matcher: Matcher | None = None) -> None:
    """A pattern of many keys, event by event; what counts no more is forgotten, as the store does it."""
    chance, kept, alarms, asked = random.Random(1), dict[str, Events](), 0, matcher or Plain()
    began = perf_counter()
    for at in range(number):
        key = f"K{chance.randrange(KEYS)}"
        element = chance.randrange(len(shape.counts))
        found = told(shape, asked, kept.get(key, ()), Seen(at * 1000, "O", at, 0, (element,)))
        kept[key] = found.kept
        alarms += len(found.alarms)
        if (at + 1) % (number // 5) == 0:
            print(f"{name}: {at + 1:>9,} events  {(at + 1) / (perf_counter() - began):>9,.0f}/s  {memory():>6.0f} MB  {alarms:,}")


def memory() -> float:
    """Megabytes that the process has at hand now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
