"""`orderloom tasks`: the work of people."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from orderloom.adapters.paging import QUEUE, seen_rows
from orderloom.cli import acting
from orderloom.cli.output import Table, format_option, print_json, shown
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.persons import by_option, lateness
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import known, opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.refused import Refused
from orderloom.engine.shell.people import Answer, claim_work, complete_task, delegate_work, release_work, standing_now
from orderloom.engine.store import task_queries
from orderloom.engine.task import Field, Task, overdue

COLUMNS = ("task", "name", "title", "role", "skill", "claimed by", "due at", "overdue", "escalated", "outcomes")


@click.group()
def tasks() -> None:
    """List the work of people; claim it, hand it back, delegate it, complete it.

    \b
    Example: orderloom tasks list --role sales
             orderloom tasks claim W1/order:3 --by ann
             orderloom tasks complete W1/order:3 --by ann --outcome confirmed --set limit=500
    """


@tasks.command("list")
@dir_option
@store_option
@click.option("--role", help="Only what is for this role.")
@click.option("--person", help="Only what this person has claimed.")
@click.option("--skill", help="Only what asks for this skill.")
@click.option("--name", help="Only tasks of this name.")
@click.option("--overdue", "late", is_flag=True, help="Only what is beyond its time.")
@click.option("--closed", is_flag=True, help="Those that are done or gone, the oldest first.")
@page_options
@format_option
def list_tasks(
    folder: Path, store_name: str | None, role: str | None, person: str | None, skill: str | None, name: str | None,
    late: bool, closed: bool, after: str | None, limit: int, form: str,
) -> None:  # fmt: skip
    """List tasks, what is due first first.

    \b
    Example: orderloom tasks list --role sales --overdue
             orderloom tasks list --person ann --format json
    """
    store = opened(store_url(folder, store_name))
    key, now = key_of(after, *QUEUE), store.now()
    before = now if late else None
    known(store, role=role, person=person, skill=skill, task=name)
    gate = acting.gate()
    ask = partial(task_queries.tasks, store, gate.who.role if gate else role, person, skill, name, closed, before)
    found = seen_rows(ask, task_queries.key_of_task, gate.tasks, key, limit) if gate is not None else ask(key, limit + 1)
    rows = [_row(line.task, lateness(line.task.due_at, line.task.closed_at, now), closed) for line in found]
    columns = (*COLUMNS[:-1], "outcome") if closed else COLUMNS
    print_page(form, Table("Tasks", columns, rows), limit, lambda last: task_queries.key_of_task(found[last]))


def _row(task: Task, late: str | None, closed: bool) -> list[object]:
    whose = [task.id, task.name, task.title, task.role, task.skill, task.completed_by or task.claimed_by]
    return [*whose, task.due_at, late, task.escalated, task.outcome if closed else task.outcomes]


@tasks.command()
@dir_option
@store_option
@click.argument("task")
@format_option
def show(folder: Path, store_name: str | None, task: str, form: str) -> None:
    """Show a task: whose it is, what is to be filled in, or what was.

    \b
    Example: orderloom tasks show W1/order:3
    """
    store = opened(store_url(folder, store_name))
    found = task_queries.task(store, task)
    if found is None:
        raise Stop(f"there is no task {task}")
    if form == "json":
        print_json(found.task)
        return
    now = standing_now(store, task) if found.task.closed_at is None else None
    if isinstance(now, Refused):
        click.echo(f"{task}: {found.task.title} ({found.task.name})\n{now.because}, and a worker has yet to go on with the order")
        return
    kept = now if isinstance(now, Task) else found.task
    for line in _words(kept, overdue(kept.due_at, kept.closed_at, store.now())):
        click.echo(line)


def _words(task: Task, late: bool) -> list[str]:
    lines = [f"{task.id}: {task.title} ({task.name})"]
    lines.append(f"for      {task.role}" + (f", with the skill {task.skill}" if task.skill else ""))
    lines.append(f"has it   {task.claimed_by or 'nobody'}")
    lines.append(f"opened   {shown(task.opened_at)}")
    if task.due_at is not None:
        lines.append(f"due      {shown(task.due_at)}" + (", overdue" if late else ""))
    if task.closed_at is not None:
        by = f" by {task.completed_by}" if task.completed_by else ""
        lines.append(f"closed   {shown(task.closed_at)}: {task.outcome}{by}")
        return [*lines, *(f"  {name} = {shown(value)}" for name, value in task.answer.items())]
    lines.append(f"outcomes {shown(task.outcomes)}")
    return [*lines, *(f"  {field.name}: {_kind(field)}" for field in task.form)]


def _kind(field: Field) -> str:
    kind = "one of " + ", ".join(field.values) if field.values else field.kind
    return kind + ("" if field.required else " (may be left out)")


@tasks.command()
@dir_option
@store_option
@click.argument("task")
@by_option
def claim(folder: Path, store_name: str | None, task: str, by: str) -> None:
    """Claim a task, so that nobody else does it.

    \b
    Example: orderloom tasks claim W1/order:3 --by ann
    """
    store = opened(store_url(folder, store_name))
    granted(claim_work(store, task, by, store.now(), program_in(store).people, acting.who().role))
    click.echo(f"{by} has {task}")


@tasks.command()
@dir_option
@store_option
@click.argument("task")
@by_option
def release(folder: Path, store_name: str | None, task: str, by: str) -> None:
    """Hand a task back to its role.

    \b
    Example: orderloom tasks release W1/order:3 --by ann
    """
    store = opened(store_url(folder, store_name))
    granted(release_work(store, task, by, store.now(), acting.who().role))
    click.echo(f"{by} has handed {task} back")


@tasks.command()
@dir_option
@store_option
@click.argument("task")
@click.argument("to")
@by_option
def delegate(folder: Path, store_name: str | None, task: str, to: str, by: str) -> None:
    """Give a task to somebody else.

    \b
    Example: orderloom tasks delegate W1/order:3 bob --by ann
    """
    store = opened(store_url(folder, store_name))
    granted(delegate_work(store, task, by, to, store.now(), program_in(store).people, acting.who().role))
    click.echo(f"{to} has {task}")


@tasks.command()
@dir_option
@store_option
@click.argument("task")
@click.option("--outcome", help="One of its outcomes.  [default: the first]")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="What is filled in; once for each field.")
@click.option("--note", default="", help="Why, for the history.")
@by_option
def complete(
    folder: Path, store_name: str | None, task: str, outcome: str | None, values: tuple[str, ...], note: str, by: str
) -> None:
    """Complete a task with an outcome; a worker then goes on with the order.

    \b
    Example: orderloom tasks complete W1/order:3 --by ann --outcome confirmed --set limit=500
    """
    store = opened(store_url(folder, store_name))
    answer = Answer(outcome, dict(_value(text) for text in values), note)
    done = complete_task(store, task, by, store.now(), answer, program_in(store).people, acting.who().role)
    click.echo(f"{task}: {granted(done).outcome}")


def _value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"write FIELD=VALUE, not {text}", param_hint="--set")
    return name, value
