"""What every route needs: the store, the version that new orders run on, and what is known of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from fastapi import Response
from sqlalchemy import bindparam, select

from orderloom.adapters.api.answers import outcomes
from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.imports.known import Known, known_in
from orderloom.adapters.imports.records import take_in
from orderloom.adapters.imports.repeats import Sees, everybody
from orderloom.adapters.versions import versions
from orderloom.dsl.program import Program
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.shell.programs import current
from orderloom.engine.store import Store, tables

Record = Mapping[str, object]


class Desk:
    """Serves requests from many threads; what it keeps at hand follows the store."""

    def __init__(self, store: Store, program: Program) -> None:
        self.store, self.program, self.programs = store, program, versions(store)
        self._lookup, self._looks_by, self._looking = Lookup(store, program), program, Lock()
        self._known: tuple[int, Known] | None = None

    def now(self) -> datetime:
        """The time by the store's clock."""
        return self.store.now()

    def known(self) -> Known:
        """What records are checked against; read anew when items or nodes have changed."""
        with self.store.reading() as connection:
            catalog: int = connection.execute(_CATALOG, {"shard": self.store.shard}).scalar_one()
        known = self._known
        if known is None or known[0] != catalog:
            known = self._known = catalog, known_in(self.store, self.program)
        return known[1]

    @contextmanager
    def lookup(self) -> Iterator[Lookup]:
        """For questions about stock, one after the other, by the version that new orders run on now."""
        program = self.current()
        with self._looking:
            if program is not self._looks_by:
                self._lookup, self._looks_by = Lookup(self.store, program), program
            yield self._lookup

    def current(self) -> Program:
        """The version that new orders run on now, by which it goes what somebody may do."""
        with self.store.reading() as connection:
            return self.programs.current(connection)

    def version(self) -> str:
        """The digest of the version that new orders run on now."""
        return current(self.store) or self.program.digest

    def take_in(
        self, kind: str, records: Sequence[Record], as_of: datetime | None = None, who: Who = OPERATOR, sees: Sees = everybody
    ) -> Response:
        """Takes records of a kind in, as somebody says them; tells what became of each."""
        now = self.now()
        version = self.version()
        of = kinds(self.store, self.program, now, captured_at=now, as_of=as_of, version=version, who=who, sees=sees)[kind]
        return outcomes(take_in(records, of, self.known()))


_w = tables.workspace.c
_CATALOG = select(_w.catalog).where(_w.shard == bindparam("shard"))
