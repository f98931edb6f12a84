"""Whether goods are taken back: every refusal says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from orderloom.dsl.program import Returns
from orderloom.dsl.suggest import with_hint
from orderloom.engine.drafts import is_draft
from orderloom.engine.order import Line
from orderloom.engine.process.undo import is_cancelling
from orderloom.engine.refused import Refused
from orderloom.engine.returns.pieces import at_customer, coming_back, in_force, in_repair, pieces_of
from orderloom.engine.returns.request import Piece, ReturnRequest
from orderloom.engine.returns.seen import Asked, return_view
from orderloom.engine.returns.whose import not_granted
from orderloom.engine.turn import Turn
from orderloom.engine.unit import SERVICE
from orderloom.engine.views import View

MOST = 10**9  #: no unit costs more


class Eligible(Struct, frozen=True):
    """Goods that are taken back: by which policy, which units of the line, by which way to which node."""

    policy: Returns
    pieces: tuple[Piece, ...]
    delivered_on: date | None
    way: str
    node: str


def eligible(turn: Turn, request: ReturnRequest) -> Eligible | Refused:
    """What a request comes to, or why it is refused."""
    policy = policy_of(turn)
    if isinstance(policy, Refused):
        return policy
    for refused in _impossible(turn, policy, request):
        return refused
    line = turn.state.order.line(request.line)
    chosen = _units(turn, policy, request, line)
    if isinstance(chosen, Refused):
        return chosen
    pieces, delivered_on = chosen
    place = _place(turn, policy, request, delivered_on)
    if isinstance(place, Refused):
        return place
    way, node = place
    seen = policy_view(turn, request, way, node, delivered_on)
    for because in (*_in_repair(turn, request), *_wrong_serials(turn, policy, request, seen), *_not_taken(policy, seen)):
        return Refused(because)
    return Eligible(policy, pieces, delivered_on, way, node)


def eligible_unsold(turn: Turn, request: ReturnRequest) -> Eligible | Refused:
    """What a request without the order of the sale comes to, or why it is refused: the one line is what was brought."""
    policy = policy_of(turn)
    if isinstance(policy, Refused):
        return policy
    if policy.blind is None:
        return Refused(f"{policy.title} takes nothing back without its order")
    if request.exchange is not None:
        return Refused("without its order nothing is exchanged: other goods are bought with the store credit")
    for refused in _impossible(turn, policy, request):
        return refused
    place = _place(turn, policy, request, None)
    if isinstance(place, Refused):
        return place
    seen = policy_view(turn, request, *place, None)
    if policy.blind.when is not None and policy.blind.when(seen) is not True:
        return Refused(f"{policy.blind.because} ({policy.blind.when.origin})")
    for because in _not_taken(policy, seen):
        return Refused(because)
    way, node = place
    return Eligible(policy, pieces_of(range(request.quantity)), None, way, node)


def policy_view(turn: Turn, request: ReturnRequest, way: str, node: str, delivered_on: date | None) -> View:
    """What the policy sees of a request."""
    asked = Asked(request, turn.at.date(), way, node, delivered_on)
    return turn.context() | return_view(turn.world, turn.state, turn.stock, asked)


def policy_of(turn: Turn) -> Returns | Refused:
    """The first policy that is for the order."""
    seen = turn.context()
    found = next((each for each in turn.world.program.returns.values() if each.when is None or each.when(seen) is True), None)
    return found or Refused(f"no policy of returns is for order {turn.state.order.id}")


def _impossible(turn: Turn, policy: Returns, request: ReturnRequest) -> Iterator[Refused]:
    """Why it cannot be, whatever was delivered."""
    order = turn.state.order
    if is_draft(turn.state) or is_cancelling(turn.state):
        yield Refused(f"order {order.id} is {turn.state.status}")
    line = next((each for each in order.lines if each.id == request.line), None)
    if line is None:
        there = [each.id for each in order.lines if each.part_of is None]
        yield Refused(with_hint(f"order {order.id} has no line {request.line}: it was never bought", request.line, there))
        return
    if line.part_of is not None:
        yield Refused(f"line {line.id} is a part of line {line.part_of}, which is returned as a whole")
    if line.method == SERVICE:
        yield Refused(f"line {line.id} is a service, which cannot be given back")
    if request.quantity < 1:
        yield Refused(f"{request.quantity} units cannot be returned")
    if request.currency not in (None, order.currency):
        yield Refused(f"the refund is in {order.currency}, as it was paid, not in {request.currency}")
    said = (("reason", request.reason, policy.reasons), ("condition", request.condition or "", policy.conditions))
    for what, value, known in said:
        if known and value not in known and (value or what == "reason"):
            words = f"there is no {what} {value}" if value else f"a {what} is needed"
            yield Refused(with_hint(f"{words}", value, known))
    yield from _exchange(turn, policy, request)


def _exchange(turn: Turn, policy: Returns, request: ReturnRequest) -> Iterator[Refused]:
    wanted = request.exchange
    if wanted is None:
        return
    kind = "advance" if wanted.advance else "regular"
    if kind not in policy.exchange:
        yield Refused(f"{policy.title} has no {kind} exchange; there is {', '.join(policy.exchange) or 'none'}")
    line = turn.state.order.line(request.line)
    if wanted.item is not None and wanted.item not in turn.world.catalog.items:
        yield Refused(f"there is no item {wanted.item}")
    if line.bill is not None or any(wanted.item in bill.items for bill in turn.world.program.bills.values()):
        yield Refused("what is made up of components is not exchanged; return it, and order the other")
    if wanted.quantity is not None and wanted.quantity < 1:
        yield Refused(f"an exchange is for 1 unit or more, not {wanted.quantity}")
    if wanted.unit_price is not None and not (wanted.unit_price.is_finite() and 0 <= wanted.unit_price <= MOST):
        yield Refused(f"the price of what is exchanged is from 0 to {MOST:,}, not {wanted.unit_price}")


def _units(turn: Turn, policy: Returns, request: ReturnRequest, line: Line) -> tuple[tuple[Piece, ...], date] | Refused:
    """The units that come back, the first ones in time for it; and since when the customer has them: today at the latest, where
    they came earlier than was planned."""
    there, gone = at_customer(line, turn.state), coming_back(line.id, turn.state)
    free = [number for number in sorted(there) if number not in gone]
    mending = len(in_repair(line.id, turn.state))
    if request.quantity > len(free) - mending:
        has = f"{line.quantity} were bought, {len(there)} delivered, {len(gone)} returned"
        has += f", {mending} in repair" if mending else ""
        return Refused(f"{request.quantity} of {line.item} cannot come back: {has}")
    in_time = [number for number in free if _in_time(policy.window, there[number], turn.at.date())]
    if request.quantity > len(in_time):
        assert policy.window is not None, "without it all are in time"
        since = max(there[number] for number in free)
        until = since + policy.window
        left = f"; {len(in_time)} may" if in_time else ""
        return Refused(f"{request.quantity} of {line.item} came on {since} and could be returned until {until}{left}")
    chosen = in_time[: request.quantity]
    return pieces_of(chosen), min(turn.at.date(), *(there[number] for number in chosen))


def _in_time(window: timedelta | None, delivered_on: date, today: date) -> bool:
    return window is None or today <= delivered_on + window


def _place(turn: Turn, policy: Returns, request: ReturnRequest, delivered_on: date | None) -> tuple[str, str] | Refused:
    """The way and the node: that which is named, else the one that brought the goods, else the first that takes them."""
    ways = [request.way] if request.way is not None else list(policy.places)
    if request.way is not None and request.way not in policy.places:
        return Refused(with_hint(f"nothing comes back by {request.way}", request.way, policy.places))
    if request.node is not None and request.node not in turn.world.catalog.nodes:
        return Refused(with_hint(f"there is no node {request.node}", request.node, turn.world.catalog.nodes))
    units = turn.state.units.values()
    brought = [unit.node for unit in units if any(part.line == request.line for part in unit.lines)]
    nodes = [request.node] if request.node is not None else [*brought, *sorted(turn.world.catalog.nodes)]

    def takes(way: str, node: str) -> bool:
        return policy.places[way](policy_view(turn, request, way, node, delivered_on)) is True

    found = next(((way, node) for node in nodes for way in ways if takes(way, node) and not not_granted(turn, node)), None)
    if found is None and request.node is not None and (because := not_granted(turn, request.node)):
        return Refused(because)
    where = f"{request.node} does not take" if request.node is not None else "no node takes"
    by = request.way or " or ".join(policy.places)
    return found or Refused(f"{where} {turn.state.order.line(request.line).item} back by {by}")


def _in_repair(turn: Turn, request: ReturnRequest) -> Iterator[str]:
    for unit in in_repair(request.line, turn.state):
        if unit.serial is not None and unit.serial in request.serials:
            yield f"serial number {unit.serial} is in repair, as {unit.id}"


def _wrong_serials(turn: Turn, policy: Returns, request: ReturnRequest, seen: View) -> Iterator[str]:
    """Goods that have serial numbers come back with theirs, each once."""
    sold = policy.serials(seen) if policy.serials is not None else None
    if not isinstance(sold, list) or not sold:
        return
    if len(set(request.serials)) != request.quantity:
        yield f"{request.quantity} serial numbers are needed, each once; sold: {', '.join(map(str, sold))}"
    for serial in request.serials:
        if serial not in sold:
            yield f"serial number {serial} was not sold with line {request.line}"
    back = {serial for each in in_force(turn.state) if each.request.line == request.line for serial in each.request.serials}
    for serial in request.serials:
        if serial in back:
            yield f"serial number {serial} is returned already"


def _not_taken(policy: Returns, seen: View) -> Iterator[str]:
    for each in policy.refuse:
        if each.when(seen) is True:
            yield f"{each.because} ({each.origin})"
