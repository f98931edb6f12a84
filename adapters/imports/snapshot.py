"""A full snapshot: everything that its nodes have, so that what it does not name is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from orderloom.adapters.imports.file import Kind, Report, Verdict, Warned
from orderloom.engine.desk.stock_inbox import count_rest
from orderloom.engine.ledger.messages import Count
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store


def import_full(kind: Kind[Count], store: Store, as_of: datetime, import_it: Callable[[Kind[Count]], Report]) -> Report:
    """Imports a snapshot of this kind, then sets to 0 what else its nodes had at that moment.

    Where a row cannot be read nobody knows what it named, so nothing is set to 0 then.
    """
    nodes = set[str]()

    def write(counts: Sequence[Count]) -> Sequence[Verdict | Warned | Refused]:
        nodes.update(told.node for told in counts)
        return kind.write(counts)

    report = import_it(replace(kind, write=write))
    if report.rejected > report.refused:
        report.warn("nothing was set to 0, since rows could not be read: mend them and import the whole snapshot again")
        return report
    changed, warnings = count_rest(store, nodes, as_of)
    report.counts["added"] += changed
    for words in warnings:
        report.warn(words)
    return report
