"""What the events of a pattern have in common, in words."""

from __future__ import annotations

import pytest
from alarmed import program

from orderloom.dsl.program import PatternMonitor
from orderloom.engine.monitoring.collect import keys
from orderloom.engine.monitoring.looking import key_words

PATTERN = (
    "kind: monitor\nname: odd\nwatch: events\npattern: { within: P1D, same: [%s], events: [{ event: cancelled, count: 2 }] }\n"
    "raise: { exception: odd }\n"
)


@pytest.mark.parametrize(
    ("same", "customer", "words"),
    [
        ("order.customer.id", '["A","B"]', '["A","B"]'),
        ("order.customer.id, order.channel", 'A "b"', 'A "b", web'),
        ("order.customer.id, order.channel", "", ", web"),
    ],
)
def test_several_values_stand_with_commas(same: str, customer: str, words: str) -> None:
    monitor = program((PATTERN % same).encode()).patterns["odd"]
    assert isinstance(monitor, PatternMonitor)
    [key] = keys(monitor, {"order": {"customer": {"id": customer}, "channel": "web"}})
    assert key_words(monitor, key) == words


def test_what_was_shortened_stands_as_it_is() -> None:
    monitor = program((PATTERN % "order.customer.id, order.channel").encode()).patterns["odd"]
    [key] = keys(monitor, {"order": {"customer": {"id": "A" * 200}, "channel": "web"}})
    assert key_words(monitor, key) == key and len(key) < 200
