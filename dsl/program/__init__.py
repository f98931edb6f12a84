"""What the compiler hands to the engine: definitions with every name resolved, frozen, with a content digest.

Nothing here knows how the text was written, except for `Origin`, the place that a run-time explanation points back to.
"""

from orderloom.dsl.program.bill import Bill, Component, Refusal
from orderloom.dsl.program.calendar import Calendar
from orderloom.dsl.program.changes import Changes
from orderloom.dsl.program.decision import Decision
from orderloom.dsl.program.event import Event, Start
from orderloom.dsl.program.exceptions import ENGINE_TYPES, OPERATIONS, ExceptionType, Remedy
from orderloom.dsl.program.formula import Formula, Origin
from orderloom.dsl.program.holds import Hold, HoldRule
from orderloom.dsl.program.jeopardy import JeopardyRemedy, JeopardyRules, Severity
from orderloom.dsl.program.monitor import (
    Element,
    Milestone,
    Monitor,
    OrderMonitor,
    PatternMonitor,
    Raising,
    Stay,
    StockMonitor,
)
from orderloom.dsl.program.options import Jeopardy, PromiseOption, Slip
from orderloom.dsl.program.participants import STOCK_FIELDS, Message, Organization, Person, Role, StockView, named_supply
from orderloom.dsl.program.process import (
    DONE,
    JOIN,
    LATE,
    Ask,
    Branch,
    Choose,
    Decide,
    Do,
    Each,
    End,
    Escalation,
    FormField,
    Handler,
    Parallel,
    Point,
    Process,
    Purpose,
    Raise,
    Retry,
    Run,
    Step,
    TakeBack,
    Task,
    Tell,
    Verb,
    Wait,
    Way,
)
from orderloom.dsl.program.promising import GOOD_ALONE, ClassRule, Promising, Service, SupplyRule, Work
from orderloom.dsl.program.replenishment import Replenishment, SupplyWay
from orderloom.dsl.program.services import BookedService, Resource, Services
from orderloom.dsl.program.sourcing import CostScope, CostTerm, Exclusion, Fallback, Pool, Preference, Sourcing
from orderloom.dsl.program.status_map import StatusMap
from orderloom.dsl.program.whole import Program

__all__ = [
    "DONE",
    "ENGINE_TYPES",
    "GOOD_ALONE",
    "JOIN",
    "LATE",
    "OPERATIONS",
    "STOCK_FIELDS",
    "Ask",
    "Bill",
    "BookedService",
    "Branch",
    "Calendar",
    "Changes",
    "Choose",
    "ClassRule",
    "Component",
    "CostScope",
    "CostTerm",
    "Decide",
    "Decision",
    "Do",
    "Each",
    "Element",
    "End",
    "Escalation",
    "Event",
    "ExceptionType",
    "Exclusion",
    "Fallback",
    "FormField",
    "Formula",
    "Handler",
    "Hold",
    "HoldRule",
    "Jeopardy",
    "JeopardyRemedy",
    "JeopardyRules",
    "Message",
    "Milestone",
    "Monitor",
    "OrderMonitor",
    "Organization",
    "Origin",
    "Parallel",
    "PatternMonitor",
    "Person",
    "Point",
    "Pool",
    "Preference",
    "Process",
    "Program",
    "PromiseOption",
    "Promising",
    "Purpose",
    "Raise",
    "Raising",
    "Refusal",
    "Remedy",
    "Replenishment",
    "Resource",
    "Retry",
    "Role",
    "Run",
    "Service",
    "Services",
    "Severity",
    "Slip",
    "Sourcing",
    "Start",
    "StatusMap",
    "Stay",
    "Step",
    "StockMonitor",
    "StockView",
    "SupplyRule",
    "SupplyWay",
    "TakeBack",
    "Task",
    "Tell",
    "Verb",
    "Wait",
    "Way",
    "Work",
    "named_supply",
]
