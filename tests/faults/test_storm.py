"""Workers killed at any moment over the demo's orders: nothing is lost or doubled, and all ends as if nothing had been."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from demo_data import loaded, of_plenty
from ends import End, end_of
from live import ended, open_shop, prove
from nursery import Nursery, Task
from partners import seen
from postgres import database, running
from racing import opened_race
from sqlalchemy import URL
from storm import Storm

from orderloom.adapters.imports.datasets import shipped_data

DANGER = 0.002  #: how likely each of the moments that matter is a worker's last one
Record = Callable[[str, object], None]
Fresh = Callable[[], AbstractContextManager[str]]  #: the address of a store with the orders in it, none of them begun


def storm_over(nursery: Nursery, kind: str, url: str, folder: Path, number: int, longest: float = 0.1) -> Storm:
    lock = folder / f"lock-{number}"
    lock.touch()
    task = Task(kind, url, str(folder / f"log-{number}"), danger=DANGER, lock=str(lock))
    return Storm(nursery, task, random.Random(number), longest)


def undisturbed(nursery: Nursery, kind: str, url: str, folder: Path) -> End:
    """How it comes out when one worker is left alone."""
    alone = storm_over(nursery, kind, url, folder, 0)
    alone.workers = 1
    alone.calm()
    return end_of(url, Path(alone.task.log))


def weather(
    nursery: Nursery,
    kind: str,
    fresh: Fresh,
    folder: Path,
    kills: int,
    longest: float,
    calm: str = "",
    meanwhile: Callable[[], None] = lambda: None,
) -> str:
    """Storms until so many workers were killed, each over the same orders and to the same end; what they came to, in words.

    `calm` is how the undisturbed run was done, where in another way; `meanwhile` is called between two kills.
    """
    with fresh() as url:
        wanted = undisturbed(nursery, calm or kind, url, folder)
    rounds = killed = repeated = 0
    while killed < kills:
        rounds += 1
        with fresh() as url:
            storm = storm_over(nursery, kind, url, folder, rounds, longest)
            storm.rage(kills - killed, meanwhile)
            storm.calm()
            assert end_of(url, Path(storm.task.log)) == wanted
        killed += storm.killed
        repeated += seen(Path(storm.task.log)).repeated
    told = f"{killed} workers killed in {rounds} runs of {len(wanted.orders)} orders, {storm.workers} at work"
    return (
        f"{told}; {len(wanted.effects):,} messages a run, in all {repeated} came again; every end is that of the undisturbed run"
    )


# --- where -----------------------------------------------------------------------------------------------------------


@contextmanager
def files(folder: Path, data: Path, orders: int) -> Iterator[Fresh]:
    """Stores in files."""
    loaded(f"sqlite:///{folder / 'loaded.sqlite'}", data, orders)

    @contextmanager
    def fresh() -> Iterator[str]:
        shutil.copy(folder / "loaded.sqlite", folder / "storm.sqlite")
        yield f"sqlite:///{folder / 'storm.sqlite'}"
        for path in folder.glob("storm.sqlite*"):
            path.unlink()

    yield fresh


@contextmanager
def databases(server: URL, data: Path, orders: int) -> Iterator[Fresh]:
    """Stores on a server."""
    with database(server) as model:
        loaded(model, data, orders)
        yield lambda: database(server, like=model.rpartition("/")[2].partition("?")[0])


# --- the storms ------------------------------------------------------------------------------------------------------


def test_a_storm_over_a_file(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with files(tmp_path, shipped_data(), 40) as fresh:
        record_property("report", "SQLite: " + weather(nursery, "in turns", fresh, tmp_path, 15, 0.1))


def test_a_storm_over_a_server(tmp_path: Path, nursery: Nursery, postgres: URL, record_property: Record) -> None:
    with databases(postgres, shipped_data(), 40) as fresh:
        record_property("report", "PostgreSQL: " + weather(nursery, "in turns", fresh, tmp_path, 15, 0.1))


def test_a_storm_over_workers_side_by_side(tmp_path: Path, nursery: Nursery, postgres: URL, record_property: Record) -> None:
    with databases(postgres, of_plenty(tmp_path), 40) as fresh:
        record_property("report", "PostgreSQL, side by side: " + weather(nursery, "side by side", fresh, tmp_path, 15, 0.1))


def test_a_storm_in_which_all_is_told_twice(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with files(tmp_path, shipped_data(), 40) as fresh:
        told = weather(nursery, "told twice", fresh, tmp_path, 5, 0.1, calm="in turns")
        record_property("report", f"SQLite, all told twice: {told}")


def test_a_storm_by_the_databases_clock(tmp_path: Path, nursery: Nursery, postgres: URL, record_property: Record) -> None:
    """Workers side by side, whose messages are under way for a while: what a dead one had in its hands is taken over."""
    with database(postgres) as url:
        record_property("report", f"PostgreSQL, by its clock: {live_storm(nursery, url, tmp_path, 100, 15)}")


def live_storm(nursery: Nursery, url: str, folder: Path, orders: int, kills: int) -> str:
    """Until so many were killed; each time that all orders have ended, as many come in again."""
    log, made = folder / "log", 0
    storm = Storm(nursery, Task("live", url, str(log), danger=DANGER), random.Random(kills))
    with closing(opened_race(url)) as store:
        while storm.killed < kills:
            open_shop(store, range(made, made + orders))
            made += orders
            while storm.killed < kills and not ended(store, made):
                storm.rage(1)
        storm.calm(lambda: ended(store, made))
    return f"{storm.killed} workers killed, {made} orders, each delivered once; {prove(url, log, made)} messages came again"


@pytest.mark.soak
def test_1000_killed_by_the_databases_clock(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with running(durable=True) as server, database(server.server) as url:
        record_property("report", f"PostgreSQL, by its clock: {live_storm(nursery, url, tmp_path, 500, 1000)}")


@pytest.mark.soak
def test_300_killed_over_a_file(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with files(tmp_path, shipped_data(), 400) as fresh:
        record_property("report", "SQLite: " + weather(nursery, "in turns", fresh, tmp_path, 300, 0.4))


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["in turns", "side by side"])
def test_1000_killed_over_a_server(tmp_path: Path, nursery: Nursery, kind: str, record_property: Record) -> None:
    data = shipped_data() if kind == "in turns" else of_plenty(tmp_path)
    with running(durable=True) as server, databases(server.server, data, 400) as fresh:
        record_property("report", f"PostgreSQL, {kind}: " + weather(nursery, kind, fresh, tmp_path, 1000, 0.4))


@pytest.mark.soak
def test_100_killed_while_the_server_is_killed_too(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    calls = count(1)
    with running(durable=True) as server, databases(server.server, shipped_data(), 400) as fresh:

        def strike() -> None:
            """Every fourth time."""
            if not next(calls) % 4:
                server.kill()
                server.start()

        told = weather(nursery, "in turns", fresh, tmp_path, 100, 0.8, meanwhile=strike)
        record_property("report", f"PostgreSQL killed {next(calls) // 4} times meanwhile: {told}")
