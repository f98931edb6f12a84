"""Versions have numbers and dates from which they are in force; running orders can be moved from one to another."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("definitions", sa.Column("number", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("definitions", sa.Column("deployed_by", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "in_force",
        _whole("shard", sa.SmallInteger()),
        _whole("number"),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("effective_at", KEY, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "migrations",
        _whole("shard", sa.SmallInteger()),
        _whole("number"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("began_at", KEY, nullable=False),
        sa.Column("began_by", sa.Text(), nullable=False),
        sa.Column("done_at", KEY, nullable=True),
        sa.Column("undone_at", KEY, nullable=True),
        sa.PrimaryKeyConstraint("shard", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "migrated",
        _whole("shard", sa.SmallInteger()),
        _whole("migration"),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("undone_at", KEY, nullable=True),
        sa.PrimaryKeyConstraint("shard", "migration", "order_id"),
        sa.ForeignKeyConstraint(["shard", "order_id"], ["orders.shard", "orders.id"]),
        sqlite_with_rowid=False,
    )
    op.create_index("migrated_order", "migrated", ["shard", "order_id"])
    _of_older_releases()


def _whole(name: str, kind: Any = None) -> sa.Column[int]:
    return sa.Column(name, kind or sa.Integer(), autoincrement=False, nullable=False)


def _of_older_releases() -> None:
    """Versions count in the order in which they were deployed, each in force since then."""
    before = """SELECT count(*) FROM definitions d WHERE d.shard = definitions.shard
        AND (d.deployed_at < definitions.deployed_at
             OR (d.deployed_at = definitions.deployed_at AND d.digest >= definitions.digest))"""
    op.execute(f"UPDATE definitions SET number = ({before})")
    op.execute(
        "INSERT INTO in_force (shard, number, digest, effective_at, at, decided_by, note) "
        "SELECT shard, number, digest, deployed_at, deployed_at, '', '' FROM definitions"
    )
