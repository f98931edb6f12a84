"""What is left behind when something ends or goes on, and what nobody waits for in vain."""

from __future__ import annotations

from datetime import timedelta

from handling import ADDRESS, played
from plays import START, Play

from orderloom.engine.effects import Note
from orderloom.engine.events import Happened, HoldApplied, ModificationAsked, TimeReached, Undelivered
from orderloom.engine.modifications.request import Part

UNIT = """
kind: process
name: ship-to-customer
for: fulfillment
steps:
"""
ORDER = """
---
kind: process
name: sales-order
for: order
steps:
"""
SHIPPED = UNIT + "  - { step: hand-over, do: ship }\n  - { step: done, end: shipped }\n"
HOLD = """
---
kind: holds
name: stops
order:
  a-while: { because: x, apply: { by: [operations], on: [collected] }, resolve: { by: [operations], after: P1D } }
"""


def left_of(play: Play) -> tuple[set[str], list[str]]:
    return play.timers(), [issue.type for issue in play.live.exceptions.values()]


def test_an_answer_clears_the_clock_of_the_next_try() -> None:
    asked = "  - { step: pick, ask: fulfiller, message: pack-request, retry: { times: 2, every: PT1H } }\n"
    play = played(UNIT + asked + "  - { step: rest, wait: collected }\n  - { step: done, end: shipped }\n")
    play.feed(Undelivered(START, "O1/O1-1:1", "nobody is there"))
    assert play.timers() == {"O1/O1-1:1"}
    play.reply("packed")
    assert play.timers() == set()


def test_whoever_ends_leaves_no_exception() -> None:
    play = played(UNIT + "  - { step: rest, wait: collected }\n  - { step: done, end: shipped }\n" + ADDRESS)
    wrong = Happened(START, "address-changed", data={"zip": "1", "urgent": "perhaps"})
    play.feed(wrong)
    assert left_of(play) == (set(), ["wrong-data"])
    play.happens("collected")
    assert play.live.ended and left_of(play) == (set(), [])
    step = play.feed(wrong)
    assert left_of(play) == (set(), [])
    assert [effect.kind for effect in step.effects if isinstance(effect, Note)] == ["late"]


def test_an_order_without_units_does_not_wait_for_their_end() -> None:
    play = played(SHIPPED + ORDER + "  - { step: work, wait: units-ended }\n  - { step: done, end: delivered }\n")
    assert play.live.ended and not play.live.units


def test_that_the_units_ended_is_not_remembered_for_those_that_come_later() -> None:
    again = """  - { step: find, do: source, on: { partly: next, nothing: next } }
  - { step: begin, do: start-units }
  - { step: more, wait: PT1H }
  - { step: source, do: source, on: { partly: next, nothing: next } }
  - { step: go, do: start-units }
  - { step: work, wait: units-ended }
  - { step: done, end: delivered }
"""
    waits = "  - { step: any, choose: [{ when: order.quantity > 2, next: rest }, { otherwise: done }] }\n"
    unit = UNIT + waits + "  - { step: rest, wait: collected }\n  - { step: done, end: shipped }\n"
    play = played(unit + ORDER + again)
    assert play.live.units["O1-1"].outcome == "shipped" and not play.live.early.get("order")

    play.feed(ModificationAsked(START, "M1", (Part("quantity", line="1", quantity=4),), "customer-service"))
    play.time_out("order")
    assert list(play.live.units) == ["O1-1", "O1-2"] and play.running() == {"order": "work", "O1-2": "rest"}
    play.happens("collected", "O1-2")
    assert play.live.ended


def test_what_has_left_its_node_is_not_sourced_again() -> None:
    steps = "  - { step: hand-over, do: ship }\n  - { step: again, do: source-again, on: { short: next } }\n"
    play = played(UNIT + steps + "  - { step: done, end: shipped }\n")
    assert play.live.ended and play.live.units["O1-1"].shipped
    assert (list(play.live.units), dict(play.live.exceptions)) == (["O1-1"], {})


def test_a_hold_that_another_event_resolves_in_time_leaves_no_clock() -> None:
    play = played(UNIT + "  - { step: rest, wait: P2D }\n  - { step: done, end: shipped }\n" + HOLD)
    play.feed(HoldApplied(START, "a-while", "operations", "ann"))
    assert "O1/hold/a-while" in play.timers()
    play.feed(TimeReached(START + timedelta(days=2), "O1/O1-1:1"))
    assert play.timers() == set()


def test_an_order_that_has_ended_is_not_held() -> None:
    play = played(SHIPPED + HOLD)
    assert play.live.ended
    play.happens("collected")
    assert play.notes("hold") == []


INNER = """  - { step: go, run: inner, on: { cut: next } }
  - { step: done, end: shipped }
  - { step: regret, take-back: everything }
  - { step: regretted, end: regretted }
handlers:
  - { on: vendor-shipped, steps: [{ step: over, tell: customer, message: shipped, next: regret }] }
---
kind: process
name: inner
for: fulfillment
steps:
  - step: pick
    ask: fulfiller
    message: pick-request
    on: { short-picked: next }
    undo: { steps: [{ step: put-back, ask: fulfiller, message: pack-request }] }
  - { step: back, take-back: everything }
  - { step: rest, wait: collected, within: P1D, on: { late: cut } }
  - { step: up, end: up }
  - { step: cut, end: cut }
handlers:
  - { on: address-changed, when: event.urgent, steps: [{ step: anew, tell: customer, message: shipped, next: back }] }
"""


def test_what_was_being_undone_when_it_was_interrupted_is_undone_after_all() -> None:
    play = played(UNIT + INNER + ADDRESS)
    play.reply("picked", "O1-1/go")
    assert play.sent()[-1] == "pack-request"
    play.happens("vendor-shipped")
    (undoing,) = play.live.undoing.items()
    assert (undoing[0], undoing[1].at and undoing[1].at.step) == ("O1-1", "pick")
    play.reply("packed", undoing[1].part)
    assert play.live.instances["O1-1"].ended == "regretted" and not (play.live.undoing or play.live.done)


def test_a_process_that_takes_back_twice_undoes_each_step() -> None:
    play = played(UNIT + INNER + ADDRESS)
    play.reply("picked", "O1-1/go")
    play.feed(Happened(START, "address-changed", data={"zip": "1", "urgent": True}))
    (undoing,) = play.live.undoing.values()
    play.reply("packed", undoing.part)
    assert (play.live.instances["O1-1/go"].step, play.live.undoing, play.live.done) == ("rest", {}, ())


def test_what_was_given_back_is_not_shipped() -> None:
    steps = "  - { step: back, do: release-stock }\n  - { step: hand-over, do: ship }\n  - { step: done, end: gone }\n"
    play = played(UNIT + steps)
    assert (play.live.ended, play.live.units["O1-1"].shipped, dict(play.live.exceptions)) == (True, False, {})


def test_a_time_that_was_never_set_moves_nobody() -> None:
    waits = "  - { step: rest, wait: collected }\n  - { step: done, end: shipped }\n"
    asks = "  - { step: pick, ask: fulfiller, message: pack-request }\n"
    play = played(UNIT + asks + waits)
    for step in ("pick", "rest"):
        play.time_out()
        assert play.running()["O1-1"] == step and play.notes("late")[-1] == ("O1-1", f"the time of {step}, which has no clock")
        if step == "pick":
            play.reply("packed")
