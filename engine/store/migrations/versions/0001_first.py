"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "definitions",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("sources", sa.LargeBinary(), nullable=False),
        sa.Column("deployed_at", KEY, nullable=False),
        sa.PrimaryKeyConstraint("shard", "digest"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "items",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("supply", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("ship_on", KEY, nullable=True),
        sa.PrimaryKeyConstraint("shard", "order_id", "sequence", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "loads",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("node", KEY, nullable=False),
        sa.Column("day", KEY, nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "node", "day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nodes",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "orders",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", KEY, nullable=False),
        sa.Column("external_id", KEY, nullable=True),
        sa.Column("customer", KEY, nullable=False),
        sa.Column("division", KEY, nullable=True),
        sa.Column("status", KEY, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("placed_at", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("shard", "id"),
        sqlite_with_rowid=True,
    )
    op.create_index("orders_channel", "orders", ["shard", "channel", "id"], unique=False)
    op.create_index("orders_customer", "orders", ["shard", "customer", "id"], unique=False)
    op.create_index("orders_external_id", "orders", ["shard", "channel", "external_id"], unique=True)
    op.create_index("orders_status", "orders", ["shard", "status", "id"], unique=False)
    op.create_table(
        "workspace",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("catalog", sa.Integer(), nullable=False),
        sa.Column("imports", sa.Integer(), nullable=False),
        sa.Column("created_at", KEY, nullable=False),
        sa.PrimaryKeyConstraint("shard"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "due",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("due_at", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "order_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("due_next", "due", ["shard", "due_at", "order_id", "key"], unique=False)
    op.create_table(
        "exceptions",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("opened_at", KEY, nullable=False),
        sa.Column("closed_at", KEY, nullable=True),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "order_id", "id"),
        sqlite_with_rowid=True,
    )
    op.create_index(
        "exceptions_open",
        "exceptions",
        ["shard", "opened_at", "order_id", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "history",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "order_id", "sequence"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "inbox",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("participant", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "participant", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("due_at", KEY, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("done_at", KEY, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "key"),
        sqlite_with_rowid=True,
    )
    op.create_index(
        "outbox_next",
        "outbox",
        ["shard", "due_at", "key"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("outbox_order", "outbox", ["shard", "order_id", "key"], unique=False)
    op.create_table(
        "records",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "order_id", "sequence", "number"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "reservations",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("line", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("node", KEY, nullable=False),
        sa.Column("supply", KEY, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expires_at", KEY, nullable=True),
        sa.CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        sa.ForeignKeyConstraint(
            ["shard", "order_id"],
            ["orders.shard", "orders.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "order_id", "line", "item", "node", "supply"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stock",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "item"],
            ["items.shard", "items.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "item"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "positions",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("node", KEY, nullable=False),
        sa.Column("safety_stock", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "item"],
            ["stock.shard", "stock.item"],
        ),
        sa.ForeignKeyConstraint(
            ["shard", "node"],
            ["nodes.shard", "nodes.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "item", "node"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "supplies",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("node", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("stock_class", sa.Text(), nullable=False),
        sa.Column("due_on", KEY, nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= reserved AND reserved <= quantity", name="reserved_within_quantity"),
        sa.ForeignKeyConstraint(
            ["shard", "item", "node"],
            ["positions.shard", "positions.item", "positions.node"],
        ),
        sa.PrimaryKeyConstraint("shard", "item", "node", "id"),
        sqlite_with_rowid=False,
    )
