"""Work for people: tasks, and exceptions that are somebody's, by priority and deadline."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _tasks()
    _exceptions()


def _tasks() -> None:
    texts = [sa.Column(name, sa.Text(), nullable=True) for name in ("skill", "claimed_by")]
    op.create_table(
        "tasks",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in ("order_id", "id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "role")),
        *texts,
        sa.Column("due_at", KEY, nullable=True),
        sa.Column("opened_at", KEY, nullable=False),
        sa.Column("closed_at", KEY, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("rank", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shard", "order_id"], ["orders.shard", "orders.id"]),
        sa.PrimaryKeyConstraint("shard", "order_id", "id"),
    )
    queue = ("rank", "opened_at", "order_id", "id")
    _index("tasks_open", "tasks", "closed_at IS NULL", *queue)
    _index("tasks_open_of_role", "tasks", "closed_at IS NULL", "role", *queue)
    _index("tasks_open_of_person", "tasks", "closed_at IS NULL", "claimed_by", *queue)
    _index("tasks_closed", "tasks", "closed_at IS NOT NULL", *queue[1:])


def _exceptions() -> None:
    """Exceptions that are there have no deadline and the usual priority, so they stay in the order in which they came."""
    for name, usual in {"title": "''", "remedies": "'[]'"}.items():
        op.add_column("exceptions", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text(usual)))
    for name in ("priority", "escalated"):
        op.add_column("exceptions", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("exceptions", sa.Column("due_at", KEY, nullable=True))
    op.add_column("exceptions", sa.Column("claimed_by", sa.Text(), nullable=True))
    op.add_column("exceptions", sa.Column("rank", KEY, nullable=False, server_default=sa.text("'09/~'")))
    queue = ("rank", "opened_at", "order_id", "id")
    for name, columns in {"exceptions_open": queue, "exceptions_open_of_role": ("role", *queue)}.items():
        op.drop_index(name, "exceptions")
        _index(name, "exceptions", "closed_at IS NULL", *columns)


def _index(name: str, table: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, ["shard", *columns], unique=False, sqlite_where=where, postgresql_where=where)
