"""`alerts` and `alerts.ITEM` of a scenario: the alerts that were raised, in that order, those that were cleared included."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.stage import Stage
from orderloom.engine.promising.monitors import Figures
from orderloom.engine.store.alerts import Alert, alerts

_ALL = 10_000  #: more than any scenario raises


def not_raised_so(path: str, expected: object, stage: Stage) -> Iterator[str]:
    """Why there are not just these alerts, a sentence each."""
    item = path.partition(".")[2] or None
    found = [_account(alert) for alert in reversed(alerts(stage.store, item, limit=_ALL))]
    yield from differences(expected, found, path)


def _account(alert: Alert) -> dict[str, object]:
    return {
        "alert": alert.event,
        "monitor": alert.monitor,
        "item": alert.item,
        "node": alert.node or None,
        "rule": alert.origin,
        "raised at": alert.raised_at,
        "raised": _figures(alert.raised),
        "cleared at": alert.cleared_at,
        "cleared": alert.cleared and _figures(alert.cleared),
    }


def _figures(figures: Figures) -> dict[str, object]:
    moving = {"velocity": figures.velocity, "cover": figures.cover}
    return {"available": figures.available, "on hand": figures.on_hand, **moving}
