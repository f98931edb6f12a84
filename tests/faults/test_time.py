"""Workers that sleep past their lease, clocks that are wrong: the database's clock decides, and who is late changes nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from live import ended, id_of, open_shop, orders_at, prove
from nursery import Nursery, Task
from nursery import nursery as workers_of
from partners import seen
from patience import until
from postgres import database, running
from racing import PROGRAM, opened_race
from shop import snapshot
from sqlalchemy import URL, select
from storm import Storm
from wrong_clocks import wrong_clock

from orderloom.engine.audit import audit
from orderloom.engine.shell.inbox import draft
from orderloom.engine.store import Store, tables


def test_a_worker_that_is_frozen_past_its_lease_changes_nothing_when_it_is_woken(
    nursery: Nursery, postgres: URL, tmp_path: Path
) -> None:
    """The first one freezes when its messages have reached the partner, and before it can say so."""
    with database(postgres) as url, closing(opened_race(url)) as store:
        task = Task("live", url, str(tmp_path / "log"), stops=True)
        open_shop(store, range(20))
        frozen = nursery.begin(task)
        until(lambda: _state(frozen) == "T")
        under_way = seen(tmp_path / "log").times
        assert under_way and not ended(store, 1)
        others = Storm(nursery, Task("live", url, task.log), random.Random(1))
        others.calm(lambda: ended(store, 20))
        before = snapshot(store)
        os.kill(frozen, signal.SIGCONT)
        time.sleep(0.5)
        os.kill(frozen, signal.SIGTERM)
        until(lambda: _state(frozen) in ("Z", ""))
        assert nursery.ended()[frozen] == 0
        assert snapshot(store) == before
        assert {seen(tmp_path / "log").times[key] for key in under_way} == {2}
        assert prove(url, tmp_path / "log", 20) == len(under_way)


def _state(process: int) -> str:
    """As the system has it: T is stopped, Z has ended; empty where it is forgotten."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_clocks_of_workers_that_differ_by_minutes(postgres: URL, tmp_path: Path) -> None:
    """One is ten minutes ahead, one behind. Drafts expire by the database's clock, and no lease ends before its time."""
    with (
        database(postgres) as url,
        closing(opened_race(url)) as store,
        workers_of(**wrong_clock(tmp_path, "ahead", 600)) as ahead,
        workers_of(**wrong_clock(tmp_path, "behind", -600)) as behind,
    ):
        open_shop(store, range(40))
        assert ahead.clock() - behind.clock() > 1000
        both = [Storm(each, Task("live", url, str(tmp_path / "log")), random.Random(1), workers=2) for each in (ahead, behind)]
        kept = store.now()
        expires_at = kept + timedelta(seconds=3)
        draft(store, orders_at(kept, range(40, 50)), PROGRAM.digest, kept, expires_at)
        for storm in both:
            storm.attend()
        until(lambda: len(_given_back(store)) == 10)
        for storm in both:
            storm.calm(lambda: ended(store, 40))
        late = [at - expires_at for at in _given_back(store)]
        assert timedelta(0) <= min(late) and max(late) < timedelta(seconds=30)
        assert audit(store) == ()
        told = seen(tmp_path / "log")
        assert sorted(told.times.values()) == [1] * 40


def _given_back(store: Store) -> list[datetime]:
    """When drafts were, by their history."""
    t = tables.history.c
    with store.reading() as connection:
        return list(connection.execute(select(t.at).where(t.kind == "time-reached", t.order_id >= id_of(40))).scalars())


def test_a_servers_clock_that_steps_back_and_forth_loses_and_doubles_nothing(
    nursery: Nursery, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with _readable_folder() as folder:
        environment = wrong_clock(folder, "server", 0)
        with running(environment=environment) as server, database(server.server) as url, closing(opened_race(url)) as store:
            storm = Storm(nursery, Task("live", url, str(tmp_path / "log"), danger=0.002), random.Random(3))
            for number, seconds in enumerate((0, -3, 2, 600, 598)):
                Path(environment["CLOCK_OFF_BY"]).write_text(str(seconds))
                assert abs((store.now() - datetime.now(UTC)).total_seconds() - seconds) < 2
                open_shop(store, range(10 * number, 10 * number + 10))
                storm.rage(2)
            storm.calm(lambda: ended(store, 50))
            again = prove(url, tmp_path / "log", 50)
    record_property("report", f"a server's clock stepped back and forth: 50 orders delivered once, {again} messages came again")


@contextmanager
def _readable_folder() -> Iterator[Path]:
    """A folder that whoever runs the server may read."""
    folder = Path(tempfile.mkdtemp(prefix="ck-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
