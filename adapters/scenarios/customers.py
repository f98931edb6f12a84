"""`customer.ID` of a scenario: what is known of a customer over all channels."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.stage import Stage
from orderloom.engine.desk.customers import Bought, Shown, Timeline, timeline
from orderloom.engine.refused import Refused


def not_known_so(path: str, expected: object, stage: Stage) -> Iterator[str]:
    """Why it is not so, a sentence each."""
    found = timeline(stage.store, path.partition(".")[2])
    if isinstance(found, Refused):
        yield f"{path}: {found.because}"
        return
    yield from differences(expected, account(found), path)


def account(found: Timeline) -> dict[str, object]:
    """A timeline in the words of the language."""
    return {
        "lifetime": found.lifetime,
        "open": found.open,
        "orders": [_order(each) for each in found.orders],
        "interests": [_interest(each) for each in found.interests],
    }


def _order(bought: Bought) -> dict[str, object]:
    after = [
        {"kind": each.kind, "id": each.id, "status": each.status, "items": each.items, "amount": each.amount}
        for each in bought.after
    ]
    return {
        "order": bought.order,
        "channel": bought.channel,
        "status": bought.status,
        "items": bought.items,
        "total": bought.total,
        "worth": bought.worth,
        "after": after,
    }


def _interest(shown: Shown) -> dict[str, object]:
    told = shown.interest
    known = {"kind": told.kind, "item": told.item, "channel": told.channel, "at": told.at, "quantity": told.quantity}
    return known | {"price": told.price, "note": told.note, "led to": shown.led_to}
