"""The command `orderloom`. Each command stands in a file of its own and is imported when it is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from types import ModuleType
from typing import Any, NoReturn

import click

from orderloom.cli.acting import guarded

BUG = 3  #: the exit code of a fault of ours; 0 is clean, 1 findings or rejects, 2 wrong use

#: Every command with its one line of help; the module has the command under the same name, `-` as `_`.
COMMANDS: dict[str, tuple[str, str]] = {
    "access": ("access", "Show who may do what to whose."),
    "return": ("returns", "Ask for goods to come back, and see what has come back."),
    "appease": ("appease", "Offer something in place of a return, and report on it."),
    "audit": ("audit", "Prove the store's invariants."),
    "demo": ("demo", "Run the shipped retail pack and data end to end."),
    "db": ("db", "Look after the store: schema, backup, move to another database."),
    "decide": ("decide", "Ask a decision, and why another row did not fire."),
    "deploy": ("deploy", "Make a version of a workspace's definitions."),
    "diff": ("diff", "Show what two versions of the definitions decide differently."),
    "division": ("division", "Add divisions, and show what differs between them."),
    "dmn": ("dmn", "Take decisions over from a DMN modeler, and bring them back."),
    "docs": ("docs", "Write a workspace as a book of static pages."),
    "dry-run": ("dry_run", "Play one order through, with nothing written."),
    "events": ("events", "Tell what happens to orders, nodes and participants."),
    "exceptions": ("exceptions", "List, claim and resolve what needs a decision."),
    "explain": ("explain", "Print the page of a diagnostic's code."),
    "fmt": ("fmt", "Write definitions in one style."),
    "graph": ("graph", "Draw a process."),
    "import": ("imports", "Bring orders, items, nodes, stock and supply into the store."),
    "init": ("init", "Write a new workspace to start from."),
    "lsp": ("lsp", "Serve an editor while definitions are written."),
    "migrate": ("migrate", "Move running orders from one version to another."),
    "monitors": ("monitors", "List monitors and what they have raised; try one on the past."),
    "new": ("new", "Write a scenario out of an order of the store."),
    "orders": ("orders", "List, show and explain orders; keep and submit drafts."),
    "promises": ("promises", "Offer promises, and report how they were kept."),
    "repair": ("repair", "Ask for repairs of what was sold, and see how they go on."),
    "replay": ("replay", "Play past orders on other definitions, and show what differs."),
    "schema": ("schema", "Print the JSON Schema of definitions, for editors."),
    "serve": ("serve", "Serve the HTTP API, with a worker within on SQLite."),
    "show": ("show", "Show a customer over all channels, or the rules of a division."),
    "slots": ("slots", "Show the slots in which resources have room."),
    "stock": ("stock", "Show what is on hand, inbound, reserved and available."),
    "supply": ("supply", "Propose, approve and forecast supply."),
    "tasks": ("tasks", "List, claim, delegate and complete the work of people."),
    "test": ("test", "Run the scenarios of a workspace."),
    "top": ("top", "Watch a store at work."),
    "validate": ("validate", "Check a workspace's definitions."),
    "versions": ("versions", "List the versions of the definitions."),
    "work": ("work", "Run a worker on a workspace's store."),
}


class Commands(click.Group):
    """A group whose commands are imported when they are called, and the one place where a fault of ours is caught."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(_imported(f"orderloom.cli.{COMMANDS[cmd_name][0]}"), COMMANDS[cmd_name][0])
        return guarded(command, cmd_name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from orderloom.dsl.suggest import hint_for  # a command that is there starts without it

            ctx.fail(f"there is no command {args[0]}; {hint_for(args[0], COMMANDS) or 'see orderloom --help'}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            return super().main(*args, **options)
        except UnicodeEncodeError as fault:
            if not _is_lone(fault):
                _report(fault)
            click.echo(f"Error: {fault.object[:60]!a} is no text: it was not written in UTF-8", err=True)
            sys.exit(2)
        except OSError as fault:
            click.echo(f"Error: {fault.filename or 'a file'}: {fault.strerror or fault}", err=True)
            sys.exit(2)
        except Exception as fault:
            if (trouble := _store_trouble(fault)) and not os.environ.get("ORDERLOOM_DEBUG"):
                click.echo(f"Error: the store cannot be used: {trouble}", err=True)
                sys.exit(2)
            _report(fault)


def _is_lone(fault: UnicodeEncodeError) -> bool:
    """Whether it is about bytes of an argument that are no UTF-8, which Python keeps as surrogates."""
    return all("\udc80" <= character <= "\udcff" for character in fault.object[fault.start : fault.end])


def _imported(module: str) -> ModuleType:
    """The module, of whose import nothing is garbage: looking for some is a tenth of the time that a small command takes."""
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()


def _store_trouble(fault: Exception) -> str | None:
    """What the database says when it is locked, full, damaged, away or moved. Nothing is imported for this."""
    store = sys.modules.get("orderloom.engine.store.trouble")
    return store.trouble(fault) if store else None


def _report(fault: Exception) -> NoReturn:
    if os.environ.get("ORDERLOOM_DEBUG"):
        raise fault
    click.echo(
        f"This is a fault of orderloom, not of your files: {type(fault).__name__}: {fault}\n"
        "Run the same command with ORDERLOOM_DEBUG=1 and report what it prints, with the command, "
        "in the project's issue tracker.",
        err=True,
    )
    sys.exit(BUG)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="orderloom", message="%(prog)s %(version)s")
def main() -> None:
    """Order orchestration whose behaviour business analysts write themselves.

    \b
    Example: orderloom demo
             orderloom init shop && cd shop && orderloom validate && orderloom test

    Exit codes: 0 clean, 1 findings or rejects, 2 wrong use, 3 a fault of ours.
    Completion: eval "$(_ORDERLOOM_COMPLETE=bash_source orderloom)", or zsh_source, or fish_source.
    """
