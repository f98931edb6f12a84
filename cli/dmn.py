"""`orderloom dmn`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.dmn import DmnProblem, dmn_export, dmn_import, document_of, with_required, yaml_of
from orderloom.dsl.suggest import with_hint


@click.group()
def dmn() -> None:
    """Take decisions over from a DMN modeler, and bring them back.

    \b
    Example: orderloom dmn import rates.dmn -o rules
             orderloom dmn export -o decisions.dmn
    """


@dmn.command("import")
@click.argument("file", metavar="FILE.dmn", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="The folder to write to.  [default: print]"
)
def import_(file: Path, output: Path | None) -> None:
    """Write the decisions of a DMN 1.1 to 1.5 model as YAML, one file for the model.

    What cannot be taken over is named with the reason, and the exit code is 1; everything else is written.

    \b
    Example: orderloom dmn import rates.dmn
             orderloom dmn import rates.dmn -o rules && orderloom validate
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Stop(f"{file} is not in UTF-8; save the model again as DMN 1.3 or later") from None
    documents, problems = dmn_import(text)
    if documents:
        _write("---\n".join(map(yaml_of, documents)), output / f"{file.stem}.yaml" if output else None)
    for problem in problems:
        click.echo(_words(file, problem), err=True)
    sys.exit(1 if problems else 0)


@dmn.command()
@click.argument("names", metavar="[NAMES]", nargs=-1)
@dir_option
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: print]")
def export(names: tuple[str, ...], folder: Path, output: Path | None) -> None:
    """Write decisions as a DMN 1.5 model: those named with all that they call, or all of the workspace.

    Where there is no workspace, the decisions are those of the shipped retail pack.

    \b
    Example: orderloom dmn export -o decisions.dmn
             orderloom dmn export parcel-zone service-multiple
    """
    sources = sources_or_pack(folder)
    documents = {name: document_of(decision) for name, decision in checked(sources).program.decisions.items()}
    for name in names:
        if name not in documents:
            raise Stop(with_hint(f"there is no decision {name}", name, documents))
    _write(dmn_export(with_required(names or documents, documents)), output)


def _write(text: str, to: Path | None) -> None:
    if to is None:
        click.echo(text.rstrip("\n"))
        return
    if to.exists() and to.suffix == ".yaml":
        raise Stop(f"{to} is there already; move it away, or name another folder")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")
    click.echo(f"wrote {to}")


def _words(file: Path, problem: DmnProblem) -> str:
    where = f"{file}, decision {problem.decision}" if problem.decision else str(file)
    return f"{where}: error[{problem.code}]: {problem.message}" + (f"; {problem.hint}" if problem.hint else "")
