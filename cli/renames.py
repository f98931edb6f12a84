"""The option `--rename`, for files with other names than ours."""

from __future__ import annotations

import click


def _names(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [rename.split("=") for rename in given]
    if wrong := [pair for pair in pairs if len(pair) != 2 or not all(pair)]:
        raise click.BadParameter(f"write THEIRS=OURS, as in sku=item, not {'='.join(wrong[0])}")
    return {pair[0]: pair[1] for pair in pairs}


rename_option = click.option(
    "--rename", "renames", multiple=True, metavar="THEIRS=OURS", callback=_names, help="A name in the file, and our field."
)
