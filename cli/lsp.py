"""`orderloom lsp`."""

from __future__ import annotations

from importlib.util import find_spec

import click

from orderloom.cli.stop import Stop


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over standard input and output, as it does anyway; editors pass it.")
def lsp(stdio: bool) -> None:
    """Serve an editor by the Language Server Protocol: findings as you type, completion, help, places, renaming, fixes.

    Editors start it themselves. It needs the extra `lsp`: pip install 'orderloom[lsp]'.

    \b
    Example: orderloom lsp
    """
    if find_spec("pygls") is None:
        raise Stop("the language server needs a library that is not installed: pip install 'orderloom[lsp]'")
    from orderloom.adapters.lsp.server import serve

    serve()
