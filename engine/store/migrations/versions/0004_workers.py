"""Many workers: what they share."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from orderloom.engine.store.migrations.chained import link_all
from orderloom.engine.store.server import settle

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _queues()
    _watched()
    _growth()
    _history()
    if op.get_context().dialect.name == "postgresql":
        settle(op.get_bind())


def _watched() -> None:
    """What is asked of a store that runs: workers, orders that are late, messages that fail, traces."""
    op.add_column("orders", sa.Column("promised_on", KEY, nullable=True))
    late = sa.text("outcome IS NULL AND promised_on IS NOT NULL")
    op.create_index("orders_promised", "orders", ["shard", "promised_on"], sqlite_where=late, postgresql_where=late)
    op.add_column("outbox", sa.Column("traceparent", sa.Text(), nullable=True))
    failing = sa.text("done_at IS NULL AND failure IS NOT NULL")
    op.create_index("outbox_failing", "outbox", ["shard", "queue", "at"], sqlite_where=failing, postgresql_where=failing)
    moments = [sa.Column(name, KEY, nullable=False) for name in ("started_at", "seen_at")]
    _small("workers", sa.Column("owner", KEY, nullable=False), *moments, sa.Column("body", sa.Text(), nullable=False))


def _queues() -> None:
    """Orders wait in the queue of their division and priority, messages besides in that of their organization."""
    for table, usual in {"orders": "0/", "due": "0/", "outbox": ""}.items():
        op.add_column(table, sa.Column("queue", KEY, nullable=False, server_default=sa.text(f"'{usual}'")))
    op.add_column("outbox", sa.Column("number", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE orders SET queue = '0/' || COALESCE(division, '')")
    for table, before in {"due": "", "outbox": "organization || '/' || "}.items():
        of_order = f"(SELECT o.queue FROM orders o WHERE o.shard = {table}.shard AND o.id = {table}.order_id)"
        op.execute(f"UPDATE {table} SET queue = {before}{of_order}")
    op.drop_index("due_next", "due")
    op.create_index("due_next", "due", ["shard", "queue", "due_at", "order_id", "key"], unique=False)
    op.drop_index("outbox_next", "outbox")
    open_ = sa.text("done_at IS NULL")
    names = ["shard", "queue", "due_at", "key"]
    op.create_index("outbox_next", "outbox", names, unique=False, sqlite_where=open_, postgresql_where=open_)


def _history() -> None:
    """What is known of the past: chained, with what changed; what went to files; what was repaired."""
    op.create_index("inbox_order", "inbox", ["shard", "order_id"], unique=False)
    for table, names in {"orders": ["chain"], "history": ["cause", "change", "chain"]}.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("outbox", sa.Column("sequence", sa.Integer(), nullable=False, server_default=sa.text("0")))
    where = [sa.Column(name, sa.Text(), nullable=False) for name in ("folder", "chain")]
    known = sa.Column("channel", KEY, nullable=False), sa.Column("external_id", KEY, nullable=True)
    file, archived_at = (sa.Column(name, KEY, nullable=False) for name in ("file", "archived_at"))
    _small("archived", sa.Column("order_id", KEY, nullable=False), *known, where[0], file, where[1], archived_at)
    op.create_index("archived_external_id", "archived", ["shard", "channel", "external_id"], unique=True)
    op.create_index("archived_file", "archived", ["shard", "file", "order_id"], unique=False)
    number = sa.Column("number", sa.Integer(), autoincrement=False, nullable=False)
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("applied_by", "law", "subject", "body")]
    _small("repairs", number, sa.Column("at", KEY, nullable=False), *texts)
    link_all(op.get_bind())


def _small(name: str, key: sa.Column[Any], *columns: sa.Column[Any]) -> None:
    """A table of small rows by shard and one key."""
    shard = sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False)
    op.create_table(name, shard, key, *columns, sa.PrimaryKeyConstraint("shard", key.name), sqlite_with_rowid=False)


#: Columns of indexes for what commands ask, by table; and of what is open only.
INDEXES = {
    "positions_node": ("positions", "node", "item"),
    "supply_orders_item": ("supply_orders", "item", "id"),
    "supply_orders_node": ("supply_orders", "node", "id"),
    "alerts_latest": ("alerts", "raised_at", "monitor", "item", "node", "number"),
    "alerts_item": ("alerts", "item", "raised_at", "monitor", "node", "number"),
    "orders_placed_at": ("orders", "placed_at", "id"),
}
PARTIAL = {
    "alerts_open": ("alerts", "cleared_at IS NULL", "item", "node", "monitor"),
    "supplies_to_come": ("supplies", "type <> 'on-hand'", "id"),
    "ledger_moves": ("ledger", "kind NOT IN ('reserve', 'release')", "item", "node", "at"),
    "exceptions_open": ("exceptions", "closed_at IS NULL", "opened_at", "order_id", "id"),
    "exceptions_open_of_role": ("exceptions", "closed_at IS NULL", "role", "opened_at", "order_id", "id"),
    "exceptions_settled": ("exceptions", "closed_at IS NOT NULL", "opened_at", "order_id", "id"),
    "exceptions_settled_of_role": ("exceptions", "closed_at IS NOT NULL", "role", "opened_at", "order_id", "id"),
    "orders_running": ("orders", "outcome IS NULL", "placed_at", "id"),
}


def _growth() -> None:
    """What keeps questions fast in a large store. Where a release made the store on a server, its partial indexes were whole."""
    for name, (table, *columns) in INDEXES.items():
        op.create_index(name, table, ["shard", *columns], unique=False)
    for name, (table, condition, *columns) in PARTIAL.items():
        where = sa.text(condition)
        op.execute(f"DROP INDEX IF EXISTS {name}")
        op.create_index(name, table, ["shard", *columns], unique=False, sqlite_where=where, postgresql_where=where)
