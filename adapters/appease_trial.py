"""What policies of appeasements would have made of returns that were asked for: each on the same returns, in their order.

A policy offers the cheapest first. The customer takes the first offer that is worth at least a share of what the return would
bring; else the units come back. What was taken counts in the limits of the returns after it, of each policy by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import select

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.rows import open_rows
from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.appeasements.appeasement import Earlier
from orderloom.engine.appeasements.case import Case
from orderloom.engine.appeasements.offers import Made, Offers, offers
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.items import items_of
from orderloom.engine.money.billing import INVOICE, PAYMENT
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.turn import Turn

ZERO = Decimal(0)
RENAMES = {"order_id": "order", "line_id": "line", "qty": "quantity", "requested_on": "on"}  #: of other systems' words


class Asked(Struct, frozen=True):
    """A return that somebody asked for, on a day."""

    order: str
    line: str
    quantity: int
    reason: str
    condition: str
    on: date


class Outcome(Struct):
    """What a policy makes of the returns: `taken` offers by name, with what they are worth and cost; all else comes back.

    `return_cost` is what all of them would cost as returns, and `refused` why nothing could be offered.
    """

    policy: str
    returns: int = 0
    return_cost: Decimal = ZERO
    taken: Counter[str] = field(default_factory=Counter)
    amount: Decimal = ZERO
    cost: Decimal = ZERO
    saving: Decimal = ZERO
    declined: int = 0
    blocked: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    granted: dict[str, list[Earlier]] = field(default_factory=dict)

    @property
    def cost_after(self) -> Decimal:
        """What offers and the returns that are left cost together."""
        return self.return_cost - self.saving


def asked_in(path: Path) -> Iterator[Asked | Refused]:
    """The returns of a JSON-lines or CSV file, in order; a row that is none is refused. Raises OSError."""
    with open_rows(path) as file:
        for row in file.rows():
            values = {RENAMES.get(name, name): value for name, value in row.values.items()}
            fields = Fields(values, f"row {row.number}")
            order, line, on = fields.id("order", needed=True), fields.id("line", needed=True), fields.day("on", needed=True)
            quantity, reason = fields.count("quantity", 1), fields.text("reason") or ""
            condition = fields.text("condition") or ""
            if row.problem or fields.problems or order is None or line is None or on is None:
                yield Refused(row.problem or "; ".join(fields.problems))
            else:
                yield Asked(order, line, quantity, reason, condition, on)


def tried(
    store: Store, program: Program, policies: Sequence[str], returns: Iterable[Asked], share: Decimal = ZERO
) -> tuple[list[Outcome], int]:
    """What each policy would have made of them, and how many are of orders or lines that the store does not have."""
    found, unknown, lookup = [Outcome(policy) for policy in policies], 0, Lookup(store, program)
    for asked in sorted(returns, key=lambda each: (each.on, each.order, each.line)):
        state = _as_delivered(store, asked.order)
        if state is None:
            unknown += 1
            continue
        world = lookup.world(items_of(state)).of(state.order.division)
        at = datetime.combine(asked.on, time(), UTC)
        turn = Turn(world, state, at, world.stock)
        for outcome in found:
            _play(outcome, turn, asked, share)
    return found, unknown


def _as_delivered(store: Store, order: str) -> OrderState | None:
    """The order as if nothing of it had been given back yet."""
    t = tables.orders.c
    with store.reading() as connection:
        text = connection.execute(select(t.state).where(t.shard == store.shard, t.id == order)).scalar()
    if text is None:
        return None
    state = wire.load_state(text)
    return replace(state, documents=tuple(d for d in state.documents if d.kind in (INVOICE, PAYMENT)), appeasements={})


def _play(outcome: Outcome, turn: Turn, asked: Asked, share: Decimal) -> None:
    customer = turn.state.order.customer.id
    earlier = outcome.granted.setdefault(customer, [])
    case = Case(asked.line, asked.reason, asked.condition, asked.quantity)
    made = offers(turn, case, earlier, outcome.policy)
    outcome.returns += 1
    if isinstance(made, Refused):
        outcome.refused[made.because] += 1
        return
    outcome.return_cost += made.return_cost
    taken = _taken(made, share)
    if taken is None:
        outcome.declined += bool(made.made)
        outcome.blocked += not made.made
        return
    outcome.taken[taken.offer] += 1
    outcome.amount, outcome.cost = outcome.amount + taken.amount, outcome.cost + taken.cost
    outcome.saving += taken.saves
    earlier.append(Earlier(turn.state.order.id, asked.line, turn.at, taken.amount))


def _taken(made: Offers, share: Decimal) -> Made | None:
    """The first offer that is worth that share of what the return would bring."""
    return next((each for each in made.made if each.amount >= share * made.refund), None)
