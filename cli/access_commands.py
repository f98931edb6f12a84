"""Commands and routes of the API with the rights that they need, and the roles that have one of these."""

from __future__ import annotations

from collections.abc import Iterator

import click
from msgspec import Struct

from orderloom.cli.acting import right_of
from orderloom.dsl.program import Program
from orderloom.dsl.rights import SEES
from orderloom.engine.access.rights import are_declared


class Needed(Struct, frozen=True):
    """A command by its path, or a route; one of the rights is enough. Of what needs none, `sees`, everybody gets what he sees."""

    command: str
    rights: tuple[str, ...]
    roles: tuple[str, ...]


def needed(program: Program, role: str | None = None) -> Iterator[Needed]:
    """Every command that works on a store, and every route; of a role those that it may give."""
    for command, right in (*_commands(), *_routes()):
        rights = (right,) if isinstance(right, str) else right
        roles = tuple(name for name, each in program.roles.items() if _has(program, each.may, rights))
        if role is None or role in roles:
            yield Needed(command, rights, roles)


def _has(program: Program, may: tuple[str, ...], rights: tuple[str, ...]) -> bool:
    return SEES in rights or not are_declared(program) or any(right in may for right in rights)


def _commands() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    from orderloom.cli.main import COMMANDS, main

    context = click.Context(main)
    for name in sorted(COMMANDS):
        if right_of(name):
            for path in _below(main.get_command(context, name), name):
                yield path, right_of(path)


def _below(command: click.Command | None, path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield path
        return
    for name, below in command.commands.items():
        yield from _below(below, f"{path} {name}")


def _routes() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    from orderloom.adapters.api.rights import RIGHT_OF

    yield from RIGHT_OF.items()
