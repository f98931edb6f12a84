"""What it takes to check a workspace of 1,000 files again, in one process, after one of them was changed.

Run as `python tests/bench/bench_again.py`. Seconds are of processor time, so that others on the machine do not count.
"""

from __future__ import annotations

import re
import sys
import time
from statistics import median

from bench_proofs import MANIFEST, table

from orderloom.dsl.compile import compile
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

FILES, SHARES = 1000, {"process": 0.2, "table": 0.35, "scenario": 0.35}  #: the rest: sourcing policies, calendars, formulas
ROWS, TIMES, GOAL = 40, 5, 0.2
CALENDAR = "kind: calendar\nname: hours-{n}\ntimezone: UTC\nhours: {{ mon-fri: 08:00-17:00 }}\n"
FORMULA = 'kind: decision\nname: rule-{n}\ngiven: {{ w: number }}\nvalue: if w > 3 then table-{n}("EAST", w) else w * 2\n'
PACK = {source.path: source.text for source in pack_sources("retail") if source.path.endswith(".yaml")}
PROCESSES = ("ship-to-customer", "drop-ship", "pick-up-in-store")
SCENARIOS = [each for path, text in PACK.items() if "/scenarios/" in path for each in re.split(r"(?m)^---\n", text)]
EDITS = (
    ("a step's clock", "processes/0.yaml", "within: P2D", "within: P3D"),
    ("a status", "processes/0.yaml", "status: picking", "status: fetching"),
    ("a slip in a process", "processes/0.yaml", "ask: fulfiller", "ask: fulfillr"),
    ("a row of a table", "rules/tables/7.yaml", "|| 3\n", "|| 4\n"),
    ("a gap in a table", "rules/tables/7.yaml", "[20..30)", "[20..29)"),
    ("a formula", "rules/more/5.yaml", "w * 2", "w * 3"),
    ("a scenario", "scenarios/5.yaml", "title: ", "title: now "),
)


def workspace() -> dict[str, str]:
    processes, tables, scenarios = (int(FILES * share) for share in SHARES.values())
    rest = FILES - processes - tables - scenarios - 2
    texts: dict[str, str] = {}
    for n in range(processes):
        texts[f"processes/{n}.yaml"] = _renamed(PACK[f"processes/retail/{PROCESSES[n % 3]}.yaml"], n)
    texts |= {f"rules/tables/{n}.yaml": table(f"table-{n}", ROWS) for n in range(tables)}
    texts |= {f"scenarios/{n}.yaml": _renamed(SCENARIOS[n % len(SCENARIOS)], n) for n in range(scenarios)}
    for n in range(rest):
        more = (_renamed(PACK["rules/retail/fewest-shipments.yaml"], n), CALENDAR.format(n=n), FORMULA.format(n=n))
        texts[f"rules/more/{n}.yaml"] = more[n % 3]
    named = [
        f'"{name}"' for text in texts.values() for name in re.findall(r"^kind: (?:process|sourcing)\nname: (.*)$", text, re.M)
    ]
    named += [f'table-{n}("EAST", 5)' for n in range(tables)] + [f"rule-{n}(5)" for n in range(2, rest, 3)]
    texts["rules/all.yaml"] = f"kind: decision\nname: status-for-order\nvalue: 'if count([{', '.join(named)}]) > 0 then null'\n"
    texts["rules/all.yaml"] = texts["rules/all.yaml"].replace("then null'", "then null else null'")
    return texts


def _renamed(text: str, n: int) -> str:
    return re.sub(r"(?m)^(kind: .*\nname: .*)$", rf"\1-{n}", text)


def sources(texts: dict[str, str]) -> tuple[Source, ...]:
    own = (Source(path, text.encode()) for path, text in texts.items())
    return (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), *own)


def timed(texts: dict[str, str], known: Known) -> tuple[float, int]:
    files = sources(texts)
    start = time.process_time()
    found = compile(files, known).diagnostics
    return time.process_time() - start, len(found)


def main() -> None:
    texts, known = workspace(), Known()
    print(f"{len(texts) + 1} files, from nothing: {timed(texts, known)[0]:.2f} s")
    slowest = 0.0
    for what, path, before, after in EDITS:
        assert before in texts[path], (path, before)
        changed = {**texts, path: texts[path].replace(before, after)}
        took = [(timed(changed, known), timed(texts, known)) for _ in range(TIMES)]
        there, back = median(one for (one, _), _ in took), median(other for _, (other, _) in took)
        slowest = max(slowest, there, back)
        print(f"{what:22} {there * 1000:5.0f} ms, findings: {took[0][0][1]}; taken back {back * 1000:5.0f} ms")
    print(f"slowest {slowest * 1000:.0f} ms (goal {GOAL * 1000:.0f})")
    sys.exit(slowest > GOAL)


if __name__ == "__main__":
    main()
