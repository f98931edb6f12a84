"""`orderloom return blind`: goods that come back without their order."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import click

from orderloom.cli.acting import gate, who
from orderloom.cli.output import format_option, print_json, shown
from orderloom.cli.persons import by_option
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.blind import LINE, bring
from orderloom.engine.events import ReturnAsked
from orderloom.engine.order import Customer, Order
from orderloom.engine.returns.request import ReturnRequest


@click.command()
@dir_option
@store_option
@click.argument("item")
@click.option("--customer", required=True, help="Who brings it, and gets the store credit.")
@click.option("--quantity", type=click.IntRange(1), default=1, show_default=True, help="How many units.")
@click.option("--reason", default="", help="Why they come back.")
@click.option("--condition", help="How they look.")
@click.option("--node", help="Where they are given back.  [default: the first that takes them]")
@click.option("--way", help="By which way of the policy, such as store.  [default: any by which the node takes them]")
@click.option("--channel", default="store", show_default=True, help="The channel by which they come.")
@click.option("--division", help="The division that takes them back.")
@click.option(
    "--id", "key", help="The id of the order that stands for them; one that comes again is not asked again.  [default: a new one]"
)
@click.option("--as", "role", default="", metavar="ROLE", help="The role in which it is asked.")
@click.option("--preview", is_flag=True, help="Only tell what it would come to.")
@by_option
@format_option
def blind(
    folder: Path, store_name: str | None, item: str, customer: str, quantity: int, reason: str, condition: str | None,
    node: str | None, way: str | None, channel: str, division: str | None, key: str | None, role: str, preview: bool, by: str,
    form: str,
) -> None:  # fmt: skip
    """Take back goods whose order nobody knows: refused with the reason, or for store credit.

    \b
    Example: orderloom return blind TEE --customer C-7 --reason "did not fit" --condition resellable --node ST-01 --preview
    """
    store = opened(store_url(folder, store_name))
    program, now = program_in(store), store.now()
    order = Order(key or f"BR-{uuid4().hex[:10]}", channel, now, Customer(customer), (), program.currency, division)
    asked = ReturnAsked(now, ReturnRequest(LINE, quantity, reason, node, way, condition), by if role else "", role)
    stands = gate()
    granted(stands.may_for("return", order) if stands is not None else None)
    made = granted(bring(store, program, order, item, asked, preview=preview, works_at=who().node))
    if form == "json":
        about = {"policy": made.found.policy.name, "way": made.found.way, "node": made.found.node}
        print_json({"return": None if preview else made.id} | about | {"credit": made.worth.amount, "fees": made.worth.fees})
        return
    head = "would be" if preview else f"is about to be, as {made.id},"
    fees = "".join(f", {name} -{shown(fee)}" for name, fee in made.worth.fees.items())
    what = f"{quantity} of {item} to {made.found.node} by {made.found.way}"
    click.echo(f"{what} {head} taken back by {made.found.policy.title}: store credit {shown(made.worth.amount)}{fees}")
