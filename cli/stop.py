"""How a command ends when what the user asked for cannot be."""

from __future__ import annotations

import click


class Stop(click.ClickException):
    """The message says why, without a traceback."""

    exit_code = 2
