"""Which ids a file has had so far, kept outside of memory."""

from __future__ import annotations

import sqlite3
from types import TracebackType


class Seen:
    """A set of ids on a temporary disk; use it as a context manager."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")  # a private file that sqlite removes
        self._db.execute("create table seen (id text primary key, line integer) without rowid")

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def first(self, id: str, line: int) -> int:
        """Notes an id, and says on which line it was first."""
        if self._db.execute("insert or ignore into seen values (?, ?)", (id, line)).rowcount:
            return line
        return int(self._db.execute("select line from seen where id = ?", (id,)).fetchone()[0])
