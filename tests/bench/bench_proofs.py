"""What it takes to read, check and prove a large workspace, and to do so again after one of its files was changed.

Run as `python tests/bench/bench_proofs.py`. Seconds are of processor time, so that others on the machine do not count.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

PROCESSES, TABLES, ROWS, LONG = 200, 200, 200, 20_000
LIMIT = 10.0  #: seconds for all of it

MANIFEST = b"orderloom: 1\nworkspace: large\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
PROCESS = """\
kind: process
name: process-{n}
for: fulfillment
steps:
  - step: pick
    ask: fulfiller
    message: pick-request
    within: P2D
    status: picking
    on: {{ short-picked: short, late: silent }}
  - step: pack
    parallel:
      goods: [{{ step: pack-goods, ask: fulfiller, message: pack-request }}]
      papers: [{{ step: bill, do: invoice }}]
  - step: which
    choose:
      - {{ when: unit.quantity > {n}, next: pause }}
      - otherwise: deliver
  - {{ step: pause, wait: P1D }}
  - step: deliver
    ask: carrier
    message: transport-request
    within: P10D
    on: {{ lost: lost, late: lost }}
  - {{ step: done, status: delivered, end: delivered }}
  - {{ step: short, do: source-again, on: {{ short: lost }}, next: done }}
  - {{ step: silent, raise: silent, to: operations, on: {{ again: pick, give-up: lost }} }}
  - {{ step: lost, end: lost }}
"""


def table(name: str, rows: int) -> str:
    """Weights in steps of ten, for two regions; without a gap and without an overlap."""
    lines = (f'  "{("EAST", "WEST")[at % 2]}" | [{at // 2 * 10}..{at // 2 * 10 + 10}) || {at}\n' for at in range(rows))
    head = f"kind: decision\nname: {name}\ngiven: {{ region: [EAST, WEST], weight: number }}\noutputs: {{ rate: number }}\n"
    return f'{head}allowed: {{ weight: "[0..{rows // 2 * 10})" }}\ntable: |\n  region | weight || rate\n{"".join(lines)}'


def workspace() -> tuple[Source, ...]:
    names = [*(f"table-{n}" for n in range(TABLES)), "long"]
    called = ", ".join([*(f'{name}("EAST", 5)' for name in names), *(f'"process-{n}"' for n in range(PROCESSES))])
    texts = {f"processes/{n}.yaml": PROCESS.format(n=n) for n in range(PROCESSES)}
    texts |= {f"rules/{name}.yaml": table(name, LONG if name == "long" else ROWS) for name in names}
    texts["rules/all.yaml"] = f"kind: decision\nname: status-for-order\nvalue: 'if count([{called}]) > 0 then null else null'\n"
    own = (Source(path, text.encode()) for path, text in texts.items())
    return (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), *own)


def timed(work: Callable[[], Compiled]) -> float:
    start = time.process_time()
    assert work().diagnostics == (), "a sound workspace has no findings"
    return time.process_time() - start


def main() -> None:
    sources, known = workspace(), Known()
    files = len(sources)
    whole = timed(lambda: compile(sources, known))
    print(
        f"{files} files, {PROCESSES} processes, {TABLES} tables of {ROWS} rows, one of {LONG:,}: "
        f"{whole:.2f} s (limit {LIMIT:.0f})"
    )
    at = next(n for n, source in enumerate(sources) if source.path == "processes/7.yaml")
    changed = Source(sources[at].path, PROCESS.format(n=7).replace("P10D", "P9D").encode())
    after = timed(lambda: compile((*sources[:at], changed, *sources[at + 1 :]), known))
    print(f"again with one changed process: {after:.2f} s, {whole / after:.1f} times as fast")
    sys.exit(whole > LIMIT)


if __name__ == "__main__":
    main()
