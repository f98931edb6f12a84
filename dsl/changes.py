"""Tables of changes -> decisions over what is changed, at which level, in which status, by which role; each proved whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from msgspec.structs import replace

from orderloom.dsl.decisions import compile_decision
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Document
from orderloom.dsl.feel import Function, Scope
from orderloom.dsl.feel.types import ANY_CONTEXT
from orderloom.dsl.fields import Located, Pair, WrittenType
from orderloom.dsl.known import asked
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.program import Changes as Lowered
from orderloom.dsl.program.changes import KEPT
from orderloom.dsl.resolve import Definitions, Only, among
from orderloom.dsl.roles import role_hint
from orderloom.dsl.rows import as_diagnostic, file_of, read_rows
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.steps import Step
from orderloom.dsl.syntax import Decision
from orderloom.dsl.syntax.changes import ANSWERS, INPUTS, LEVELS, OUTPUTS, WHATS, Changes
from orderloom.dsl.tables import Table
from orderloom.dsl.tables.grid import fault
from orderloom.dsl.until import lowered_until, strange_until

#: Statuses that no process sets, and in which something can be changed all the same.
BEFORE = ("draft", "captured", "planned")
STATUS_FOR_ORDER = "status-for-order"  #: the decision that may say an order's status

_TEXT = re.compile(r'"([^"\\]*)"')


def compile_changes(
    definitions: Definitions, vocabulary: Vocabulary, functions: Mapping[str, Function], only: Only = None
) -> tuple[Mapping[str, Lowered], tuple[Diagnostic, ...]]:
    """The tables by name; a case without an answer is an error here."""
    found: list[Diagnostic] = []
    made: dict[str, Lowered] = {}
    scope = vocabulary.scope("change", functions, ANY_CONTEXT)
    for name, written in definitions.of_kind(Changes).items():
        if among(only, "changes", name):
            one, more = definitions.remembered(_one, written, partial(_one, written, scope, definitions))
            found += more
            made |= {name: one} if one is not None else {}
    return made, tuple(found)


def _one(written: Changes, scope: Scope, definitions: Definitions) -> tuple[Lowered | None, tuple[Diagnostic, ...]]:
    found: list[Diagnostic] = []
    more: list[Diagnostic] = []
    unsure = bool({"process", "participants"} & definitions.lost)
    if not unsure:
        found += strange_until(written.until, statuses(definitions, written.read_from.source.pack))
    table = _as_decision(written, definitions)
    decision, _ = compile_decision(table, {}, scope, definitions, more)
    found += [_told(each) for each in more if not (unsure and each.code.startswith("W82"))]
    if decision is None or not isinstance(decision.logic, Table):
        return None, tuple(found)
    found += _rows(table, decision.logic, definitions)
    title = written.title.value if written.title is not None else written.name.value
    keep = written.keep.value if written.keep is not None else KEPT
    return Lowered(written.name.value, title, decision, keep, lowered_until(written.until, definitions)), tuple(found)


@asked
def statuses(definitions: Definitions, pack: str | None = None) -> tuple[str, ...]:
    """Every status that an order or a unit of work can have, in the order of their definition; for a document of a pack also
    those of the processes that the workspace replaces."""
    found = dict.fromkeys(BEFORE)
    for document in definitions.speaks_of("process", pack):
        found |= dict.fromkeys(definitions.remembered(statuses_of, document, partial(statuses_of, document)))
    return tuple(found | dict.fromkeys(rolled_up(definitions)))


def statuses_of(document: Document) -> tuple[str, ...]:
    """The statuses that the steps of a process set."""
    own = (each.value for each in document.leaves if isinstance(each.section, Step) and each.value is each.section.status)
    return tuple(dict.fromkeys(status.value for status in own))


@asked
def rolled_up(definitions: Definitions) -> tuple[str, ...]:
    """The statuses that a decision gives an order."""
    decision = definitions.of_kind(Decision).get(STATUS_FOR_ORDER)
    return tuple(_answers(decision)) if decision is not None else ()


def _answers(decision: Decision) -> Iterator[str]:
    """The texts that stand behind || in a decision, in its last cells, or in its value."""
    texts = [line.partition("||")[2].split("|")[0] for line in decision.table.value.splitlines()] if decision.table else []
    texts += [row[len(decision.inputs)].value for row in decision.rows if len(row) > len(decision.inputs)]
    texts += [value.value for value in (decision.value, *(pair.value for pair in decision.default)) if value is not None]
    for text in texts:
        yield from _TEXT.findall(text)


def _as_decision(written: Changes, definitions: Definitions) -> Decision:
    """The table as a decision whose columns everybody knows."""
    at = written.name.node if written.name is not None else Scalar("", written.read_from.source, written.span.start, 0)
    heads = _headings(written, definitions)
    named = tuple(name for name in INPUTS if not heads or name in heads)
    answers = tuple(name for name in OUTPUTS if not heads or name in heads or name == "answer")
    allowed = {
        "what": WHATS,
        "level": LEVELS,
        "status": sorted(statuses(definitions, written.read_from.source.pack)),  # whatever the order of the files
        "role": sorted(definitions.roles),
    }
    types = {"answer": _values(ANSWERS, at), "price": _type("number", at)}
    return Decision(
        read_from=written.read_from,
        name=written.name,
        title=written.title,
        given=(),
        where=(),
        hit=written.hit,
        inputs=(*(Pair(_word(name, at), _word(name, at)) for name in named), *written.inputs),
        outputs=tuple(Pair(_word(name, at), types.get(name) or _type("string", at)) for name in answers),
        allowed=tuple(Pair(_word(name, at), _values(map(_quoted, allowed[name]), at)) for name in named),
        default=(),
        table=written.table,
        rows=written.rows,
        file=written.file,
        value=None,
    )


def _headings(written: Changes, definitions: Definitions) -> set[str]:
    """The columns that a text table or a CSV file has; none where that is not known, as of lists."""
    source = file_of(written.file, definitions.files) if written.file is not None else None
    if written.table is not None:
        first = next((line for line in written.table.value.splitlines() if line.strip()), "")
        return {cell.strip() for cell in first.split("|")}
    if source is not None and source.path.endswith(".csv"):
        return {cell.strip().strip('"') for cell in source.text.partition("\n")[0].split(",")}
    return set()


def _word(text: str, at: Scalar) -> Located[str]:
    return Located(text, replace(at, text=text))


def _type(text: str, at: Scalar) -> WrittenType:
    return WrittenType(_word(text, at), ())


def _values(texts: Iterable[str], at: Scalar) -> WrittenType:
    return WrittenType(None, tuple(_word(text, at) for text in texts))


def _quoted(text: str) -> str:
    """As FEEL has it, whatever characters a status has."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _told(found: Diagnostic) -> Diagnostic:
    """A gap in a table of changes leaves a request without an answer."""
    if found.code not in ("W821", "W822"):
        return found
    return replace(found, code="E675", hint="add a row: a request must be allowed, refused, priced or approved")


