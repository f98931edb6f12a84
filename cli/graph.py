"""`orderloom graph`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.program import Process
from orderloom.dsl.suggest import hint_for

FORMS = ("mermaid", "svg", "bpmn")


@click.command()
@click.argument("process")
@dir_option
@click.option("--format", "form", type=click.Choice(FORMS), default="mermaid", show_default=True, help="How to draw.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: print]")
def graph(process: str, folder: Path, form: str, output: Path | None) -> None:
    """Draw a process of the workspace, or of the shipped retail pack where there is no workspace.

    \b
    Example: orderloom graph ship-to-customer
             orderloom graph pick-up-in-store --format svg -o pickup.svg
             orderloom graph ship-to-customer --format bpmn -o ship-to-customer.bpmn
    """
    sources = sources_or_pack(folder)
    processes = checked(sources).program.processes
    if process not in processes:
        raise Stop(f"there is no process {process}; {hint_for(process, processes)}")
    drawn = _drawn(processes[process], form)
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
