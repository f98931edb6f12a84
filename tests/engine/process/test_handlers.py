"""Handlers, declared events, and what is undone, on small processes in the world of test_advance."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from handling import ADDRESS, PICK, UNDOING, UNIT, notes, played, steps
from plays import START

from orderloom.engine.commands import cancelled
from orderloom.engine.effects import SetTimer
from orderloom.engine.events import Cancelled, Happened, ModificationAsked, Replied, Resolved, TimeReached, Undelivered
from orderloom.engine.modifications.request import Part
from orderloom.engine.refused import Refused

DENTED = """
---
kind: event
name: dented
about: unit
fields: { cost: number, on: date }
"""


def test_a_handler_ends_the_wait_and_leads_back_to_the_main_steps() -> None:
    play = played(
        UNIT + 'handlers:\n  - on: address-changed\n    when: event.zip != "1"\n    steps:\n'
        "      - { step: say-so, tell: customer, message: shipped, when: event.urgent, next: pick }\n" + ADDRESS
    )
    first = play.live.instances["O1-1"].key
    play.feed(Happened(START, "address-changed", data={"zip": "1"}))
    assert notes(play, "late") == [("order", "event address-changed")]
    play.feed(Happened(START, "address-changed", data={"zip": "2", "urgent": True}))
    assert steps(play, "O1-1") == ["pick", "say-so", "pick"]
    play.feed(Replied(START, f"O1/{first}", "picked"))
    assert not play.live.units["O1-1"].shipped
    play.reply("picked")
    assert play.live.units["O1-1"].shipped


def test_a_handler_beside_leaves_the_process_where_it_is() -> None:
    play = played(
        UNIT + "handlers:\n  - on: address-changed\n    beside: true\n    steps:\n"
        "      - { step: ask-again, ask: fulfiller, message: pack-request }\n"
        "      - { step: say-so, tell: customer, message: shipped }\n" + ADDRESS
    )
    for _ in range(2):
        play.feed(Happened(START, "address-changed", data={"zip": "2"}))
    parts = [id for id in play.live.instances if "@" in id]
    assert parts == ["O1-1/@address-changed.1", "O1-1/@address-changed.2"]
    play.reply("packed", parts[0])
    assert (steps(play, parts[0]), play.live.instances[parts[0]].ended) == (["ask-again", "say-so"], "over")
    play.reply("picked")
    assert play.live.units["O1-1"].outcome == "shipped"
    assert play.live.instances[parts[1]].ended is not None


def test_what_runs_beside_a_unit_of_work_ends_when_a_change_takes_the_unit_back() -> None:
    play = played(
        UNIT + "handlers:\n  - on: dented\n    beside: true\n    steps:\n"
        "      - { step: inspect, ask: fulfiller, message: pack-request, within: P1D, on: { late: next } }\n"
        "      - { step: say-so, tell: customer, message: shipped }\n" + DENTED
    )
    play.feed(Happened(START, "dented", "O1-1", {"cost": 3, "on": "2026-03-02"}))
    assert "O1-1/@dented.1" in play.running()
    play.feed(ModificationAsked(START, "M1", (Part("cancel", line="1"),), "customer-service"))
    assert play.live.units["O1-1"].outcome == "changed"
    assert play.running().keys() <= {"order"} and not any("dented" in key for key in play.timers())


def test_an_event_that_does_not_fit_its_fields_is_an_exception_and_has_no_effect() -> None:
    play = played(UNIT + "handlers:\n  - on: dented\n    steps:\n      - { step: over, end: dented }\n" + DENTED)
    play.feed(Happened(START, "dented", "O1-1", {"cost": "much"}))
    (issue,) = play.live.exceptions.values()
    assert (issue.type, issue.options) == ("wrong-data", ("ignore",))
    play.feed(Resolved(START, issue.id, "ignore", "ann"))
    assert play.live.exceptions == {} and play.live.units["O1-1"].outcome is None
    play.feed(Happened(START, "dented", "O1-1", {"cost": 3, "on": "2026-03-02"}))
    assert play.live.units["O1-1"].outcome == "dented"


def test_an_event_comes_of_another_and_starts_a_unit_of_work_without_lines() -> None:
    play = played(
        UNIT
        + DENTED
        + "---\nkind: event\nname: badly-dented\nabout: unit\nfrom: dented\nwhen: event.cost > 10\nstarts: inspect\n"
        "---\nkind: process\nname: inspect\nfor: service\nsteps:\n"
        "  - { step: look, ask: fulfiller, message: pack-request }\n  - { step: seen, end: seen }\n"
    )
    play.feed(Happened(START, "dented", "O1-1", {"cost": 3}))
    assert list(play.live.units) == ["O1-1"]
    play.feed(Happened(START, "dented", "O1-1", {"cost": Decimal("10.5")}))
    unit = play.live.units["O1-2"]
    assert (unit.type, unit.node, unit.lines) == ("service", play.live.units["O1-1"].node, ())
    play.reply("picked")
    assert not play.live.ended
    play.reply("packed", "O1-2")
    assert (play.live.units["O1-2"].outcome, play.live.ended) == ("seen", True)


def test_a_change_of_the_order_is_an_event_once() -> None:
    play = played(
        UNIT + "---\nkind: event\nname: left\nabout: order\nwhen: order.delivered_quantity > 0\nstarts: thank\n"
        "---\nkind: process\nname: thank\nfor: order\nsteps:\n  - { step: thanks, tell: customer, message: shipped }\n"
        "  - { step: rest, wait: P1D }\n  - { step: over, end: thanked }\n",
        DC1=1,
        DC2=1,
    )
    assert notes(play, "event") == []
    play.reply("picked")
    assert notes(play, "event") == [("order", "left")]
    assert not play.live.ended or "order/@left.1" in play.live.instances


def test_a_cancelled_order_is_undone_step_by_step_the_last_first() -> None:
    play = played(UNDOING.replace("    point-of-no-return: POINT\n", ""))
    node = play.live.units["O1-1"].node
    play.reply("picked")
    assert play.live.units["O1-1"].shipped
    play.feed(Cancelled(START, "ann"))
    assert notes(play, "undone") == [("O1-1", "hand-over"), ("O1-1", "pick")]
    assert isinstance(cancelled(play.live, "bob", START), Refused)
    assert not play.live.ended
    play.reply("packed", "O1-1/pick.undo.1")
    assert (play.live.status, play.live.cancelled) == ("cancelled", {"1": 2})
    position = play.world.stock.position("TEE", node)
    assert position is not None
    assert (position.on_hand, sum(supply.reserved for supply in position.supplies)) == (5, 0)


@pytest.mark.parametrize(("point", "soft"), [("hard", False), ("soft", True)])
def test_behind_a_point_of_no_return_a_cancellation_is_refused(point: str, soft: bool) -> None:
    play = played(UNDOING.replace("POINT", point))
    assert isinstance(cancelled(play.live, "ann", START), Cancelled)
    play.reply("picked")
    answer = cancelled(play.live, "ann", START)
    assert isinstance(answer, Refused) and answer.soft is soft
    assert "O1-1 is behind hand-over" in answer.because
    assert isinstance(cancelled(play.live, "ann", START, agreed=True), Cancelled) is soft
    play.feed(Cancelled(START, "ann"))
    assert notes(play, "undone") == [] and "from which there is no return" in notes(play, "late")[0][1]
    play.feed(Cancelled(START, "ann", agreed=True))
    assert bool(notes(play, "undone")) is soft


def test_the_orders_process_says_itself_what_a_request_to_cancel_does() -> None:
    text = """
