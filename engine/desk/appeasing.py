"""Offers in place of a return: what may be offered, and what a customer accepts.

Whether limits hold is asked where what was granted is kept, in the transaction that keeps it. It has the next number of the
customer; of two who grant at once on a server, the later finds it taken, takes everything back and asks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from orderloom.engine import wire
from orderloom.engine.appeasements.appeasement import COUNTS, Appeasement
from orderloom.engine.appeasements.case import Case
from orderloom.engine.appeasements.offers import Made, Offers, offers
from orderloom.engine.desk.standing import locked, standing
from orderloom.engine.events import Appeased
from orderloom.engine.items import items_of
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.shell.programs import Programs
from orderloom.engine.store import Store
from orderloom.engine.store.appeasements import counted, of_customer
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import WAKE, insert, run
from orderloom.engine.store.tables import appeasements as table
from orderloom.engine.store.work_rows import appeasement_row
from orderloom.engine.turn import Turn

Before = Sequence[tuple[str, Appeasement]]  #: what the customer accepted before, each with its order

ATTEMPTS = 20  #: so often others may be quicker


class Accepted(Struct, frozen=True):
    """What was accepted, and what was offered then."""

    appeasement: Appeasement
    offers: Offers


class _Again(Exception):
    """Somebody else was quicker."""


def offered(
    store: Store, programs: Programs, order: str, case: Case, at: datetime, policy: str | None = None
) -> Offers | Refused:
    """What may be offered now; nothing is kept."""
    found = standing(store, programs, order)
    if isinstance(found, Refused):
        return found
    with store.reading() as connection:
        earlier = counted(of_customer(connection, store.shard, found.state.order.customer.id))
    return offers(found.trial(store, at), case, earlier, policy)


def accept(
    store: Store, programs: Programs, order: str, case: Case, offer: str, at: datetime, version: int | None = None
) -> Accepted | Refused:
    """Keeps that the customer accepts an offer, which a worker grants, or for which a role is asked to agree."""
    for _ in range(ATTEMPTS):
        found = standing(store, programs, order)
        if isinstance(found, Refused):
            return found
        try:  # what its turns see is read before the transaction that writes, which holds everybody up
            return _accept(store, order, found.trial(store, at), case, offer, version)
        except (_Again, IntegrityError):
            continue
    return Refused(f"others are granting to the customer of order {order}; try again")


def _accept(store: Store, order: str, turn: Turn, case: Case, offer: str, version: int | None) -> Accepted | Refused:
    with store.writing() as connection:
        found = locked(connection, store.shard, order, version)
        if isinstance(found, Refused):
            return found
        state = wire.load_state(found.state)
        if found.program != turn.world.program.digest or not items_of(state) <= items_of(turn.state):
            raise _Again
        customer = state.order.customer.id
        before = of_customer(connection, store.shard, customer)
        made = offers(Turn(turn.world, state, turn.at, turn.stock), case, counted(before))
        if isinstance(made, Refused):
            return made
        taken = _repeated(order, made, offer, before) or _taken(made, case, offer)
        if isinstance(taken, Refused):
            return taken
        granted = _appeasement(order, made, taken, case, turn.at, before)
        run(connection, _INSERT, [appeasement_row(store.shard, order, customer, granted)])
        _tell(connection, store.shard, order, made, granted)
        return Accepted(granted, made)


def _taken(made: Offers, case: Case, offer: str) -> Made | Refused:
    """The offer that is accepted, or every reason why it cannot be."""
    if not case.role:
        return Refused("say in which role it is granted")
    blocked = next((each for each in made.blocked if each.offer == offer), None)
    if blocked is not None:
        return Refused(f"{offer} may not be offered: {'; '.join(blocked.because)}")
    there = ", ".join(each.offer for each in made.made) or "none"
    return next((each for each in made.made if each.offer == offer), None) or Refused(
        f"{offer} is not offered for this case; offered: {there}"
    )


def _repeated(order: str, made: Offers, offer: str, before: Before) -> Refused | None:
    """An offer is accepted once for the same units, however often it is told."""
    same = (each for of, each in before if of == order and each.offer == offer and each.status in COUNTS)
    if any(each.concerns(made.line, made.first, made.quantity) for each in same):
        return Refused(f"{offer} was accepted for these units before")
    return None


def _appeasement(order: str, made: Offers, taken: Made, case: Case, at: datetime, before: Before) -> Appeasement:
    number = max((each.number for _, each in before), default=0) + 1
    id = f"{order}-A{sum(of == order for of, _ in before) + 1}"
    what = (made.policy, taken.offer, taken.kind, made.line, made.first, made.quantity, case.reason)
    worth = (taken.amount, taken.cost, made.return_cost)
    return Appeasement(id, number, *what, *worth, at, case.role, case.by, case.condition, taken.approve)


def _tell(connection: Connection, shard: int, order: str, made: Offers, granted: Appeasement) -> None:
    others = {each.offer: each.cost for each in made.made if each.offer != granted.offer}
    blocked = {each.offer: each.because for each in made.blocked}
    event = Appeased(granted.at, granted, made.origin, made.expected, others, blocked)
    run(connection, WAKE, [due_row(shard, order, f"appease/{granted.id}", event, granted.at)])
    hint(connection)


_INSERT = insert(table)
