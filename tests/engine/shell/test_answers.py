"""Whatever an adapter answers, no worker ends of it: what cannot be read is a delivery that failed, and is tried again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import toy
from msgspec.structs import replace
from shop import stocked

from orderloom.engine.audit import audit
from orderloom.engine.events import Happened
from orderloom.engine.shell.answers import LONGEST, read
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing
from orderloom.engine.store import queries

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
FACT = Incoming("k", "depot", "O00001", Happened(AT, "seen"))
MESSAGES = [Outgoing(f"O0000{n}/depot/1", f"O0000{n}", "depot", "fulfiller", "note", {}, AT) for n in (1, 2)]


def telling(fact: Any) -> Callable[[Outgoing], Any]:
    return lambda message: Delivery(message.key, incoming=(fact,))


def of(event: Any) -> Callable[[Outgoing], Any]:
    return telling(replace(FACT, event=event))


RUBBISH: dict[str, Callable[[Outgoing], Any]] = {
    "no facts": lambda m: Delivery(m.key, incoming=None),  # type: ignore[arg-type]
    "a fact that is a text": telling("picked"),
    "an event that is none": of(None),
    "an event as JSON": of({"type": "Happened"}),
    "a moment as text": of(Happened("2026-03-02", "seen")),  # type: ignore[arg-type]
    "a moment of no time zone": of(Happened(datetime(2026, 3, 2), "seen")),
    "a name that is a number": of(Happened(AT, 7)),  # type: ignore[arg-type]
    "data that nobody can write": of(Happened(AT, "seen", data={"photo": object()})),
    "half a character": of(Happened(AT, "seen\ud800")),
    "a key with NUL": telling(replace(FACT, key="a\0b")),
    "a key with half a character": telling(replace(FACT, key="a\ud800b")),
    "no key": telling(replace(FACT, key=None)),
    "an order of no id": telling(replace(FACT, order=None)),
    "a pause of no unit": lambda m: Delivery(m.key, retry_after=5),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", RUBBISH)
def test_what_cannot_be_read_has_failed_and_the_rest_has_not(name: str) -> None:
    bad, good = RUBBISH[name](MESSAGES[0]), Delivery(MESSAGES[1].key, incoming=(FACT,))
    found = read(MESSAGES, [bad, good], "theirs")
    assert found[0].failed is not None and found[0].incoming == () and "theirs" in found[0].failed
    assert found[1] == good


def test_why_it_failed_is_told_in_a_text_that_every_store_takes() -> None:
    found = read(MESSAGES[:1], [Delivery(MESSAGES[0].key, "a\0b\ud800", retry_after=timedelta.max)], "theirs")
    assert found == [Delivery(MESSAGES[0].key, "ab?", retry_after=LONGEST)]


def gone(_: Sequence[Outgoing]) -> Any:
    sys.exit(1)


def broken(_: Sequence[Outgoing]) -> Any:
    raise RuntimeError("half a character: \ud800, and NUL: \0")


@dataclass
class Odd:
    """An adapter that answers as nobody should."""

    deliver_to: Callable[[Sequence[Outgoing]], Any]

    def deliver(self, messages: Sequence[Outgoing], settings: object) -> Any:
        return self.deliver_to(messages)


ANSWERS: dict[str, tuple[Callable[[Sequence[Outgoing]], Any], str]] = {
    "nothing": (lambda _: None, "TypeError: "),
    "texts": (lambda messages: ["ok" for _ in messages], "the adapter partner did not answer every message once, in order"),
    "too few": (lambda _: [], "the adapter partner did not answer every message once, in order"),
    "its end": (gone, "SystemExit: 1"),
    "what it raises": (broken, "RuntimeError: half a character: ?, and NUL: "),
    "what nobody can read": (
        lambda messages: [of(None)(m) for m in messages],
        "the adapter partner answered what cannot be read",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_in_the_end_a_person_is_told_why_nothing_was_delivered(url: str, name: str) -> None:
    answer, because = ANSWERS[name]
    shop = stocked(url)
    shop.capture(1)
    shop.partner = Odd(answer)  # type: ignore[assignment]
    shop.worker(until=toy.START + timedelta(hours=2)).run_until_idle()
    [found] = queries.exceptions(shop.store)
    assert because in found.cause and audit(shop.store) == ()


def test_answers_may_come_one_by_one(url: str) -> None:
    shop, partner = stocked(url), toy.Partner()
    shop.capture(1)
    shop.partner = Odd(lambda messages: (each for each in partner.deliver(list(messages), {"colour": "red"})))  # type: ignore[assignment]
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 1}
