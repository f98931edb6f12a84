"""Events of nodes and participants that are told without an order are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("shard", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("participant", KEY, primary_key=True),
        sa.Column("key", KEY, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("done_at", KEY, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("broadcasts_at", "broadcasts", ["shard", "at", "participant", "key"])
    begun = sa.text("done_at IS NULL")
    op.create_index("broadcasts_begun", "broadcasts", ["shard", "at"], sqlite_where=begun, postgresql_where=begun)
