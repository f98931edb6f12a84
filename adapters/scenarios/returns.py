"""Returns in a scenario: goods are asked back, and refused, or worth what it says."""

from __future__ import annotations

from orderloom.adapters.imports.returns import request_of
from orderloom.adapters.scenarios.accounts import Account
from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.scenarios.play import Cannot, Failure, Play, told
from orderloom.dsl.scenario import Entry
from orderloom.engine.desk.returns import ask_return
from orderloom.engine.events import ReturnAsked
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import Offered
from orderloom.engine.returns.request import ReturnRequest

_ASKED = ("order", "as", "by", "preview", "gives", "refused")


def ask(play: Play, entry: Entry) -> None:
    """Asks for a return, or previews it; what it comes to is `gives`."""
    said = told(entry, *_ASKED, *ReturnRequest.__struct_fields__)
    request = request_of({key: value for key, value in said.items() if key not in _ASKED})
    if isinstance(request, Refused):
        raise Cannot(request.because)
    order, stage = play.story(said.get("order")).state.order.id, play.stage
    asked = ReturnAsked(stage.now, request, str(said.get("by", "")), str(said.get("as", "")))
    made = ask_return(stage.store, stage.programs, order, asked, preview=said.get("preview") is True)
    play.asked(made if isinstance(made, Refused) else None, said.get("refused"))
    if "gives" in said and isinstance(made, Offered):
        play.failures += [Failure(str(entry.origin), text) for text in differences(said["gives"], _gives(made), "gives")]


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
