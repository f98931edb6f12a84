"""What an order's turn asks of the outside: data only, carried out by the shell in the same transaction as the state."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orderloom.dsl.program import OPERATIONS as OPERATIONS
from orderloom.engine.alarm import Alarm
from orderloom.engine.appeasements.appeasement import Appeasement
from orderloom.engine.issue import Offered
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.plan import Plan
from orderloom.engine.supply_order import SupplyOrder
from orderloom.engine.task import Task


class Send(Struct, frozen=True, tag="send"):
    """A message to an organization. `key` is its idempotency key: `order/instance:visit`."""

    key: str
    organization: str
    role: str
    message: str
    body: dict[str, object]


class SetTimer(Struct, frozen=True, tag="set-timer"):
    """Wakes the order at `due_at` by `TimeReached(key)`."""

    key: str
    due_at: datetime


class ClearTimer(Struct, frozen=True, tag="clear-timer"):
    """Forgets a timer; no harm if it is gone."""

    key: str


class Post(Struct, frozen=True, tag="post"):
    """An entry of the inventory ledger."""

    entry: Entry


class OrderSupply(Struct, frozen=True, tag="order-supply", tag_field="effect"):
    """Supply is bought or transferred, or is not after all where the order is cancelled."""

    order: SupplyOrder


class Record(Struct, frozen=True, tag="record", omit_defaults=True):
    """A decision record: what was decided by which rule (`origin` is file:line) on which input, and why not otherwise."""

    kind: str  # sourcing | process | choose | decide
    subject: str  # order, or the unit's id
    chosen: str
    origin: str
    because: str = ""
    inputs: dict[str, object] = {}
    plan: Plan | None = None


class OpenException(Struct, frozen=True, tag="open-exception", tag_field="effect", omit_defaults=True):
    """A situation that needs a decision, in the queue of `role`; `options` are the ways out that may be taken.

    `remedies` say more of those options of which more is known.
    """

    id: str
    type: str
    role: str
    subject: str
    options: tuple[str, ...]
    cause: str = ""
    title: str = ""
    priority: int = 0
    due_at: datetime | None = None
    remedies: tuple[Offered, ...] = ()


class CloseException(Struct, frozen=True, tag="close-exception"):
    """The exception is settled; `option` is the way out that was taken, or what settled it by itself."""

    id: str
    option: str


class SaveHold(Struct, frozen=True, tag="save-hold", omit_defaults=True):
    """How a hold stands now; `key` names it within the order, `role` owns it. One with `resolved_at` stands no more."""

    key: str
    hold: str
    line: str | None
    role: str
    because: str
    applied_at: datetime
    applied_by: str
    resolved_at: datetime | None = None
    resolved_by: str | None = None


class HandOver(Struct, frozen=True, tag="hand-over"):
    """An open exception is somebody else's from now on."""

    id: str
    role: str
    claimed_by: str | None
    escalated: int


class KeepTask(Struct, frozen=True, tag="keep-task"):
    """What has become of a task."""

    task: Task


class RaiseAlarm(Struct, frozen=True, tag="raise-alarm"):
    """A monitor has raised something."""

    alarm: Alarm


class KeepAppeasement(Struct, frozen=True, tag="keep-appeasement"):
    """What has become of an appeasement of a customer."""

    customer: str
    appeasement: Appeasement


class Note(Struct, frozen=True, tag="note", omit_defaults=True):
    """A line of the order's history for readers: a step was entered, a fact came too late, a status changed."""

    subject: str
    kind: str  # entered | status | ended | late | document
    text: str


Effect = (
    Send | SetTimer | ClearTimer | Post | OrderSupply | Record | OpenException | CloseException | HandOver | KeepTask | SaveHold
    | RaiseAlarm | KeepAppeasement | Note
)  # fmt: skip
