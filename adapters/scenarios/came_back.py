"""The returns of an order as a scenario looks at them, and whether it was a perfect order."""

from __future__ import annotations

from orderloom.adapters.perfect import perfection_of
from orderloom.adapters.scenarios.accounts import Account, number
from orderloom.adapters.stage import Stage
from orderloom.adapters.story import Story


def returns(story: Story) -> list[Account]:
    """The returns of an order, in the order in which they were asked."""
    return [
        {
            "unit": number(id, story.state),
            "line": each.request.line,
            "quantity": each.request.quantity,
            "reason": each.request.reason,
            "condition": each.condition or each.request.condition,
            "node": each.node,
            "way": each.way,
            "received": each.received or 0,
            "refund": each.credit,
            "fees": dict(each.fees),
            "exchange": each.exchange_line,
            "status": story.state.units[id].status,
            "outcome": story.state.units[id].outcome,
            "goods": [
                {
                    "item": one.item,
                    "quantity": one.quantity,
                    "next": one.next,
                    "node": one.node,
                    "stock class": one.stock_class,
                    "code": one.code,
                    "transfer": one.transfer,
                }
                for one in each.goods
            ],
        }
        for id, each in story.state.returns.items()
    ]


def perfect_order(story: Story | None, on: Stage) -> Account | None:
    """How an order that has ended was fulfilled."""
    assert story is not None, "checked by `unmet`"
    found = perfection_of(story.state, story.history, story.messages, on.program.timezone)
    return {"perfect": found.perfect, "lacks": list(found.lacks)} if found is not None else None
