"""`--set FIELD=VALUE`: the fields of what is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def values_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that gives a field, once for each."""
    return click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of it; once for each.")(command)


def values_of(texts: tuple[str, ...]) -> dict[str, object]:
    """The fields by name."""
    return dict(map(_value, texts))


def _value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"write FIELD=VALUE, not {text}", param_hint="--set")
    return name, value
