"""`alarms` and `alarms.MONITOR` of a scenario: what monitors of orders have raised, in that order."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.stage import Stage
from orderloom.engine.alarm import Alarm, words
from orderloom.engine.store.alarms import alarms

_ALL = 10_000  #: more than any scenario raises


def no_such_alarms(path: str, expected: object, stage: Stage) -> Iterator[str]:
    """Why there are not just these alarms, a sentence each."""
    monitor = path.partition(".")[2] or None
    yield from differences(expected, [_account(each) for each in reversed(alarms(stage.store, monitor, limit=_ALL))], path)


def _account(alarm: Alarm) -> dict[str, object]:
    return {
        "monitor": alarm.monitor,
        "order": alarm.order,
        "unit": alarm.unit,
        "line": alarm.line,
        "key": alarm.key or None,
        "at": alarm.at,
        "because": alarm.because,
        "raised": words(alarm.raises),
        "rule": alarm.origin,
    }
