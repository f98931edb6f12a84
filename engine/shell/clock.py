"""What time it is for the worker: the database's clock, or a simulated one that jumps to whatever is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from orderloom.engine.store import Store
from orderloom.engine.store.agenda import Agenda, earliest

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class WorkerClock(Protocol):
    """The clock of a worker. `lease` is how long a message under way is left alone; None where no time passes meanwhile."""

    lease: timedelta | None

    def now(self) -> datetime:
        """The present moment."""
        ...

    def horizon(self, agenda: Agenda) -> datetime:
        """With this to do, everything that is due up to this moment is worked on."""
        ...

    def moment(self, due_at: datetime, now: datetime) -> datetime:
        """The moment at which something that was due takes effect, when it is worked on `now`."""
        ...


class DatabaseClock:
    """The store's own clock, the same for every worker on every host. What is late takes effect now."""

    lease: timedelta | None = timedelta(minutes=1)

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> datetime:
        """The present."""
        return self._store.now()

    def horizon(self, agenda: Agenda) -> datetime:
        """The present, as of the look at the agenda."""
        return agenda.at or self._store.now()

    def moment(self, due_at: datetime, now: datetime) -> datetime:
        """Now, whenever it was due."""
        return now


class SimulatedClock:
    """A clock for demonstrations, dry runs and scenarios: it stands at the end of the tick in which something is due next.

    It has no memory, the store alone says what time it is: a run that is killed and taken up again takes the same turns as one
    that is not. A `tick` of 0 goes from moment to moment; longer ones make larger batches. It never passes `until`, and stands
    there when nothing is due any more.
    """

    lease: timedelta | None = None

    def __init__(self, store: Store, tick: timedelta = timedelta(0), until: datetime = END_OF_TIME) -> None:
        self._store = store
        self._tick = tick
        self._until = until

    def now(self) -> datetime:
        """The last moment of the tick that has the earliest due work."""
        return self.horizon(earliest(self._store))

    def horizon(self, agenda: Agenda) -> datetime:
        """The last moment of the tick that has the earliest work of this agenda."""
        due = [moment for moment in (agenda.turn, agenda.message) if moment is not None]
        return min(self._end_of_tick(min(due)), self._until) if due else self._until

    def moment(self, due_at: datetime, now: datetime) -> datetime:
        """The very moment at which it was due."""
        return due_at

    def _end_of_tick(self, moment: datetime) -> datetime:
        if not self._tick:
            return moment
        start = moment - (moment - datetime(1970, 1, 1, tzinfo=UTC)) % self._tick
        return start + self._tick - timedelta(microseconds=1)
