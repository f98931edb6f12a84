"""The built-in actions of `do` steps: for which processes they are, and their outcomes.

The first outcome is the main one and leads to the next step unless `on` says otherwise; each other outcome must have a way
out. The engine implements every action of this table.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Action(Struct, frozen=True):
    """One action; `purpose` is the kind of process that may use it, "unit" standing for every kind but the order's,
    "return" for what comes back: returns and repairs.

    After one that `leaves`, the instance goes on in another process, so no step follows.
    """

    name: str
    purpose: str
    outcomes: tuple[str, ...]
    doc: str
    leaves: bool = False


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("check-order", "order", ("complete", "incomplete"), "Checks items, quantities, dates and the address."),
        Action(
            "source",
            "order",
            ("sourced", "partly", "nothing"),
            "Plans sources by the order's sourcing policy, reserves the stock and promises a date for each line.",
        ),
        Action("start-units", "order", ("started",), "Makes the units of work of the plan and starts the process of each."),
        Action("take-payment", "order", ("paid",), "Records that the order's total was paid at the place of sale."),
        Action(
            "choose-process",
            "unit",
            ("chosen",),
            "Chooses the unit's process anew; the unit goes on at its first step.",
            leaves=True,
        ),
        Action("ship", "unit", ("shipped",), "Takes the unit's reserved stock out of the node's inventory."),
        Action(
            "finish", "unit", ("finished",), "What follows this unit of work may begin from now on, though its process goes on."
        ),
        Action("complete", "unit", ("completed",), "The service has been done; its slot stays used."),
        Action("invoice", "unit", ("invoiced",), "Makes an invoice of the unit's lines."),
        Action("refund", "unit", ("refunded",), "Records a refund of the price of the unit's lines, once."),
        Action(
            "charge",
            "unit",
            ("charged",),
            "Charges the customer a fee, once: what a partner told as `amount` with its reply in this process.",
        ),
        Action("release-stock", "unit", ("released",), "Gives the unit's reserved stock back and cancels its lines."),
        Action(
            "return-stock",
            "unit",
            ("returned",),
            "Puts what the unit has shipped back on hand at its node, and cancels its lines; what undoes `ship`.",
        ),
        Action(
            "source-again",
            "unit",
            ("sourced", "short"),
            "Plans new sources for what the unit lacks, in new units of work; what has none is cancelled. After a short pick the "
            "item is frozen at the node until a recount.",
        ),
        Action(
            "consolidate",
            "unit",
            ("consolidated",),
            "Takes in what else of the order leaves the same node on the same day by the same service: units of work for which "
            "nobody is at work, and whose own `consolidate` is still ahead on their main way.",
        ),
        Action(
            "cancel-supply",
            "unit",
            ("cancelled",),
            "For processes of purchases and transfers: what was ordered will not come. It is not asked for again, and whatever "
            "waits for it gets the event `supply-cancelled`.",
        ),
        Action(
            "receive-return",
            "return",
            ("received", "nothing"),
            "What came back is at the node of the return, in the stock class `returned`, which nobody is promised. The event "
            "before it may say of how many units (`quantity`) and in which `condition`; without it all is as it was asked.",
        ),
        Action(
            "refund-return",
            "return",
            ("refunded",),
            "Gives back what the units that came back are worth by the policy, once: a credit memo, and a refund to the tenders "
            "by which they were paid. Where they are to be exchanged, the credit waits for the other goods.",
        ),
        Action(
            "dispose-return",
            "return",
            ("kept", "moved", "gone"),
            "Asks the policy's disposition what becomes of the goods. `kept`: they stay at their node, in their new stock class. "
            "`moved`: another node is to get them, and expects them. `gone`: they leave the stock.",
        ),
        Action("send-on", "return", ("sent",), "What another node is to get has left this one."),
        Action(
            "put-away",
            "return",
            ("there",),
            "What was sent on is there, and counts there as its stock class says; an own node may promise it from now on.",
        ),
        Action(
            "exchange",
            "return",
            ("exchanged", "short"),
            "Adds the other goods to the order and starts their units of work; the difference in price is paid or given back.",
        ),
    )
}


class EngineEvent(Struct, frozen=True):
    """An event of the order that the engine itself raises; `fields` are types by name, as texts."""

    name: str
    doc: str
    fields: Mapping[str, str] = field(default_factory=dict)


CANCEL_REQUESTED = "cancel-requested"

#: Processes may wait for them, and handlers take them up.
EVENTS: dict[str, EngineEvent] = {
    event.name: event
    for event in (
        EngineEvent("units-ended", "every unit of work of the order has ended"),
        EngineEvent("followers-ended", "every unit of work that follows this one has ended"),
        EngineEvent(
            CANCEL_REQUESTED,
            "somebody asks to cancel the order; where no handler takes it up, everything is undone and the order ends",
            {"by": "string", "reason": "string"},
        ),
        EngineEvent(
            "supply-moved",
            "a supply that the order claims is due on another day, or on none that is known",
            {"supply": "string", "item": "string", "node": "string", "due_on": "date"},
        ),
        EngineEvent(
            "transfer-received",
            "what came back and was sent on to another node is there; told with the receipt of its supply",
            {"supply": "string", "item": "string", "node": "string"},
        ),
        EngineEvent(
            "supply-cancelled",
            "what was bought or transferred for the unit of work will not come; where no handler takes it up, it stands still as "
            "an exception",
            {"supply": "string", "item": "string", "node": "string", "because": "string"},
        ),
    )
}