kind: process
name: sales-order
for: order
steps:
  - { step: source, do: source, on: { partly: fulfil, nothing: fulfil } }
  - { step: fulfil, do: start-units }
  - { step: work, wait: units-ended }
  - { step: done, end: done }
handlers:
  - on: cancel-requested
    when: event.reason = "sure"
    steps:
      - { step: back, take-back: everything }
      - { step: say-so, tell: customer, message: order-cancelled }
      - { step: out, end: taken-back }
"""
    play = played(text)
    play.feed(Cancelled(START, "ann", "sure"))
    assert (play.live.instances["order"].ended, play.live.units["O1-1"].outcome) == ("taken-back", "cancelled")
    assert play.live.cancelled == {"1": 2}


RETRY = UNIT.replace("    within: P2D\n", "    within: P2D\n    retry: { times: 2, every: PT1H, backoff: 2 }\n")


def test_a_request_that_stays_unanswered_is_sent_again_at_growing_intervals() -> None:
    play = played(RETRY)
    due: list[datetime] = []
    for _ in range(3):
        timer = [effect for effect in play.effects if isinstance(effect, SetTimer)][-1]
        due.append(timer.due_at)
        play.feed(TimeReached(timer.due_at, timer.key))
    waits = [later - earlier for earlier, later in zip([START, *due], due, strict=False)]
    assert waits == [timedelta(days=2), timedelta(hours=1), timedelta(hours=2)]
    assert play.sent().count("pick-request") == 3
    assert play.live.units["O1-1"].outcome == "gone"


def test_a_request_that_could_not_be_delivered_is_tried_again_as_the_step_says() -> None:
    play = played(RETRY)
    play.feed(Undelivered(START, f"O1/{play.live.instances['O1-1'].key}", "down"))
    assert play.live.exceptions == {}
    timer = [effect for effect in play.effects if isinstance(effect, SetTimer)][-1]
    assert timer.due_at == START + timedelta(hours=1)
    play.feed(TimeReached(timer.due_at, timer.key))
    play.reply("picked")
    assert play.live.units["O1-1"].shipped


def test_an_action_that_raises_is_tried_again_and_then_stands_with_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    from orderloom.engine.process import actions

    def broken(turn: object, instance: object) -> str:
        turn.note("order", "half", "done")  # type: ignore[attr-defined]
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(actions, "ACTIONS", {**actions.ACTIONS, "ship": broken})
    monkeypatch.setattr("orderloom.engine.process.verbs.ACTIONS", {**actions.ACTIONS, "ship": broken})
    play = played(UNIT.replace("    do: ship\n", "    do: ship\n    retry: { times: 1, every: PT10M }\n"))
    play.reply("picked")
    timer = [effect for effect in play.effects if isinstance(effect, SetTimer)][-1]
    assert (timer.due_at, play.live.exceptions, notes(play, "half")) == (START + timedelta(minutes=10), {}, [])
    step = play.feed(TimeReached(timer.due_at, timer.key))
    (issue,) = play.live.exceptions.values()
    opened = next(effect for effect in step.effects if getattr(effect, "cause", None))
    assert issue.type == "no-way-forward"
    assert opened.cause == "ZeroDivisionError: by nothing (tried 2 times)"  # type: ignore[union-attr]


def test_a_reply_that_does_not_fit_leaves_the_request_open() -> None:
    more = "---\nkind: participants\nname: more\nroles:\n  fulfiller:\n    receives:\n"
    more += "      pick-request: { replies: [picked, short-picked], fields: { weight: number } }\n"
    play = played(UNIT + more)
    play.reply("picked", weight="heavy")
    (issue,) = play.live.exceptions.values()
    assert (issue.type, issue.options) == ("wrong-data", ("ask-again",))
    play.reply("picked", weight=Decimal("2.5"))
    assert play.live.exceptions == {} and play.live.units["O1-1"].shipped


BACK = f"""{PICK}    point-of-no-return: hard
  - step: announce
    tell: customer
    message: shipped
    undo:
      steps:
        - {{ step: ask-back, ask: fulfiller, message: pack-request }}
  - step: back
    take-back: announce
  - step: waits
    wait: collected
  - step: hand-over
    do: ship
  - step: shipped
    end: shipped
  - step: gone
    end: gone
