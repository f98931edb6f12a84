"""Workers that are killed at any moment, and stores that are copied in the middle of the work: nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from shop import Shop, opened, snapshot, stocked

from orderloom.engine.audit import audit

Rows = dict[str, list[tuple[object, ...]]]
ORDERS = 400


@dataclass
class Workers:
    """Worker processes, made by a process of their own."""

    maker: subprocess.Popen[str]

    def begin(self, shop: Shop) -> int:
        """A new one, at work on the shop's store."""
        return self._ask(f"begin {shop.store.engine.url}")

    def wait(self, worker: int) -> int:
        """Its exit code, once it has ended."""
        return self._ask(f"wait {worker}")

    def _ask(self, command: str) -> int:
        assert self.maker.stdin and self.maker.stdout
        self.maker.stdin.write(command + "\n")
        self.maker.stdin.flush()
        return int(self.maker.stdout.readline())

    def kill_many(self, shop: Shop, times: int, longest: float) -> int:
        """Kills workers at random moments, one after the other; how many were still at work when they were killed."""
        chance, killed = random.Random(times), 0
        for _ in range(times):
            worker = self.begin(shop)
            time.sleep(chance.uniform(0, longest))
            os.kill(worker, signal.SIGKILL)
            killed += self.wait(worker) == -signal.SIGKILL
        return killed


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    script = Path(__file__).parent / "run_toys.py"
    with subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as maker:
        yield Workers(maker)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """How the run comes out when nobody disturbs it."""
    shop = _shop(tmp_path_factory.mktemp("calm"))
    shop.worker().run_until_idle()
    assert audit(shop.store) == () and None not in shop.outcomes()
    return snapshot(shop.store)


def _shop(folder: Path) -> Shop:
    shop = stocked(f"sqlite:///{folder}/toys.sqlite", quantity=12)
    shop.capture(*range(ORDERS))
    return shop


def test_killed_workers_change_nothing(tmp_path: Path, workers: Workers, undisturbed: Rows) -> None:
    shop = _shop(tmp_path)
    assert workers.kill_many(shop, 10, 0.1) >= 5
    assert workers.wait(workers.begin(shop)) == 0
    assert audit(shop.store) == ()
    assert snapshot(shop.store) == undisturbed


@pytest.mark.soak
def test_300_killed_workers_change_nothing(tmp_path: Path, workers: Workers, undisturbed: Rows) -> None:
    killed, rounds = 0, 0
    while killed < 300:
        folder = tmp_path / str(rounds := rounds + 1)
        folder.mkdir()
        shop = _shop(folder)
        killed += workers.kill_many(shop, 20 + rounds, 0.05)
        assert workers.wait(workers.begin(shop)) == 0
        assert audit(shop.store) == ()
        assert snapshot(shop.store) == undisturbed
        shop.store.close()


def test_a_copy_taken_at_any_moment_is_sound_and_goes_on_to_the_same_end(
    tmp_path: Path, workers: Workers, undisturbed: Rows
) -> None:
    """What is on the disk when the power fails: the file and its log, without what is shared in memory."""
    shop, chance = _shop(tmp_path), random.Random(7)
    worker = workers.begin(shop)
    for number in range(4):
        time.sleep(chance.uniform(0, 0.1))
        os.kill(worker, signal.SIGSTOP)
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in ("toys.sqlite", "toys.sqlite-wal"):
            if (tmp_path / name).exists():
                shutil.copy(tmp_path / name, folder / name)
        os.kill(worker, signal.SIGCONT)
        copy = Shop(opened(f"sqlite:///{folder}/toys.sqlite"))
        assert audit(copy.store) == ()
        copy.worker().run_until_idle()
        assert snapshot(copy.store) == undisturbed
        copy.store.close()
    assert workers.wait(worker) == 0


def test_two_workers_on_one_file_take_turns(tmp_path: Path, workers: Workers) -> None:
    shop = _shop(tmp_path)
    both = [workers.begin(shop), workers.begin(shop)]
    assert [workers.wait(worker) for worker in both] == [0, 0]
    shop.worker().run_until_idle()
    assert audit(shop.store) == ()
    assert sum(shop.outcomes().values()) == ORDERS and None not in shop.outcomes()


def test_a_worker_that_is_frozen_and_woken_doubles_nothing(tmp_path: Path, workers: Workers) -> None:
    shop = _shop(tmp_path)
    frozen = workers.begin(shop)
    time.sleep(0.1)
    os.kill(frozen, signal.SIGSTOP)
    other = workers.begin(shop)
    time.sleep(0.5)
    os.kill(frozen, signal.SIGCONT)
    assert [workers.wait(frozen), workers.wait(other)] == [0, 0]
    assert audit(shop.store) == () and None not in shop.outcomes()
