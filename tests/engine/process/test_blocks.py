"""Branches, runs for elements, and processes that run processes: how they start, join, end, and are left."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace as changed_to
from plays import START, Play, changed, order

from orderloom.engine import wire
from orderloom.engine.effects import CloseException, Send
from orderloom.engine.events import Cancelled, Completed, Resolved
from orderloom.engine.process.elements import packed, unpacked

PICK_AND_CALL = """
  - step: both
    status: being prepared
    parallel:
      goods:
        - { step: pick, ask: fulfiller, message: pick-request, status: picking, on: { short-picked: join } }
        - { step: pack, ask: fulfiller, message: pack-request }
      patience:
        - { step: rest, wait: P2D }
        - { step: call, ask: fulfiller, message: pick-request, on: { short-picked: call } }
"""
DONE = """
  - { step: done, end: delivered }
  - { step: too-late, end: lost }
  - { step: given-up, do: release-stock }
  - { step: cancelled, end: cancelled }
"""


def played(steps: str, *more: str) -> Play:
    return Play(changed("ship-to-customer", "fulfillment", steps, *more, DC1=5), order())


def used(more: str) -> str:
    """Ways to the steps of DONE, all of which must be reached."""
    return f"\n  - {{ step: ways, choose: [{{ when: unit.quantity > 99, next: too-late }}, {more}{{ otherwise: done }}] }}{DONE}"


ENDS = used("{ when: unit.quantity > 98, next: given-up }, ")


def test_branches_run_beside_each_other_and_meet_at_the_join() -> None:
    play = played(PICK_AND_CALL + ENDS)
    parts = {"O1-1/both.goods": "pick", "O1-1/both.patience": "rest"}
    assert play.running() == {"order": "work", "O1-1": "both"} | parts
    assert play.live.units["O1-1"].status == "picking"
    play.reply("picked", "O1-1/both.goods")
    play.time_out("O1-1/both.patience")
    play.reply("picked", "O1-1/both.patience")
    assert play.live.instances["O1-1"].ended is None
    play.reply("packed", "O1-1/both.goods")
    assert play.live.instances["O1-1"].ended == "delivered"
    assert {each.ended for each in play.live.instances.values() if each.parent} == {"over"}
    assert play.timers() == set()


@pytest.mark.parametrize(("join", "goes_on"), [("any", True), ("1", True), ("2", False), ("all", False)])
def test_a_join_counts_branches_and_ends_the_others(join: str, goes_on: bool) -> None:
    play = played(PICK_AND_CALL + f"    join: {join}" + ENDS)
    asked = play.live.instances["O1-1/both.goods"].key
    play.reply("short-picked", "O1-1/both.goods")
    assert (play.live.instances["O1-1"].ended == "delivered") is goes_on
    assert play.live.instances["O1-1/both.goods"].ended == "over"
    if goes_on:
        assert play.live.instances["O1-1/both.patience"].ended == "stopped"
        assert play.timers() == set()
    play.reply("picked", "O1-1/both.goods")
    assert play.notes("late")[-1] == ("order", f"reply picked to O1/{asked}")


def test_an_exception_in_a_branch_that_is_ended_is_closed() -> None:
    steps = """
  - step: both
    parallel:
      stuck:
        - { step: help, raise: trouble, to: operations, on: { go: join } }
      goods:
        - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: join } }
    join: any
"""
    play = played(steps + ENDS)
    (issue,) = play.live.exceptions
    assert issue == "O1/O1-1/both.stuck:1"
    play.reply("picked", "O1-1/both.goods")
    assert play.live.exceptions == {}
    assert CloseException(issue, "stopped") in play.effects
    play.feed(Resolved(START, issue, "go", "ann"))
    assert play.notes("late")[-1] == ("order", f"resolution go of {issue}")


def test_an_end_in_a_branch_ends_the_whole_process() -> None:
    steps = """
  - step: both
    parallel:
      goods:
        - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: gone } }
        - { step: join-them, choose: [{ otherwise: join }] }
        - { step: gone, end: lost }
      patience:
        - { step: rest, wait: P2D }