def _rows(asked: Decision, table: Table, definitions: Definitions) -> Iterator[Diagnostic]:
    """Each answer has what it needs; told at the answer, or at the role that there is not."""
    names = [output.name for output in table.outputs]
    written, _ = read_rows(asked, [input.name for input in table.inputs], names, definitions.files)
    assert written is not None, "rows that made a table are read again"
    for at, (row, texts) in enumerate(zip(table.rows, written.rows, strict=True)):
        given = {name: cell.value if cell.evaluate is None else cell.text for name, cell in zip(names, row.results, strict=True)}
        for name, message, hint in _lacking(given, definitions):
            column = names.index(name)
            place = {"row": at, "column": len(table.inputs) + column, "at": texts.results[column]}
            yield as_diagnostic(fault("E676", message, hint, **place), written.place)  # type: ignore[arg-type]


def _lacking(given: Mapping[str, object], definitions: Definitions) -> Iterator[tuple[str, str, str]]:
    """What an answer lacks: the column at which that stands, why, and what to do."""
    answer = str(given.get("answer"))
    needed = {"refuse": "because", "approval": "approve", "price": "price"}.get(answer)
    if needed is not None and needed not in given:
        yield (
            "answer",
            f"{answer} needs {_NEEDED[needed]}",
            f"add a column `{needed}` after ||; write null in it for other answers",
        )
    elif needed is not None and given[needed] is None:
        yield needed, f"{answer} needs {_NEEDED[needed]}", f"write it here, in the column `{needed}`, in place of null"
    role = given.get("approve")
    if role is not None and role not in definitions.roles and "participants" not in definitions.lost:
        yield "approve", f"there is no role {role}", role_hint(str(role), definitions)


_NEEDED = {
    "because": "the reason that whoever asks is told",
    "approve": "the role that has to agree",
    "price": "what the change costs",
}
