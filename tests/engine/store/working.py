"""What every store must let people do: tasks and exceptions that are somebody's, and never two people's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache

from msgspec.structs import replace
from plays import START
from plays import order as an_order

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.audit import audit
from orderloom.engine.refused import Refused
from orderloom.engine.shell.asking import resolve
from orderloom.engine.shell.bulk import Bulk, Choice, resolve_all
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.people import Answer, claim_work, complete_task, delegate_work, release_work
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries, task_queries
from orderloom.engine.store.task_queries import key_of_task

PROCESS = b"""kind: process
name: sales-order
for: order
steps:
  - step: look
    task: look-at-order
    to: customer-service
    within: PT4H
    form: { weight: number }
    escalate: [{ after: PT2H, to: operations, every: PT1H }]
    on: { good: done, bad: stop }
  - step: stop
    raise: stopped
    on: { look-again: look, give-up: done }
  - step: done
    end: done
---
kind: exceptions
name: ours
types:
  stopped: { owner: operations, priority: answer_is, within: PT1H }
"""


@cache
def people_program() -> Program:
    text = PROCESS.replace(b"priority: answer_is", b"priority: order.quantity")
    manifest = b"orderloom: 1\nworkspace: people\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
    compiled = compile((*pack_sources("retail"), Source("orderloom.yaml", manifest), Source("rules/own.yaml", text)))
    assert compiled.program is not None, [d.message for d in compiled.diagnostics]
    return compiled.program


def _staffed(url: str, orders: int = 1) -> Store:
    """A store with orders, each of which has a task; order n has n units."""
    store = open_store(url, "people")
    assert isinstance(store, Store)
    program = people_program()
    deploy(store, program.digest, {}, "people", START)
    capture(store, [replace(an_order(n), id=f"P{n}") for n in range(1, orders + 1)], program.digest, START)
    _run(store, START)
    return store


def _run(store: Store, until: datetime) -> None:
    clock = SimulatedClock(store, timedelta(0), until)
    Worker(store, Programs(store, lambda _: people_program()), {}, clock).run_until_idle()


def _because(answer: object) -> str:
    assert isinstance(answer, Refused)
    return answer.because


def test_of_two_who_claim_a_task_one_gets_it(url: str) -> None:
    store = _staffed(url, 8)
    for n in range(1, 9):
        with ThreadPoolExecutor(4) as pool:
            task = f"P{n}/order:1"
            answers = list(pool.map(lambda who, task=task: claim_work(store, task, who, START), ["ann", "bob", "cleo", "dan"]))  # type: ignore[misc]
        assert answers.count(None) == 1
        [winner] = [who for who, answer in zip(["ann", "bob", "cleo", "dan"], answers, strict=True) if answer is None]
        assert {_because(answer) for answer in answers if answer} == {f"{winner} has claimed {task}"}
        _run(store, START + timedelta(minutes=1))
        [line] = task_queries.tasks(store, person=winner, limit=9)[-1:] or [None]
        assert line is not None and line.task.claimed_by == winner
    assert audit(store) == ()


def test_what_is_granted_counts_before_a_worker_has_come_to_it(url: str) -> None:
    store, task = _staffed(url), "P1/order:1"
    assert claim_work(store, task, "ann", START) is None
    assert claim_work(store, task, "ann", START) is None  # once more: nothing happens
    assert _because(release_work(store, task, "bob", START)) == f"ann has claimed {task}"
    assert delegate_work(store, task, "ann", "bob", START) is None
    assert _because(complete_task(store, task, "ann", START, Answer("good"))) == f"bob has claimed {task}"
    assert _because(complete_task(store, task, "bob", START, Answer("good"))) == "the form lacks weight"
    done = complete_task(store, task, "bob", START, Answer("good", {"weight": "1.50"}))
    assert not isinstance(done, Refused)
    assert _because(claim_work(store, task, "cleo", START)) == f"bob has just completed {task}: good"
    _run(store, START + timedelta(minutes=1))
    assert _because(claim_work(store, task, "cleo", START)) == f"task {task} is closed: good by bob"
    found = queries.order(store, "P1")
    assert found is not None and found.summary.outcome == "done"
    kinds = [line.kind for line in found.history if not line.subject]
    assert kinds == ["captured", "claimed", "delegated", "completed"]
    [closed] = found.tasks
    assert (closed.outcome, closed.completed_by, str(closed.answer["weight"])) == ("good", "bob", "1.50")
    assert audit(store) == ()


def test_there_is_no_such_work(url: str) -> None:
    store = _staffed(url)
    for work in ("P1/order:7", "P9/order:1", "P1", ""):
        assert _because(claim_work(store, work, "ann", START)) == f"there is no task and no exception {work}"


def test_queues_are_paged_and_in_order(url: str) -> None:
    store = _staffed(url, 6)
    whole = task_queries.tasks(store)
    assert [line.order for line in whole] == [f"P{n}" for n in range(1, 7)]
    first = task_queries.tasks(store, limit=4)
    assert first + task_queries.tasks(store, after=key_of_task(first[-1])) == whole
    assert task_queries.tasks(store, role="operations") == ()
    assert task_queries.tasks(store, due_before=START) == ()
    assert len(task_queries.tasks(store, due_before=START + timedelta(days=9))) == 6
    _run(store, START + timedelta(hours=2))
    assert {line.task.role for line in task_queries.tasks(store)} == {"operations"}
    _run(store, START + timedelta(hours=4))
    assert {line.task.escalated for line in task_queries.tasks(store, role="operations")} == {3}
    assert audit(store) == ()


def _stopped(url: str, orders: int) -> Store:
    store = _staffed(url, orders)
    for n in range(1, orders + 1):
        assert not isinstance(complete_task(store, f"P{n}/order:1", "ann", START, Answer("bad", {"weight": 1})), Refused)
    _run(store, START + timedelta(minutes=1))
    return store


def test_exceptions_come_by_priority_then_by_deadline_and_are_claimed(url: str) -> None:
    store = _stopped(url, 3)
    found = queries.exceptions(store, role="operations")
    assert [(line.order, line.priority) for line in found] == [("P3", 3), ("P2", 2), ("P1", 1)]
    assert all(line.due_at is not None and line.title == "stopped" for line in found)
    id = found[0].id
    assert claim_work(store, id, "olga", START) is None
    _run(store, START + timedelta(minutes=2))
    assert queries.exceptions(store, person="olga")[0].id == id
    assert _because(claim_work(store, id, "otto", START)) == f"olga has claimed {id}"
    assert _because(resolve(store, "P3", id, "give-up", "otto", START)) == f"olga has claimed exception {id}"
    assert resolve(store, "P3", id, "give-up", "olga", START + timedelta(minutes=3)) is None
    _run(store, START + timedelta(minutes=4))
    assert [line.option for line in queries.exceptions(store, settled=True)] == ["give-up"]
    assert audit(store) == ()


def test_many_are_decided_in_one_go(url: str) -> None:
    store = _stopped(url, 5)
    claimed = queries.exceptions(store)[0]
    assert claim_work(store, claimed.id, "otto", START) is None
    _run(store, START + timedelta(minutes=2))
    choice, at = Choice("stopped", "give-up", "olga"), START + timedelta(minutes=3)
    planned = resolve_all(store, choice, at, dry=True)
    assert planned == Bulk(4, {"otto has claimed it": 1})
    assert resolve_all(store, Choice("stopped", "fly", "olga"), at) == Bulk(0, {"fly is no way out of it": 5})
    some = resolve_all(store, choice, at, lambda page: [line for line in page if line.order in ("P1", "P5")])
    assert some == Bulk(1, {"otto has claimed it": 1})
    again = resolve_all(store, choice, at)
    assert again == Bulk(3, {"otto has claimed it": 1, "somebody else has decided it just now": 1})
    _run(store, START + timedelta(minutes=5))
    assert [line.order for line in queries.exceptions(store)] == ["P5"]
    assert audit(store) == ()
