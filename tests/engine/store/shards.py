"""What every store must do so that it can be cut by shard: all of a shard's rows are its own. Imported like `conformance`."""

from __future__ import annotations

from collections import Counter

import toy
from shop import ITEMS, NODES, Shop, snapshot, stocked
from sqlalchemy import Connection, inspect, text

from orderloom.engine.audit import audit
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions
from orderloom.engine.shell.programs import deploy
from orderloom.engine.store import Store, demands, queries, tables

LIKE_THE_OTHER = "INSERT INTO workspace SELECT 1, name, 0, 0, created_at, NULL FROM workspace WHERE shard = 0"


def test_every_key_begins_with_the_shard(url: str) -> None:
    with stocked(url).store.reading() as connection:
        for name in tables.metadata.tables:
            for key in _keys(connection, name):
                assert key[0] == "shard", (name, key)


def _keys(connection: Connection, name: str) -> list[list[str]]:
    """The columns of the primary key, of every index, and of both ends of every reference."""
    there = inspect(connection)
    ends = [columns for key in there.get_foreign_keys(name) for columns in (key["constrained_columns"], key["referred_columns"])]
    indexes = [[str(column) for column in index["column_names"]] for index in there.get_indexes(name)]
    return [there.get_pk_constraint(name)["constrained_columns"], *ends, *indexes]


def test_two_shards_of_one_database_know_nothing_of_each_other(url: str) -> None:
    """The same orders in both; the second has so little stock that most of them get nothing."""
    first = stocked(url, quantity=100)
    second = Shop(Store(first.store.engine, "toys"))
    second.store.shard = 1
    with first.store.engine.begin() as connection:
        connection.execute(text(LIKE_THE_OTHER))
    put_items(second.store, toy.items(ITEMS))
    put_nodes(second.store, toy.nodes(NODES))
    put_positions(second.store, toy.positions(ITEMS, NODES, 1), toy.START)
    deploy(second.store, toy.DIGEST, {"toy.yaml": b"toys"}, "first", toy.START)
    for shop in (first, second):
        shop.capture(*range(40))
    first.worker().run_until_idle()
    assert _by_shard(first.store, "history")[1] == 0
    assert {order.status for order in queries.orders(second.store)} == {"captured"}
    before = [row for row in snapshot(first.store)["ledger"] if row[0] == 0]
    second.worker().run_until_idle()
    assert [row for row in snapshot(first.store)["ledger"] if row[0] == 0] == before
    assert first.outcomes() == {"delivered": 40} and second.outcomes()["nothing"] > 0
    assert audit(first.store) == () == audit(second.store)
    for asked in (queries.exceptions, demands.unsourced):
        assert asked(first.store) == ()
    assert len(queries.stock(first.store, limit=1000)) == len(queries.stock(second.store, limit=1000)) == ITEMS * NODES


def _by_shard(store: Store, name: str) -> Counter[int]:
    with store.reading() as connection:
        return Counter(connection.execute(text(f"SELECT shard FROM {name}")).scalars())
