"""The trace of an order: ids by which what is done for it is found again, here and at its participants.

They have the form of W3C Trace Context (https://www.w3.org/TR/trace-context/). A channel may bring the trace that it captured the
order in; else the trace follows from the order's id. Nothing is drawn by chance: the same order has the same trace wherever it is
told, and a message that is sent again has the span of its attempt.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from msgspec import Struct

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})")
_SAMPLED = "01"


class Trace(Struct, frozen=True):
    """`id` has 32 hexadecimal digits; `parent` is the span in which a channel captured the order, 16 of them, None where it named
    none. `root` is the span of the capture here, below which is all else; `flags` are the channel's."""

    id: str
    parent: str | None
    root: str
    flags: str = _SAMPLED

    def parent_of(self, span: str) -> str:
        """What a message brings along that is sent in a span of this trace."""
        return f"00-{self.id}-{span}-{self.flags}"


def is_traceparent(text: str) -> bool:
    """Whether a text is the header that W3C Trace Context defines."""
    return _TRACEPARENT.fullmatch(text) is not None


def trace_of(order: str, brought: str | None = None) -> Trace:
    """The trace of the order with this id, which came with the header `brought`; one that is malformed counts as none."""
    found = _TRACEPARENT.fullmatch(brought) if brought else None
    root = _digest(f"captured/{order}", 8)
    if found is None:
        return Trace(_digest(order, 16), None, root)
    return Trace(found[1], found[2], root, found[3])


def delivery_span(message: str, attempt: int) -> str:
    """The span in which the message with this key is handed over for the nth time."""
    return _digest(f"{message}#{attempt}", 8)


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode(), digest_size=size).hexdigest()
