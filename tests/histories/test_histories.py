"""What earlier releases recorded is worked on again by this one, on the definitions of then, and comes to the same.

A file a release, made by `record.py` with that release; the files stay when the store or the engine changes.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from orderloom.adapters.versions import versions
from orderloom.engine.audit import audit
from orderloom.engine.shell.again import Tally, worked_again
from orderloom.engine.shell.versions import versions as known_versions
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.migrate import upgrade_store

RECORDED = sorted(Path(__file__).parent.glob("*.store.gz"))


def recorded(path: Path, folder: Path) -> Store:
    """The recorded store, brought to the schema of this release."""
    file = folder / "recorded.sqlite"
    file.write_bytes(gzip.decompress(path.read_bytes()))
    assert isinstance(upgrade_store(f"sqlite:///{file}"), str)
    store = open_store(f"sqlite:///{file}")
    assert isinstance(store, Store), store
    return store


def test_there_is_one() -> None:
    assert RECORDED


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_history_comes_to_the_same_today(path: Path, tmp_path: Path) -> None:
    store, tally = recorded(path, tmp_path), Tally()
    assert list(worked_again(store, versions(store), tally)) == []
    assert tally.again > 200
    assert audit(store) == ()
    assert [(each.number, each.in_force) for each in known_versions(store)] == [(1, True)]
