"""The page of the commands, made from their own help, so that it cannot drift."""

from __future__ import annotations

from collections.abc import Iterator

import click

_HEAD = """# The commands

Every command prints tables and colour on a terminal, plain text into a pipe, and JSON with `--format json` where it prints data.
Exit codes: 0 clean, 1 findings or rejects, 2 wrong use, 3 a fault of ours. This page is made from the commands' own help.
"""


def page(root: click.Group) -> str:
    """The help of every command and subcommand, as markdown."""
    context = click.Context(root, info_name="orderloom", terminal_width=100, **root.context_settings)
    return _HEAD + "".join(f"\n## `{name}`\n\n```text\n{text}\n```\n" for name, text in _commands(root, context))


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, "a group lists no command that it has not got"
        child = click.Context(command, info_name=name, parent=context, terminal_width=100)
        if isinstance(command, click.Group):
            yield from _commands(command, child)
        else:
            yield child.command_path, command.get_help(child)
