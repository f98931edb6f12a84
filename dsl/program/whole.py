"""Everything that a workspace defines."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program.appeasements import Appeasements
from orderloom.dsl.program.bill import Bill
from orderloom.dsl.program.calendar import Calendar
from orderloom.dsl.program.changes import Changes
from orderloom.dsl.program.decision import Decision
from orderloom.dsl.program.division import Division
from orderloom.dsl.program.event import Event
from orderloom.dsl.program.exceptions import ExceptionType
from orderloom.dsl.program.holds import Hold
from orderloom.dsl.program.jeopardy import JeopardyRules
from orderloom.dsl.program.monitor import Monitor, OrderMonitor, PatternMonitor, StockMonitor
from orderloom.dsl.program.notifications import Notifications
from orderloom.dsl.program.offers import Offers
from orderloom.dsl.program.participants import Organization, Person, Relation, Role
from orderloom.dsl.program.process import Process
from orderloom.dsl.program.promising import Promising
from orderloom.dsl.program.replenishment import Replenishment
from orderloom.dsl.program.returns import Returns
from orderloom.dsl.program.services import Resource, Services
from orderloom.dsl.program.sourcing import Sourcing
from orderloom.dsl.program.status_map import StatusMap


class Program(Struct, frozen=True):
    """Everything that a workspace defines, checked. Equal definitions have equal digests, wherever they stand.

    `attributes` has the user's own typed fields by entity (order, line, item, node, position, customer, ship_to, unit).
    """

    workspace: str
    currency: str
    timezone: str
    processes: Mapping[str, Process]
    decisions: Mapping[str, Decision]
    sourcing: Mapping[str, Sourcing]
    promising: Mapping[str, Promising]
    replenishment: Mapping[str, Replenishment]
    monitors: Mapping[str, Monitor]
    calendars: Mapping[str, Calendar]
    roles: Mapping[str, Role]
    organizations: Mapping[str, Organization]
    attributes: Mapping[str, Mapping[str, Type]]
    digest: str
    exceptions: Mapping[str, ExceptionType] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    bills: Mapping[str, Bill] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    changes: Mapping[str, Changes] = field(default_factory=dict)
    status_maps: Mapping[str, StatusMap] = field(default_factory=dict)
    services: Mapping[str, Services] = field(default_factory=dict)
    jeopardy: Mapping[str, JeopardyRules] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    appeasements: Mapping[str, Appeasements] = field(default_factory=dict)
    returns: Mapping[str, Returns] = field(default_factory=dict)
    divisions: Mapping[str, Division] = field(default_factory=dict)
    offers: Mapping[str, Offers] = field(default_factory=dict)
    notifications: Mapping[str, Notifications] = field(default_factory=dict)
    division: Division | None = None  #: whose rules these are; None: those of who belongs to no division

    def of(self, division: str | None) -> Program:
        """The rules of a division; those of the workspace for one that is not declared."""
        known = self.divisions.get(division) if division is not None else None
        if known is None or known is self.division:
            return self
        return replace(known.program, digest=self.digest, divisions=self.divisions, division=known)

    @property
    def resources(self) -> Mapping[str, Resource]:
        """All that has slots, by name."""
        return {name: resource for services in self.services.values() for name, resource in services.resources.items()}

    @property
    def stock_monitors(self) -> Mapping[str, StockMonitor]:
        """Those of stock that are switched on."""
        return {name: each for name, each in self.monitors.items() if isinstance(each, StockMonitor) and each.active}

    @property
    def has_timed_handlers(self) -> bool:
        """Whether a process has a handler on time, the clock of which has its place among those of steps."""
        return any(not handler.event for process in self.processes.values() for handler in process.handlers)

    @property
    def order_monitors(self) -> Mapping[str, OrderMonitor]:
        """Those of orders, one by one, that are switched on."""
        return {name: each for name, each in self.monitors.items() if isinstance(each, OrderMonitor) and each.active}

    @property
    def patterns(self) -> Mapping[str, PatternMonitor]:
        """Those over many events that are switched on."""
        return {name: each for name, each in self.monitors.items() if isinstance(each, PatternMonitor) and each.active}


#: The fields with what is compiled of documents, which divisions may have otherwise.
RULES = (
    "processes", "decisions", "sourcing", "promising", "replenishment", "monitors", "calendars", "exceptions", "bills", "holds",
    "changes", "status_maps", "services", "jeopardy", "events", "appeasements", "returns",
    "offers", "notifications",
)  # fmt: skip


def differing(field: str, one: Program, other: Program) -> Mapping[str, object]:
    """What one program has of a field that is not the very value of the other."""
    known = getattr(other, field)
    return {name: value for name, value in getattr(one, field).items() if known.get(name) is not value}
