"""What an adapter has answered, as far as it can be read. It is somebody else's program, so nothing of it is taken on trust."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from orderloom.engine import wire
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing
from orderloom.engine.words import in_words, storable

LONGEST = timedelta(days=7)  #: for which a participant may ask to be left alone


def read(messages: Sequence[Outgoing], answered: Sequence[Delivery], adapter: str) -> list[Delivery]:
    """A delivery for each message, in order; one that nobody can read has failed. Raises where there are none at all."""
    answers = list(answered)
    if [getattr(each, "key", None) for each in answers] != [message.key for message in messages]:
        return failed(messages, f"the adapter {adapter} did not answer every message once, in order")
    return [_readable(each, adapter) for each in answers]


def failed(messages: Sequence[Outgoing], because: str) -> list[Delivery]:
    """None of them was delivered."""
    return [Delivery(message.key, because) for message in messages]


def _readable(given: Delivery, adapter: str) -> Delivery:
    try:
        wait = min(given.retry_after, LONGEST)
        if given.failed:
            return Delivery(given.key, storable(str(given.failed)), retry_after=wait)
        for fact in given.incoming:
            _check(fact)
    except Exception as fault:
        return Delivery(given.key, f"the adapter {adapter} answered what cannot be read: {in_words(fault)}")
    return given


def _check(fact: Incoming) -> None:
    """Raises where the store could not keep the fact, or nobody could read it there."""
    if fact.event.at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    wire.load_event(wire.dump_event(fact.event))
    for text in (fact.key, fact.participant, fact.order):
        if storable(text) != text:
            raise ValueError(f"{text!r} is no name")
