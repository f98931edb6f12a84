"""What a role may be allowed to do, and what one organization may let another know: the names that definitions use.

A new command names its right here, in one line.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

US = "us"  #: in relations, whoever the workspace belongs to

FLOWS = ("orders", "modifications", "status", "availability", "exceptions")


class Right(Struct, frozen=True):
    """What somebody does who has it; `flow` is what an organization must grant before another does it to an order of its own.
    What is done to everything, `of_all`, is for those alone whom it belongs to.
    """

    does: str
    flow: str = ""
    of_all: bool = False


RIGHTS: Mapping[str, Right] = {
    "quote": Right("asks what could be promised, and when somebody could come"),
    "capture": Right("captures orders, keeps drafts and submits them", "orders"),
    "modify": Right("changes orders", "modifications"),
    "cancel": Right("cancels orders", "modifications"),
    "hold": Right("applies holds", "modifications"),
    "release": Right("resolves holds", "modifications"),
    "return": Right("takes goods back", "modifications"),
    "receive": Right("takes in what comes back to the node where he works", "status"),
    "repair": Right("takes goods in for repair", "modifications"),
    "appease": Right("offers appeasements", "modifications"),
    "resolve": Right("decides exceptions", "exceptions"),
    "work": Right("claims and completes the tasks of the role", "orders"),
    "report": Right("answers requests and reports events", "status"),
    "count": Right("tells what was counted, received and adjusted", of_all=True),
    "supply": Right("approves what is bought and transferred", of_all=True),
    "interest": Right("records what customers look at"),
    "offer": Right("asks what else could be offered"),
    "customer": Right("looks at all that a customer has bought, over all channels", of_all=True),
    "inspect": Right("looks at figures, monitors, versions and why things were decided", of_all=True),
    "import": Right("brings items, nodes, stock and other records in", of_all=True),
    "deploy": Right("makes versions of the definitions, and moves orders to them", of_all=True),
    "operate": Right("looks after the store", of_all=True),
}
#: Whoever has one of these may list and show what it is about, as far as he sees the order.
SHOWS_RETURNS = ("return", "receive", "inspect")
SHOWS_REPAIRS = ("repair", "inspect")
SHOWS_APPEASEMENTS = ("appease", "inspect")
EVERYTHING = "everything"  #: all rights
SEES = "sees"  #: no right: what needs it shows whoever asks what he may see, and refuses nobody

#: What a role may see of an order, besides its id.
ORDER_FIELDS = (
    "status", "placed at", "channel", "customer", "ship to", "total", "lines", "prices", "dates", "units", "nodes", "documents",
    "holds", "exceptions", "tasks", "history", "decisions",
)  # fmt: skip
#: What a role may see of an exception, besides its id and its order.
EXCEPTION_FIELDS = ("type", "subject", "role", "cause", "options", "priority", "opened at", "due at", "claimed by", "note")
