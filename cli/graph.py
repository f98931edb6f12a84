"""`orderloom graph`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.pictures.owners import owned
from orderloom.dsl.program import Process, Program
from orderloom.dsl.suggest import with_hint

FORMS = ("mermaid", "svg", "bpmn")


@click.command()
@click.argument("process", required=False)
@click.option("--decisions", is_flag=True, help="Draw what decisions need, instead of a process: `svg` or `mermaid`.")
@dir_option
@click.option("--format", "form", type=click.Choice(FORMS), default="mermaid", show_default=True, help="How to draw.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: print]")
def graph(process: str | None, decisions: bool, folder: Path, form: str, output: Path | None) -> None:
    """Draw a process of the workspace, or of the shipped retail pack where there is no workspace.

    With --decisions all decisions are drawn, with the data and the decisions that they need and the processes that ask them.

    \b
    Example: orderloom graph ship-to-customer
             orderloom graph pick-up-in-store --format svg -o pickup.svg
             orderloom graph ship-to-customer --format bpmn -o ship-to-customer.bpmn
             orderloom graph --decisions --format svg -o decisions.svg
    """
    sources = sources_or_pack(folder)
    program = checked(sources).program
    if decisions:
        if process or form == "bpmn":
            raise Stop("--decisions draws all decisions, as mermaid or svg; `orderloom dmn export` writes them for modelers")
        drawn = _decisions(program, form)
    elif process is None:
        raise Stop("name a process, or say --decisions")
    elif process not in program.processes:
        raise Stop(with_hint(f"there is no process {process}", process, program.processes))
    else:
        drawn = _drawn(owned(program.processes[process], program.exceptions), form)
    if output:
        output.write_text(drawn, encoding="utf-8")
    else:
        click.echo(drawn.rstrip())


def _drawn(process: Process, form: str) -> str:
    if form == "bpmn":
        from orderloom.dsl.bpmn import bpmn

        return bpmn(process)
    from orderloom.dsl.pictures import mermaid, svg

    return mermaid(process) if form == "mermaid" else svg(process)


def _decisions(program: Program, form: str) -> str:
    from orderloom.dsl.pictures.decisions import decisions_mermaid, decisions_svg

    return decisions_mermaid(program) if form == "mermaid" else decisions_svg(program)
