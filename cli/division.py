"""`orderloom division`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from orderloom.cli.findings import print_findings
from orderloom.cli.output import Table, format_option, print_data, print_json, print_tables
from orderloom.cli.rules import constants_table, difference_table, known_division
from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, dir_option, sources_of
from orderloom.dsl.compile import compile
from orderloom.dsl.divisions.effective import Family, disagreeing, family, inconstant
from orderloom.dsl.source import Source

Several = tuple[str, ...]

_PLAIN = re.compile(r"[\w.-]+")


@click.group()
def division() -> None:
    """Add divisions, and show what differs between them.

    \b
    Example: orderloom division add northgate --extends harbour --set promising.floor=3
             orderloom division diff harbour northgate
    """


@division.command()
@dir_option
@click.argument("name")
@click.option("--extends", help="The division whose rules it inherits.")
@click.option("--own", multiple=True, metavar="NODE", help="A node of its own. May be given several times.")
@click.option("--without", multiple=True, metavar="NODE", help="A node or pool that it goes without. May be given several times.")
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="A value of its own. May be given several times.")
@format_option
def add(folder: Path, name: str, extends: str | None, own: Several, without: Several, values: Several, form: str) -> None:
    """Write a division's file, and show what is other for it. Nothing is written where that would be an error.

    \b
    Example: orderloom division add northgate --extends harbour --own DC3 --without stores --set promising.floor=3
    """
    sources = sources_of(folder)
    checked(sources)
    path = f"rules/{name}.yaml"
    if (folder / path).exists():
        raise Stop(f"{path} is there already; `orderloom show {name}` shows what is in force")
    text = _document(name, extends, own, without, [_parted(value) for value in values])
    sources = (*sources, Source(path, text.encode()))
    compiled = compile(sources)
    if compiled.program is None:
        print_findings(compiled.diagnostics, "text", offers=False)
        click.echo("nothing was written", err=True)
        sys.exit(1)
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
    found, above = family(sources), extends or "workspace"
    told = difference_table(f"what is other for {name}", (above, found.values(extends)), (name, found.values(name)))
    if form == "json":
        print_json({"file": path, "differs": told.as_json()})
        return
    click.echo(f"wrote {path}\n\n{text}")
    print_tables([told])


@division.command()
@dir_option
@click.argument("one")
@click.argument("other")
@format_option
def diff(folder: Path, one: str, other: str, form: str) -> None:
    """Show every value that differs between two divisions, and where that of the second is set.

    \b
    Example: orderloom division diff harbour northgate
    """
    found = _family(folder)
    sides = [(name, found.values(known_division(found, name))) for name in (one, other)]
    print_data(form, difference_table(f"{one} and {other}", *sides))


@division.command("list")
@dir_option
@format_option
def list_(folder: Path, form: str) -> None:
    """List the divisions, each with the one that it extends, and how many values it sets itself.

    \b
    Example: orderloom division list
    """
    found = _family(folder)
    rows = [
        (name, branch.parent, len(branch.overrides), f"{branch.body.span.path}:{branch.body.span.line}")
        for name, branch in found.branches.items()
    ]
    print_data(form, Table("divisions", ("division", "extends", "sets", "at"), rows))


@division.command()
@dir_option
@format_option
def constants(folder: Path, form: str) -> None:
    """Show what disagrees: values that are others for some divisions, and numbers that are others in documents of one kind.

    \b
    Example: orderloom division constants
    """
    found = _family(folder)
    between = constants_table("between divisions", disagreeing(found))
    within = constants_table(
        "between documents", ((key, [(each.address.split(".")[1], each) for each in those]) for key, those in inconstant(found))
    )
    if form == "json":
        print_json({"divisions": between.as_json(), "documents": within.as_json()})
    else:
        print_tables([between, within])


def _family(folder: Path) -> Family:
    """The divisions of a workspace; ends the command where it has errors."""
    sources = sources_of(folder)
    checked(sources)
    return family(sources)


def _parted(value: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not equals or not key.strip():
        raise Stop(f"--set takes KEY=VALUE, as in promising.floor=3; {value} has no =")
    return key.strip(), text.strip()


def _document(
    name: str, extends: str | None, own: tuple[str, ...], without: tuple[str, ...], values: list[tuple[str, str]]
) -> str:
    """The file of a division."""
    nodes = ", ".join(f"{word}: [{', '.join(those)}]" for word, those in (("own", own), ("without", without)) if those)
    lines = ["kind: division", f"name: {name}", *([f"extends: {extends}"] if extends else [])]
    lines += [f"nodes: {{ {nodes} }}"] if nodes else []
    lines += ["override:", *(f"  {key}: {_quoted(text)}" for key, text in values)] if values else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """The value as YAML reads it: an expression may have a colon or begin with a bracket."""
    if _PLAIN.fullmatch(text) or not (": " in text or " #" in text or text[:1] in "[{\"'&*!|>%@`"):
        return text
    return text if text[:1] in "[{\"'" and text[-1:] in "]}\"'" else "'" + text.replace("'", "''") + "'"
