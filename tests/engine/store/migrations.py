"""What every store must do with the schemas of older releases. Imported like `conformance`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from shop import stocked
from sqlalchemy import CheckConstraint, inspect

from orderloom.engine.audit import audit
from orderloom.engine.refused import Refused
from orderloom.engine.store import open_store, tables
from orderloom.engine.store.connect import connect
from orderloom.engine.store.migrate import MIGRATIONS, upgrade, upgrade_store
from orderloom.engine.store.store import HEAD, OLDER

REVISIONS = sorted(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def made_at(url: str, revision: str) -> None:
    """A store as the release with that schema made it, with its workspace in it."""
    engine = connect(url)
    with engine.begin() as connection:
        upgrade(connection, revision)
        values = {"shard": 0, "name": "toys", "catalog": 0, "imports": 0, "created_at": datetime(2026, 3, 2, tzinfo=UTC)}
        names = {column["name"] for column in inspect(connection).get_columns("workspace")}
        connection.execute(tables.workspace.insert(), {key: value for key, value in values.items() if key in names})
    engine.dispose()


def test_every_schema_of_the_history_is_known() -> None:
    assert REVISIONS[-1] == HEAD
    assert set(REVISIONS[:-1]) == OLDER


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_of_every_release_is_carried_to_the_newest(url: str, revision: str) -> None:
    made_at(url, revision)
    if revision != HEAD:
        refused = open_store(url, "toys")
        assert isinstance(refused, Refused) and f"its schema is {revision}" in refused.because
    assert upgrade_store(url) == revision
    assert upgrade_store(url) == HEAD
    shop = stocked(url)
    shop.capture(*range(5))
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 5} and audit(shop.store) == ()
    shop.store.close()


def _is_no_month(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves out the tables that hold a month's part of another one."""
    return (
        kind != "table"
        or name in tables.metadata.tables
        or name == "alembic_version"
        or not re.search(r"_(default|\d{4}_\d\d)$", name or "")
    )


def test_the_migrations_make_the_same_schema_as_the_tables(url: str) -> None:
    made_at(url, HEAD)
    engine = connect(url)
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_no_month}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, tables.metadata) == []
    declared = {
        table.name: {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        for table in tables.metadata.sorted_tables
    }
    found = inspect(engine)
    assert declared == {name: {str(each["name"]) for each in found.get_check_constraints(name)} for name in declared}
    engine.dispose()
