"""`orderloom orders change` and `cancel`: what somebody wants otherwise of an order, by the workspace's tables of changes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from msgspec import DecodeError, json

from orderloom.adapters.imports.modifications import parts_of
from orderloom.adapters.versions import versions
from orderloom.cli import acting
from orderloom.cli.output import Table, format_option, print_json, shown
from orderloom.cli.paging import MOST
from orderloom.cli.past import found_order
from orderloom.cli.persons import user
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.dsl.program import Program
from orderloom.engine.desk import requests
from orderloom.engine.events import ModificationAsked
from orderloom.engine.modifications.request import Difference, Part
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState

as_option = click.option("--as", "role", default="", metavar="ROLE", help="The role in which it is asked.")
by_option = click.option("--by", default=user, show_default="your user name", help="Who asks.")
version_option = click.option(
    "--version", type=click.IntRange(0, MOST), help="The version of the order that was seen; refused where it has changed."
)


_JSON = json.Decoder(float_hook=Decimal)


@click.command()
@dir_option
@store_option
@click.argument("order")
@click.option("--line", help="The line that is concerned.")
@click.option("--unit", help="The unit of work that is concerned.")
@click.option("--quantity", type=int, help="The new quantity; beside --cancel, how many units of the line are given up.")
@click.option("--item", help="The item instead.")
@click.option("--price", help="The unit price of the item instead.")
@click.option("--want-by", help="The date by which it is wanted.")
@click.option("--method", help="The delivery method.")
@click.option("--pickup-node", metavar="NODE", help="Where it is picked up, beside --method pickup.")
@click.option("--cancel", "cancelling", is_flag=True, help="Give up the line, the unit of work, or all.")
@click.option("--remove", is_flag=True, help="Take the line out of the order.")
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="A field of the order's address, as in city=Reno.")
@click.option("--what", "written", metavar="JSON", help="Everything else, as the HTTP API has it.")
@click.option("--preview", is_flag=True, help="Only tell what it would come to, and hold what it needs for a while.")
@click.option("--confirm", "confirmed", metavar="ID", help="Carry out a change that was previewed.")
@as_option
@by_option
@version_option
@format_option
def change(
    folder: Path, store_name: str | None, order: str, preview: bool, confirmed: str | None, role: str, by: str,
    version: int | None, form: str, **said: Any,
) -> None:  # fmt: skip
    """Change an order, or preview what a change would cost and when everything would come.

    \b
    Example: orderloom orders change W11367 --line 1 --quantity 3 --as customer-service --preview
             orderloom orders change W11367 --confirm M4
             orderloom orders change W11367 --line 2 --cancel --as customer
             orderloom orders change W11367 --what '{"what": "add-line", "add": {"id": "3", "item": "MUG", "quantity": 1, "unit_price": 9}}'
    """  # noqa: E501
    store = opened(store_url(folder, store_name))
    if confirmed is not None:
        _granted(requests.confirm(store, versions(store), order, confirmed, by, store.now(), version, role))
        click.echo(f"{order}: {confirmed} is about to be confirmed")
        return
    asked = ModificationAsked(store.now(), "", _parts(program_in(store), **said), role, by, preview)
    found = requests.modify(store, versions(store), order, asked, version)
    if isinstance(found, Refused):
        raise _refusal(found)
    gate = acting.gate()
    told = found.difference if gate is None else gate.difference(found_order(store, order, None), found.difference)
    if form == "json":
        print_json({"id": found.id, "difference": told})
        return
    click.echo(f"{order}: {told if isinstance(told, Difference) else _words(told)}")
    if preview:
        click.echo(f"Confirm it, once a worker has kept it, with: orderloom orders change {order} --confirm {found.id}")


def _words(told: dict[str, Any]) -> str:
    """What somebody may know of what a change comes to, in a sentence."""
    words = [f"total {told['total']} to {told['total_after']}"] if "total" in told else []
    words += [f"fee {told['fee']:.2f}"] if told["fee"] or not words else []
    moved = [f"line {p.line} on {p.after or 'no day'} instead of {p.before or 'no day'}" for p in told.get("promised", ())]
    words += moved or (["every line on the day as before"] if "promised" in told else [])
    words += map(str, told.get("address", ()))
    words += [f"takes back {', '.join(told['undone'])}"] if told.get("undone") else []
    return "; ".join([*words, *([f"{told['approve']} has to agree"] if "approve" in told else [])])


@click.command()
@dir_option
@store_option
@click.argument("order")
@click.option("--reason", default="", help="Why.")
@click.option("--agreed", is_flag=True, help="What it costs is agreed to: cancel behind a soft point of no return, too.")
@as_option
@by_option
@version_option
def cancel(
    folder: Path, store_name: str | None, order: str, reason: str, agreed: bool, role: str, by: str, version: int | None
) -> None:  # fmt: skip
    """Cancel an order, where the tables of changes allow it.

    \b
    Example: orderloom orders cancel W11367 --as customer --reason "ordered twice"
    """
    store = opened(store_url(folder, store_name))
    said = requests.cancel(store, versions(store), order, by, store.now(), reason, version, role, agreed)
    if said is not None and said.soft:
        raise Stop(f"{said.because}; --agreed says that it is")
    _granted(said)
    click.echo(f"{order} is about to be cancelled")


def _parts(
    program: Program, line: str | None, unit: str | None, quantity: int | None, item: str | None, price: str | None,
    want_by: str | None, method: str | None, pickup_node: str | None, cancelling: bool, remove: bool, fields: tuple[str, ...],
    written: str | None,
) -> tuple[Part, ...]:  # fmt: skip
    of = {name: value for name, value in {"line": line, "unit": unit}.items() if value is not None}
    found: list[dict[str, Any]] = []
    if cancelling:
        found.append({"what": "cancel", **of, **({"quantity": quantity} if quantity is not None else {})})
    elif quantity is not None:
        found.append({"what": "quantity", **of, "quantity": quantity})
    found += [{"what": "remove-line", **of}] if remove else []
    found += [{"what": "item", **of, "item": item, **({"unit_price": price} if price else {})}] if item else []
    found += [{"what": "date", **of, "want_by": want_by}] if want_by else []
    where = {"pickup_node": pickup_node} if pickup_node else {}
    found += [{"what": "method", **of, **({"method": method} if method else {}), **where}] if method or where else []
    if fields:
        found.append({"what": "address", "ship_to": dict(field.partition("=")[::2] for field in fields)})
    if written is not None:
        try:
            more = _JSON.decode(written)
        except DecodeError as fault:
            raise Stop(f"--what is no JSON: {fault}") from None
        found += more if isinstance(more, list) else [more]
    return granted(parts_of(found, program))


def _granted(refused: Refused | None) -> None:
    if refused is not None:
        raise _refusal(refused)


def _refusal(refused: Refused) -> Stop:
    """Why, and what has happened since the version that was seen."""
    return Stop("\n  ".join((refused.because, *refused.since)))


def changes_table(state: OrderState) -> Table:
    """What was previewed, or waits for somebody to agree."""
    rows = [
        [
            each.id,
            "; ".join(map(str, each.parts)),
            each.by or each.role,
            str(each.difference),
            shown(each.expires_at),
            each.exception,
        ]
        for each in state.modifications.values()
    ]
    return Table("Changes", ("change", "what", "by", "comes to", "until", "exception"), rows)
