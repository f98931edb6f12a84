"""What every kind is lowered with."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled


def text(written: Located[str] | None, default: str) -> str:
    return written.value if written is not None else default


def formula(written: Located[str] | None, formulas: Compiled) -> program.Formula | None:
    return formulas[written] if written is not None else None