"""
    play = played(steps + ENDS)
    play.reply("short-picked", "O1-1/both.goods")
    assert play.live.instances["O1-1"].ended == "lost"
    assert play.live.instances["O1-1/both.patience"].ended == "stopped"
    assert play.timers() == set()
    assert play.live.ended
    free = play.world.stock.position("TEE", "DC1")
    assert free is not None
    assert sum(supply.reserved for supply in free.supplies) == 0


def test_the_clock_of_a_step_with_branches_ends_them() -> None:
    play = played(PICK_AND_CALL + "    within: P1D\n    on: { late: too-late }" + ENDS)
    assert len(play.timers()) == 2
    play.time_out()
    assert play.live.instances["O1-1"].ended == "lost"
    assert play.timers() == set()


def test_branches_begin_anew_with_visits_of_their_own() -> None:
    steps = """
  - step: both
    parallel:
      goods:
        - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: join } }
  - { step: rest, wait: P1D }
  - { step: again, choose: [{ when: unit.quantity > 99, next: done }, { otherwise: both }] }
  - { step: done, end: delivered }
"""
    play = played(steps)
    first = play.live.instances["O1-1/both.goods"].key
    play.reply("picked", "O1-1/both.goods")
    play.time_out()
    assert play.live.instances["O1-1/both.goods"].key == "O1-1/both.goods:2"
    play.reply("picked", "O1-1/both.goods")
    keys = [effect.key for effect in play.effects if isinstance(effect, Send) and effect.message == "pick-request"]
    assert keys == [f"O1/{first}", "O1/O1-1/both.goods:2"]


def test_an_event_wakes_all_that_wait_for_it_and_is_kept_for_the_first_that_will() -> None:
    steps = """
  - step: both
    parallel:
      one:
        - { step: wait-one, wait: collected }
      two:
        - { step: wait-two, wait: collected }
      three:
        - { step: rest, wait: P1D }
        - { step: wait-three, wait: collected }
"""
    play = played(steps + ENDS)
    play.happens("collected")
    assert [play.live.instances[f"O1-1/both.{name}"].ended for name in ("one", "two", "three")] == ["over", "over", None]
    play.happens("collected")
    play.time_out("O1-1/both.three")
    assert play.live.instances["O1-1"].ended == "delivered"


EVERY_LINE = """
  - step: every-line
    each: unit.lines
    as: part
    steps:
      - { step: is-it-large, choose: [{ when: part.quantity > 1, next: pick }, { otherwise: join }] }
      - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: join } }
"""


def two_lines() -> Play:
    two = (*order().lines, changed_to(order().lines[0], id="2", quantity=1))
    return Play(changed("ship-to-customer", "fulfillment", EVERY_LINE + ENDS, DC1=5), changed_to(order(), lines=two))


def test_a_block_runs_for_every_element_and_sees_it() -> None:
    play = two_lines()
    assert [play.live.instances[f"O1-1/every-line.{n}"].ended for n in (1, 2)] == [None, "over"]
    (asked,) = [effect for effect in play.effects if isinstance(effect, Send) and effect.message == "pick-request"]
    assert asked.body["part"] == {"line": "1", "item": asked.body["part"]["item"], "quantity": Decimal(2)}  # type: ignore[index]
    play.reply("picked", "O1-1/every-line.1")
    assert play.live.instances["O1-1"].ended == "delivered"


def test_an_element_outlives_the_store() -> None:
    play = two_lines()
    assert wire.load_state(wire.dump_state(play.live)) == play.live
    value = {"a": [Decimal("1.50"), None, True], "@": "x"}
    assert unpacked(wire.load(wire.dump(packed(value)), object)) == value


def test_nothing_runs_for_an_empty_list() -> None:
    steps = EVERY_LINE.replace("unit.lines", "unit.lines[quantity > 99]")
    play = played(steps + ENDS)
    assert play.live.instances["O1-1"].ended == "delivered"
    assert [id for id in play.live.instances if "/" in id] == []


def test_a_line_of_the_order_is_seen_as_it_is_now_and_told_alone() -> None:
    steps = """
  - step: every-line
    each: order.lines
    as: line
    join: 5
    steps:
      - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: join } }
      - { step: now, choose: [{ when: line.status = "packed up", next: pack }, { otherwise: join }] }
      - { step: pack, ask: fulfiller, message: pack-request }
