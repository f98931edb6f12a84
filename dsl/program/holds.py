"""Holds."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class HoldRule(Struct, frozen=True):
    """Who or what applies or resolves a hold: roles, events, a condition, a moment, so long after it was applied.

    Whoever resolves a hold that has `into` applies that one.
    """

    by: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    when: Formula | None = None
    at: Formula | None = None
    after: timedelta | None = None
    into: str | None = None


class Hold(Struct, frozen=True):
    """A named stop of an order, or of each line that it is applied to (`of_line`), with the steps that it blocks.

    `blocks` names steps, `process.step` or actions; empty: every step. `owner` is the role that should resolve it. With `again`
    a change of the order undoes what somebody has resolved while the rule is still true.
    """

    name: str
    title: str
    because: str
    of_line: bool
    blocks: frozenset[str]
    apply: HoldRule
    resolve: HoldRule
    owner: str
    again: bool
    origin: Origin

    @property
    def of_heading(self) -> bool:
        """Whether its rules ask for nothing but the time and what the order says of itself, its lines apart."""
        rules = (self.apply.when, self.apply.at, self.resolve.when, self.resolve.at)
        return not self.of_line and all(rule.shape is not None and rule.shape.of_heading for rule in rules if rule is not None)

    def stops(self, process: str, step: str, action: str | None, of_unit: bool) -> bool:
        """Whether it blocks this step of a process; one of a line leaves the order's own steps alone unless it names them."""
        if not self.blocks:
            return of_unit or not self.of_line
        return bool(self.blocks & {step, f"{process}.{step}", action})
