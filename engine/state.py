"""What has become of an order: its units of work, the instances that drive them, promises and documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import Jeopardy
from orderloom.engine.appeasements.appeasement import Appeasement
from orderloom.engine.events import Happened
from orderloom.engine.issue import OpenIssue as OpenIssue
from orderloom.engine.modifications.request import Pending
from orderloom.engine.money.shares import Charge
from orderloom.engine.order import Order, Tender
from orderloom.engine.plan import PlannedShipment
from orderloom.engine.returns.request import Return
from orderloom.engine.supply_order import Approval, SupplyOrder
from orderloom.engine.task import Task
from orderloom.engine.unit import Unit
from orderloom.engine.watched import NOTHING, Watched

DRAFT = "draft"  #: the status of an order that is not submitted yet
ORDER = "order"  #: the id of the instance that drives the order itself


class Waiting(Struct, frozen=True, omit_defaults=True):
    """What an instance waits for; `name` names the event, the exception, the task, the holds.

    `kind` is reply, event, time, exception, children, task, hold or undo. `left` is how many of its parts have yet to be over.
    `due_at` is when the clock of the step runs out, where handlers have clocks beside it; a task has that itself.
    """

    kind: str
    name: str = ""
    left: int = 0
    due_at: datetime | None = None


class Element(Struct, frozen=True, omit_defaults=True):
    """What one run of an `each` is for: a line of the order by its id, or a value as `elements.packed` has it."""

    line: str | None = None
    value: object = None


class Instance(Struct, frozen=True, omit_defaults=True):
    """One running process, of the order or of a unit of work, or a part of one; `id` is `order` or the unit's.

    A part runs beside others or instead of its parent, which waits for it: `PARENT/STEP.BRANCH` a branch of the parent's step,
    `PARENT/STEP.1` the run of a block for the first `element`, `PARENT/STEP` the process that the step runs.

    `visit` counts the steps entered, so that what belongs to an earlier visit is known as late. `tries` counts repeats of the
    step by `retry`. `answer` has the data of the last reply or event. `ended` is the outcome. `event` is the last one that it
    waited for or that a handler of its process took up. `clocks` says when each handler on time of its process is due, by the
    handler's first step; None where that was.
    """

    id: str
    process: str
    step: str
    visit: int = 0
    waiting: Waiting | None = None
    tries: int = 0
    answer: dict[str, object] = {}
    ended: str | None = None
    element: Element | None = None
    event: Happened | None = None
    clocks: Mapping[str, datetime | None] = {}

    @property
    def parent(self) -> str | None:
        """The id of the instance that waits for this one; None for that of the order or of a unit of work."""
        return self.id.rpartition("/")[0] or None

    @property
    def root(self) -> str:
        """The id of the instance, of the order or of a unit of work, that this one is a part of; it is that one itself, too."""
        return self.id.partition("/")[0]

    def clock(self, first: str) -> str:
        """Names the clock of a handler on time by the handler's first step, within the order."""
        return f"clock/{self.id}@{first}"

    @property
    def key(self) -> str:
        """Names this visit, within the order."""
        return f"{self.id}:{self.visit}"


def visit_of(key: str) -> str:
    """The visit (`Instance.key`) that the key of a message or a timer names: `order/visit`, `#n` after it for a repetition."""
    subject, _, number = key.partition("/")[2].rpartition(":")
    return f"{subject}:{number.partition('#')[0]}"


class Promise(Struct, frozen=True, omit_defaults=True):
    """A promised date of units of a line, with its derivation; versions count from 1 for each line.

    A later version has the reason for it; `days_late` counts from the first version's last day, `jeopardy` is how bad that is.
    `fees` are what the customer pays for work on the units, by its name.
    """

    line: str
    quantity: int
    node: str
    ship_on: date
    deliver_on: date
    made_at: datetime
    version: int
    derivation: tuple[str, ...]
    reason: str = ""
    days_late: int = 0
    jeopardy: Jeopardy | None = None
    fees: dict[str, Decimal] = {}


class Document(Struct, frozen=True, omit_defaults=True):
    """An invoice, a payment or a refund; amounts in the order's currency.

    `charges` are what it consists of, by line. A payment and a refund name the `tender`, where the order does.
    """

    kind: str
    number: str
    at: datetime
    amount: Decimal
    unit: str | None = None
    node: str | None = None
    tender: str = ""
    charges: tuple[Charge, ...] = ()


