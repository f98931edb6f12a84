"""Decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program.formula import Formula, Origin
from orderloom.dsl.tables import Table


class Decision(Struct, frozen=True):
    """A decision table or a FEEL expression.

    `given` are the parameters of a decision that expressions call by name; without them its inputs are read from the
    scope in which it is asked. `where` names values that are worked out first, in order, each with those before it.
    `inputs` holds a formula for each column of the table, in order.
    """

    name: str
    title: str
    given: Mapping[str, Type]
    inputs: Mapping[str, Formula]
    logic: Table | Formula
    origin: Origin
    where: Mapping[str, Formula] = field(default_factory=dict)

    def seen(self, context: Mapping[str, object]) -> Mapping[str, object]:
        """What the inputs and the logic see: the context, and the values of `where`."""
        if not self.where:
            return context
        seen = dict(context)
        for name, formula in self.where.items():
            seen[name] = formula(seen)
        return seen

    def row_origin(self, rows: Sequence[int]) -> str:
        """Where the first of these rows of the table stands, as file:line or file:cell; without one, that of the decision."""
        place = self.logic.rows[rows[0]].place if rows and isinstance(self.logic, Table) else ""
        return place or str(self.origin)

    def __call__(self, context: Mapping[str, object]) -> object:
        """The answer: in the scope of a process, or with the values of `given`."""
        seen = self.seen(context)
        if isinstance(self.logic, Formula):
            return self.logic(seen)
        return self.logic.decide([formula(seen) for formula in self.inputs.values()], seen).value
