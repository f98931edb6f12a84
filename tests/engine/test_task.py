"""What people do with a task, in any order: only who has it moves it on, and what is refused changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plays import START, Play, changed, order

from orderloom.dsl.program import Person
from orderloom.engine import wire
from orderloom.engine.effects import KeepTask
from orderloom.engine.events import Claimed, Completed, Delegated, Event, Happened, Released, Resolved, TimeReached
from orderloom.engine.refused import Refused
from orderloom.engine.task import Field, Task, after, claim, complete, delegate, filled, lacks_role, release
from orderloom.engine.world import World

STEPS = """
  - step: look
    task: look-at-order
    to: customer-service
    within: PT4H
    form: { weight: number, kind: [small, large] }
    escalate: [{ after: PT2H, to: operations }]
    on: { good: weigh, bad: stop, late: stop }
  - step: weigh
    choose:
      - { when: answer.weight > 10 and answer.kind = "large", next: stop }
      - otherwise: done
  - step: stop
    raise: stopped
    on: { look-again: look, give-up: done }
  - step: done
    end: done
"""
PEOPLE = ("ann", "bob", "cleo")
WORLD: World = changed("sales-order", "order", STEPS, DC1=5)
GOOD = {"weight": 3, "kind": "small"}


def play() -> Play:
    return Play(WORLD, order())


def the_task(of: Play) -> Task:
    [task] = of.live.tasks.values()
    return task


def test_what_was_filled_in_is_in_scope_afterwards() -> None:
    heavy, light = play(), play()
    heavy.feed(Completed(START, the_task(heavy).id, "ann", "good", {"weight": Decimal("10.01"), "kind": "large"}))
    light.feed(Completed(START, the_task(light).id, "ann", "good", {"weight": 10, "kind": "large"}))
    assert heavy.running() == {"order": "stop"}
    assert light.live.ended and light.live.tasks == {}


def test_a_task_that_is_late_is_closed_and_its_clocks_with_it() -> None:
    found = play()
    task = the_task(found)
    found.feed(TimeReached(START, task.id + "#escalate"))
    assert (the_task(found).role, the_task(found).escalated) == ("operations", 1)
    found.time_out("order")
    assert found.running() == {"order": "stop"} and found.live.tasks == {}
    [last] = [effect.task for effect in found.effects if isinstance(effect, KeepTask)][-1:]
    assert (last.outcome, last.closed_at) == ("late", START)
    found.feed(TimeReached(START, task.id + "#escalate"))  # comes late: nothing happens
    found.feed(Completed(START, task.id, "ann", "good", GOOD))
    assert found.running() == {"order": "stop"}
    assert ("order", f"good by ann: {task.id} is closed") in found.notes("late")


DOINGS = st.sampled_from(("claim", "release", "delegate", "complete", "fill in too little", "escalate", "noise"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(DOINGS, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=12))
def test_facts_in_any_order_keep_the_task_whole(doings: list[tuple[str, str, str]]) -> None:
    """The core notes what no longer fits; by the facts that did fit alone, the holder is known; the state can be stored."""
    found, holder, done = play(), None, False
    id = the_task(found).id
    for what, who, to in doings:
        events: dict[str, Event] = {
            "claim": Claimed(START, id, who),
            "release": Released(START, id, who),
            "delegate": Delegated(START, id, who, to),
            "complete": Completed(START, id, who, "good", GOOD),
            "fill in too little": Completed(START, id, who, "good", {"weight": 1}),
            "escalate": TimeReached(START, id + "#escalate"),
            "noise": Happened(START, "collected", None),
        }
        found.feed(events[what])
        free = holder in (None, who) and not done
        if what == "claim" and free:
            holder = who
        elif what == "delegate" and free:
            holder = to
        elif (what == "release" and holder == who) or what == "escalate":
            holder = None if not done else holder
        elif what == "complete" and free:
            done = True
        assert (found.live.tasks == {}) == done
        if not done:
            assert the_task(found).claimed_by == holder
        kept = {effect.task.id: effect.task for effect in found.effects if isinstance(effect, KeepTask)}
        assert {id: task for id, task in kept.items() if task.closed_at is None} == dict(found.live.tasks)
        assert wire.load_state(wire.dump_state(found.live)) == found.live


@given(st.lists(st.tuples(st.sampled_from(("claim", "release", "delegate")), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))))
def test_what_is_refused_leaves_the_holder(doings: list[tuple[str, str, str]]) -> None:
    task = the_task(play())
    people = {"ann": Person("ann", "Ann", ("customer-service",)), "bob": Person("bob", "Bob", ("operations",))}
    for what, who, to in doings:
        fact = (
            claim(task, who, START, people)
            if what == "claim"
            else release(task, who, START)
            if what == "release"
            else delegate(task, who, to, START, people)
        )
        task = task if isinstance(fact, Refused) else after(task, fact)
        assert task.claimed_by in (None, "ann")  # nobody else has the role


FORM = (
    Field("limit", "limit", "number"),
    Field("day", "day", "date", required=False),
    Field("sure", "sure", "boolean", required=False),
    Field("kind", "kind", "text", ("small", "large"), required=False),
)


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({}, "the form lacks limit"),
        ({"limit": "1e999999999"}, "limit must be a number, not 1e999999999"),
        ({"limit": "NaN"}, "limit must be a number, not NaN"),
        ({"limit": float("nan")}, "limit must be a number, not nan"),
        ({"limit": float("-inf")}, "limit must be a number, not -inf"),
        ({"limit": True}, "limit must be a number, not True"),
        ({"limit": 1, "day": "2026-02-30"}, "day must be a date, not 2026-02-30"),
        ({"limit": 1, "sure": "perhaps"}, "sure must be true or false, not perhaps"),
        ({"limit": 1, "kind": "medium"}, "kind must be one of small, large, not medium"),
        ({"limit": 1, "limt": 2}, "the form has no field limt; did you mean limit?"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, object], because: str) -> None:
    assert filled(FORM, given)[1] == (because,)


def test_what_is_right_is_of_the_fields_types() -> None:
    answer, wrong = filled(FORM, {"limit": "500.10", "day": "2026-03-02", "sure": "false", "kind": "large"})
    assert (answer, wrong) == ({"limit": Decimal("500.10"), "day": "2026-03-02", "sure": False, "kind": "large"}, ())


VALUES = st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers()))


@settings(deadline=None)  # the first of all examples loads what hints are made with, which takes its time on a busy machine
@given(st.dictionaries(st.sampled_from(("limit", "day", "sure", "kind", "x")), VALUES))
def test_whatever_is_given_is_taken_or_refused(given: dict[str, object]) -> None:
    answer, wrong = filled(FORM, given)
    assert wrong or "limit" in answer
    assert all(number.is_finite() for number in answer.values() if isinstance(number, Decimal))
    wire.dump(answer)


def test_who_has_an_exception_decides_it() -> None:
    found = play()
    found.feed(Completed(START, the_task(found).id, "ann", "bad", GOOD))
    [issue] = found.live.exceptions.values()
    found.feed(Claimed(START, issue.id, "olga"))
    found.feed(Resolved(START, issue.id, "give-up", "otto"))
    assert found.running() == {"order": "stop"}
    found.feed(Resolved(START, issue.id, "give-up", "olga"))
    assert found.live.ended


def test_a_task_completes_with_its_first_outcome() -> None:
    task = the_task(play())
    fact = complete(task, "ann", None, GOOD, START)
    assert isinstance(fact, Completed) and fact.outcome == "good"


@pytest.mark.parametrize(
    ("name", "role", "because"),
    [
        ("ann", "sales", None),
        ("olga", "sales", "olga has not the role sales; who has it: ann"),
        ("zoe", "sales", "zoe has not the role sales; who has it: ann"),
        ("olga", "customer", "olga has not the role customer; who has it: nobody"),
        ("Mrs Smith", "customer", None),
        ("", "sales", None),
    ],
)
def test_declared_people_act_in_their_roles_alone(name: str, role: str, because: str | None) -> None:
    staff = {"ann": Person("ann", "Ann", ("sales",)), "olga": Person("olga", "Olga", ("operations",))}
    assert lacks_role(name, role, staff) == because
    assert lacks_role(name, role, {}) is None
