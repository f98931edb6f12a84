"""The chain of histories: what each link covers, who breaks it, and how the history of an older release gets one."""

from __future__ import annotations

import json
from hashlib import blake2b

import pytest
from migrations import made_at
from shop import Shop, stocked
from sqlalchemy import Connection, inspect, text

from orderloom.engine.audit import audit
from orderloom.engine.store import Store, open_store, tables
from orderloom.engine.store.chain import link
from orderloom.engine.store.connect import connect
from orderloom.engine.store.migrate import upgrade_store

CHAIN = "the history is as it was written"


def damaged(shop: Shop, statement: str) -> list[tuple[str, str, str, str]]:
    """What an audit finds after somebody has changed the store by hand."""
    with shop.store.writing() as connection:
        connection.exec_driver_sql(statement)
    return [(each.law, each.subject, each.table, each.key) for each in audit(shop.store)]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_link_is_a_digest_of_the_one_before_and_of_all_that_the_turn_wrote(shop: Shop) -> None:
    with shop.store.reading() as connection:
        first, second, _ = connection.execute(
            text("SELECT at, kind, event, notes, cause, change, chain FROM history WHERE order_id = 'O00001' ORDER BY sequence")
        ).all()
        record = connection.execute(
            text("SELECT number, at, kind, subject, chosen, origin, body FROM records WHERE order_id = 'O00001'")
        ).one()
        sent = connection.execute(
            text("SELECT key, organization, role, message, body, at FROM outbox WHERE order_id = 'O00001'")
        ).one()
        last = connection.execute(text("SELECT chain FROM orders WHERE id = 'O00001'")).scalar_one()
    entries = [
        [number, first.at, "reserve", item, "N0", "OH", units, line, "2026-03-02", ""]
        for number, item, units, line in ((0, "I010", 1, "1"), (1, "I013", 2, "2"))
    ]
    covered = ["", ["O00001", 1, *first[:6]], [list(record)], entries, [list(sent)]]
    told = json.dumps(covered, separators=(",", ":"), ensure_ascii=False)
    assert first.chain == blake2b(told.encode(), digest_size=16).hexdigest()
    assert (first.cause, second.cause) == ("captured", "in/depot/O00001/order:1/1")
    assert len({first.chain, second.chain, last}) == 3 and len(last) == 32


@pytest.mark.parametrize(
    ("damage", "event"),
    [
        ("UPDATE history SET event = REPLACE(event, 'web', 'pos') WHERE order_id = 'O00001' AND sequence = 1", "1"),
        ("UPDATE history SET at = '2026-03-02T11:00:00.000000+00:00' WHERE order_id = 'O00001' AND sequence = 2", "2"),
        ("UPDATE records SET body = REPLACE(body, '9.90', '9.91') WHERE order_id = 'O00001'", "1"),
        ("UPDATE outbox SET body = '{}' WHERE order_id = 'O00001'", "1"),
        ("DELETE FROM records WHERE order_id = 'O00001'", "1"),
        ("UPDATE history SET cause = '' WHERE order_id = 'O00001' AND sequence = 3", "3"),
        ("UPDATE orders SET chain = '' WHERE id = 'O00001'", "4"),
    ],
)
def test_an_audit_names_the_first_event_that_does_not_fit(shop: Shop, damage: str, event: str) -> None:
    assert (CHAIN, "O00001", "history", event) in damaged(shop, damage)


def test_entries_of_the_ledger_are_covered(shop: Shop) -> None:
    found = damaged(shop, "UPDATE ledger SET line = '7' WHERE order_id = 'O00002' AND kind = 'ship' AND number = 1")
    assert found == [(CHAIN, "O00002", "history", "2")]


def test_who_links_anew_what_was_changed_is_found_by_the_orders_row(shop: Shop) -> None:
    h = tables.history.c
    last = (h.order_id == "O00001") & (h.sequence == 3)
    with shop.store.writing() as connection:
        connection.execute(tables.history.update().where(last).values(cause="nobody"))
        before = connection.execute(text("SELECT chain FROM history WHERE order_id = 'O00001' AND sequence = 2")).scalar_one()
        columns = "order_id, sequence, at, kind, event, notes, cause, change"
        row = connection.execute(text(f"SELECT {columns} FROM history WHERE order_id = 'O00001' AND sequence = 3")).one()
        connection.execute(tables.history.update().where(last).values(chain=link(before, tuple(row), (), (), ())))
    assert (CHAIN, "O00001", "4") in [(each.law, each.subject, each.key) for each in audit(shop.store)]


# --- older releases ------------------------------------------------------------------------------------------------------


def columns_of(connection: Connection, table: str) -> list[str]:
    return [column["name"] for column in inspect(connection).get_columns(table)]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_the_history_of_an_older_release_is_linked_and_tells_the_state_from_its_last_event_on(url: str) -> None:
    now = stocked("sqlite://", quantity=50)
    now.capture(*range(7))
    now.worker(until=None).run_once()
    now.worker().run_once()
    made_at(url, "0003")
    engine = connect(url)
    with now.store.reading() as source, engine.begin() as target:
        for table in tables.metadata.sorted_tables:
            if table.name != "workspace" and inspect(target).has_table(table.name):
                names = ", ".join(columns_of(target, table.name))
                for row in source.execute(text(f"SELECT {names} FROM {table.name}")).mappings():
                    target.execute(text(f"INSERT INTO {table.name} ({names}) VALUES ({_marks(row)})"), _typed(dict(row)))
    engine.dispose()
    assert upgrade_store(url) == "0003"
    store = open_store(url, "toys")
    assert isinstance(store, Store) and audit(store) == ()
    with store.reading() as connection:
        links = connection.execute(text("SELECT order_id, chain FROM history ORDER BY order_id, sequence")).all()
        heads = dict(connection.execute(text("SELECT id, chain FROM orders")).all())
    assert len(links) >= 7 and all(links) and dict(links) == heads
    there = Shop(store)
    there.worker().run_until_idle()
    assert audit(store) == () and set(there.outcomes()) == {"delivered"}
    store.close()


def _typed(row: dict[str, object]) -> dict[str, object]:
    """The embedded store keeps truth as a number."""
    return row | {"quarantined": bool(row["quarantined"])} if "quarantined" in row else row


def _marks(row: object) -> str:
    return ", ".join(f":{name}" for name in row)  # type: ignore[attr-defined]
