"""Branches -> programs: of each division only what it sets, and what depends on that, is compiled anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl import program
from orderloom.dsl.changes import compile_changes, statuses
from orderloom.dsl.checks.each import Check, told_of
from orderloom.dsl.decisions import Decisions, compile_decisions
from orderloom.dsl.diagnostics import Diagnostic, Label, has_errors
from orderloom.dsl.divisions.families import Branch, Name
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled, compile_formulas
from orderloom.dsl.lower import Kept, lower
from orderloom.dsl.lower.division import lowered_division
from orderloom.dsl.notifications import compile_notifications
from orderloom.dsl.program import Program
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rows import file_of
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.syntax import Changes, Decision, Manifest, Sourcing


class Made(Struct, frozen=True):
    """All that was made of definitions without errors."""

    words: Vocabulary
    decisions: Decisions
    formulas: Compiled
    changes: Mapping[str, program.Changes]
    program: Program


def make_divisions(
    base: Made, manifest: Manifest, branches: Mapping[str, Branch], checks: Iterable[Check], told: Iterable[Diagnostic]
) -> tuple[Program, tuple[Diagnostic, ...]]:
    """The program with its divisions; what was `told` of it without them is not told again."""
    known = {(d.code, d.span, d.message) for d in told}
    found: list[Diagnostic] = []
    made: dict[str, Made] = {}
    for name, branch in branches.items():
        above = made[branch.parent] if branch.parent is not None else base
        made[name], more = _make(above, manifest, branch, checks) if branch.overrides else (above, ())
        found += [_told(d, branch) for d in more if (d.code, d.span, d.message) not in known]
        known |= {(d.code, d.span, d.message) for d in more}
    divisions = {
        name: lowered_division(branch.body, branch.lineage, made[name].program, base.formulas)
        for name, branch in branches.items()
    }
    return replace(base.program, divisions=divisions), tuple(found)


def _make(above: Made, manifest: Manifest, branch: Branch, checks: Iterable[Check]) -> tuple[Made, tuple[Diagnostic, ...]]:
    """What the branch goes by; the level above where there are errors."""
    definitions, only = branch.definitions, affected(branch)
    decisions, found = compile_decisions(definitions, above.words, above.decisions.functions, only)
    formulas, more = compile_formulas(definitions, above.words, decisions.functions, only)
    changes, still = compile_changes(definitions, above.words, decisions.functions, only)
    notices, yet = compile_notifications(definitions, above.words, decisions.functions, only)
    found += (*more, *still, *yet, *chain.from_iterable(told_of(definitions, check) for check in checks))
    if has_errors(found):
        return above, found
    decided = {name: decisions.decisions.get(name, known) for name, known in above.program.decisions.items()}
    changed = {name: changes.get(name, known) for name, known in above.changes.items()}
    told = {name: notices.get(name, known) for name, known in above.program.notifications.items()}
    kept = Kept(above.program, only)
    whole = {**above.formulas, **formulas}
    lowered = lower(definitions, manifest, above.words, whole, decided, changed, told, kept)
    return Made(above.words, Decisions(decided, decisions.functions), whole, changed, lowered), found


def affected(branch: Branch) -> frozenset[Name]:
    """The documents that are compiled anew for a branch: those of which it sets something, and those that depend on them."""
    definitions, changed = branch.definitions, branch.changed
    found = set(changed) | _callers(definitions, changed)
    lanes = {name for kind, name in (each.document for each in branch.overrides if each.path[0] == "lane") if kind == "promising"}
    for name, sourcing in definitions.of_kind(Sourcing).items():
        if sourcing.promise_by is not None and sourcing.promise_by.value in lanes:
            found.add(("sourcing", name))
    moved = any(kind == "process" for kind, _ in changed)
    renamed = statuses(definitions) != statuses(branch.inherited)
    found |= {("changes", name) for name, body in definitions.of_kind(Changes).items() if renamed or (moved and body.until)}
    return frozenset(found)


def _callers(definitions: Definitions, changed: frozenset[Name]) -> set[Name]:
    """The documents that speak of a decision that changes, whose meaning is another then, or of one that does so."""
    decisions = definitions.of_kind(Decision)
    functions = [name for kind, name in changed if kind == "decision" and decisions[name].given]
    found: set[Name] = set()
    while functions:
        word = re.compile(rf"(?<![\w-]){re.escape(functions.pop())}\s*\(")
        for kind, documents in definitions.documents.items():
            callers = {(kind, name) for name, each in documents.items() if word.search(_text(each, definitions))} - found
            found |= callers
            functions += [name for of, name in callers if of == "decision" and decisions[name].given]
    return found


def _text(document: Document, definitions: Definitions) -> str:
    """All texts of a document, and of the file that has its rows."""
    texts = [leaf.value.value for leaf in document.leaves if isinstance(leaf.value.value, str)]
    written = getattr(document.body, "file", None)
    sheet = file_of(written, definitions.files) if isinstance(written, Located) else None
    return "\n".join([*texts, *([sheet.text] if sheet is not None else [])])


def _told(found: Diagnostic, branch: Branch) -> Diagnostic:
    """A finding of the rules as a division has them, which says so where it stands elsewhere."""
    body = branch.body.span
    if found.span.source is body.source and body.start <= found.span.start <= body.end:
        return found
    assert branch.body.name is not None, "a document has a name"
    return replace(found, labels=(*found.labels, Label(branch.body.name.span, f"as division {branch.name} has it")))
