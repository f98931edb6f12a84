"""Promise options and slips."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl import program
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula
from orderloom.dsl.syntax.options import PromiseOption, Slip


def lowered_option(option: PromiseOption, formulas: Compiled) -> program.PromiseOption:
    return program.PromiseOption(
        option.name.value, formula(option.when, formulas), formula(option.price, formulas), origin(option.name.span)
    )


def lowered_slip(slip: Slip | None) -> program.Slip:
    if slip is None:
        return program.Slip()
    given = (slip.remedy, slip.least_days_saved, slip.most_extra_cost, slip.medium_jeopardy, slip.high_jeopardy)
    first = next((value for value in given if value is not None), None)
    default = program.Slip()
    return program.Slip(
        source_again=slip.remedy is not None and slip.remedy.value == "source again",
        days_saved=_or(slip.least_days_saved, default.days_saved),
        extra_cost=slip.most_extra_cost.value if slip.most_extra_cost is not None else default.extra_cost,
        medium=_or(slip.medium_jeopardy, default.medium),
        high=_or(slip.high_jeopardy, default.high),
        origin=origin(first.span) if first is not None else None,
    )


def _or(days: Located[Decimal] | None, default: int) -> int:
    return int(days.value) if days is not None else default
