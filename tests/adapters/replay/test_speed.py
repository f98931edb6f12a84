"""A thousand orders by windows: two processes against one, and processes that are killed all the while."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

ORDERLOOM = Path(sys.executable).with_name("orderloom")
FREE = 0.5  #: the load below which nobody else is on the machine
KILLS = 6


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a thousand orders that ran, of nine days, and a rule that has changed since."""
    shop = tmp_path_factory.mktemp("soak") / "shop"
    subprocess.run([ORDERLOOM, "init", shop], check=True, capture_output=True)
    ran = [ORDERLOOM, "demo", "--orders", "1000", "--dir", shop, "--store", shop / "orderloom.sqlite"]
    subprocess.run(ran, check=True, capture_output=True)
    rules = shop / "rules" / "sourcing.yaml"
    rules.write_text(rules.read_text().replace("shipments: 2", "shipments: 1"))
    return shop


def replayed(shop: Path, workers: int, meanwhile: Callable[[int], None] = lambda _: None) -> tuple[str, float]:
    """What it printed, and the seconds that it took."""
    command = [ORDERLOOM, "replay", "--dir", shop, "--days", "1", "--format", "json", "--workers", str(workers)]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        meanwhile(process.pid)
        output, _ = process.communicate(timeout=1800)
    assert process.returncode == 0
    return output, time.monotonic() - started


def test_two_processes_are_faster_and_find_the_same(shop: Path, record_property: Callable[[str, object], None]) -> None:
    load = os.getloadavg()[0]
    one, alone = replayed(shop, 1)
    two, together = replayed(shop, 2)
    assert two == one
    ratio = alone / together
    said = f"replay of 1,000 orders: {alone:.1f} s in one process, {together:.1f} s in two: {ratio:.2f} times (load {load:.1f})"
    record_property("report", said)
    assert ratio >= 1.6 or load > FREE or (os.cpu_count() or 1) < 2


def test_killed_processes_change_nothing(shop: Path) -> None:
    chance = random.Random(5)

    def kill(parent: int) -> None:
        time.sleep(4)
        for _ in range(KILLS):
            time.sleep(chance.uniform(1, 3))
            if found := workers_of(parent):
                os.kill(chance.choice(found), signal.SIGKILL)

    killed, _ = replayed(shop, 2, kill)
    assert killed == replayed(shop, 1)[0]


def workers_of(parent: int) -> list[int]:
    """The processes of the pool."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]
