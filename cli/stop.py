"""How a command ends when what the user asked for cannot be."""

from __future__ import annotations

from typing import TypeVar

import click

from orderloom.engine.refused import Refused

T = TypeVar("T")


class Stop(click.ClickException):
    """The message says why, without a traceback."""

    exit_code = 2


def granted(answer: T | Refused) -> T:
    """What was asked for; ends the command where it was refused."""
    if isinstance(answer, Refused):
        raise Stop(answer.because)
    return answer
