"""The proofs of processes agree with trying out everything that can happen, on small processes drawn at random."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sketches import Sketch
from surroundings import SURROUNDINGS

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

MANIFEST = b"orderloom: 1\nworkspace: drawn\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
TOGETHER = 50  #: compiled at once
NEVER, ENDLESS, WAITLESS, NO_JOIN = "E503", "E505", "E506", "E554"
ENDED, OVER = "ended", "over"

#: What a step's verb is written as; those that wait take time.
WRITTEN = {
    "tell": "tell: customer, message: shipped",
    "pause": "wait: P1D",
    "ask": "ask: carrier, message: transport-request",
    "task": "task: look, to: operations",
}
OUTCOMES = {"tell": ("",), "pause": ("",), "ask": ("delivered", "lost"), "task": ("fine", "bad"), "choose": ("", "otherwise")}
INSTANT = ("tell", "choose")


@dataclass(frozen=True)
class Step:
    """A step as it is drawn: for each outcome the step to which it leads; a block has branches, and how many must be over."""

    name: str
    kind: str
    ways: tuple[str, ...] = ()
    branches: tuple[tuple[Step, ...], ...] = ()
    join: int = 0


def drawn(chance: Random, prefix: str = "s", within: bool = False) -> tuple[Step, ...]:
    """Two to five steps with ways between them; in a block one to three, that may lead to `join`."""
    names = [f"{prefix}{n}" for n in range(chance.randint(1, 3) if within else chance.randint(2, 5))]
    targets = [*names, *(["join"] * 2 if within else [])]
    kinds = [*WRITTEN, *WRITTEN, "choose", "choose", *(["end"] if within else ["block", "block"])]
    steps = []
    for at, name in enumerate(names):
        kind = chance.choice(kinds) if within or at + 1 < len(names) else "end"
        onward = names[at + 1 : at + 2] or ["join"]
        ways = tuple(chance.choice([*onward * 3, *targets]) for _ in OUTCOMES.get(kind, ("",)))
        branches = tuple(drawn(chance, f"{name}b{n}s", True) for n in range(2)) if kind == "block" else ()
        steps.append(Step(name, kind, () if kind == "end" else ways, branches, chance.choice([1, 2]) if branches else 0))
    return tuple(steps)


def text(steps: Iterable[Step], pad: str = "  ") -> str:
    return "".join(f"{pad}- {line}\n" if not step.branches else _block(step, pad) for step in steps for line in [_line(step)])


def _line(step: Step) -> str:
    match step.kind:
        case "end":
            return f"{{ step: {step.name}, end: done }}"
        case "choose":
            ways = f"{{ when: unit.quantity > 1, next: {step.ways[0]} }}, {{ otherwise: {step.ways[1]} }}"
            return f"{{ step: {step.name}, choose: [{ways}] }}"
        case "ask" | "task":
            ways = ", ".join(f"{name}: {to}" for name, to in zip(OUTCOMES[step.kind], step.ways, strict=True))
            return f"{{ step: {step.name}, {WRITTEN[step.kind]}, on: {{ {ways} }} }}"
        case _:
            return f"{{ step: {step.name}, {WRITTEN.get(step.kind, '')}, next: {step.ways[0]} }}"


def _block(step: Step, pad: str) -> str:
    branches = "".join(f"{pad}    b{n}:\n{text(each, pad + '      ')}" for n, each in enumerate(step.branches))
    return f"{pad}- step: {step.name}\n{pad}  join: {step.join}\n{pad}  next: {step.ways[0]}\n{pad}  parallel:\n{branches}"


# --- trying everything ----------------------------------------------------------------------------------------------------

State = tuple[str, ...]  #: a step, and where each branch of it stands that runs; or ended


def faults(steps: tuple[Step, ...]) -> set[str]:
    """What can go wrong, found by going every way from the first step."""
    known = {step.name: step for step in steps}
    moves = {state: list(_moves(state, known)) for state in _reached((steps[0].name,), known)}
    found = set()
    if {*known, *_inner_names(steps)} - {name for state in moves for name in state}:
        found.add(NEVER)
    if any(not _can_end(state, moves) for state in moves) or any(_lost(state, known) for state in moves):
        found.add(ENDLESS)
    if any(_comes_back(state, moves) for state in moves) or any(_idles(state, known) for state in moves):
        found.add(WAITLESS)
    blocks = {state[0] for state in moves if len(state) == 1 and state[0] in known and known[state[0]].branches}
    if any(not _joins(known[name]) for name in blocks):
        return {NO_JOIN}
    return found


def _inner_names(steps: Iterable[Step]) -> set[str]:
    return {inner.name for step in steps for branch in step.branches for inner in branch}


def _reached(start: State, known: dict[str, Step]) -> set[State]:
    seen, waiting = set[State](), [start]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += [after for after, _ in _moves(state, known)]
    return seen


def _moves(state: State, known: dict[str, Step]) -> Iterator[tuple[State, bool]]:
    """What can happen next, and whether it takes no time."""
    if state == (ENDED,):
        return
    step = known[state[0]]
    if step.kind == "end":
        yield (ENDED,), True
    elif not step.branches:
        yield from (((to,), step.kind in INSTANT) for to in step.ways)
    elif len(state) == 1:
        yield (step.name, *(branch[0].name for branch in step.branches)), True
    elif sum(place == OVER for place in state[1:]) >= step.join:
        yield (step.ways[0],), True
    else:
        for at, place in enumerate(state[1:], 1):
            for after, instant in _in_branch(step.branches[at - 1], place):
                yield ((ENDED,) if after == ENDED else (*state[:at], after, *state[at + 1 :])), instant


def _in_branch(branch: tuple[Step, ...], place: str) -> Iterator[tuple[str, bool]]:
    inner = next((step for step in branch if step.name == place), None)
    if inner is None:
        return
    if inner.kind == "end":
        yield ENDED, True
    yield from ((OVER if to == "join" else to, inner.kind in INSTANT) for to in inner.ways)


def _can_end(state: State, moves: dict[State, list[tuple[State, bool]]]) -> bool:
    return (ENDED,) in _behind(state, {each: [after for after, _ in found] for each, found in moves.items()})


def _comes_back(state: State, moves: dict[State, list[tuple[State, bool]]]) -> bool:
    """Whether it comes back to where it stands without any time."""
    at_once = {each: [after for after, instant in found if instant] for each, found in moves.items()}
    return any(state in _behind(after, at_once) for after in at_once[state])


def _behind(state: object, led: dict) -> set[object]:  # type: ignore[type-arg]
    seen, waiting = set(), [state]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += led.get(each, [])
    return seen


def _alone(state: State, known: dict[str, Step]) -> Iterator[tuple[str, dict[str, list[tuple[str, bool]]]]]:
    """Each branch that runs, by where it stands and what it can do by itself."""
    for place, branch in zip(state[1:], known[state[0]].branches if len(state) > 1 else (), strict=True):
        if place != OVER:
            yield place, {step.name: list(_in_branch(branch, step.name)) for step in branch}


def _lost(state: State, known: dict[str, Step]) -> bool:
    """Whether a branch can neither be over nor end the process."""
    led = ((place, {each: [to for to, _ in found] for each, found in moves.items()}) for place, moves in _alone(state, known))
    return any(not {OVER, ENDED} & _behind(place, moves) for place, moves in led)


def _idles(state: State, known: dict[str, Step]) -> bool:
    """Whether a branch goes round without any time."""
    for place, moves in _alone(state, known):
        at_once = {each: [to for to, instant in found if instant] for each, found in moves.items()}
        if any(place in _behind(to, at_once) for to in at_once[place]):
            return True
    return False


def _joins(step: Step) -> bool:
    led = [{each.name: [to for to, _ in _in_branch(branch, each.name)] for each in branch} for branch in step.branches]
    over = [OVER in _behind(branch[0].name, moves) for branch, moves in zip(step.branches, led, strict=True)]
    return sum(over) >= step.join


# --- the law --------------------------------------------------------------------------------------------------------------


def law(seed: int, many: int) -> int:
    """How many of the processes that were drawn are sound; raises where proof and trial do not agree."""
    chance = Random(seed)
    processes = {f"drawn-{n}": drawn(chance) for n in range(many)}
    told = told_of({name: f"\n{text(steps)}" for name, steps in processes.items()})
    sound = 0
    for name, steps in processes.items():
        tried, said = faults(steps), told[name] - {"E410"}
        assert bool(tried) == bool(said) and (not tried or tried & said), f"{tried} but {said} of\n{text(steps)}"
        sound += not tried
    return sound


def told_of(processes: dict[str, str], more: str = "") -> dict[str, set[str]]:
    """The codes of errors by process."""
    files = [
        Source(f"processes/{name}.yaml", f"kind: process\nname: {name}\nfor: fulfillment\nsteps:{steps}".encode())
        for name, steps in processes.items()
    ]
    whole = compile(
        (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), Source("rules/more.yaml", more.encode()), *files)
    )
    found: dict[str, set[str]] = {name: set() for name in processes}
    for each in whole.diagnostics:
        name = each.span.path.removeprefix("processes/").removesuffix(".yaml")
        if name in found and each.severity == "error":
            found[name].add(each.code)
    return found


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**9))
def test_proofs_agree_with_trying_everything(seed: int) -> None:
    law(seed, TOGETHER)


@pytest.mark.soak
def test_5000_proofs_agree_with_trying_everything() -> None:
    sound = sum(law(seed, TOGETHER) for seed in range(5000 // TOGETHER))
    assert 500 < sound < 4500, "some are sound, and some are not"


# --- no false alarm -------------------------------------------------------------------------------------------------------


def no_alarm(seed: int, many: int) -> None:
    """What is drawn sound has no findings of any kind."""
    chance = Random(seed)
    names = [f"sound-{n}" for n in range(many)]
    processes = {name: Sketch(chance, f"{name}-part").whole() for name in names}
    told = told_of(processes, f"kind: calendar\nname: spare\ntimezone: UTC\nhours: {{ mon-fri: 00:00-24:00 }}\n{SURROUNDINGS}")
    assert {name: codes for name, codes in told.items() if codes} == {}


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10**9))
def test_sound_processes_have_no_findings(seed: int) -> None:
    no_alarm(seed, 10)


@pytest.mark.soak
def test_1000_sound_processes_have_no_findings() -> None:
    for seed in range(100):
        no_alarm(seed, 10)
