"""`appease` of a scenario: what is offered in place of a return, and accepted."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.adapters.scenarios.appeasements import offers
from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.scenarios.play import Cannot, Failure, Play, told
from orderloom.dsl.scenario import Entry
from orderloom.engine.appeasements.case import Case
from orderloom.engine.desk.appeasing import accept, offered
from orderloom.engine.refused import Refused


def appease(play: Play, entry: Entry) -> None:
    """Asks what may be offered, which is as `offered` says, and accepts an offer, where `accept` names one."""
    said = told(entry)
    order, stage = play.story(said.get("order")).state.order.id, play.stage
    case = _case(said)
    policy = None if said.get("policy") is None else str(said["policy"])
    made = offered(stage.store, stage.programs, order, case, stage.now, policy)
    if "offered" in said:
        if isinstance(made, Refused):
            raise Cannot(made.because)
        play.failures += [Failure(str(entry.origin), text) for text in differences(said["offered"], offers(made), "offered")]
    if "accept" not in said:
        play.asked(made if isinstance(made, Refused) else None, said.get("refused"))
        return
    taken = accept(stage.store, stage.programs, order, case, str(said["accept"]), stage.now)
    play.asked(taken if isinstance(taken, Refused) else None, said.get("refused"))


def _case(said: Mapping[str, object]) -> Case:
    texts = {
        field: str(said.get(name) or "")
        for name, field in {"reason": "reason", "condition": "condition", "as": "role", "by": "by"}.items()
    }
    units = {name: said[name] for name in ("quantity", "first") if isinstance(said.get(name), int)}
    return Case(line=str(said.get("line", 1)), **texts, **units)  # type: ignore[arg-type]
