"""Returns in a scenario: goods are asked back, and refused, or worth what it says."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.adapters.imports.returns import request_of
from orderloom.adapters.scenarios.accounts import Account
from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.scenarios.play import Cannot, Failure, Play, told
from orderloom.dsl.scenario import Entry
from orderloom.engine.desk.blind import LINE, bring
from orderloom.engine.desk.returns import ask_return, order_of
from orderloom.engine.events import ReturnAsked
from orderloom.engine.order import Customer, Order
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import Offered

_BROUGHT = ("brought", "id", "customer", "channel")
_ASKED = ("order", "as", "by", "preview", "gives", "refused")


def ask(play: Play, entry: Entry) -> None:
    """Asks for a return, or previews it; what it comes to is `gives`."""
    said = told(entry)
    blind = {"line": LINE} if "brought" in said else {}
    request = request_of(blind | {key: value for key, value in said.items() if key not in (*_ASKED, *_BROUGHT)})
    if isinstance(request, Refused):
        raise Cannot(request.because)
    stage, preview = play.stage, said.get("preview") is True
    asked = ReturnAsked(stage.now, request, str(said.get("by", "")), str(said.get("as", "")))
    if blind:
        made = _brought(play, said, asked, preview)
    else:
        order = play.story(said.get("order")).state.order.id
        made = ask_return(stage.store, stage.programs, order, asked, preview=preview)
    play.asked(made if isinstance(made, Refused) else None, said.get("refused"))
    if blind and not preview and isinstance(made, Offered):
        _keep(play, made)
    if "gives" in said and isinstance(made, Offered):
        play.failures += [Failure(str(entry.origin), text) for text in differences(said["gives"], _gives(made), "gives")]


def _brought(play: Play, said: Mapping[str, object], asked: ReturnAsked, preview: bool) -> Offered | Refused:
    """Goods whose order nobody knows: `brought` is the item, `id` that of the order that stands for them."""
    stage, id = play.stage, str(said.get("id", "BROUGHT"))
    who, channel = Customer(str(said.get("customer", "somebody"))), str(said.get("channel", "store"))
    order = Order(id, channel, stage.now, who, (), stage.program.currency)
    return bring(stage.store, stage.program, order, str(said["brought"]), asked, preview=preview)


def _keep(play: Play, made: Offered) -> None:
    """What was brought is an order that later commands and expectations may name."""
    story = play.stage.story(order_of(made.id))
    if story is not None:
        play.orders[story.state.order.id] = story.state.order


def _gives(made: Offered) -> Account:
    """What a return would come to."""
    return {
        "refund": made.worth.amount,
        "fees": dict(made.worth.fees),
        "shipping": made.worth.shipping,
        "policy": made.found.policy.name,
        "node": made.found.node,
        "way": made.found.way,
    }
