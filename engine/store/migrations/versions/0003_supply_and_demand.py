"""Supply and demand: what the ledger and its messages from outside need; where a store has moved to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UNITS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDER = {
    "positions": ["safety_stock"],
    "supplies": ["quantity", "reserved"],
    "ledger": ["quantity"],
    "reservations": ["quantity"],
}


def upgrade() -> None:
    op.add_column("workspace", sa.Column("moved_to", sa.Text(), nullable=True))
    _units()
    _ledger()
    _loads()
    _ahead()
    _supply_orders()
    _alerts()
    _publications()


def _units() -> None:
    """Quantities that messages add up go beyond 32 bits; in SQLite every whole number has 64."""
    if op.get_context().dialect.name == "postgresql":
        for table, columns in WIDER.items():
            for column in columns:
                op.alter_column(table, column, type_=sa.BigInteger())


def _loads() -> None:
    """Loads are of a resource of a node; until now there was none but shipping."""
    op.add_column("ledger", sa.Column("resource", sa.Text(), nullable=False, server_default=sa.text("''")))
    _small("loads_of_resources", ["node", "resource", "day"], sa.Column("units", UNITS, nullable=False))
    op.execute("INSERT INTO loads_of_resources SELECT shard, node, '', day, units FROM loads")
    op.drop_table("loads")
    op.rename_table("loads_of_resources", "loads")


def _ahead() -> None:
    """What is seen ahead, in rows; it is made anew with the next turn."""
    op.drop_table("ahead")
    made = sa.Column("program", sa.Text(), nullable=False), sa.Column("made_at", KEY, nullable=False)
    _small("ahead", [], *made, sa.Column("orders", sa.Integer(), nullable=False))
    _small("opportunity_costs", ["item", "node"], sa.Column("price", sa.Text(), nullable=False))
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("not_served", "costs")]
    _small("ways", ["item", "region"], *texts)


def _supply_orders() -> None:
    """Purchase and transfer orders, and what is proposed of them."""
    keys = [sa.Column(name, KEY, nullable=False) for name in ("item", "node", "status")]
    decided = sa.Column("decided_at", KEY, nullable=True), sa.Column("decided_by", sa.Text(), nullable=True)
    _small("supply_orders", ["id"], *keys, *decided, sa.Column("body", sa.Text(), nullable=False))
    op.create_index("supply_orders_status", "supply_orders", ["shard", "status", "id"], unique=False)


def _alerts() -> None:
    """What monitors have raised, and what readers of stock have seen."""
    number = sa.Column("number", sa.Integer(), autoincrement=False, nullable=False)
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("event", "origin")]
    raised = sa.Column("raised_at", KEY, nullable=False), sa.Column("raised", sa.Text(), nullable=False)
    cleared = sa.Column("cleared_at", KEY, nullable=True), sa.Column("cleared", sa.Text(), nullable=True)
    op.create_table(
        "alerts",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(sa.Column(key, KEY, nullable=False) for key in ("monitor", "item", "node")),
        number,
        *texts,
        *raised,
        *cleared,
        sa.PrimaryKeyConstraint("shard", "monitor", "item", "node", "number"),
        sqlite_with_rowid=False,
    )
    _partial_index("alerts_open", "alerts", "cleared_at IS NULL", "item", "node", "monitor")
    version = sa.Column("version", sa.Integer(), nullable=False)
    seen = sa.Column("day", KEY, nullable=False), sa.Column("rules", sa.Text(), nullable=False)
    _small("looks", ["reader", "item"], version, *seen)


def _publications() -> None:
    """Availability that was published."""
    _small("publications", ["method"], sa.Column("number", sa.Integer(), nullable=False))
    units = sa.Column("available", UNITS, nullable=False), sa.Column("number", sa.Integer(), nullable=False)
    _small("published", ["method", "item", "node"], *units, sa.Column("at", KEY, nullable=False))
    op.create_index("published_since", "published", ["shard", "method", "number", "item", "node"], unique=False)


def _small(name: str, keys: list[str], *columns: sa.Column[Any]) -> None:
    """A table of small rows by shard and keys."""
    shard = sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False)
    by = [sa.Column(key, KEY, nullable=False) for key in keys]
    op.create_table(name, shard, *by, *columns, sa.PrimaryKeyConstraint("shard", *keys), sqlite_with_rowid=False)


def _ledger() -> None:
    """Receipts and counts. What was put in so far had been received where it was on hand, and was expected elsewhere."""
    op.add_column("positions", sa.Column("counted_at", KEY, nullable=True))
    within = sa.CheckConstraint("0 <= received AND received <= quantity", name="received_within_quantity")
    op.add_column("supplies", sa.Column("received", UNITS, within, nullable=False, server_default=sa.text("0")))
    _partial_index("supplies_to_come", "supplies", "type <> 'on-hand'", "id")
    _partial_index("ledger_moves", "ledger", "kind NOT IN ('reserve', 'release')", "item", "node", "at")
    op.create_table(
        "stock_inbox",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "kind", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("reservations_item", "reservations", ["shard", "item", "node"], unique=False)
    op.execute("UPDATE supplies SET received = quantity WHERE type = 'on-hand'")
    to_come = """(SELECT 1 FROM supplies s WHERE s.shard = ledger.shard AND s.item = ledger.item AND s.node = ledger.node
        AND s.id = ledger.supply AND s.type <> 'on-hand')"""
    op.execute(f"UPDATE ledger SET kind = CASE WHEN EXISTS {to_come} THEN 'expect' ELSE 'adjust' END WHERE kind = 'receive'")


def _partial_index(name: str, table: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, ["shard", *columns], unique=False, sqlite_where=where, postgresql_where=where)