REFUND_FAILED = "refund-failed"  #: the type of the exception


class Claim(Struct, frozen=True, omit_defaults=True):
    """A request about money that is not answered yet: by which tenders, and for which unit of work, where it is for one.

    `kind` is authorise, capture, release or refund; `document` is the number of the refund, `tries` how often that was sent.
    """

    kind: str
    role: str
    message: str
    tenders: tuple[Tender, ...]
    unit: str | None = None
    document: str = ""
    tries: int = 1

    @property
    def amount(self) -> Decimal:
        """In the order's currency."""
        return sum((each.amount for each in self.tenders), Decimal(0))


class Done(Struct, frozen=True, omit_defaults=True):
    """A step that went its main way and can be undone; `action` is what it did, where it did an action."""

    instance: str
    process: str
    step: str
    action: str = ""


class Passed(Struct, frozen=True):
    """A point of no return that an instance has passed. Behind a `hard` one the order cannot be cancelled."""

    instance: str
    step: str
    hard: bool
    at: datetime


class Undoing(Struct, frozen=True, omit_defaults=True):
    """What is `left` to be undone on behalf of an instance, the next first, after that which is undone `at` present by a `part`.

    `cancels` where the order ends as cancelled then.
    """

    left: tuple[Done, ...]
    cancels: bool = False
    at: Done | None = None
    part: str = ""


class Held(Struct, frozen=True, omit_defaults=True):
    """A hold that was applied, and by whom; one of a `line` concerns that line.

    Where it was resolved while its rule is still true, `resolved_by` says by whom, and it stands no more.
    """

    hold: str
    applied_at: datetime
    by: str
    because: str
    line: str | None = None
    resolved_by: str | None = None


class OrderState(Struct, frozen=True, omit_defaults=True):
    """Everything about one order that its next turn needs. Mappings are never changed, only replaced.

    `sequence` counts the events applied; `program` is the digest of the version that the order runs on. `planned` are shipments
    that are reserved and not units of work yet. `cancelled` has the units given up, by line. `early` has the events that came
    before their instance waited for them. `held_until` is when the reservations of a draft expire. `supply_orders` were made for
    it; to those `proposed` a role has yet to agree. `tasks` are open; `answers` has what people filled in, and `replies` what
    partners told with their replies, by the instance of the order or of the unit of work.
    `holds` are by their key, `modifications` those that are previewed or wait for an agreement.
    `own_status` is what the process says, where a decision has another word for it.
    `returns` are by the unit of work that brings the goods back.
    `done` can be undone, in the order in which it was done; `undoing` says what is, by the instance on behalf of which. `points`
    of no return have been passed. `watched` is what monitors know of it. `appeasements` are those that the customer accepted.
    `claims` are requests about money, by their visit; `asks_money` says that there ever was one.
    `notified` are the causes of which somebody was told.
    """

    order: Order
    program: str
    sequence: int = 0
    status: str = "captured"
    units: Mapping[str, Unit] = {}
    instances: Mapping[str, Instance] = {}
    planned: tuple[PlannedShipment, ...] = ()
    promises: tuple[Promise, ...] = ()
    cancelled: Mapping[str, int] = {}
    documents: tuple[Document, ...] = ()
    exceptions: Mapping[str, OpenIssue] = {}
    early: Mapping[str, tuple[Happened, ...]] = {}
    held_until: datetime | None = None
    supply_orders: tuple[SupplyOrder, ...] = ()
    proposed: tuple[SupplyOrder, ...] = ()
    approvals: tuple[Approval, ...] = ()
    holds: Mapping[str, Held] = {}
    tasks: Mapping[str, Task] = {}
    answers: Mapping[str, dict[str, object]] = {}
    modifications: Mapping[str, Pending] = {}
    own_status: str = ""
    done: tuple[Done, ...] = ()
    points: tuple[Passed, ...] = ()
    undoing: Mapping[str, Undoing] = {}
    replies: Mapping[str, dict[str, object]] = {}
    watched: Watched = NOTHING
    appeasements: Mapping[str, Appeasement] = {}
    claims: Mapping[str, Claim] = {}
    asks_money: bool = False
    returns: Mapping[str, Return] = {}
    notified: tuple[str, ...] = ()

    @property
    def ended(self) -> bool:
        """True when the order's own process has ended."""
        return ORDER in self.instances and self.instances[ORDER].ended is not None
