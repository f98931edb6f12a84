"""Returns that are asked: refused at once with the reason, or put in, to be worked on at their moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program import Ask, Do, Program, Wait
from orderloom.dsl.suggest import with_hint
from orderloom.engine.access.who import Who
from orderloom.engine.desk.requests import requested
from orderloom.engine.desk.standing import standing
from orderloom.engine.events import Happened, Replied, Resolved, ReturnAsked
from orderloom.engine.issue import OpenIssue
from orderloom.engine.process.standstill import NO_WAY_FORWARD, TRY_AGAIN
from orderloom.engine.process.told import misfits
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import Offered, offered
from orderloom.engine.returns.request import Return
from orderloom.engine.returns.seen import condition_of
from orderloom.engine.returns.undecided import DISPOSES, TAKES_IN
from orderloom.engine.shell.programs import Programs
from orderloom.engine.state import Instance, OrderState
from orderloom.engine.store import Store
from orderloom.engine.task import lacks_role

Told = TypeVar("Told", Happened, Replied)

KNOWN = Refused("it was asked already")  #: a return whose reference has come before


def ask_return(
    store: Store, programs: Programs, order: str, asked: ReturnAsked, *, preview: bool = False, version: int | None = None,
    works_at: str | None = None,
) -> Offered | Refused:  # fmt: skip
    """What a return comes to, worked out as a worker will; unless it is a `preview`, it is put in.

    Whoever names the `version` that he has seen is refused where anything has happened to the order since, and who works at a
    node where the goods would be taken in at once at another.
    """
    found = standing(store, programs, order)
    if isinstance(found, Refused):
        return found
    reference = asked.request.reference
    if reference is not None and any(each.request.reference == reference for each in found.state.returns.values()):
        return KNOWN
    made = offered(found.trial(store, asked.at, asked), asked)
    if not isinstance(made, Refused):
        made = made.away_from(works_at) or made
    if isinstance(made, Refused) or preview:
        return made
    busy = f"another return of order {order} was asked"
    refused = requested(
        store, programs, order, f"return/{reference or made.id}", lambda p, s: asked, version or found.version, busy
    )
    return refused or made


class Receipt(Struct, frozen=True):
    """What came back of a return: how many of its units, and in which condition."""

    returned: str
    quantity: int
    condition: str | None = None

    @property
    def order(self) -> str:
        """The order that it is a return of."""
        return order_of(self.returned)


def order_of(returned: str) -> str:
    """The order that a return belongs to, by whose id its own begins; the whole where it has no number behind it."""
    return returned.rpartition("-")[0] or returned


def known_return(state: OrderState, id: str) -> Return | Refused:
    """The return with this id."""
    there = tuple(state.returns)
    words = f"there is no return {id}"
    none = f"{words}: order {state.order.id} has none, and what was asked just now waits for a worker (`orderloom work`)"
    return state.returns.get(id) or Refused(with_hint(words, id, there) if there else none)


def elsewhere(state: OrderState, returned: str, who: Who) -> Refused | None:
    """Why goods of a return are not his to take in who works where they do not come to; None where they do, or are not known."""
    known = state.returns.get(returned)
    if known is None or known.node == who.node:
        return None
    at = f"{who.role} works at {who.node}" if who.node else f"{who.role} works at none; `{who.role}@NODE` says at which"
    return Refused(f"the goods of return {returned} are received at the node that they come to, and {at}")


def receive_return(
    store: Store, programs: Programs, returned: str, at: datetime, quantity: int | None = None, condition: str | None = None,
    by: str = "", role: str = "",
) -> Receipt | Refused:  # fmt: skip
    """Tells the process of a return that the goods are there: all that were asked unless said, in the condition that was asked.

    Refused where it does not wait for them, or they are more than was asked or in a condition that its policy does not have.
    One that stands still since nobody knows what becomes of its goods is tried again in the condition that is told now.
    """
    order = order_of(returned)
    found = standing(store, programs, order)
    if isinstance(found, Refused):
        return Refused(f"there is no return {returned}: {found.because}")
    known = known_return(found.state, returned)
    if isinstance(known, Refused):
        return known
    receipt = Receipt(
        returned, _units(found.state, known, returned) if quantity is None else quantity, condition or condition_of(known)
    )
    busy = f"that return {returned} is received was told"
    key = f"receive/{returned}"
    refused = requested(store, programs, order, key, lambda p, s: _received(p, s, receipt, (at, by, role)), found.version, busy)
    return refused or receipt


def _received(
    program: Program, state: OrderState, receipt: Receipt, who: tuple[datetime, str, str]
) -> Happened | Replied | Resolved | Refused:
    """What the process is told: the event or the reply that it waits for before it takes the goods in."""
    (at, by, role), known, id = who, state.returns[receipt.returned], receipt.returned
    if because := lacks_role(by, role, program.people):
        return Refused(because)
    conditions = program.returns[known.policy].conditions if known.policy in program.returns else ()
    if not 0 <= receipt.quantity <= known.request.quantity:
        return Refused(f"{receipt.quantity} came back, of {known.request.quantity} that were asked")
    if receipt.condition is not None and conditions and receipt.condition not in conditions:
        return Refused(with_hint(f"there is no condition {receipt.condition}", receipt.condition, conditions))
    data: dict[str, object] = {"quantity": receipt.quantity}
    data |= {"condition": receipt.condition} if receipt.condition is not None else {}
    for instance in state.instances.values():
        if (issue := _stands(program, state, instance, id)) is not None:
            if receipt.condition is None:
                known_ones = f": {', '.join(conditions)}" if conditions else ""
                return Refused(
                    f"return {id} stands still, as nobody knows what becomes of its goods; tell their condition{known_ones}"
                )
            return _tried_again(issue, receipt, _units(state, known, id), who)
        verb = _before_receipt(program, instance) if instance.root == id else None
        if isinstance(verb, Wait):
            declared = program.events.get(str(verb.event))
            return _fits(
                Happened(at, str(verb.event), id, data, by=by, role=role), declared.fields if declared is not None else {}
            )
        if isinstance(verb, Ask):
            message = program.roles[verb.role].receives[verb.message]
            return _fits(Replied(at, f"{state.order.id}/{instance.key}", message.replies[0], data, by, role), message.fields)
    had = f"{known.received} came back already" if known.received is not None else f"it is {state.units[id].status}"
    return Refused(f"return {id} does not wait for goods: {had}")


def _stands(program: Program, state: OrderState, instance: Instance, id: str) -> OpenIssue | None:
    """The exception at which a return stands for want of what is to become of its goods."""
    waiting = instance.waiting
    if instance.root != id or instance.ended is not None or waiting is None or waiting.kind != "exception":
        return None
    issue = state.exceptions.get(waiting.name)
    step = program.processes[instance.process].steps[instance.step]
    return issue if issue is not None and issue.type == NO_WAY_FORWARD and step.verb in (TAKES_IN, DISPOSES) else None


def _tried_again(issue: OpenIssue, receipt: Receipt, units: int, who: tuple[datetime, str, str]) -> Resolved | Refused:
    """The step is entered anew, with the condition that is told now."""
    at, by, role = who
    if issue.claimed_by not in (None, by):
        return Refused(f"{issue.claimed_by} has claimed exception {issue.id}")
    if receipt.quantity != units:
        return Refused(f"{units} came back, as was told before: only their condition is to be told")
    return Resolved(at, issue.id, TRY_AGAIN, by, role=role, condition=receipt.condition)


def _units(state: OrderState, known: Return, id: str) -> int:
    """How many came back, where that was told; else all that were asked."""
    if known.received is not None:
        return known.received
    instance = state.instances.get(id)
    stands = instance is not None and instance.waiting is not None and instance.waiting.kind == "exception"
    told = instance.answer.get("quantity") if instance is not None and stands else None
    return told if isinstance(told, int) else known.request.quantity


def _fits(told: Told, fields: Mapping[str, Type]) -> Told | Refused:
    wrong = misfits(told.data, fields)
    return Refused(f"what its process waits for cannot tell it: {wrong}") if wrong else told


def _before_receipt(program: Program, instance: Instance) -> Ask | Wait | None:
    """What an instance waits for, where the goods are taken in next."""
    waiting = instance.waiting.kind if instance.waiting is not None else ""
    if waiting not in ("event", "reply") or instance.ended is not None:
        return None
    steps = program.processes[instance.process].steps
    step = steps[instance.step]
    follows = steps.get(step.next or "")
    takes_in = follows is not None and follows.verb == Do("receive-return")
    return step.verb if takes_in and isinstance(step.verb, (Ask, Wait)) else None
