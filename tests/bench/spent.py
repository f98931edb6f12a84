"""What work has cost: wall time, and the CPU time of this process and of the server that it uses, as Linux tells them.

On a machine that others use, wall time says how many processes one has rather than what they do; CPU time stays.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import make_url

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Seconds."""

    wall: float
    cpu: float

    def __sub__(self, before: Spent) -> Spent:
        return Spent(self.wall - before.wall, self.cpu - before.cpu)


def spent(address: str) -> Spent:
    """What was spent so far, with the server at this address where it is one of `tests.postgres`."""
    return Spent(perf_counter(), process_time() + _server(address))


def _server(address: str) -> float:
    host = make_url(address).query.get("host")
    if host is None:
        return 0.0
    postmaster = (Path(str(host)) / "data/postmaster.pid").read_text().split()[0]
    stats = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]
    alive = sum(sum(map(int, stat[11:13])) for stat in stats if stat and stat[1] == postmaster)
    return (alive + sum(map(int, _stat(Path("/proc") / postmaster / "stat")[11:15]))) / TICKS


def _stat(path: Path) -> list[str]:
    """From the state on: state, parent, ...; the times of the process and of its children that are gone are at 11 to 14."""
    try:
        return path.read_text().rpartition(") ")[2].split()
    except OSError:  # gone meanwhile
        return []
