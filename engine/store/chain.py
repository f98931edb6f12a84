"""The chain of an order's history: each row's link covers the link before it and all that its turn wrote.

Whoever changes, removes or adds a row breaks the chain there, unless all links after it are made anew, and the order's row has
the last one. What a link covers never changes: another form would be another kind of link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from orderloom.engine import wire

FIRST = ""  #: what stands before an order's first event

Cells = Sequence[Any]  #: of a row, as the store has them: texts, whole numbers, None


def link(before: str, event: Cells, records: Iterable[Cells], entries: Iterable[Cells], messages: Iterable[Cells]) -> str:
    """The link of a turn: 32 hexadecimal digits over the link before it and the rows that the turn wrote.

    `event` has order, sequence, at, kind, event, notes, cause, change; a record number, at, kind, subject, chosen, origin, body;
    an entry of the ledger number, at, kind, item, node, supply, quantity, line, ship_on, resource; a message key, organization,
    role, message, body, at. Records and entries are in the order of their numbers, messages in that of their keys.
    """
    in_order = sorted(messages, key=lambda message: str(message[0]))
    told = wire.dump((before, event, list(records), list(entries), in_order))
    return blake2b(told.encode(), digest_size=16).hexdigest()
