"""The HTTP API as a program of its own, on a real port."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PROGRAM = Path(sys.executable).with_name("orderloom")


@contextmanager
def served(shop: Path, *options: str) -> Iterator[httpx.Client]:
    """A client of a server that runs meanwhile, and ends well when it is told to."""
    command = [str(PROGRAM), "serve", "--port", "0", "--dir", str(shop), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = re.search(r"http://\S+", server.stderr.readline())
        assert found, server.stderr.read()
        try:
            with httpx.Client(base_url=found[0], timeout=30) as client:
                yield client
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 0, server.stderr.read()


def until(ask: Callable[[], object]) -> None:
    """Waits for what the worker will have done."""
    deadline = time.monotonic() + 30
    while not ask():
        assert time.monotonic() < deadline
        time.sleep(0.05)
