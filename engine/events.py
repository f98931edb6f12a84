"""Facts, each with the moment at which it happened. Facts are never refused: what no longer fits is recorded as such."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from orderloom.engine.alarm import Alarm
from orderloom.engine.appeasements.appeasement import Appeasement
from orderloom.engine.modifications.request import Part
from orderloom.engine.order import Order
from orderloom.engine.returns.request import ReturnRequest


class Captured(Struct, frozen=True, tag="captured", omit_defaults=True):
    """A channel submitted an order; `by` whom, in which `role`, where that is known.

    Where somebody brings back what its only line names, and nobody knows the sale, it `returns` that.
    """

    at: datetime
    order: Order
    by: str = ""
    role: str = ""
    returns: ReturnRequest | None = None


class Drafted(Struct, frozen=True, tag="drafted", omit_defaults=True):
    """A channel keeps an order that is not submitted yet; what it would take is reserved until `expires_at`."""

    at: datetime
    order: Order
    expires_at: datetime
    by: str = ""
    role: str = ""


class Replied(Struct, frozen=True, tag="replied", omit_defaults=True):
    """A participant answered the request with this key (`instance:visit`, as `Send.key` has it); `by` is who told it for him."""

    at: datetime
    key: str
    reply: str
    data: dict[str, object] = {}
    by: str = ""
    role: str = ""


class Happened(Struct, frozen=True, tag="happened", omit_defaults=True):
    """A participant reported an event; `unit` is None when it concerns the whole order.

    A declared event may be about one of the order's lines, about a `node` or about a `participant`. Nobody knew whether the order
    has to do with one that is to be taken `if_concerned`. `by` is who told it, where somebody did at a desk.
    """

    at: datetime
    name: str
    unit: str | None = None
    data: dict[str, object] = {}
    line: str | None = None
    node: str | None = None
    participant: str | None = None
    if_concerned: bool = False
    by: str = ""
    role: str = ""


class TimeReached(Struct, frozen=True, tag="time-reached"):
    """A timer ran out; `key` is that of its `SetTimer`."""

    at: datetime
    key: str


class Undelivered(Struct, frozen=True, tag="undelivered"):
    """A message could not be delivered, after every attempt; `because` is the last failure."""

    at: datetime
    key: str
    because: str


class Resolved(Struct, frozen=True, tag="resolved", omit_defaults=True):
    """Somebody took one of the options of an exception, and told with it the condition of the goods of a return."""

    at: datetime
    exception: str
    option: str
    by: str
    note: str = ""
    role: str = ""
    condition: str | None = None


class Cancelled(Struct, frozen=True, tag="cancelled", omit_defaults=True):
    """A request to cancel the whole order was accepted; `agreed` where its cost was agreed to."""

    at: datetime
    by: str
    reason: str = ""
    role: str = ""
    agreed: bool = False


class HoldApplied(Struct, frozen=True, tag="hold-applied", omit_defaults=True):
    """Somebody who may has applied a hold, of the order or of a line; `note` is why, where that is not what the hold says."""

    at: datetime
    hold: str
    role: str
    by: str = ""
    line: str | None = None
    note: str = ""


class HoldResolved(Struct, frozen=True, tag="hold-resolved", omit_defaults=True):
    """Somebody who may has resolved a hold."""

    at: datetime
    hold: str
    role: str
    by: str = ""
    line: str | None = None
    note: str = ""


class ModificationAsked(Struct, frozen=True, tag="modification-asked", omit_defaults=True):
    """Somebody wants the order changed, all parts or none; `preview` only keeps what it would come to, until it is confirmed."""

    at: datetime
    id: str
    parts: tuple[Part, ...]
    role: str = ""
    by: str = ""
    preview: bool = False


class ModificationConfirmed(Struct, frozen=True, tag="modification-confirmed", omit_defaults=True):
    """Somebody wants a change that was previewed."""

    at: datetime
    id: str
    by: str = ""
    role: str = ""


class ReturnAsked(Struct, frozen=True, tag="return-asked", omit_defaults=True):
    """Somebody wants to give goods back."""

    at: datetime
    request: ReturnRequest
    by: str = ""
    role: str = ""


class SupplyMoved(Struct, frozen=True, tag="supply-moved"):
    """A supply that the order claims is due on another day; None where that is not known any more."""

    at: datetime
    supply: str
    item: str
    node: str
    due_on: date | None


class Claimed(Struct, frozen=True, tag="claimed", omit_defaults=True):
    """Somebody does this work from now on: a task, or an exception, by its id."""

    at: datetime
    work: str
    by: str
    role: str = ""


class Released(Struct, frozen=True, tag="released", omit_defaults=True):
    """Whoever did this work hands it back to its role."""

    at: datetime
    work: str
    by: str
    role: str = ""


class Delegated(Struct, frozen=True, tag="delegated", omit_defaults=True):
    """Somebody gives this work to somebody else."""

    at: datetime
    work: str
    by: str
    to: str
    role: str = ""


class Completed(Struct, frozen=True, tag="completed", omit_defaults=True):
    """Somebody has done a task; `form` has what was filled in."""

    at: datetime
    work: str
    by: str
    outcome: str
    form: dict[str, object] = {}
    note: str = ""
    role: str = ""


class Raised(Struct, frozen=True, tag="raised"):
    """A pattern that a monitor looks for among many orders has become whole with what happened to this one."""

    at: datetime
    alarm: Alarm


class Move(Struct, frozen=True, omit_defaults=True):
    """Where an instance goes that stands at its visit number `visit`: to a step of the other version.

    It goes on waiting for what it waits for, unless it `enters` the step anew. Its `clock` is stopped, or started, where only one
    of the two steps has one.
    """

    instance: str
    visit: int
    process: str
    step: str
    enters: bool = False
    clock: Literal["", "start", "stop"] = ""


class Appeased(Struct, frozen=True, tag="appeased", omit_defaults=True):
    """A customer accepted an offer in place of a return, by the policy at `origin`.

    What the return was `expected` to cost, by name; what `others` could have been taken at what cost; what was `blocked` and why.
    """

    at: datetime
    appeasement: Appeasement
    origin: str
    expected: dict[str, Decimal] = {}
    others: dict[str, Decimal] = {}
    blocked: dict[str, tuple[str, ...]] = {}


class Migrated(Struct, frozen=True, tag="migrated", omit_defaults=True):
    """The order goes on by another version: `program` is its digest, `before` that of the version so far."""

    at: datetime
    migration: int
    before: str
    program: str
    by: str
    moves: tuple[Move, ...] = ()


class Back(Struct, frozen=True, omit_defaults=True):
    """How an instance stood that is moved back: at which visit of which step, for what it waited, and the status it had set.

    `clocks` are those of the handlers on time of its process.
    """

    instance: str
    process: str
    step: str
    visit: int
    waiting: tuple[str, str]
    tries: int
    status: str
    clocks: dict[str, datetime | None] = {}


class MigratedBack(Struct, frozen=True, tag="migrated-back", omit_defaults=True):
    """A migration is undone: the order goes on by `program`, and stands as it did, with the `clocks` of then by their keys."""

    at: datetime
    migration: int
    before: str
    program: str
    by: str
    moves: tuple[Back, ...] = ()
    clocks: dict[str, datetime] = {}


Event = (
    Captured
    | Drafted
    | Replied
    | Happened
    | TimeReached
    | Undelivered
    | Resolved
    | Cancelled
    | SupplyMoved
    | HoldApplied
    | HoldResolved
    | Claimed
    | Released
    | Delegated
    | Completed
    | ModificationAsked
    | ModificationConfirmed
    | ReturnAsked
    | Migrated
    | MigratedBack
    | Raised
    | Appeased
)
