"""How a run came out, with what must hold of every end proved."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from partners import proved_once, seen
from sqlalchemy import select

from orderloom.adapters.figures import Figures, figures
from orderloom.engine.audit import audit
from orderloom.engine.store import Store, open_store, tables


@dataclass
class End:
    """The figures, what became of every order, and what the partners did: for each key what the message said."""

    figures: Figures
    orders: dict[str, tuple[str, str | None]]
    effects: dict[str, frozenset[str]]


def end_of(url: str, log: Path) -> End:
    """The end of a run: every message that was sent was delivered, no other, and whenever it came it said the same."""
    o, m, told = tables.orders.c, tables.outbox.c, seen(log)
    with closing(store_at(url)) as store:
        with store.reading() as connection:
            orders = {id: (status, outcome) for id, status, outcome in connection.execute(select(o.id, o.status, o.outcome))}
            sent = dict(connection.execute(select(m.key, m.done_at)).all())
        assert audit(store) == ()
        assert None not in sent.values(), "every message was delivered"
        assert sent.keys() == told.effects.keys(), "what the partners got is what was sent"
        assert proved_once(told)
        return End(figures(store, "UTC"), orders, dict(told.effects))


def store_at(url: str) -> Store:
    store = open_store(url)
    assert isinstance(store, Store), store
    return store
