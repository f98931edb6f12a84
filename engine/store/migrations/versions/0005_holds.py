"""Holds of orders and lines, to be listed by their name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    words = [sa.Column(name, KEY, nullable=False) for name in ("role", "because", "applied_at", "applied_by")]
    words[1].type, words[3].type = sa.Text(), sa.Text()
    op.create_table(
        "holds",
        sa.Column("shard", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("order_id", KEY, primary_key=True),
        sa.Column("id", KEY, primary_key=True),
        sa.Column("hold", KEY, nullable=False),
        sa.Column("line", sa.Text(), nullable=True),
        *words,
        sa.Column("resolved_at", KEY, nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["shard", "order_id"], ["orders.shard", "orders.id"]),
        sqlite_with_rowid=False,
    )
    standing = sa.text("resolved_at IS NULL")
    names = ["shard", "hold", "order_id"]
    op.create_index("holds_standing", "holds", names, sqlite_where=standing, postgresql_where=standing)
