"""What becomes of a mutant: found by the compiler, killed by a scenario, equivalent, or escaped."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from mutants import Mutant

from orderloom.adapters.journey import journey
from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.diffing.compare import compare
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.scenario import Scenario

FOUND, KILLED, EQUIVALENT, ESCAPED = "found", "killed", "equivalent", "escaped"
VERDICTS = (FOUND, KILLED, ESCAPED, EQUIVALENT)
PATIENCE = 60  #: seconds of work, by however busy a machine, until a scenario that does not end is killed

_killers: Counter[tuple[str, str]] = Counter()  #: by file and scenario; whoever killed there before is tried first


def by_kind(verdicts: Iterable[tuple[str, str]]) -> list[str]:
    """The table: a line for each kind of mistake, with how many were found, killed, escaped and are no mistakes."""
    counts = Counter(verdicts)
    lines = [f"{'kind of mistake':22}" + "".join(f"{each:>12}" for each in VERDICTS)]
    for kind in (*sorted({kind for kind, _ in counts}), "all"):
        row = [sum(n for (of, what), n in counts.items() if kind in (of, "all") and what == each) for each in VERDICTS]
        lines.append(f"{kind:22}" + "".join(f"{n:12}" for n in row))
    return lines


def verdict(mutant: Mutant) -> tuple[str, str]:
    """The verdict, and by what: the code of a finding, or the name of a scenario."""
    compiled, told = read(mutant)
    if told is not None:
        return told
    by_name = {each.name: each for each in compiled.scenarios}
    own = [each for each in compiled.scenarios if each.pack == mutant.pack and _concerned(each, mutant)]
    for scenario in sorted(own, key=lambda each: (-_heat(mutant, each), -len(each.then))):  # those that say more kill more
        if because := _failure(compiled, scenario, by_name):
            _killers[mutant.path, scenario.name] += 1
            return KILLED, because
    return ESCAPED, ""


def read(mutant: Mutant) -> tuple[Compiled, tuple[str, str] | None]:
    """What the compiler makes of it, and the verdict where no scenario is needed for one."""
    compiled = compile(mutant.sources(), _known(mutant.pack))
    if compiled.diagnostics:
        return compiled, (FOUND, compiled.diagnostics[0].code)
    assert compiled.program is not None
    same = _same(mutant.pack, compiled.program)
    return compiled, (EQUIVALENT, same) if same else None


def _same(pack: str, program: Program) -> str:
    """Why the mistake changes nothing; empty where it does, or where that is not proved."""
    right = _right(pack).program
    assert right is not None
    if right.digest == program.digest:
        return "the same program"
    return "decides the same" if compare(right, program).none else ""


def _concerned(scenario: Scenario, mutant: Mutant) -> bool:
    """Whether the mistake can matter to the scenario: one in a process only where an order comes into that."""
    return not mutant.path.startswith("processes/") or mutant.path in _exercised(mutant.pack)[scenario.name]


@cache
def _exercised(pack: str) -> dict[str, set[str]]:
    """By scenario the files of the processes that its orders come into."""
    right = _right(pack)
    assert right.program is not None
    by_name = {each.name: each for each in right.scenarios}
    found: dict[str, set[str]] = {}
    for scenario in right.scenarios:
        stories = run_scenario(right.program, scenario, by_name).stories
        passed = {passage.process for each in stories for passage in journey(right.program, each)}
        found[scenario.name] = {right.program.processes[name].origin.path for name in passed}
    return found


@cache
def _known(pack: str) -> Known:
    return Known()


def _heat(mutant: Mutant, scenario: Scenario) -> int:
    stem = mutant.path.rpartition("/")[2]
    return _killers[mutant.path, scenario.name] * 2 + (stem in str(scenario.origin))


def _failure(compiled: Compiled, scenario: Scenario, by_name: dict[str, Scenario]) -> str:
    try:
        with _patience():
            result = run_scenario(compiled.program, scenario, by_name)  # type: ignore[arg-type]
    except TimeoutError:
        return f"{scenario.name} does not end"
    return "" if result.passed else scenario.name


@contextmanager
def _patience() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@cache
def _right(pack: str) -> Compiled:
    return compile(pack_sources(pack))
