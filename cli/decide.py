"""`orderloom decide`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.output import print_json
from orderloom.cli.stop import Stop
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.feel.strings import text_of
from orderloom.dsl.program import Decision
from orderloom.dsl.questions import Question, Refusal, Told, ask, question, why_not
from orderloom.dsl.suggest import with_hint
from orderloom.dsl.tables import Row, Table


@click.command()
@click.argument("name")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="A parameter, a column or a path.")
@click.option("--why-not", "other", metavar="ROW", help="Say which cell kept this row from firing; a number, or FILE:LINE.")
@dir_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print.")
def decide(name: str, inputs: tuple[str, ...], other: str | None, folder: Path, form: str) -> None:
    """Ask a decision: its answer, the row that fired, and why another did not.

    A decision with parameters needs them all. Any other takes the columns of its table, or what these look at, such as
    order.channel; what is not given is null. Where there is no workspace, the decisions are those of the shipped retail pack.

    \b
    Example: orderloom decide parcel-zone --input miles=301
             orderloom decide process-for-unit -i method=ship -i node=dc -i supply=on-hand --why-not 1
             orderloom decide sourcing-for-order -i order.channel=web --format json
    """
    sources = sources_or_pack(folder)
    decisions = checked(sources).program.decisions
    if name not in decisions:
        raise Stop(with_hint(f"there is no decision {name}", name, decisions))
    decision = decisions[name]
    asked, problems = question(decision, dict(map(_pair, inputs)))
    if problems:
        raise Stop("; ".join(problems))
    row = _row(decision, other) if other is not None else None
    told = ask(decision, asked)
    if form == "json":
        print_json(_as_json(decision, asked, told, row))
    else:
        _print(decision, asked, told, row)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Stop(f"--input {text} is not of the form NAME=VALUE")
    return name.strip(), value.strip()


def _row(decision: Decision, text: str) -> int:
    rows = _rows(decision)
    found = [at for at, row in enumerate(rows) if text in (str(at + 1), row.place)]
    if not found:
        has = f"it has rows 1 to {len(rows)}" if rows else "it has no rows"
        raise Stop(f"--why-not {text}: there is no such row in {decision.name}; {has}")
    return found[0]


def _print(decision: Decision, asked: Question, told: Told, row: int | None) -> None:
    click.echo(f"{decision.name}: {_shown(told.value)}")
    for title, values in (("where", told.where), ("inputs", told.inputs)):
        if values:
            click.echo(f"  {title}: " + ", ".join(f"{name} = {_shown(value)}" for name, value in values.items()))
    for place in _fired(decision, told):
        click.echo(f"  {place}")
    if row is not None:
        click.echo(f"  {_named(decision, row)} {_why_not(decision, asked, told, row)}")


def _fired(decision: Decision, told: Told) -> list[str]:
    if not isinstance(decision.logic, Table):
        return [f"at {decision.origin}"]
    return [f"{_named(decision, row)} fired" for row in told.rows] or ["no row fired"]


def _why_not(decision: Decision, asked: Question, told: Told, row: int) -> str:
    if row in told.rows:
        return "did fire"
    refused = why_not(decision, asked, row)
    if not refused:
        return "accepts the inputs too; the hit policy took another"
    return "did not fire: " + ", ".join(f"{each.column} is {_shown(each.value)}, not {each.cell}" for each in refused)


def _rows(decision: Decision) -> tuple[Row, ...]:
    return decision.logic.rows if isinstance(decision.logic, Table) else ()


def _named(decision: Decision, row: int) -> str:
    return f"row {row + 1} ({_rows(decision)[row].place})"


def _shown(value: object) -> str:
    """A value as FEEL writes it, texts in quotes."""
    return text_of([value])[1:-1]


def _as_json(decision: Decision, asked: Question, told: Told, row: int | None) -> dict[str, object]:
    rows = [{"row": at + 1, "place": _rows(decision)[at].place} for at in told.rows]
    data: dict[str, object] = {
        "decision": decision.name, "value": told.value, "origin": decision.row_origin(told.rows),
        "inputs": told.inputs, "where": told.where, "rows": rows,
    }  # fmt: skip
    if row is not None:
        refused: tuple[Refusal, ...] = why_not(decision, asked, row)
        place = _rows(decision)[row].place
        data["why_not"] = {"row": row + 1, "place": place, "fired": row in told.rows, "refused": refused}
    return data
