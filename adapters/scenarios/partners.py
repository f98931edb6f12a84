"""How partners behave in a scenario: as they should, or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from orderloom.engine.shell.ports import Adapter, Delivery, Incoming, Outgoing

SILENT = "are silent"
AGAIN = timedelta(hours=1)  #: after which an answer that comes twice comes again


class Partner(Struct, frozen=True):
    """An adapter behind which every organization has its manner; one without is silent."""

    adapter: Adapter
    manners: Mapping[str, str]

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        manner = MANNERS[self.manners.get(messages[0].organization, SILENT)]
        return manner(self.adapter, messages, settings)


def _answer(adapter: Adapter, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
    return adapter.deliver(messages, settings)


def _say_nothing(adapter: Adapter, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
    return [Delivery(message.key) for message in messages]


def _answer_twice(adapter: Adapter, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
    return [
        replace(each, incoming=tuple(map(_later, each.incoming)) + each.incoming) for each in adapter.deliver(messages, settings)
    ]


def _later(fact: Incoming) -> Incoming:
    return replace(fact, key=f"{fact.key}/again", event=replace(fact.event, at=fact.event.at + AGAIN))


def _fail(adapter: Adapter, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
    raise RuntimeError("the adapter does not know what to do with this")


def _take_nothing(adapter: Adapter, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
    return [Delivery(message.key, failed="nobody answers there") for message in messages]


Manner = Callable[[Adapter, Sequence[Outgoing], Mapping[str, object]], Sequence[Delivery]]

#: How a partner may behave, in the words of scenarios.
MANNERS: Mapping[str, Manner] = {
    "answer": _answer,
    SILENT: _say_nothing,
    "answer twice": _answer_twice,
    "fail": _fail,
    "are down": _take_nothing,
}
