"""The suite finds each way in which an adapter can break the contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom.adapters.conformance import violations
from orderloom.engine.events import Replied
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
MESSAGES = [Outgoing(f"W{n}/order:1", f"W{n}", "erp", "buyer", "ask", {}, AT) for n in range(3)]


def fact(sent: Outgoing, at: datetime = AT, key: str = "", order: str = "") -> Delivery:
    incoming = Incoming(key or f"{sent.key}/yes", "erp", order or sent.order, Replied(at, sent.key, "yes"))
    return Delivery(sent.key, incoming=(incoming,))


@dataclass
class Faulty:
    fault: str
    calls: int = 0

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        self.calls += 1
        made: dict[str, Any] = {
            "": lambda: [fact(m) for m in messages],
            "drops": lambda: [fact(m) for m in messages[:-1]],
            "raises": lambda: 1 // 0,
            "forgets": lambda: [fact(m, key=f"{m.key}/{self.calls}") for m in messages],
            "counts": lambda: [fact(m, key=f"{n}") for n, m in enumerate(messages) if m.key != "W1/order:1" or n] or [],
            "other order": lambda: [fact(m, order="W9") for m in messages],
            "one key": lambda: [fact(m, key="same") for m in messages],
            "no zone": lambda: [fact(m, at=AT.replace(tzinfo=None)) for m in messages],
            "chatty": lambda: [fact(m) for m in messages or MESSAGES],
        }
        return made[self.fault]()  # type: ignore[no-any-return]


def test_a_sound_adapter_has_no_violations() -> None:
    assert violations(Faulty(""), MESSAGES, {}) == ()


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("drops", "the results are for"),
        ("raises", "raises ZeroDivisionError"),
        ("forgets", "repeated delivery"),
        ("other order", "another order"),
        ("one key", "two facts have one key"),
        ("no zone", "no time zone"),
        ("chatty", "no message, yet a result"),
    ],
)
def test_each_fault_is_found(fault: str, word: str) -> None:
    assert any(word in violation for violation in violations(Faulty(fault), MESSAGES, {}))
