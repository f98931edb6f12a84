"""`orderloom docs`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, sources_or_pack

MARK = "orderloom-book.css"  #: a folder that has it is a book of ours, and may be written over


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("book"),
    show_default=True,
    help="The folder to write.",
)
def docs(folder: Path, output: Path) -> None:
    """Write a workspace as a book of static pages, or the shipped retail pack where there is no workspace.

    Processes are drawn, tables shown, every name is a link, and each page tells what uses it. The pages open from the disk; the
    search needs no server.

    \b
    Example: orderloom docs
             orderloom docs shop -o shop-book
    """
    from orderloom.dsl.book import book

    if output.exists() and any(output.iterdir()) and not (output / MARK).exists():
        raise Stop(f"{output} holds something else than a book; name another folder")
    workspace = checked(sources_or_pack(folder))
    files = book(workspace.sources, workspace.program)
    for path, content in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(content, encoding="utf-8")
    click.echo(f"wrote {len(files)} files; begin with {output / 'index.html'}")
