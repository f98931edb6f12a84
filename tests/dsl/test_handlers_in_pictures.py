"""Handlers and what undoes a step on pictures of a process."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from xml.etree import ElementTree

from orderloom.dsl.bpmn import bpmn
from orderloom.dsl.compile import Compiled
from orderloom.dsl.pictures import mermaid, svg

TEXT = """
kind: process
name: backorder
for: fulfillment
steps:
  - { step: tell, tell: customer, message: backordered, undo: release-stock }
  - { step: arrive, wait: unit.release_at }
  - { step: done, end: done }
handlers:
  - on: collected
    steps:
      - { step: say-so, tell: customer, message: shipped, next: arrive }
  - on: vendor-shipped
    beside: true
    steps:
      - { step: also, tell: customer, message: shipped }
  - after: P3D
    beside: true
    steps:
      - { step: remind, tell: customer, message: backordered }
  - at: unit.release_at
    steps:
      - { step: on-the-day, tell: customer, message: backordered, next: arrive }
"""


def test_handlers_have_frames_of_their_own(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(TEXT)
    assert compiled.program is not None, compiled.diagnostics
    process = compiled.program.processes["backorder"]
    text = mermaid(process)
    assert 'subgraph s__collected_["on collected"]' in text
    assert 'subgraph s__vendor_shipped_["beside, on vendor-shipped"]' in text
    assert 'subgraph s_tell_undo_["undo tell"]' in text
    assert 'subgraph s__time_remind_["beside, after 3 days"]' in text
    assert 'subgraph s__time_on_the_day_["at unit.release_at"]' in text
    assert "s_say_so --> s_arrive" in text
    assert "say-so" in svg(process) and "release-stock" in svg(process)


def test_the_condition_of_a_handler_is_told_with_its_event(compile_file: Callable[[str], Compiled]) -> None:
    condition = "order.total > 100 and unit.quantity < 3"
    compiled = compile_file(TEXT.replace("on: collected\n", f"on: collected\n    when: {condition}\n"))
    assert compiled.program is not None, compiled.diagnostics
    process = compiled.program.processes["backorder"]
    assert f'["on collected, when {escape(condition)}"]' in mermaid(process)
    drawn = svg(process)
    assert "<title>on collected, when order.total &gt; 100 and unit.quantity &lt; 3</title>" in drawn
    assert ">on collected, when order.total &gt; 100 and …</text>" in drawn


def test_two_handlers_of_one_event_have_a_block_each(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(
        TEXT.replace("on: vendor-shipped", "on: collected").replace("- on: c", "- when: order.total > 9\n    on: c", 1)
    )
    assert compiled.program is not None, compiled.diagnostics
    process = compiled.program.processes["backorder"]
    assert [each.block for each in process.handlers] == ["@collected", "@collected.also", "@time.remind", "@time.on-the-day"]
    assert {step.block for step in process.steps.values()} == {"", "tell.undo", *(each.block for each in process.handlers)}
    text = mermaid(process)
    assert f'subgraph s__collected_["on collected, when {escape("order.total > 9")}"]' in text
    assert 'subgraph s__collected_also_["beside, on collected"]' in text
    scopes = {
        each.get("id"): each for each in ElementTree.fromstring(bpmn(process)).iter() if each.get("triggeredByEvent") == "true"
    }
    assert len(scopes) == len(process.handlers)
