"""Whether a piece of a line can be repaired: it is with the customer, was sold by its serial, and is not in repair already."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.engine.order import Line
from orderloom.engine.refused import Refused
from orderloom.engine.returns.eligible import policy_of
from orderloom.engine.returns.pieces import at_customer, coming_back, in_force, in_repair
from orderloom.engine.returns.request import ReturnRequest
from orderloom.engine.returns.seen import Asked, return_view
from orderloom.engine.turn import Turn


def unrepairable(turn: Turn, line: str, serial: str | None) -> str | None:
    """Why a piece of the line cannot be repaired now; None where it can."""
    found = next((each for each in turn.state.order.lines if each.id == line), None)
    return f"there is no line {line}" if found is None else next(_against(turn, found, serial), None)


def _against(turn: Turn, line: Line, serial: str | None) -> Iterator[str]:
    mending = in_repair(line.id, turn.state)
    there, back = at_customer(line, turn.state), coming_back(line.id, turn.state)
    same = next((unit.id for unit in mending if serial is not None and unit.serial == serial), None)
    if same is not None:
        yield f"serial number {serial} is in repair already, as {same}"
    if len(there.keys() - back) <= len(mending):
        has = f"{line.quantity} were bought, {len(there)} delivered, {len(back)} returned, {len(mending)} in repair"
        yield f"no {'other ' if mending else ''}{line.item} is there to be repaired: {has}"
    if serial is None:
        return
    if serial in {each for known in in_force(turn.state) if known.request.line == line.id for each in known.request.serials}:
        yield f"serial number {serial} is returned already"
    sold = _sold(turn, line)
    if sold and serial not in sold:
        yield f"serial number {serial} was not sold with line {line.id}"


def _sold(turn: Turn, line: Line) -> list[object]:
    """The serial numbers of the line, where its policy of returns knows them."""
    policy = policy_of(turn)
    if isinstance(policy, Refused) or policy.serials is None:
        return []
    asked = Asked(ReturnRequest(line.id), turn.at.date())
    sold = policy.serials(turn.context() | return_view(turn.world, turn.state, turn.stock, asked))
    return sold if isinstance(sold, list) else []
