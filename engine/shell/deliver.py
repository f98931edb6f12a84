"""The second loop: messages that are due go to their participants, outside of any transaction, at least once.

A message under way is leased: its attempt number is raised and it is due again when the lease ends. Whoever delivers it
acknowledges that attempt and no other, so that a worker that wakes up late changes nothing. Where no time passes meanwhile
(in a simulation) nothing is written before the answer is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from time import perf_counter

from msgspec import Struct
from sqlalchemy import Connection

from orderloom.dsl.program import Organization
from orderloom.engine import wire
from orderloom.engine.events import Undelivered
from orderloom.engine.shell.answers import failed, read
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.inbox import due_row, put_facts
from orderloom.engine.shell.observe import Delivered, Fenced, Observer, fault_of, nobody
from orderloom.engine.shell.outgoing import Claimed, Held, Ready, candidates, in_order, waves
from orderloom.engine.shell.ports import Adapter, Delivery, Incoming, Outgoing
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.retries import DELIVERIES, pause
from orderloom.engine.store import Store
from orderloom.engine.store.agenda import Agenda, Waiting
from orderloom.engine.store.statements import DELIVERED, GIVEN_UP, HOLD, LEASE, RENEW, TRY_AGAIN, WAKE, run
from orderloom.engine.words import in_words


class Answered(Struct, frozen=True):
    """What became of a message; None where one before it was not delivered. `began` and `seconds` are of its call."""

    message: Outgoing
    delivery: Delivery | None
    began: float
    seconds: float


class Courier(Struct, frozen=True):
    """Delivers the messages of a store; `adapters` by the name that organizations connect with. `owner` names this worker."""

    store: Store
    programs: Programs
    adapters: Mapping[str, Adapter]
    clock: WorkerClock
    owner: str
    observer: Observer = nobody

    def round(self, agenda: Agenda, limit: int) -> int:
        """Delivers up to `limit` messages that are due, those that are due longest; how many there were."""
        now = self.clock.horizon(agenda)
        lease = self.clock.lease
        with self.store.reading() if lease is None else self.store.writing() as connection:
            claimed = self._longest_due(connection, agenda.messages, now, limit)
            organizations = self.organizations(connection) if claimed.ready else {}
            if lease is not None:
                self.take(connection, claimed, now)
        answers = self._deliver(claimed.ready, organizations)
        with self.store.writing() as connection:
            if lease is None:
                self.hold(connection, claimed.held)
            self.acknowledge(connection, answers, now if lease is None else self.clock.now())
        self.tell(answers)
        return len(claimed.ready) + len(claimed.held)

    def organizations(self, connection: Connection) -> Mapping[str, Organization]:
        """The organizations of the current version."""
        return self.programs.current(connection).organizations

    # --- what is claimed ---

    def take(self, connection: Connection, claimed: Claimed, now: datetime) -> None:
        """Leases what is ready, and holds what stands behind it."""
        self.hold(connection, claimed.held)
        until, shard = self._lease_end(now), self.store.shard
        run(connection, LEASE, [(r.message.attempt, self.owner, until, shard, r.message.key) for r in claimed.ready])

    def renew(self, connection: Connection, messages: Iterable[Outgoing], now: datetime) -> None:
        """Gives a call that takes longer another lease, of what nobody else has taken up meanwhile."""
        until, shard = self._lease_end(now), self.store.shard
        run(connection, RENEW, [(until, shard, message.key, message.attempt) for message in messages])

    def hold(self, connection: Connection, held: Iterable[Held]) -> None:
        """Lets messages be due later, with as many attempts as before."""
        shard, before = self.store.shard, [(each.message.attempt - 1, each) for each in held]
        rows = [(tried, wire.moment_text(each.until), None, shard, each.message.key, tried) for tried, each in before]
        run(connection, HOLD, rows)

    def _longest_due(self, connection: Connection, waiting: Waiting, now: datetime, limit: int) -> Claimed:
        shard = self.store.shard
        due = [(queue, since) for queue, since in waiting.items() if since <= now]
        found = [each for queue in due for each in candidates(connection, shard, *queue, now, limit, self.clock)]
        return in_order(sorted(found, key=lambda each: each.moment)[:limit], now)

    def _lease_end(self, now: datetime) -> str:
        return wire.moment_text(now + (self.clock.lease or timedelta(0)))

    # --- calls ---

    def _deliver(self, ready: Sequence[Ready], organizations: Mapping[str, Organization]) -> list[Answered]:
        answers: dict[str, Answered] = {}
        for name, group in groupby(sorted(ready, key=_organization), _organization):
            answers |= {answer.message.key: answer for answer in self.call(list(group), organizations.get(name))}
        return [answers[each.message.key] for each in ready]

    def call(self, ready: Sequence[Ready], organization: Organization | None) -> list[Answered]:
        """Hands messages to the adapter of their organization, of each order one at a time."""
        answers: list[Answered] = []
        stuck: set[str] = set()  # orders of which a message was not delivered
        for wave in waves(ready):
            answers += (Answered(each.message, None, 0, 0) for each in wave if each.message.order in stuck)
            messages = [each.message for each in wave if each.message.order not in stuck]
            began = perf_counter()
            deliveries = self._call(messages, organization) if messages else ()
            seconds = perf_counter() - began
            answers += (Answered(m, found, began, seconds) for m, found in zip(messages, deliveries, strict=True))
            stuck |= {message.order for message, found in zip(messages, deliveries, strict=True) if found.failed}
        return answers

    def _call(self, messages: Sequence[Outgoing], organization: Organization | None) -> Sequence[Delivery]:
        """What an adapter answers; whatever goes wrong there is a failed delivery."""
        if messages[0].attempt > DELIVERIES:  # deserted, and therefore alone
            return failed(messages, f"no worker lived to see an answer, {DELIVERIES} times")
        if organization is None:
            return failed(messages, "the current version has no such organization")
        adapter = self.adapters.get(organization.adapter)
        if adapter is None:
            return failed(messages, f"there is no adapter {organization.adapter}")
        try:
            return read(messages, adapter.deliver(messages, organization.settings), organization.adapter)
        except (Exception, SystemExit) as fault:
            return failed(messages, in_words(fault))

    # --- what became of it ---

    def acknowledge(self, connection: Connection, answers: Sequence[Answered], now: datetime) -> None:
        """Writes what became of messages, and takes in the facts that came back."""
        shard, facts, uncounted = self.store.shard, list[Incoming](), self.clock.lease is None
        delivered = [a.message for a in answers if a.delivery and not a.delivery.failed]
        for organization, group in groupby(sorted(delivered, key=_name), _name):
            rows = [(m.attempt, self._moment(m, now), shard, m.key, m.attempt - uncounted) for m in group]
            fenced = len(rows) - run(connection, DELIVERED, rows)
            if fenced:
                self.observer(Fenced(organization, fenced))
        again: dict[tuple[str, str], datetime] = {}  # when the message is tried again for which others are held
        for message, delivery in ((answer.message, answer.delivery) for answer in answers):
            if delivery is not None and delivery.failed:
                again[message.order, message.organization] = self._try_again(connection, message, delivery, now)
            elif delivery is not None:
                facts += delivery.incoming
        for message in (answer.message for answer in answers if answer.delivery is None):
            self._hold_behind(connection, message, again[message.order, message.organization])
        put_facts(connection, shard, facts)

    def tell(self, answers: Iterable[Answered]) -> None:
        """Tells of each attempt."""
        for each in answers:
            if each.delivery is not None:
                self.observer(_told(each.message, each.delivery, each.began, each.seconds))

    def _try_again(self, connection: Connection, message: Outgoing, delivery: Delivery, now: datetime) -> datetime:
        """When the message is tried again; now, where it is given up."""
        shard, fence, failure = self.store.shard, self._fence(message), delivery.failed or ""
        at = self.clock.moment(message.at, now)
        if message.attempt < DELIVERIES:
            due_at = at + max(pause(message.key, message.attempt), delivery.retry_after)
            run(connection, TRY_AGAIN, [(message.attempt, wire.moment_text(due_at), failure, None, shard, message.key, fence)])
            return due_at
        if run(connection, GIVEN_UP, [(message.attempt, wire.moment_text(at), failure, shard, message.key, fence)]):
            event = Undelivered(at, message.key, failure)
            run(connection, WAKE, [due_row(shard, message.order, f"undelivered/{message.key}", event, at)])
        return at

    def _hold_behind(self, connection: Connection, message: Outgoing, until: datetime) -> None:
        due_at = wire.moment_text(until + timedelta(microseconds=1))
        run(connection, HOLD, [(message.attempt - 1, due_at, None, self.store.shard, message.key, self._fence(message))])

    def _moment(self, message: Outgoing, now: datetime) -> str:
        return wire.moment_text(self.clock.moment(message.at, now))

    def _fence(self, message: Outgoing) -> int:
        """The attempt that the row must still be at: a lease has counted this one already."""
        return message.attempt - (self.clock.lease is None)


def _organization(ready: Ready) -> str:
    return ready.message.organization


_name = attrgetter("organization")


def _told(message: Outgoing, delivery: Delivery, began: float, seconds: float) -> Delivered:
    result = "delivered" if not delivery.failed else "failed" if message.attempt < DELIVERIES else "given-up"
    known = (message.order, message.traceparent, message.key, message.organization, message.role, message.message)
    return Delivered(*known, message.attempt, result, began, seconds, delivery.failed and fault_of(delivery.failed))
