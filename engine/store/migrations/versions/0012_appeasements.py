"""What customers accepted in place of returns is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "appeasements",
        sa.Column("shard", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("customer", KEY, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("returned_at", KEY, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("appeasements_of_order", "appeasements", ["shard", "order_id"])
    op.create_index("appeasements_latest", "appeasements", ["shard", "at", "order_id", "id"])
