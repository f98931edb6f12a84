"""Decision tables: columns, rows and a hit policy, as in DMN 1.5, section 8."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct

from orderloom.dsl.feel.types import Type
from orderloom.dsl.tables.cell import Cell
from orderloom.dsl.tables.index import Index, index_of, rows_of
from orderloom.dsl.tables.kinds import feel_value
from orderloom.dsl.tables.policies import AGGREGATE, LISTS, RANKED, Policy

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Result:
    """What a row puts out in one column: a constant, or an expression over the context."""

    text: str
    value: object = None
    evaluate: Callable[[Mapping[str, object]], object] | None = field(default=None, compare=False, repr=False)

    def __call__(self, context: Mapping[str, object]) -> object:
        return self.value if self.evaluate is None else self.evaluate(context)


class Input(Struct, frozen=True):
    """A column that rows test; `allowed` are the only values that come in, where declared."""

    name: str
    type: Type
    allowed: Cell | None = None


class Output(Struct, frozen=True):
    """A column of results; `allowed` are the only values, the one that ranks highest first."""

    name: str
    type: Type
    allowed: Cell | None = None
    default: Result | None = None

    def rank(self, value: object) -> int:
        """0 for the first of the allowed values; past the end for what is not among them."""
        spans = self.allowed.spans if self.allowed else ()
        return next((at for at, span in enumerate(spans) if span.holds(value)), len(spans))


class Row(Struct, frozen=True):
    """One rule. `place` says where it stands, as an analyst would: `line 12` of a file, `A7` in a sheet."""

    cells: tuple[Cell, ...]
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()
    place: str = ""

    @property
    def constant(self) -> bool:
        """Whether what it puts out does not depend on the context."""
        return all(result.evaluate is None for result in self.results)


class Hit(Struct, frozen=True):
    """The table's answer: its value, and the rows that fired, in the order that the policy gave them.

    Where rows contradict the policy (two rows of `unique`, different outputs of `any`) the value is null and `rows` has them all.
    """

    value: object
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, rows and hit policy. `annotations` are the headings of the rows' notes.

    `known` keeps answers of constant rows; `reached` are the rows that have fired since the table was made, for coverage.
    """

    policy: Policy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    index: Index = field(compare=False, repr=False)
    annotations: tuple[str, ...] = ()
    known: dict[int, Hit] = field(default_factory=dict, init=False, compare=False, repr=False)
    reached: set[int] = field(default_factory=set, init=False, compare=False, repr=False)

    def decide(self, values: Sequence[object], context: Mapping[str, object] = NOTHING) -> Hit:
        """The answer for one value for each input column. Cells and results that are expressions see `context`.

        When no row matches: the defaults where there are any; else null, an empty list, or a count of 0.
        """
        found = self.index.matching(values, context)
        if not found:
            return Hit(self._unmatched(context), ())
        lowest = found & -found
        if lowest == found or self.policy is Policy.FIRST:
            row = lowest.bit_length() - 1
            known = self.known.get(row)
            return known if known is not None else self._single(row, context)
        hit = self._several(tuple(rows_of(found)), context)
        self.reached.update(hit.rows)
        return hit

    def of_one(self) -> Callable[[object], object] | None:
        """What it answers to the value of its one input; None where it has several, or where anything is worked out."""
        defaults = [output.default for output in self.outputs if output.default]
        if len(self.inputs) != 1 or self.index.tested or any(default.evaluate for default in defaults):
            return None
        if not all(row.constant for row in self.rows):
            return None
        column, answers = self.index.columns[0], dict[int, object]()
        by_class, others = column.by_class, column.bits

        def answer(value: object) -> object:
            lookup = by_class.get(type(value))
            found = others(value) if lookup is None else lookup.bits(value)
            if found not in answers:
                answers[found] = self.decide((value,)).value
            return answers[found]

        return answer

    def _single(self, row: int, context: Mapping[str, object]) -> Hit:
        hit = Hit(self._gathered([self._outputs(self.rows[row].results, context)]), (row,))
        self.reached.add(row)
        if self.rows[row].constant:
            self.known[row] = hit
        return hit

    def explain(self, values: Sequence[object], row: int, context: Mapping[str, object] = NOTHING) -> tuple[int, ...]:
        """The columns whose cell in this row does not accept its value; none when the row matches."""
        cells = zip(self.rows[row].cells, map(feel_value, values), strict=True)
        return tuple(at for at, (cell, value) in enumerate(cells) if not cell.accepts(value, context))

    def fired(self, rows: tuple[int, ...]) -> tuple[int, ...]:
        """Of the rows that accept an input, those that answer it, as far as that is not worked out."""
        return rows[:1] if self.policy is Policy.FIRST else self._several(rows, NOTHING).rows

    def rank(self, value: object) -> tuple[int, ...]:
        """The priority of a row's output, less is higher. Columns count from the left, those without allowed values do not."""
        parts = value.values() if isinstance(value, dict) and len(self.outputs) > 1 else (value,)
        return tuple(output.rank(part) for output, part in zip(self.outputs, parts, strict=True) if output.allowed)

    def outputs_of(self, row: int, context: Mapping[str, object] = NOTHING) -> object:
        """The value that a row puts out: that of the one output, or a context of all."""
        return self._outputs(self.rows[row].results, context)

    def _outputs(self, results: Sequence[Result | None], context: Mapping[str, object]) -> object:
        if len(results) == 1:
            return results[0](context) if results[0] else None
        pairs = zip(self.outputs, results, strict=True)
        return {output.name: result(context) if result else None for output, result in pairs}

    def _unmatched(self, context: Mapping[str, object]) -> object:
        defaults = [output.default for output in self.outputs]
        if any(defaults):
            return self._outputs(defaults, context)
        return [] if self.policy in LISTS else Decimal(0) if self.policy is Policy.COUNT else None

    def _gathered(self, values: list[object]) -> object:
        """The outputs of rows that do not contradict each other, as the policy wants them."""
        if self.policy in LISTS:
            return values
        aggregate = AGGREGATE.get(self.policy)
        return aggregate(values) if aggregate else values[0]

    def _several(self, rows: tuple[int, ...], context: Mapping[str, object]) -> Hit:
        if self.policy is Policy.UNIQUE:
            return Hit(None, rows)
        outputs = [(row, self.outputs_of(row, context)) for row in rows]
        if self.policy in RANKED:
            outputs.sort(key=lambda output: self.rank(output[1]))
        if self.policy is Policy.ANY and not all(same(value, outputs[0][1]) for _, value in outputs):
            return Hit(None, rows)
        fired = tuple(row for row, _ in outputs)
        return Hit(self._gathered([value for _, value in outputs]), fired[:1] if self.policy is Policy.PRIORITY else fired)


def same(one: object, other: object) -> bool:
    """Equality of outputs, in which true and 1 differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def table_of(
    policy: Policy, inputs: Sequence[Input], outputs: Sequence[Output], rows: Iterable[Row], annotations: Sequence[str] = ()
) -> Table:
    """A table with its index."""
    kept = tuple(rows)
    index = index_of([row.cells for row in kept], len(inputs))
    return Table(policy, tuple(inputs), tuple(outputs), kept, index, tuple(annotations))
