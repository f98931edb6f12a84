"""Two programs, compared on one page: what they decide, set and do otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from orderloom.dsl.diffing.found import Decides, Differences, ProcessChange, Setting, Verdict, Wording
from orderloom.dsl.diffing.logics import asking, decisions, formulas
from orderloom.dsl.diffing.pairs import paired
from orderloom.dsl.diffing.processes import conditions, followed_by, renames, sentences
from orderloom.dsl.diffing.samples import Words, words_of
from orderloom.dsl.diffing.tables import compared
from orderloom.dsl.diffing.uses import users
from orderloom.dsl.diffing.walk import Differing, differing, said
from orderloom.dsl.program import Decision, Formula, Process, Program
from orderloom.dsl.program.process import Way
from orderloom.dsl.program.whole import RULES
from orderloom.dsl.stepmap import Targets, state_map
from orderloom.dsl.tables import Table

_ELSEWHERE = frozenset({"workspace", "digest", "divisions", "division", "processes"})
_TEXTS = frozenset({"title", "because", "note"})  #: fields that decide nothing
_OF_DIVISION = ("title", "own", "without", "orders")
#: What one of them is called, where the language says it otherwise than the field.
_ONE = {
    "decisions": "decision", "monitors": "monitor", "calendars": "calendar", "exceptions": "exception", "bills": "bill",
    "events": "event", "status_maps": "status-map", "organizations": "organization", "roles": "role", "people": "person",
}  # fmt: skip

Both = tuple[Words, Words]


def compare(old: Program, new: Program) -> Differences:
    """What one program decides and does otherwise than another; for divisions, what is other for them alone."""
    if old.digest == new.digest:
        return Differences()
    words = words_of(old), words_of(new)
    found = _told([_one(each, words, new) for each in _values(old, new)])
    found += _processes(old, new, (*old.processes, *new.processes), words)
    for name in dict.fromkeys((*old.divisions, *new.divisions)):
        found += _division(name, old, new)
    return found


def _told(found: Iterable[Decides | Setting | None]) -> Differences:
    """Each among those of its kind."""
    there = [each for each in found if each is not None]
    return Differences(
        decides=tuple(each for each in there if isinstance(each, Decides)),
        settings=tuple(each for each in there if isinstance(each, Setting) and not isinstance(each, Wording)),
        words=tuple(each for each in there if isinstance(each, Wording)),
    )


def _values(old: Program, new: Program) -> Iterator[Differing]:
    for field in Program.__struct_fields__:
        if field not in _ELSEWHERE:
            yield from _of_field(field, getattr(old, field), getattr(new, field))


def _of_field(field: str, old: Any, new: Any) -> Iterator[Differing]:
    label = _ONE.get(field, field.replace("_", " "))
    if isinstance(old, Mapping):
        for name in dict.fromkeys((*old, *new)):
            if name in old and name in new:
                yield from differing(old[name], new[name], (f"{label} {name}",))
            else:
                there = old.get(name) or new.get(name)
                yield Differing((f"{label} {name}",), old.get(name), new.get(name), str(getattr(there, "origin", "")))
    else:
        yield from differing(old, new, (label,))


def _one(each: Differing, words: Both, new: Program) -> Decides | Setting | None:
    """What a value that is not the same comes to; None where it says the same in other words."""
    verdict = _verdict(each, words)
    if verdict is None:
        kind = Wording if each.field in _TEXTS else Setting
        return kind(each.what, _short(each.old), _short(each.new), each.at)
    if verdict == Verdict():
        before, after = (getattr(value, "title", "") for value in (each.old, each.new))
        return Wording(f"{each.what}: title", before, after, each.at) if before != after else None
    was, now = (str(getattr(value, "origin", "")) or each.at for value in (each.old, each.new))
    called = each.address[0].removeprefix("decision ") if isinstance(each.new, Decision) else ""
    return Decides(each.what, was, now, verdict, tuple(users(new, called)) if called else ())


def _short(value: Any) -> str:
    """A definition that one side has alone is just there."""
    return "there" if hasattr(value, "origin") and not isinstance(value, Formula) else said(value)


def _verdict(each: Differing, words: Both) -> Verdict | None:
    """How the two decide; None where they are no logic."""
    old, new = each.old, each.new
    if isinstance(old, Decision) and isinstance(new, Decision):
        return _of_decisions(old, new, words)
    if isinstance(old, Formula) or isinstance(new, Formula):
        before, after = (value if isinstance(value, Formula) else None for value in (old, new))
        return formulas(before, after, _absent(each), words, condition=each.field == "when")
    return None


def _absent(each: Differing) -> object:
    """What holds where there is no expression: a condition that is not there is met."""
    plain = each.new if isinstance(each.old, Formula) else each.old
    return True if plain is None and each.field == "when" else plain


def _of_decisions(old: Decision, new: Decision, words: Both) -> Verdict:
    if isinstance(old.logic, Table) and isinstance(new.logic, Table):
        pair = paired(old, new)
        if pair.told_apart:
            found = compared(pair, words[1])
            if found.cases or not found.unsure:
                return found
            tried = decisions(old, new, words)  # what `where` compares with is no edge of a cell, but is tried here
            return tried if tried.cases else found
    return decisions(old, new, words)


# --- processes -------------------------------------------------------------------------------------------------------


def _processes(old: Program, new: Program, names: Iterable[str], words: Both) -> Differences:
    places = state_map(old, new, {})
    changes = (
        _process(old.processes.get(name), new.processes.get(name), places.get(name), words, old, new)
        for name in dict.fromkeys(names)
    )
    return Differences(processes=tuple(each for each in changes if each is not None))


def _process(
    old: Process | None, new: Process | None, targets: Targets | None, words: Both, was: Program, now: Program
) -> ProcessChange | None:
    if old is new:
        return None
    if old is None or new is None or targets is None or targets.process is None:
        return _alone(old, new, was, now)
    names = renames(old, new, targets)
    said_of = dict.fromkeys(sentences(old, new, names))
    decides = [_condition(each, words) for each in conditions(old, new, names)]
    told = tuple(each for each in decides if each is not None)
    if not said_of and not told:
        return None
    touched = [step for step, _ in said_of if step] + [each.what.partition(":")[0].removeprefix("step ") for each in told]
    texts = tuple(text for _, text in said_of)
    return ProcessChange(new.name, str(new.origin), texts, tuple(followed_by(now, new.name)), tuple(dict.fromkeys(touched)), told)


def _alone(old: Process | None, new: Process | None, was: Program, now: Program) -> ProcessChange:
    there, program, what = (old, was, "it is gone") if new is None else (new, now, "it is new")
    assert there is not None, "one of the two is there"
    if old is not None and new is not None:
        what = f"it is for {new.purpose} now, and was for {old.purpose}"
    steps = tuple(old.steps) if old is not None else ()
    return ProcessChange(there.name, str(there.origin), (what,), tuple(followed_by(program, there.name)), steps)


def _condition(each: Differing, words: Both) -> Decides | None:
    what = f"step {each.what}" if each.address[0] != "the process" else each.what
    if each.address[-1] == "chooses":
        was, now = ([way.when for way in ways] for ways in (each.old, each.new))
        verdict = asking(_taken(each.old), _taken(each.new), was, now, words)
    else:
        verdict = formulas(each.old, each.new, _absent(each), words, condition=each.field == "when")
    return Decides(what, each.at, each.at, verdict) if verdict != Verdict() else None


def _taken(ways: tuple[Way, ...]) -> Callable[[Mapping[str, object]], object]:
    """The step that a choice leads to."""
    return lambda context: next((way.next for way in ways if way.when is None or way.when(context) is True), None)


# --- divisions -------------------------------------------------------------------------------------------------------


def _division(name: str, old: Program, new: Program) -> Differences:
    """What is other for a division and is not just what is other for all."""
    before, after = old.divisions.get(name), new.divisions.get(name)
    if before is None or after is None:
        was, now = ("nothing" if side is None else "there" for side in (before, after))
        return _told([Setting(f"division {name}", was, now, str((new.divisions.get(name) or old.divisions[name]).origin))])
    one, other = old.of(name), new.of(name)
    words = words_of(one), words_of(other)
    parts = [(part, getattr(before, part), getattr(after, part)) for part in _OF_DIVISION]
    parts.append(("extends", before.lineage[1:], after.lineage[1:]))
    unequal = [each for part, was, now in parts for each in differing(was, now, (part,), str(after.origin), part)]
    for field in RULES:
        own = _own(field, one, old) | _own(field, other, new)
        if field != "processes" and own:
            sides = [{k: v for k, v in getattr(each, field).items() if k in own} for each in (one, other)]
            unequal += _of_field(field, *sides)
    own = _own("processes", one, old) | _own("processes", other, new)
    found = _told([_for(name, _one(each, words, other)) for each in unequal])
    return found + _processes(one, other, sorted(own), words)


def _own(field: str, program: Program, base: Program) -> set[str]:
    return {name for name, value in getattr(program, field).items() if getattr(base, field).get(name) is not value}


def _for(division: str, found: Decides | Setting | None) -> Decides | Setting | None:
    """Said of a division."""
    if isinstance(found, Decides):
        return Decides(f"for {division}: {found.what}", found.was_at, found.now_at, found.verdict, found.used_by)
    return replace(found, what=f"for {division}: {found.what}") if found is not None else None
