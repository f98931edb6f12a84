"""`orderloom dry-run`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.adapters.dry_run import DryRun, run_dry
from orderloom.adapters.people import tasks_in
from orderloom.cli.dry_run_words import headline, sections
from orderloom.cli.one_order import moment_of, one_order, order_option, program_for
from orderloom.cli.output import print_json
from orderloom.cli.renames import rename_option
from orderloom.cli.stop import Stop
from orderloom.cli.stores import store_option
from orderloom.cli.workspace import dir_option
from orderloom.dsl.program import Program
from orderloom.dsl.suggest import with_hint


@click.command("dry-run")
@order_option
@dir_option
@store_option
@click.option("--at", metavar="MOMENT", help="When it is captured.  [default: when it was placed]")
@click.option(
    "--reply",
    "replies",
    multiple=True,
    metavar="ROLE.MESSAGE=REPLY",
    help="What a partner always answers to a message, or somebody of the role to a task.",
)
@rename_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True, help="How to print."
)
def dry_run(
    file: Path, folder: Path, store_name: str | None, at: str | None, replies: tuple[str, ...], renames: dict[str, str], form: str
) -> None:
    """Play one order through: its path, sources, promises, messages, and why. Nothing is written.

    Partners and time are simulated. The stock is that of the workspace's store, or the shipped data's where there is none; the
    definitions are the workspace's, or the shipped retail pack's.

    \b
    Example: orderloom dry-run --order order.json
             orderloom dry-run --order order.json --reply fulfiller.pick-request=short-picked
             orderloom dry-run --order order.json --at 2026-10-20T09:00 --format html > order.html
    """
    program = program_for(folder)
    forced = dict(_reply(program, text) for text in replies)
    moment = moment_of(at, program) if at else None
    order, props = one_order(program, file, renames, folder, store_name)
    found = run_dry(program, order, props, moment, forced)
    _print(found, program, form)


def _reply(program: Program, text: str) -> tuple[tuple[str, str], str]:
    """A forced reply, checked against what the roles declare."""
    request, _, reply = text.partition("=")
    role, _, message = request.partition(".")
    if role not in program.roles:
        raise Stop(with_hint(f"--reply {text}: there is no role {role}", role, program.roles))
    outcomes = next((task.outcomes for task in tasks_in(program) if (task.role, task.name) == (role, message)), None)
    if outcomes is not None and reply in outcomes:
        return (role, message), reply
    if outcomes is not None:
        raise Stop(with_hint(f"--reply {text}: {reply or 'nothing'} is no outcome of {message}", reply, outcomes))
    received = program.roles[role].receives
    if message not in received:
        raise Stop(with_hint(f"--reply {text}: {role} receives no message {message}", message, received))
    if reply not in received[message].replies:
        raise Stop(with_hint(f"--reply {text}: {reply or 'nothing'} is no reply to {message}", reply, received[message].replies))
    return (role, message), reply


def _print(found: DryRun, program: Program, form: str) -> None:
    if form == "json":
        print_json(found)
    elif form == "html":
        from orderloom.cli.dry_run_page import page  # drawing is imported by those who want a picture

        click.echo(page(found, program))
    else:
        click.echo(headline(found))
        for title, lines in sections(found, program.currency):
            click.echo(f"\n{title}")
            for line in lines:
                click.echo(f"  {line}")
