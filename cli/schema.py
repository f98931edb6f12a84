"""`orderloom schema`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.output import as_json
from orderloom.cli.stop import Stop
from orderloom.dsl.schema import ALL, kind_schema, language_schema, manifest_schema
from orderloom.dsl.suggest import hint_for

MANIFEST = "workspace"  #: how `orderloom.yaml` is called among the kinds


@click.command()
@click.argument("kind", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: print]")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True, help="How to print.")
def schema(kind: str | None, output: Path | None, form: str) -> None:
    """Print the JSON Schema of every file of a workspace, or of documents of one KIND alone (`workspace` for orderloom.yaml).

    Editors with a YAML language server show errors, completion and help by it. Each key has its line of help.

    \b
    Example: orderloom schema -o orderloom.schema.json
             orderloom schema process
    """
    drawn = as_json(_schema(kind))
    if output:
        output.write_text(drawn + "\n", encoding="utf-8")
    else:
        click.echo(drawn)


def _schema(kind: str | None) -> dict[str, object]:
    if kind is None:
        return language_schema()
    if kind == MANIFEST:
        return manifest_schema()
    if kind not in ALL:
        raise Stop(f"there is no kind {kind}; {hint_for(kind, (*ALL, MANIFEST)) or 'known: ' + ', '.join((*ALL, MANIFEST))}")
    return kind_schema(kind)
