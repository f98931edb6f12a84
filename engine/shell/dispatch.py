"""Deliveries side by side: what is due goes to each participant as it takes it, and none waits for another.

One thread looks, claims and acknowledges, in one transaction for all of them; the calls are made by others. So many messages are
under way at most as there may be calls, times what a call takes, however many wait.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from orderloom.dsl.program import Organization
from orderloom.engine.shell.claims import Rota, due_of
from orderloom.engine.shell.deliver import Answered, Courier
from orderloom.engine.shell.gate import Gate
from orderloom.engine.shell.observe import Breaker, Broke
from orderloom.engine.shell.outgoing import Candidate, Claimed, candidates, in_order, to_organization
from orderloom.engine.shell.ports import Outgoing
from orderloom.engine.store.agenda import Agenda, earliest, organization_of

LONGEST_CALL = 900.0  #: seconds for which the lease of a call is renewed; then others may take its messages up


class Call(Struct, frozen=True):
    """Messages on their way to one participant. It `began`, and its lease was `renewed`, at moments of the monotonic clock."""

    organization: str
    messages: tuple[Outgoing, ...]
    answers: Future[list[Answered]]
    began: float
    renewed: float


class Dispatch:
    """Delivers by up to `most` calls at a time; only for orders of the `divisions`, where some are named.

    `wake` is told when a call has ended, and lets the loop that calls `round` go on.
    """

    def __init__(self, courier: Courier, most: int, wake: Callable[[], None], divisions: Collection[str] | None = None) -> None:
        self._courier, self._most, self._wake, self._divisions = courier, most, wake, divisions
        self._pool = ThreadPoolExecutor(most, "delivery")
        self._calls: list[Call] = []
        self._gates: dict[str, Gate] = {}
        self._rotas: dict[str, Rota] = {}
        self._organizations: Mapping[str, Organization] = {}

    @property
    def breakers(self) -> Mapping[str, str]:
        """The breakers that are not closed, by organization."""
        found = {name: gate.breaker for name, gate in list(self._gates.items())}
        return {name: breaker.value for name, breaker in found.items() if breaker is not Breaker.CLOSED}

    def round(self) -> int:
        """Acknowledges calls that have ended and begins new ones; how many messages it had to do with.

        Where it raises, nothing is forgotten: what has been answered is acknowledged by the next round.
        """
        agenda = earliest(self._courier.store, self._divisions)
        ended = [call for call in self._calls if call.answers.done()]
        stale = [call for call in self._calls if call not in ended and self._is_stale(call)]
        ready = self._ready(agenda)
        if not (ended or stale or ready):
            return 0
        claims = self._write(agenda, ended, stale, ready)
        for call in ended:
            self._end(call)
        for organization, claimed in claims.items():
            if claimed.ready:
                self._begin(organization, claimed)
        return len(ended) + sum(len(claimed.ready) + len(claimed.held) for claimed in claims.values())

    def close(self) -> None:
        """Waits for the calls that are under way, and acknowledges them."""
        self._pool.shutdown()
        calls = list(self._calls)
        if calls:
            self._write(earliest(self._courier.store, self._divisions), calls, (), ())
        for call in calls:
            self._end(call)

    # --- within ---

    def _ready(self, agenda: Agenda) -> list[str]:
        """The participants to which a call may begin, whoever has waited longest first, as far as there is room for calls."""
        now = self._courier.clock.horizon(agenda)
        first: dict[str, datetime] = {}
        for name in {organization_of(queue) for queue in agenda.messages}:
            due = due_of(to_organization(agenda.messages, name), now)
            if due and self._room(name):
                first[name] = min(due.values())
        return sorted(first, key=lambda name: (first[name], name))[: self._most - len(self._calls)]

    def _write(self, agenda: Agenda, ended: Sequence[Call], stale: Sequence[Call], ready: Sequence[str]) -> dict[str, Claimed]:
        """Everything that is to be written, in one transaction; what was claimed, by organization."""
        courier, now = self._courier, self._courier.clock.horizon(agenda)
        with courier.store.writing() as connection:
            courier.acknowledge(connection, [answer for call in ended for answer in call.answers.result()], now)
            courier.renew(connection, [message for call in stale for message in call.messages], now)
            if ready:
                self._organizations = courier.organizations(connection)
            claims = {name: self._claim(connection, name, agenda, now) for name in ready}
            for claimed in claims.values():
                courier.take(connection, claimed, now)
        self._calls = [replace(call, renewed=monotonic()) if call in stale else call for call in self._calls]
        return claims

    def _claim(self, connection: Connection, organization: str, agenda: Agenda, now: datetime) -> Claimed:
        waiting = to_organization(agenda.messages, organization)

        def of(queue: str, limit: int) -> list[Candidate]:
            where = self._courier.store.shard, f"{organization}/{queue}", waiting[queue]
            return candidates(connection, *where, now, limit, self._courier.clock)

        return in_order(self._rota(organization).take(waiting, now, self._room(organization), of), now)

    def _begin(self, organization: str, claimed: Claimed) -> None:
        found, now = self._organizations.get(organization), monotonic()
        self._gate(organization).began(len(claimed.ready), now, found.rate if found else None)
        answers = self._pool.submit(self._courier.call, claimed.ready, found)
        self._calls.append(Call(organization, tuple(each.message for each in claimed.ready), answers, now, now))
        answers.add_done_callback(lambda _: self._wake())

    def _end(self, call: Call) -> None:
        """Takes note of what a call says of its participant. One that the current version does not have is not down."""
        self._calls.remove(call)
        answers = call.answers.result()
        self._courier.tell(answers)
        tried = [answer.delivery for answer in answers if answer.delivery]
        asked = max((delivery.retry_after.total_seconds() for delivery in tried), default=0.0)
        reached = any(not delivery.failed for delivery in tried) or call.organization not in self._organizations
        gate = self._gate(call.organization)
        before = gate.breaker
        gate.ended(reached, monotonic(), sum({answer.began: answer.seconds for answer in answers}.values()), asked)
        if gate.breaker is not before:
            self._courier.observer(Broke(call.organization, gate.breaker))

    def _is_stale(self, call: Call) -> bool:
        lease, now = self._courier.clock.lease, monotonic()
        return lease is not None and now - call.renewed > lease.total_seconds() / 3 and now - call.began < LONGEST_CALL

    def _room(self, organization: str) -> int:
        found = self._organizations.get(organization)
        return self._gate(organization).room(monotonic(), found.concurrency if found else 1)

    def _gate(self, organization: str) -> Gate:
        return self._gates.setdefault(organization, Gate())

    def _rota(self, organization: str) -> Rota:
        return self._rotas.setdefault(organization, Rota())
