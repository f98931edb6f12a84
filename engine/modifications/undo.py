"""What a change takes back: just the units of work that depend on it. What is planned the same again stays as it is."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl.program import Do
from orderloom.engine.effects import ClearTimer, Record
from orderloom.engine.errors import NoWayForward
from orderloom.engine.modifications.request import Part
from orderloom.engine.modifications.rules import concerned
from orderloom.engine.money.billing import credit
from orderloom.engine.order import Order
from orderloom.engine.plan import PlannedShipment
from orderloom.engine.process.blocks import end
from orderloom.engine.promises.versions import promise
from orderloom.engine.refused import Refused
from orderloom.engine.sources import CHOSEN_BY, entries, open_quantities, planned, planned_entries, policy_of, start_planned
from orderloom.engine.sourcing import Demand
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.supply.supplying import give_up, order_supply, proposed, unapproved, with_source
from orderloom.engine.turn import Turn, with_status
from orderloom.engine.unit import Unit

CHANGED = "changed"  #: the status and outcome of a unit of work that a change has taken back


class Work(Struct):
    """What a change comes to so far: the new order, units of work to be taken back, units of lines to be given up."""

    order: Order
    units: dict[str, Unit] = field(default_factory=dict)
    plans: bool = False
    given_up: dict[str, int] = field(default_factory=dict)
    lines: dict[str, None] = field(default_factory=dict)

    def state(self, state: OrderState) -> OrderState:
        """The state in which what is taken back is open again."""
        units = {id: replace(unit, released=True) if id in self.units else unit for id, unit in state.units.items()}
        cancelled = dict(state.cancelled)
        for line, quantity in self.given_up.items():
            cancelled[line] = cancelled.get(line, 0) + quantity
        known = {line.id for line in self.order.lines}
        return replace(
            state,
            order=self.order,
            units=units,
            planned=() if self.plans else state.planned,
            cancelled={line: quantity for line, quantity in cancelled.items() if line in known},
            promises=tuple(each for each in state.promises if each.line in known),
        )


def take_up(turn: Turn, work: Work, part: Part, order: Order, stuck: dict[str, str]) -> Refused | None:
    """Adds one part of a change: what depends on it is to be taken back."""
    units = {u.id: u for u in concerned(turn.state, part) if not (u.shipped or u.outcome or u.id in stuck)}
    if part.what in ("add-line", "attributes"):
        work.order = order
    elif part.unit is not None:
        if part.unit not in units:
            return Refused(
                f"{part.unit} cannot be taken back any more" if part.unit in turn.state.units else f"no unit {part.unit}"
            )
        for each in units[part.unit].lines:
            work.given_up[each.line] = work.given_up.get(each.line, 0) + each.quantity
        work.units |= units
    elif part.asked(turn.state.order) == "quantity-up":
        work.order, work.units = order, work.units | {id: unit for id, unit in units.items() if not _begun(turn, unit)}
    elif part.line is not None and part.what in ("quantity", "cancel", "remove-line"):
        return _fewer_sets(turn, work, part, order, units, stuck)
    else:
        if part.what == "item" and any(u.id not in units for u in concerned(turn.state, part)):
            return Refused(f"units of line {part.line} are beyond being exchanged")
        work.order, work.units, work.plans = order, work.units | units, True
    if part.line is not None or part.add is not None:
        work.lines[part.line or (part.add.id if part.add else "")] = None
    return None


def _fewer_sets(
    turn: Turn, work: Work, part: Part, order: Order, units: dict[str, Unit], stuck: dict[str, str]
) -> Refused | None:
    """Fewer of a line, or of every component of one that is made up."""
    before = work.order
    line = before.line(str(part.line))
    for each in before.components(line.id) or (line,):
        work.order = before
        quantity = part.quantity and part.quantity * each.quantity // line.quantity
        own = {id: unit for id, unit in units.items() if any(x.line == each.id and x.quantity for x in unit.lines)}
        refused = _fewer(turn, work, replace(part, line=each.id, quantity=quantity), order, own, stuck)
        if refused is not None:
            return refused
    return None


def _fewer(turn: Turn, work: Work, part: Part, order: Order, units: dict[str, Unit], stuck: dict[str, str]) -> Refused | None:
    """Fewer units of a line: those that nobody has begun with are given up first, of units of work the last to be released."""
    line = str(part.line)
    before = work.order.line(line).quantity
    cancelled = turn.state.cancelled.get(line, 0) + work.given_up.get(line, 0)
    wanted = before - (part.quantity or 0) if part.what == "quantity" else part.quantity or before - cancelled
    work.lines[line] = None
    if wanted > 0:
        left = wanted - _open(work.state(turn.state), line)
        if left > 0 and turn.state.planned and not work.plans:
            work.plans = True
            left = wanted - _open(work.state(turn.state), line)
        for unit in sorted(units.values(), key=lambda u: (u.release_at, u.id), reverse=True):
            if left > 0 and unit.id not in work.units:
                work.units[unit.id] = unit
                left -= sum(each.quantity for each in unit.lines if each.line == line)
        if left > 0:
            why = "; ".join(f"{id}: {because}" for id, because in stuck.items()) or "the others have left their node"
            return Refused(f"{wanted} of line {line} are to be given up, and {wanted - left} can be ({why})")
    if part.what == "cancel":
        if wanted <= 0:
            return Refused(f"nothing of line {line} is left to be cancelled")
        work.given_up[line] = work.given_up.get(line, 0) + wanted
    work.order = order
    return None


def _begun(turn: Turn, unit: Unit) -> bool:
    """Whether the node may be at work on it."""
    instance = turn.state.instances.get(unit.id)
    return instance is not None and instance.visit > 0 and turn.at >= unit.release_at


def _open(state: OrderState, line: str) -> int:
    return dict(open_quantities(state)).get(line, 0)


# --- other sources -----------------------------------------------------------------------------------------------------


def carry_out(turn: Turn, work: Work, reason: str) -> Refused | None:
    """Takes back what is to be taken back, and finds sources for what is open then, by the order's own policy."""
    after = work.state(turn.state)
    if _sources_itself(turn) or not (turn.state.units or turn.state.planned or turn.state.promises):
        _take_back(turn, work, after, {})
        _look_again(turn)
        return None
    was_open = dict(open_quantities(turn.state))
    wanted = open_quantities(after)
    if all(quantity <= was_open.get(line, 0) for line, quantity in wanted):
        _take_back(turn, work, after, {})
        return None
    return _source(turn, work, after, wanted, reason)


