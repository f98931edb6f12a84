"""How a loop learns that something may be due: it looks again after a pause, or at once when it is told.

What it is told is a hint, never needed: one that is lost is made up for by the next look, one that comes twice finds nothing.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from threading import Event as Flag
from typing import Any

from orderloom.engine.store import Store
from orderloom.engine.store.connect import HINT

SHORTEST, LONGEST = 0.01, 1.0  #: seconds between two looks at the store when nothing is due
AGAIN = 5.0  #: seconds until a connection that broke is tried again

_log = logging.getLogger(__name__)


class Pauses:
    """The pauses of one loop: longer each time when nothing is due, and never quite the same as those of another worker."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._hinted = Flag()
        self._longest = longest
        self._pause = SHORTEST

    def wake(self) -> None:
        """Ends the pause, or leaves out the next one."""
        self._hinted.set()

    def after(self, done: int) -> None:
        """Waits where nothing was done."""
        if done or self._hinted.wait(random.uniform(0.5, 1) * self._pause):
            self._pause = SHORTEST
        else:
            self._pause = min(2 * self._pause, self._longest)
        self._hinted.clear()


def server_hints(store: Store) -> ServerHints | None:
    """The hints of the store's server; None where it is a file, in which nobody can listen."""
    return ServerHints(store) if store.engine.dialect.name == "postgresql" else None


class ServerHints:
    """Listens to a PostgreSQL server for what others have committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listen(self, wake: Callable[[], None], stopped: Flag) -> None:
        """Calls `wake` at each hint until it is stopped. While the server cannot be reached there are none."""
        while not stopped.is_set():
            try:
                self._listen(wake, stopped)
            except Exception as fault:  # the driver's own, too: its connection is used directly
                _log.info("no hints from the server: %s", fault)
            stopped.wait(AGAIN)

    def _listen(self, wake: Callable[[], None], stopped: Flag) -> None:
        with self._store.glancing() as connection:
            connection.exec_driver_sql(f"LISTEN {HINT}")
            connection.detach()  # it hears what no other may be given later
            wake()
            driver: Any = connection.connection.dbapi_connection
            while not stopped.is_set():
                for _ in driver.notifies(timeout=LONGEST, stop_after=1):
                    wake()