"""
    play = played(steps.replace("message: pick-request,", "message: pick-request, status: packed up,") + ENDS)
    (asked,) = [effect for effect in play.effects if isinstance(effect, Send) and effect.message == "pick-request"]
    assert asked.body["line"] == "1"
    play.reply("picked", "O1-1/every-line.1")
    assert play.running()["O1-1/every-line.1"] == "pack"


CALLED = """
---
kind: process
name: hand-over
for: fulfillment
steps:
  - { step: give, ask: fulfiller, message: pick-request, on: { short-picked: none } }
  - { step: given, end: given }
  - { step: none, end: nothing-there }
"""
CALLER = """
  - step: hand
    run: hand-over
    within: P1D
    on: { nothing-there: too-late, late: given-up }
""" + DONE.replace("  - { step: done", "  - { step: done", 1)


@pytest.mark.parametrize(("reply", "outcome"), [("picked", "delivered"), ("short-picked", "lost")])
def test_the_end_of_a_process_that_is_run_names_the_way_on(reply: str, outcome: str) -> None:
    play = played(CALLER + CALLED)
    assert play.running()["O1-1/hand"] == "give"
    play.reply(reply, "O1-1/hand")
    assert play.live.instances["O1-1"].ended == outcome
    assert play.timers() == set()


def test_a_process_that_is_run_ends_when_its_caller_goes_on_or_is_cancelled() -> None:
    play = played(CALLER + CALLED)
    play.time_out()
    assert (play.live.instances["O1-1"].ended, play.live.instances["O1-1/hand"].ended) == ("cancelled", "stopped")
    play = played(CALLER + CALLED)
    play.feed(Cancelled(START, "ann"))
    assert {each.ended for each in play.live.instances.values()} == {"cancelled"}
    assert play.timers() == set()
    assert play.live.ended


QUOTES = """
  - step: quotes
    each: "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    as: bidder
    steps:
      - { step: ask-for-it, ask: fulfiller, message: pick-request, on: { short-picked: join } }
      - { step: how-heavy, choose: [{ when: reply.weight > 5, next: look }, { otherwise: join }] }
      - step: look
        task: look
        to: operations
        form: { remark: text }
  - step: again
    choose:
      - { when: "count(replies) = 10 and replies[10].number * replies[10].weight = 100 and replies.weight[1] = null", next: done }
      - { when: "count(answers[remark != null]) < 99 and reply.weight = null", next: given-up }
      - { otherwise: too-late }
"""
WEIGHED = """
---
kind: participants
name: weighed
roles:
  fulfiller:
    receives:
      pick-request: { replies: [picked, short-picked], fields: { weight: number, shelf: string } }
"""


def test_what_is_told_of_one_element_is_its_own() -> None:
    play = played(QUOTES + DONE + WEIGHED)
    parts = [f"O1-1/quotes.{n}" for n in range(1, 11)]
    for n, part in reversed(list(enumerate(parts, 1))):
        play.reply("picked", part, weight=n, shelf="A")
    assert [id for id, step in play.running().items() if step == "look"] == parts[5:], "each sees its own weight"
    (work,) = [id for id, task in play.live.tasks.items() if task.instance == parts[9]]
    play.feed(Completed(START, work, by="ann", outcome="done", form={"remark": "broad"}))
    assert play.live.answers == {parts[9]: {"remark": "broad"}}
    assert "O1-1" not in play.live.replies
    assert wire.load_state(wire.dump_state(play.live)) == play.live


def test_what_was_told_is_a_list_behind_the_join() -> None:
    play = played(QUOTES.replace("reply.weight > 5", "reply.weight > 99") + DONE + WEIGHED)
    for n in (3, 2, 4, 5, 6, 7, 8, 9, 10):
        play.reply("picked", f"O1-1/quotes.{n}", weight=n)
    play.reply("picked", "O1-1/quotes.1", shelf="B")
    assert play.live.instances["O1-1"].ended == "delivered", "in the order of the elements, null where nothing was told"