"""


def test_what_is_taken_back_behind_a_hard_point_leaves_the_point_where_it_is() -> None:
    play = played(BACK)
    play.reply("picked")
    play.reply("packed", "O1-1/announce.undo.1")
    assert play.running() == {"order": "work", "O1-1": "waits"}
    assert isinstance(cancelled(play.live, "ann", START), Refused)


def test_an_event_that_comes_while_something_is_taken_back_is_not_lost() -> None:
    play = played(BACK)
    play.reply("picked")
    play.happens("collected")
    play.reply("packed", "O1-1/announce.undo.1")
    assert play.live.ended and play.live.units["O1-1"].outcome == "shipped"


def test_units_that_the_orders_undo_cancels_have_ended_for_the_order() -> None:
    order = """
kind: process
name: sales-order
for: order
steps:
  - step: source
    do: source
    on: { partly: out, nothing: out }
  - step: say
    tell: customer
    message: order-confirmed
    undo:
      steps:
        - { step: sorry, tell: customer, message: items-cancelled }
  - { step: fulfil, do: start-units }
  - { step: work, wait: units-ended }
  - { step: done, end: done }
  - { step: out, end: out }
handlers:
  - on: address-changed
    steps:
      - { step: back, take-back: say, next: work }
"""
    play = played(order + ADDRESS)
    play.feed(Happened(START, "address-changed", data={"zip": "2", "urgent": True}))
    assert play.live.instances["order"].ended == "done" and play.live.units["O1-1"].outcome == "cancelled"


def test_a_process_of_the_order_that_an_event_starts_takes_events_up_itself() -> None:
    beside = (
        "---\nkind: process\nname: look\nfor: order\nsteps:\n  - { step: first, wait: PT9H }\n  - { step: seen, end: seen }\n"
    )
    handler = "handlers:\n  - on: address-changed\n    steps: [{ step: told, end: told }]\n"
    play = played(UNIT + beside + handler + "---\nkind: event\nname: asked-for\nabout: order\nstarts: look\n" + ADDRESS)
    play.feed(Happened(START, "asked-for"))
    play.feed(Happened(START, "address-changed", data={"zip": "2"}))
    assert steps(play, "order/@asked-for.1") == ["first", "told"]
    assert play.live.instances["order/@asked-for.1"].ended == "told" and notes(play, "late") == []


HOLDS = """
---
kind: holds
name: mine
order:
  look: { because: x, apply: { on: [half-way, badly] }, resolve: { by: [operations] }, blocks: [hand-over] }