def _source(turn: Turn, work: Work, after: OrderState, wanted: tuple[tuple[str, int], ...], reason: str) -> Refused | None:
    started = bool(turn.state.units)
    free = turn.stock.post(_given_back(turn, work))
    scratch = replace(turn, state=after, stock=free, effects=list(turn.effects), queue=[])
    policy, answer = policy_of(scratch)
    chosen = after.order.promise
    made = planned(scratch, policy, Demand(after.order, wanted, deliver_by=chosen.deliver_by if chosen else None))
    if made.broken:
        raise NoWayForward("no source can be told for what is open: " + "; ".join(made.broken))
    if made.unfilled:
        return Refused("no source for " + "; ".join(f"{u.quantity} of {u.item}: {u.because}" for u in made.unfilled))
    orders = proposed(scratch, made)
    if unapproved(scratch, orders):
        return Refused("what it needs would have to be ordered first, and somebody has to agree to that")
    why = {**answer.inputs, CHOSEN_BY: answer.origin}
    turn.emit(Record("sourcing", "order", made.outcome, made.origin, policy.title, why, plan=made))
    same = _same(work.units.values(), made.shipments)
    new = tuple(each for each in made.shipments if not any(each is kept for kept in same.values()))
    _take_back(turn, work, after, same)
    taken = order_supply(turn, replace(made, shipments=new), orders)
    turn.post(planned_entries("reserve", turn, taken))
    turn.change(planned=(*turn.state.planned, *taken))
    lines = [*work.lines, *(each.line for unit in work.units.values() for each in unit.lines)]
    lines += [a.line for shipment in made.shipments for a in shipment.allocations]
    known = {line.id for line in turn.state.order.lines}
    promise(turn, [line for line in lines if line in known], reason, turn.world.program.promising[policy.promising].slip)
    if started:
        start_planned(turn)
    return None


def _same(units: Iterable[Unit], shipments: tuple[PlannedShipment, ...]) -> dict[str, PlannedShipment]:
    """The units of work that are planned just so again: their work goes on, whatever was to be taken back."""
    found: dict[str, PlannedShipment] = {}
    for unit in units:
        parts = sorted((p.line, p.item, p.quantity, p.supply) for p in unit.lines if p.quantity)
        for each in shipments:
            alike = (each.node, each.service, each.method, each.ship_on, each.deliver_on)
            same = alike == (unit.node, unit.service, unit.method, unit.ship_on, unit.deliver_on) and each not in found.values()
            if same and sorted((a.line, a.item, a.quantity, a.supply) for a in each.allocations) == parts:
                found[unit.id] = each
                break
    return found


def _given_back(turn: Turn, work: Work) -> list:  # type: ignore[type-arg]
    found = [entry for unit in work.units.values() for entry in entries("release", turn, unit, unit.lines)]
    return [*with_source(turn, [*found, *(planned_entries("release", turn, turn.state.planned) if work.plans else ())])]


# --- taking back -------------------------------------------------------------------------------------------------------


def _take_back(turn: Turn, work: Work, after: OrderState, same: dict[str, PlannedShipment]) -> None:
    """Sets the new order; what it does not need is given back, and whoever worked on it stops."""
    if work.plans:
        turn.post(with_source(turn, planned_entries("release", turn, turn.state.planned)))
    undone = [unit for unit in work.units.values() if unit.id not in same]
    for unit in undone:
        turn.post(with_source(turn, entries("release", turn, unit, unit.lines)))
        credit(turn, unit)
    turn.change(order=after.order, planned=after.planned, cancelled=after.cancelled, promises=after.promises)
    for unit in undone:
        with_status(turn, end(turn, unit.id, CHANGED), CHANGED)
        turn.put_unit(replace(turn.state.units[unit.id], released=True, outcome=CHANGED))
        give_up(turn, {part.supply for part in unit.lines})


def _sources_itself(turn: Turn) -> bool:
    """Whether the order stands where its process looks for sources."""
    instance = turn.state.instances.get(ORDER)
    if instance is None or instance.ended is not None or not instance.process:
        return False
    verb = turn.step(instance).verb
    return isinstance(verb, Do) and verb.action == "source"


def _look_again(turn: Turn) -> None:
    """An order that waits for sources looks for them anew, as it is now."""
    instance = turn.state.instances.get(ORDER)
    if instance is not None and instance.waiting is not None and instance.waiting.kind == "time" and _sources_itself(turn):
        turn.emit(ClearTimer(turn.key(instance)))
        turn.queue.append((ORDER, instance.step))
