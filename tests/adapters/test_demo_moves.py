"""A demo that moves from a file to a server in mid-run comes to the same end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from postgres import database
from sqlalchemy import URL

from orderloom.adapters.demo import BEGINNING, TICK, load, play
from orderloom.adapters.figures import Figures, figures
from orderloom.adapters.imports.datasets import DATA_SET, data_files, shipped_data
from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, deploy_version, versions
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.packs import pack_sources
from orderloom.engine.audit import audit
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.copies import move

ORDERS, SEED = 80, 1
HALF_WAY = datetime(2026, 10, 21, 16, tzinfo=UTC)


def loaded(folder: Path, name: str) -> Store:
    store = open_store(f"sqlite:///{folder}/{name}.sqlite", "retail")
    assert isinstance(store, Store)
    program = compile_pack("retail").program
    assert program is not None
    deploy_version(store, program, pack_sources("retail"), BEGINNING)
    for file in (each for each in DATA_SET if each.kind in data_files(shipped_data())):
        load(store, program, shipped_data(), file, ORDERS if file.kind == "orders" else None, lambda done, total: None)
    return store


def test_a_demo_moves_to_a_server_in_mid_run(tmp_path: Path, postgres: URL) -> None:
    stays, goes = loaded(tmp_path, "stays"), loaded(tmp_path, "goes")
    assert play(stays, SEED, lambda done, total: None)
    half_way = SimulatedClock(goes, TICK, until=HALF_WAY)
    Worker(goes, versions(goes), simulated(current_version(goes), SEED), half_way).run_until_idle()
    with database(postgres) as url:
        server = open_store(url, "retail")
        assert isinstance(server, Store)
        move(goes, server)
        assert play(server, SEED, lambda done, total: None)
        assert seen(server) == seen(stays)
        assert audit(server) == ()
        server.close()


def seen(store: Store) -> Figures:
    return figures(store, "UTC")
