"""The matcher of durable-rules: a Rete network in C. It is there where the extra `rete` is installed (see decision 047)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from itertools import count
from threading import Lock
from typing import Any

from orderloom.engine.monitoring.pattern import Seen, Shape
from orderloom.engine.monitoring.plain import steps

RULE_SETS = 4  #: of one process: with sixteen the library has been seen to write over memory that is not its own
MOST = 2  #: events of a match: joins of three have been seen to end the process

_lock = Lock()  # the network is one for all threads


class Rete:
    """Finds patterns of a few events. Facts are taken back at once, so it keeps nothing: the store does."""

    def __init__(self) -> None:
        self._ends: dict[Shape, tuple[str, list[int]]] = {}
        self._ids = count()  # none is ever said twice: the library does not survive that, though the first was taken back

    def carries(self, shape: Shape) -> bool:
        """The first few patterns that are asked about, of a few events each."""
        return sum(shape.counts) <= MOST and (shape in self._ends or len(self._ends) < RULE_SETS)

    def complete(self, shape: Shape, events: Sequence[Seen]) -> int | None:
        """See `Matcher`."""
        with _lock:
            name, ends = self._ends.get(shape) or self._made(shape)
            ends.clear()
            facts = [
                _fact(next(self._ids), number, element, event)
                for number, event in enumerate(events)
                for element in event.elements
            ]
            facts.sort(key=lambda fact: shape.counts[fact["e"]] != 0)  # what may not happen is known first
            for fact in facts:
                _told(_lang().assert_fact, name, fact)
            earliest = min(ends, default=None)
            for fact in reversed(facts):  # what may not happen is there until the end
                _told(_lang().retract_fact, name, fact)
            return earliest

    def _made(self, shape: Shape) -> tuple[str, list[int]]:
        """A rule set for the shape, which writes down the end of every match."""
        name = "pattern" + blake2b(f"{id(self)} {shape}".encode(), digest_size=8).hexdigest()
        ends: list[int] = []
        lang = _lang()
        with lang.ruleset(name):
            lang.when_all(*_condition(shape))(lambda c: ends.append(_end(c, shape)))
        self._ends[shape] = name, ends
        return name, ends


def _condition(shape: Shape) -> list[Any]:
    """The match as a rule: each event after the one before it, all within the window, and nothing between that may not be."""
    lang = _lang()
    m, c = lang.m, lang.c
    found, forbidden = steps(shape)
    parts: list[Any] = []
    for step, element in enumerate(found):
        one = m.e == element
        if step:
            one = one & (m.n > getattr(c, f"s{step - 1}").n) & (m.t <= c.s0.t + shape.within)
        parts.append(getattr(c, f"s{step}") << one)
        last = step == len(found) - 1
        for absent in sorted(forbidden[step - 1]) if step else ():
            before, after = getattr(c, f"s{step - 1}"), getattr(c, f"s{step}")
            parts.append(lang.none((m.e == absent) & (m.n > before.n) & (m.n < after.n)))
        for absent in sorted(forbidden[step]) if last else ():
            parts.append(lang.none((m.e == absent) & (m.n > getattr(c, f"s{step}").n) & (m.t <= c.s0.t + shape.within)))
    return parts


def _end(c: Any, shape: Shape) -> int:
    found = steps(shape)[0]
    return int(c.s0.t) + shape.within if shape.waits else int(getattr(c, f"s{len(found) - 1}").t)


def _fact(id: int, number: int, element: int, event: Seen) -> dict[str, Any]:
    return {"id": str(id), "sid": "0", "n": number, "e": element, "t": event.at}


def _told(tell: Any, name: str, fact: dict[str, Any]) -> None:
    from durable.engine import MessageNotHandledException  # a fact that no rule asks for is no fault

    try:
        tell(name, fact)
    except MessageNotHandledException:
        return


@cache
def _lang() -> Any:
    """The library, without the threads by which it looks at its rule sets now and then: they and we would be in its C at once."""
    import durable.lang
    from durable.engine import Host

    class Quiet(Host):  # type: ignore[misc]  # the library has no types
        def _run(self) -> None:
            pass

    durable.lang._main_host = Quiet()
    return durable.lang


def loads() -> bool:
    """Whether the library can be loaded here: on Python 3.13 and later it is there and cannot."""
    try:
        _lang()
    except ImportError:
        return False
    return True
