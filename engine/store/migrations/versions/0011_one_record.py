"""Orders are found by what is in them, and what customers are interested in is kept."""

import json
import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CHUNK = 500  #: orders at a time


def upgrade() -> None:
    op.create_table(
        "search",
        sa.Column("shard", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("term", KEY, primary_key=True),
        sa.Column("order_id", KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("search_order", "search", ["shard", "order_id"])
    op.create_table(
        "interests",
        sa.Column("shard", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("customer", KEY, primary_key=True),
        sa.Column("id", KEY, primary_key=True),
        sa.Column("item", KEY, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("interests_item", "interests", ["shard", "item", "at", "customer", "id"])
    _fill()


def _fill() -> None:
    """The terms of the orders that are there, as this release reads them."""
    store, after = op.get_bind(), ("", -1)
    page = sa.text(
        "SELECT shard, id, state FROM orders WHERE state IS NOT NULL AND (id > :id OR (id = :id AND shard > :shard)) "
        "ORDER BY id, shard LIMIT :chunk"
    )
    add = sa.text("INSERT INTO search (shard, term, order_id) VALUES (:shard, :term, :id)")
    while rows := store.execute(page, {"id": after[0], "shard": after[1], "chunk": CHUNK}).all():
        found = [{"shard": shard, "id": id, "term": term} for shard, id, state in rows for term in _terms(json.loads(state))]
        if found:
            store.execute(add, found)
        after = (rows[-1].id, rows[-1].shard)


def _terms(state: dict[str, Any]) -> set[str]:
    order = state.get("order") or {}
    customer, to = order.get("customer") or {}, order.get("ship_to") or {}
    words = [customer.get("name"), *(to.get(part) for part in ("name", "street", "city", "zip"))]
    found = {f"t:{word}" for text in words if text for word in re.findall(r"\w{1,100}", _plain(text))}
    found |= {f"i:{line['item']}" for line in order.get("lines") or ()}
    found |= {f"n:{order['external_id']}"} if order.get("external_id") else set()
    return found | ({f"e:{_plain(customer['email'].strip())}"} if customer.get("email") else set())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
