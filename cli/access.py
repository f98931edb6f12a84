"""`orderloom access`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_data, print_json, print_tables
from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.program import Program
from orderloom.dsl.suggest import with_hint
from orderloom.engine.access.matrix import Cell, matrix, organizations


@click.command()
@dir_option
@click.option("--role", help="Only this role.")
@click.option(
    "--commands", "by_command", is_flag=True, help="Show commands and routes: the right that each needs, and who has it."
)
@format_option
def access(folder: Path, role: str | None, by_command: bool, form: str) -> None:
    """Show who may do what to whose: every role, right and organization, as the definitions have it.

    It goes by the files. What --as and the keys of the API let somebody do goes by the version that is deployed.

    \b
    Example: orderloom access
             orderloom access --role associate --format json
             orderloom access --role associate --commands
    """
    program = checked(sources_or_pack(folder)).program
    if role is not None and role not in program.roles:
        raise Stop(with_hint(f"there is no role {role}", role, program.roles))
    if by_command:
        from orderloom.cli.access_commands import needed

        rows: list[list[object]] = [[n.command, " or ".join(n.rights), ", ".join(n.roles) or None] for n in needed(program, role)]
        print_data(form, Table("Commands and routes", ("command", "right", "roles"), rows))
        return
    cells = [cell for cell in matrix(program) if role in (None, cell.role)]
    if form == "json":
        print_json({"cells": cells, "relations": [_relation(each) for each in _relations(program)]})
        return
    print_tables([_table(program, cells), Table("Relations", ("granter", "grantee", "flows", "trust"), _relations(program))])


def _table(program: Program, cells: list[Cell]) -> Table:
    """A row for each organization and role: to whose things it may do what."""
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for cell in cells:
        row = rows.setdefault((cell.organization, cell.role), {of: [] for of in organizations(program)})
        row[cell.of] += [cell.right] if cell.allowed else []
    told = [[name, role, *(", ".join(rights) or None for rights in row.values())] for (name, role), row in rows.items()]
    return Table("Rights", ("organization", "role", *(f"of {of}" for of in organizations(program))), told)


def _relations(program: Program) -> list[list[object]]:
    return [[each.granter, each.grantee, ", ".join(each.flows), each.trust] for each in program.relations]


def _relation(row: list[object]) -> dict[str, object]:
    return dict(zip(("granter", "grantee", "flows", "trust"), row, strict=True))
