"""What every table is made of: columns of keys, moments, days and quantities, and the shard that each key begins with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.engine import Dialect

from orderloom.engine.wire import day_of, day_text, moment_of, moment_text

KEY = Text().with_variant(Text(collation="C"), "postgresql")
UNITS = BigInteger().with_variant(Integer(), "sqlite")  #: quantities, which messages add up


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as text that sorts."""

    impl = KEY
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


class Day(TypeDecorator[date]):
    """A date, kept as text."""

    impl = KEY
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return day_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return day_of(value)


metadata = MetaData()


def key(name: str) -> Column[str]:
    return Column(name, KEY, primary_key=True)


def table(name: str, *parts: Any, small: bool = False) -> Table:
    """A table of the shard. Tables of small rows are kept in the order of their key, so each row is written once."""
    shard = Column("shard", SmallInteger, primary_key=True, autoincrement=False)
    return Table(name, metadata, shard, *parts, sqlite_with_rowid=not small)


def of_order() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["shard", "order_id"], ["orders.shard", "orders.id"])


def index_where(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that are still open, so that those that are done cost nothing.

    The migrations say the same of PostgreSQL; to say it here, too, would load its dialect at the start of every command.
    """
    return Index(name, "shard", *columns, sqlite_where=text(condition))
