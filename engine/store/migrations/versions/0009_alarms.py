"""Alarms of orders, and what may yet become part of a pattern."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(_needed(name, KEY) for name in ("monitor", "id", "order_id", "at")),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        *(_needed(name, sa.Text()) for name in ("key", "because", "raised", "origin", "title")),
        sa.PrimaryKeyConstraint("shard", "monitor", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("alarms_latest", "alarms", ["shard", "at", "monitor", "id"])
    op.create_index("alarms_order", "alarms", ["shard", "order_id", "at"])
    op.create_table(
        "patterns",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(_needed(name, KEY) for name in ("monitor", "key")),
        *(_needed(name, sa.Text()) for name in ("rules", "events")),
        _needed("expires_at", KEY),
        sa.Column("due_order", sa.Text(), nullable=True),
        sa.Column("due_at", KEY, nullable=True),
        sa.PrimaryKeyConstraint("shard", "monitor", "key"),
        sqlite_with_rowid=False,
    )
    done = sa.text("due_at IS NULL")
    op.create_index("patterns_done", "patterns", ["shard", "expires_at"], sqlite_where=done, postgresql_where=done)


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
