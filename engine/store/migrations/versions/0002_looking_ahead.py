"""The forecast, and what is seen ahead by it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "forecast",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("region", KEY, nullable=False),
        sa.Column("begins", KEY, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "item"],
            ["items.shard", "items.id"],
        ),
        sa.ForeignKeyConstraint(
            ["shard", "region"],
            ["nodes.shard", "nodes.id"],
        ),
        sa.PrimaryKeyConstraint("shard", "item", "region", "begins"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ahead",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("made_at", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shard"),
        sqlite_with_rowid=True,
    )
