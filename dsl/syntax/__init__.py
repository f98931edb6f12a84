"""The documents of the language as they are written: every key of every kind, with its type and its one line of help.

A file a kind; `dsl/steps.py` has the steps of the kind `process`.
"""

from __future__ import annotations

from orderloom.dsl.fields import Syntax
from orderloom.dsl.steps import Process
from orderloom.dsl.syntax.appeasements import Appeasements
from orderloom.dsl.syntax.attributes import Attributes
from orderloom.dsl.syntax.bill import Bill, Component, Refusal
from orderloom.dsl.syntax.calendar import Calendar, Holidays
from orderloom.dsl.syntax.changes import Changes
from orderloom.dsl.syntax.decision import HITS, Decision
from orderloom.dsl.syntax.division import Division, DivisionNodes
from orderloom.dsl.syntax.event import Event, Start
from orderloom.dsl.syntax.exceptions import Exceptions
from orderloom.dsl.syntax.holds import Holds
from orderloom.dsl.syntax.jeopardy import Jeopardy
from orderloom.dsl.syntax.monitor import Monitor
from orderloom.dsl.syntax.notifications import Notifications
from orderloom.dsl.syntax.offers import Offers
from orderloom.dsl.syntax.participants import (
    Connection,
    ExceptionView,
    Message,
    OrderView,
    Organization,
    Participants,
    Person,
    Relation,
    Role,
    SavedView,
    StockView,
)
from orderloom.dsl.syntax.promising import Promising, Service, Supply, Work
from orderloom.dsl.syntax.replenishment import Purchase, Replenishment, Transfer
from orderloom.dsl.syntax.returns import Returns
from orderloom.dsl.syntax.scenario import COMMANDS, LOOKED_AT, Given, Scenario
from orderloom.dsl.syntax.services import Services
from orderloom.dsl.syntax.sourcing import Costs, Exclusion, Limits, Objective, Objectives, Pool, Sourcing
from orderloom.dsl.syntax.status_map import StatusMap
from orderloom.dsl.syntax.workspace import LANGUAGE, Manifest

KINDS: dict[str, type[Syntax]] = {
    "process": Process,
    "decision": Decision,
    "sourcing": Sourcing,
    "promising": Promising,
    "services": Services,
    "jeopardy": Jeopardy,
    "replenishment": Replenishment,
    "bill": Bill,
    "monitor": Monitor,
    "holds": Holds,
    "exceptions": Exceptions,
    "changes": Changes,
    "appeasements": Appeasements,
    "returns": Returns,
    "status-map": StatusMap,
    "offers": Offers,
    "notifications": Notifications,
    "event": Event,
    "participants": Participants,
    "attributes": Attributes,
    "calendar": Calendar,
    "division": Division,
    "scenario": Scenario,
}

Body = (
    Process | Decision | Sourcing | Promising | Services | Jeopardy | Replenishment | Monitor | Holds | Changes | StatusMap
    | Exceptions | Event | Bill | Appeasements | Offers | Notifications | Returns
    | Participants | Attributes | Calendar | Division | Scenario
)  # fmt: skip

__all__ = [
    "COMMANDS",
    "HITS",
    "KINDS",
    "LANGUAGE",
    "LOOKED_AT",
    "Appeasements",
    "Attributes",
    "Bill",
    "Body",
    "Calendar",
    "Changes",
    "Component",
    "Connection",
    "Costs",
    "Decision",
    "Division",
    "DivisionNodes",
    "Event",
    "ExceptionView",
    "Exceptions",
    "Exclusion",
    "Given",
    "Holds",
    "Holidays",
    "Jeopardy",
    "Limits",
    "Manifest",
    "Message",
    "Monitor",
    "Notifications",
    "Objective",
    "Objectives",
    "Offers",
    "OrderView",
    "Organization",
    "Participants",
    "Person",
    "Pool",
    "Promising",
    "Purchase",
    "Refusal",
    "Relation",
    "Replenishment",
    "Returns",
    "Role",
    "SavedView",
    "Scenario",
    "Service",
    "Services",
    "Sourcing",
    "Start",
    "StatusMap",
    "StockView",
    "Supply",
    "Transfer",
    "Work",
]