line:
  check: { because: y, apply: { on: [spoilt] }, resolve: { by: [operations] } }
---
{ kind: event, name: half-way, about: order, when: order.status = "in fulfillment" }
---
{ kind: event, name: spoilt, about: line }
---
{ kind: event, name: knocked, about: unit, fields: { cost: number } }
---
{ kind: event, name: badly, about: unit, from: knocked, when: event.cost > 10 }
"""


def test_a_hold_is_applied_by_a_change_that_is_an_event_and_by_one_that_comes_of_another() -> None:
    play = played(UNIT + HOLDS)
    assert [(held.hold, held.by) for held in play.live.holds.values()] == [("look", "event half-way")]
    other = played(UNIT + HOLDS.replace("[half-way, badly]", "[badly]"))
    for cost, holds in ((5, []), ("much", []), (20, ["look"])):
        other.feed(Happened(START, "knocked", "O1-1", data={"cost": cost}))
        assert [held.hold for held in other.live.holds.values()] == holds
    assert notes(other, "late") == [("order", "event half-way"), ("O1-1", "event knocked")]  # the one of little cost


def test_an_event_of_a_line_holds_that_line_and_is_not_late_then() -> None:
    play = played(UNIT + HOLDS.replace("[half-way, badly]", "[badly]"))
    play.feed(Happened(START, "spoilt", line="7"))
    assert dict(play.live.holds) == {} and notes(play, "late")[1:] == [("order", "event spoilt")]
    play.feed(Happened(START, "spoilt", line="1"))
    assert list(play.live.holds) == ["check/1"] and len(notes(play, "late")) == 2
