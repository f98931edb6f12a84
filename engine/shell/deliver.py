"""The second loop: messages that are due go to their participants, outside of any transaction, at least once.

A message under way is leased: its attempt number is raised and it is due again when the lease ends. Whoever delivers it
acknowledges that attempt and no other, so that a worker that wakes up late changes nothing. Where no time passes meanwhile
(in a simulation) nothing is written before the answer is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from orderloom.dsl.program import Organization
from orderloom.engine import wire
from orderloom.engine.events import Undelivered
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.inbox import WAKE, due_row, put_facts
from orderloom.engine.shell.ports import Adapter, Delivery, Outgoing
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.retries import DELIVERIES, pause
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import DELIVERED, GIVEN_UP, LEASE, TRY_AGAIN, run


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers the messages of a store; `adapters` by the name that organizations connect with. `owner` names this worker."""

    store: Store
    programs: Programs
    adapters: Mapping[str, Adapter]
    clock: WorkerClock
    owner: str

    def round(self, now: datetime, limit: int) -> int:
        """Delivers up to `limit` messages that are due; how many there were."""
        messages, organizations = self._claim(now, limit)
        answers: list[tuple[Outgoing, Delivery]] = []
        for organization, group in groupby(sorted(messages, key=_organization), _organization):
            together = list(group)
            answers += zip(together, self._call(together, organizations.get(organization)), strict=True)
        if answers:
            self._acknowledge(answers)
        return len(messages)

    def _claim(self, now: datetime, limit: int) -> tuple[list[Outgoing], Mapping[str, Organization]]:
        lease = self.clock.lease
        with self.store.reading() if lease is None else self.store.writing() as connection:
            asked = {"shard": self.store.shard, "now": now, "limit": limit}
            messages = [self._outgoing(row, now) for row in connection.execute(_DUE, asked)]
            if lease is not None:
                until = wire.moment_text(now + lease)
                run(connection, LEASE, [(m.attempt, self.owner, until, self.store.shard, m.key) for m in messages])
            return messages, self.programs.current(connection).organizations if messages else {}

    def _outgoing(self, row: tuple[Any, ...], now: datetime) -> Outgoing:
        key, order, organization, role, message, body, due_at, attempt = row
        at = self.clock.moment(due_at, now)
        return Outgoing(key, order, organization, role, message, wire.load(body, dict[str, object]), at, attempt + 1)

    def _call(self, messages: Sequence[Outgoing], organization: Organization | None) -> Sequence[Delivery]:
        """Hands messages to the adapter of their organization; whatever goes wrong there is a failed delivery."""
        if organization is None:
            return _failed(messages, "the current version has no such organization")
        adapter = self.adapters.get(organization.adapter)
        if adapter is None:
            return _failed(messages, f"there is no adapter {organization.adapter}")
        try:
            answers = adapter.deliver(messages, organization.settings)
        except Exception as fault:
            return _failed(messages, f"{type(fault).__name__}: {fault}")
        if [answer.key for answer in answers] != [message.key for message in messages]:
            return _failed(messages, f"the adapter {organization.adapter} did not answer every message once, in order")
        return answers

    def _acknowledge(self, answers: Sequence[tuple[Outgoing, Delivery]]) -> None:
        """Writes what became of messages, and takes in the facts that came back."""
        shard = self.store.shard
        with self.store.writing() as connection:
            delivered = [(m.attempt, wire.moment_text(m.at), shard, m.key, self._fence(m)) for m, a in answers if not a.failed]
            run(connection, DELIVERED, delivered)
            for message, answer in answers:
                if answer.failed:
                    self._try_again(connection, message, answer.failed)
            put_facts(connection, shard, [fact for _, answer in answers for fact in answer.incoming])

    def _try_again(self, connection: Connection, message: Outgoing, failure: str) -> None:
        shard, fence = self.store.shard, self._fence(message)
        if message.attempt < DELIVERIES:
            due_at = wire.moment_text(message.at + pause(message.key, message.attempt))
            run(connection, TRY_AGAIN, [(message.attempt, due_at, failure, shard, message.key, fence)])
            return
        done_at = wire.moment_text(message.at)
        if run(connection, GIVEN_UP, [(message.attempt, done_at, failure, shard, message.key, fence)]):
            event = Undelivered(message.at, message.key, failure)
            run(connection, WAKE, [due_row(shard, message.order, f"undelivered/{message.key}", event, message.at)])

    def _fence(self, message: Outgoing) -> int:
        """The attempt that the row must still be at: a lease has counted this one already."""
        return message.attempt - (self.clock.lease is None)


def _organization(message: Outgoing) -> str:
    return message.organization


def _failed(messages: Sequence[Outgoing], because: str) -> list[Delivery]:
    return [Delivery(message.key, because) for message in messages]


_o = tables.outbox.c
_DUE = (
    select(_o.key, _o.order_id, _o.organization, _o.role, _o.message, _o.body, _o.due_at, _o.attempt)
    .where(_o.shard == bindparam("shard"), _o.done_at.is_(None), _o.due_at <= bindparam("now", type_=tables.Moment))
    .order_by(_o.due_at, _o.key)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
